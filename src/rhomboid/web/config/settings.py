"""The one settings file. Everything that differs between installations comes from the environment (docs/reference/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from .env import envbool, envint, envlist, envsecret

WEB = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("RHOMBOID_DATA", "rhomboid-data")).resolve()
DEMO = envbool("RHOMBOID_DEMO", False)
DEBUG = envbool("RHOMBOID_DEBUG", False)
HTTPS = envbool("RHOMBOID_HTTPS", not (DEMO or DEBUG))
BEHIND_PROXY = envbool("RHOMBOID_BEHIND_PROXY", False)

SECRET_KEY = envsecret("RHOMBOID_SECRET_KEY", DATA)
ALLOWED_HOSTS = envlist("RHOMBOID_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = envlist("RHOMBOID_ORIGINS")

INSTALLED_APPS = [
    "rhomboid.web.accounts",
    "rhomboid.web.records",
    "rhomboid.web.ui",
    "rhomboid.web.clinic",
    "rhomboid.web.portal",
    "rhomboid.web.keeping",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rules",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "rhomboid.web.ui.figures.pictures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "rhomboid.web.portal.middleware.link_session",
    "rhomboid.web.config.middleware.idle_timeout",
    "rhomboid.web.config.middleware.second_factor",
    "rhomboid.web.config.middleware.private_pages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rhomboid.web.portal.middleware.language",
    "rhomboid.web.config.middleware.refusals",
]

ROOT_URLCONF = "rhomboid.web.config.urls"
WSGI_APPLICATION = "rhomboid.web.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rhomboid.web.accounts.context.frame",
            ],
            "builtins": ["rhomboid.web.ui.templatetags.ui"],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{DATA / 'rhomboid.sqlite3'}"), conn_max_age=600, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start, so that nobody fails halfway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;"
        " PRAGMA mmap_size=268435456;",
    }
else:
    # PostgreSQL reads and plans a query of a page once for each connection, not at each visit: a fifth of the day's list.
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 2} | DATABASES["default"].get(
        "OPTIONS", {}
    )
# Counts of failed sign-ins are kept in the database, so that they hold for all processes together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "rhomboid.web.accounts.adapter.ClinicAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A code by mail signs in patients alone: for staff it would stand beside the password (accounts.forms).
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {"request_login_code": "rhomboid.web.accounts.forms.PatientCodeForm"}
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip", "login": "60/m/ip"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
MFA_TOTP_ISSUER = "Rhomboid"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "rhomboid.web.accounts.adapter.ClinicMfaAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
SECOND_FACTOR_REQUIRED = envbool("RHOMBOID_SECOND_FACTOR", not DEMO)
IDLE_MINUTES = envint("RHOMBOID_IDLE_MINUTES", 20, least=1)

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rhomboid.web.accounts.views.no_token"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("RHOMBOID_TIME_ZONE", "America/New_York")
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [WEB / "portal" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_HOST = os.environ.get("RHOMBOID_SMTP_HOST", "")
SENDS_MAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'dummy'}.EmailBackend"
EMAIL_PORT = envint("RHOMBOID_SMTP_PORT", 25, least=1)
EMAIL_HOST_USER = os.environ.get("RHOMBOID_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RHOMBOID_SMTP_PASSWORD", "")
EMAIL_USE_TLS = envbool("RHOMBOID_SMTP_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RHOMBOID_MAIL_FROM", "clinic@localhost")

# A log line holds the method, the route and the time, never a value: health data stays in the database.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_data": {"()": "rhomboid.web.config.logs.NoData"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_data"]}},
    "loggers": {"weasyprint": {"level": "ERROR"}},  # it warns of styles that only screens read
    "root": {"handlers": ["console"], "level": os.environ.get("RHOMBOID_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
