"""The portal's settings, kept off the developer's own files and made fast."""

import atexit
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

_var = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, _var, ignore_errors=True)
# Set before the settings are read: a developer's .env does not win over what is set.
os.environ |= {"VAR_DIR": str(_var), "ENVIRONMENT": "development", "DEBUG": "no", "EMAIL_URL": "", "SECRET_KEY": ""}
os.environ |= {"SITE_URL": "", "PORT": "8000", "ALLOWED_HOSTS": "", "PROXIES": "0"}

from sdgworkshop.settings import *  # noqa: E402, F403
from sdgworkshop.settings import CACHES, DATABASES, STORAGES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
#: Else every client reads which of a thousand static files there are.
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads and a served portal must see the same database; a test may lose it in a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF"
#: Those tests that are about wrong passwords turn it on.
AXES_ENABLED = False
for _cache in CACHES.values():
    if _cache["BACKEND"].endswith("LocMemCache"):
        _cache["BACKEND"] = "tests.caches.UnhurriedCache"
#: Numbers are read anew each time; the test that is about keeping them says otherwise.
METRICS_KEPT_SECONDS = 0
#: Those that are about robots turn it on.
ABUSE_LIMITS = False

#: The workshop of `factories` is held in February 2027, and who registers for it does so now: for tests it is never later than this.
_LATEST = datetime(2027, 1, 1, tzinfo=UTC)
if time.time() > _LATEST.timestamp():
    os.environ.setdefault("CLOCK_FACTOR", "1")
    from tests import fast_clock

    fast_clock.turn(_LATEST)
