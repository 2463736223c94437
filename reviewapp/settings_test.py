"""Settings for tests: the real ones, with cheap passwords and mail in memory."""

from __future__ import annotations

from reviewapp.settings import *  # noqa: F403
from reviewapp.settings import DATA_DIR, STORAGES

SECRET_KEY = "tests-only"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Counters of each process, and none in the way of tests that click fast.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
RATE_LIMITS = {}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
STORAGES["default"]["OPTIONS"] = {
    # One place for the tests and the real worker process they start; goes with the
    # throw-away servers (reviewapp/testing.py).
    "location": DATA_DIR / "test-files",
    "base_url": None,
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
