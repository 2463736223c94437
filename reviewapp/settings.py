"""Settings of the site, from environment variables (docs/commands.md lists them)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
# Commands that need no database (parse_references, find_duplicates) run without
# environment variables. A server does not start without a key (core/checks.py).
INSECURE_KEY = "insecure-only-for-commands-that-serve-nobody"
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE_KEY)
# Earlier keys that remain valid for sessions, links and two-factor secrets.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
DATA_DIR = Path(
    env.str("REVIEWAPP_DATA", default=str(Path(tempfile.gettempdir()) / "reviewapp"))
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "reviewapp.core",
    "reviewapp.accounts",
    "screening.records",
    "screening.duplicates",
    "screening.imports",
    "screening.reports",
    "screening.decisions",
    "screening.prioritisation",
    "screening.conflicts",
    "screening.flow",
    "charting",
    "reviewapp.demo",
]

MIDDLEWARE = [
    "reviewapp.core.middleware.harden",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reviewapp.accounts.middleware.watch_sessions",
    "reviewapp.accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviewapp.core.web.PrivateResponsesMiddleware",
    "reviewapp.core.web.RefusalMiddleware",
]

ROOT_URLCONF = "reviewapp.urls"
WSGI_APPLICATION = "reviewapp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reviewapp.core.web.navigation_context",
                "reviewapp.core.saving.account_mark",
            ],
            # Nearly every template has text to translate.
            "builtins": ["django.templatetags.i18n"],
        },
    }
]

# ── Data ─────────────────────────────────────────────────────────────────────
DATABASES = {
    "default": env.db(
        "DATABASE_URL", default="postgres://postgres@127.0.0.1:5432/reviewapp"
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
# It holds only the counters of rate limits; no content is cached across users.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "reviewapp.core.counters.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "reviewapp",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = Path(
    env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
)
if env.bool("STATIC_FROM_SOURCE", default=DEBUG):
    # `./dev up` serves the source files without collectstatic.
    WHITENOISE_USE_FINDERS = True
    STATIC_ROOT = None
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=500_000_000)

# ── Celery: carries only ids of jobs (docs/architecture.md, Jobs) ────────────
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "reviewapp.core.tasks.sweep_jobs", "schedule": 15.0},
    "fold-tallies": {"task": "reviewapp.core.tasks.fold_tallies", "schedule": 20.0},
    "sweep-old": {
        "task": "reviewapp.core.tasks.sweep_old",
        "schedule": crontab(hour=2, minute=10),
    },
    "verify-events": {
        "task": "reviewapp.core.tasks.verify_events",
        "schedule": crontab(hour=2, minute=40),
    },
}

# ── Users ────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "reviewapp.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "reviewapp.accounts.signup.SignupForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "reviewapp.core.forms.NameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# Without a mail server nobody could receive the verification email. Where verification
# is mandatory, sign-up does not reveal which addresses have an account.
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "EMAIL_VERIFICATION",
    default="mandatory" if env.str("EMAIL_URL", default="") else "optional",
)
ACCOUNT_PREVENT_ENUMERATION = True
# "open" or "invited" (accounts/invited.py). Without verification, sign-up would reveal
# which addresses have an account; it is then open only on the user's own machine.
IS_OWN_MACHINE = urlsplit(SITE_URL).hostname in {"127.0.0.1", "localhost", "::1"}
SIGN_UP = env.str(
    "SIGN_UP",
    default="open"
    if ACCOUNT_EMAIL_VERIFICATION == "mandatory" or IS_OWN_MACHINE
    else "invited",
)
ACCOUNT_CHANGE_EMAIL = True
# accounts/adapter.py ends all other sessions and keeps the current one.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Reauthenticate before a change of the email address or two-factor authentication.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Send an email after a change of password, address or two-factor authentication.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Per network address ("ip"), account ("user") or object of the action ("key"; for
# logins account and address together, accounts/adapter.py).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/h/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
ACCOUNT_ADAPTER = "reviewapp.accounts.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "reviewapp.accounts.secrets_at_rest.MFAAdapter"
MFA_RECOVERY_CODE_COUNT = 10
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://127.0.0.1")

# ── Email: files in the data directory unless EMAIL_URL names a server ───────
vars().update(env.email("EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="reviewapp@localhost")

# ── Security (docs/security.md) ──────────────────────────────────────────────
BEHIND_TLS = env.bool("BEHIND_TLS", default=SITE_URL.startswith("https"))
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Number of proxies that add to X-Forwarded-For; other entries are not trusted.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=1 if BEHIND_PROXY else 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if BEHIND_TLS:
    # The browser accepts these names only from this host and over TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
# A session ends after this time without use, and after this total time.
SESSION_COOKIE_AGE = 86_400 * env.int("LOGIN_IDLE_DAYS", default=14)
LOGIN_LASTS_SECONDS = 86_400 * env.int("LOGIN_DAYS", default=30)
SECURE_SSL_REDIRECT = env.bool(
    "SECURE_SSL_REDIRECT", default=BEHIND_TLS and BEHIND_PROXY
)
# Health checks come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Kind → requests per minute, hour or day, for a member and for a review
# (core/limits.py). Votes on pages have no limit; "api" stops runaway scripts.
RATE_LIMITS: dict[str, dict[str, str]] = {
    "api": {"member": "1200/m"},
    "export": {"member": "300/h", "review": "1500/h"},
    "import": {"member": "300/h", "review": "900/h"},
    "search": {"member": "120/m"},
    "team": {"member": "60/h", "review": "120/h"},
    "password": {"member": "5/m"},
    "login": {"account": "60/h"},
}
# Days after which the nightly sweep deletes data (core/services/retention.py).
KEEP_DAYS = {
    "invitations": env.int("KEEP_INVITATIONS_DAYS", default=30),
    "job_results": env.int("KEEP_JOB_RESULTS_DAYS", default=90),
}

# Days between scheduling and deleting a review (core/services/deletion.py).
ERASE_AFTER_DAYS = env.int("ERASE_AFTER_DAYS", default=30)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["reviewapp.core.parsers.ShallowJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "reviewapp.core.api_base.refusals_as_json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "reviewapp",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "reviewapp.core.api_base.describe_refusals",
    ],
}

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"secrets": {"()": "reviewapp.core.log_filters.SecretPaths"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
