"""The portal's settings, in a data folder of the tests and with the habits that let nothing pass by luck."""

import os
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
os.environ["OVOP_DATA_DIR"] = os.environ.get("OVOP_DATA_DIR", "").strip() or str(_PROJECT / "var" / "test")
for _elsewhere in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "OVOP_ENV", "OVOP_DEBUG", "OVOP_PORTAL_URL"):
    os.environ.pop(_elsewhere, None)

# A run starts dozens of Python processes. Where the environment forbids bytecode, each would compile everything anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from ovop_portal import embedded  # noqa: E402

_DATA_DIR = embedded.data_dir_of_the_environment()
# Tests make databases, so they connect as the owner; the live portal of the browser tests runs as the app.
os.environ["DATABASE_URL"] = os.environ.get("OVOP_TEST_DATABASE_URL") or embedded.postgres_url(
    _DATA_DIR, role=embedded.OWNER_ROLE
)

from ovop_portal.settings import *  # noqa: E402, F403
from ovop_portal.settings import CACHES, DATABASES, INSTALLED_APPS, TEMPLATES  # noqa: E402
from tests.undefined_variables import UndefinedVariablesFail  # noqa: E402

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
RUN = f"{WORKER}_{os.getpid()}"

INSTALLED_APPS += ["django_migration_linter"]  # asked by `make check`
DATABASES["default"].update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False)
# Redis database 0 is nobody's: runs and workers beside each other must not see, or clear, each other's cache.
CACHES["default"]["LOCATION"] = embedded.redis_cache_url(_DATA_DIR, number=1 + os.getpid() % 63)
CACHES["default"]["KEY_PREFIX"] = RUN
WHITENOISE_AUTOREFRESH = True  # else each test client would first list all static files
KEEP_PAGES = False  # a test that is rolled back leaves no trace in the database, but would in the process
CELERY_BROKER_URL = "memory://"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = _DATA_DIR / "runs" / RUN / "files"
EMAIL_FILE_PATH = _DATA_DIR / "runs" / RUN / "mail"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariablesFail()
