"""The site's settings for tests: a data folder of their own, the demo's open door, mail kept in memory."""

from __future__ import annotations

import os
import tempfile

# A folder for each process: tests run side by side.
os.environ["RHOMBOID_DATA"] = tempfile.mkdtemp(prefix=f"rhomboid-tests-{os.environ.get('PYTEST_XDIST_WORKER', '')}-")
os.environ["RHOMBOID_DEMO"] = "1"
os.environ["RHOMBOID_SECRET_KEY"] = "tests only, not a secret"

from rhomboid.web.config.settings import *  # noqa: F403

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # a client is made for nearly every request here; it need not look at every file each time
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A real file, so that several connections see one database; it need not outlive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405
