"""
Settings, read from the environment in one place. Each name is explained in docs/settings.md.

With OVOP_ENV=production the portal refuses to start with a default secret, DEBUG, or without an allowed host (the
last lines); without it, it is a development or demonstration portal on one machine.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ovop_portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
_REQUIRED = object()


def env(name: str, default: Any = _REQUIRED, *, read: Callable[[str], Any] = str) -> Any:
    """
    Return the environment variable `name` as `read` reads it, or `default` where it is unset or empty.

    Raises ImproperlyConfigured naming the variable (never its value) where it is missing or unreadable.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        if default is _REQUIRED:
            raise ImproperlyConfigured(f"{name} is not set: see docs/settings.md")
        return default
    try:
        return read(text)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} cannot be read ({type(error).__name__}): see docs/settings.md"
        ) from None


def flag(text: str) -> bool:
    """Read 1/0, true/false, yes/no, on/off in any case; ValueError for anything else."""
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


# --- Where it runs -----------------------------------------------------------------------------------------
INSECURE_SECRET = "only-for-a-portal-on-this-machine"
ENVIRONMENT = env("OVOP_ENV", "local")
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env("OVOP_DEBUG", False, read=flag)
SECRET_KEY = env("OVOP_SECRET_KEY", INSECURE_SECRET)
ALLOWED_HOSTS = env(
    "OVOP_ALLOWED_HOSTS", [] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"], read=words
)
CSRF_TRUSTED_ORIGINS = env("OVOP_TRUSTED_ORIGINS", [], read=words)
DATA_DIR = env("OVOP_DATA_DIR", BASE_DIR / "var", read=lambda text: Path(text).expanduser().resolve())
PORTAL_URL = env("OVOP_PORTAL_URL", f"http://localhost:{env('PORT', '8000')}").rstrip("/")
OFFICIAL_HOST = env("OVOP_OFFICIAL_HOST", "")

# Answers of the public's pages kept in the process (catalogue/kept.py).
KEEP_PAGES = env("OVOP_KEEP_PAGES", True, read=flag)

# --- Servers -----------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", embedded.postgres_url(DATA_DIR)), conn_max_age=60, conn_health_checks=True
    )
}
_redis = env("REDIS_URL", "")
CACHE_URL = _redis or embedded.redis_cache_url(DATA_DIR)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
CELERY_BROKER_URL = _redis or embedded.redis_url(DATA_DIR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 3,
    "socket_timeout": 10,
}
# A page must not hang on an absent Redis: what could not be queued is found by the sweepers.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"

# --- Rooms -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ovop_portal",
    "regions",
    "accounts",
    "audit",
    "files",
    "letters",
    "nominations",
    "assessment",
    "awards",
    "catalogue",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bootstrap_wrapper",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
]
if env("OVOP_DEVELOPMENT", False, read=flag):
    INSTALLED_APPS += ["django_linear_migrations"]

MIDDLEWARE = [
    "ovop_portal.received.StampReceipt",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ovop_portal.maintenance.Maintenance",
    "catalogue.kept.PublicPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.ProlongByUse",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts.second_factor.RequireSecondFactor",
    "audit.readings.RecordReadings",
    "ovop_portal.readonly.ReadingDoesNotWrite",
]
ROOT_URLCONF = "ovop_portal.urls"
WSGI_APPLICATION = "ovop_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ovop_portal.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Sign-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_of_role"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.invitations.ByInvitationOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OVOP Indonesia"
SECOND_FACTOR_REQUIRED = IS_PRODUCTION
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Seconds without a request, and in all (accounts/sessions.py).
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 4 * 60 * 60
SESSION_AT_MOST = 16 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
# A browser takes a __Host- cookie only over https, from this very host, for every path: no subdomain can plant one.
SESSION_COOKIE_NAME = "__Host-sesi" if IS_PRODUCTION else "sesi"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "csrf"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
_BEHIND_PROXY = env("OVOP_BEHIND_PROXY", False, read=flag)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _BEHIND_PROXY else None
# Else all visitors behind the proxy would share one limit of failed sign-ins.
ALLAUTH_TRUSTED_PROXY_COUNT = int(_BEHIND_PROXY)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Language and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- Files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CLAMAV_SOCKET = env("CLAMAV_SOCKET", "")


# --- Signatures of certificates and decrees (awards/signing.py) --------------------------------------------
def one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def number_pattern(text: str) -> str:
    """Read the pattern of the certificates' numbers: the year somewhere, the count last and alone."""
    if not re.fullmatch(r"[A-Z0-9./-]*\{tahun\}[A-Z0-9./-]*[./-]\{nnnn\}", text) or len(text) > 40:
        raise ValueError(text)
    return text


CERTIFICATE_NUMBER = env("OVOP_CERTIFICATE_NUMBER", "OVOP/{tahun}/{nnnn}", read=number_pattern)
SIGNER = env("OVOP_SIGNER", "local", read=one_of("local", "none", "bsre"))
SIGNING_DIR = env(
    "OVOP_SIGNING_DIR", DATA_DIR / "signing", read=lambda text: Path(text).expanduser().resolve()
)
TSA_URL = env("OVOP_TSA_URL", "")
# The national service (OVOP_SIGNER=bsre): without these there is nothing to ask. The signatory's secret is no setting.
_bsre_default = _REQUIRED if SIGNER == "bsre" else ""
BSRE_URL = env("OVOP_BSRE_URL", _bsre_default, read=lambda text: text.rstrip("/"))
BSRE_USER = env("OVOP_BSRE_USER", _bsre_default)
BSRE_PASSWORD = env("OVOP_BSRE_PASSWORD", _bsre_default)
SECRET_MINUTES = env("OVOP_SECRET_MINUTES", 30, read=int)
SIGNER_SOCKET = embedded.places_in(DATA_DIR).sockets / "signer.sock"

# --- Mail --------------------------------------------------------------------------------------------------
_email = env("EMAIL_URL", "")
if _email:
    vars().update(
        {name: value for name, value in dj_email_url.parse(_email).items() if name != "EMAIL_FILE_PATH"}
    )
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("OVOP_FROM_EMAIL", "portal@ovop.example")
CONTACT = env("OVOP_CONTACT", "sekretariat@ovop.example")

# --- Logs: ids, never personal data ------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "ovop_portal.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("OVOP_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}

# --- A portal in production refuses to start half-configured -----------------------------------------------
if IS_PRODUCTION:
    _wrong = {
        "OVOP_SECRET_KEY must be 40 random characters or more": SECRET_KEY == INSECURE_SECRET
        or len(SECRET_KEY) < 40,
        "OVOP_DEBUG must be off": DEBUG,
        "OVOP_ALLOWED_HOSTS must name the portal's hosts": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
        "OVOP_PORTAL_URL must be the portal's https address": not PORTAL_URL.startswith("https://"),
    }
    if any(_wrong.values()):
        raise ImproperlyConfigured(
            "; ".join(text for text, holds in _wrong.items() if holds) + ": docs/settings.md"
        )
