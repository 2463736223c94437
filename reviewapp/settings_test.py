"""Settings for tests: the real ones, with fast password hashing and email in memory."""

from __future__ import annotations

from reviewapp.settings import *  # noqa: F403
from reviewapp.settings import DATA_DIR, STORAGES

SECRET_KEY = "tests-only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Counters per process, and no limits for tests that send many requests.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
RATE_LIMITS = {}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
STORAGES["default"]["OPTIONS"] = {
    # One directory for the tests and their real worker process. It is deleted with the
    # temporary servers (reviewapp/testing.py).
    "location": DATA_DIR / "test-files",
    "base_url": None,
}
WHITENOISE_USE_FINDERS = True
# Static files are looked up when they are requested. Otherwise every test client reads
# all of them at its start, which took 40 % of the time of some tests.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT = None
