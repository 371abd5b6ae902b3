"""Django settings. State lives in GUATU_HOME; DATABASE_URL selects PostgreSQL.

Every environment variable read here has its line in docs/settings.md (a test compares them).
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP

HOME = Path(os.environ.get("GUATU_HOME", "./var")).resolve()


def _secret_key() -> str:
    """The installation's own key, made on first use, readable by its owner only."""
    given = os.environ.get("GUATU_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(50)
        if not HOME.is_dir():
            # A slip in GUATU_HOME must not leave a folder behind: only `init` and `demo` make it.
            return key
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        return key


def _database() -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, else SQLite with the durable settings of architecture §5.4."""
    if url := os.environ.get("DATABASE_URL"):
        found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60)}
        if found["ENGINE"] == "django.db.backends.postgresql":
            # Django's own statements are not prepared even so, those of `database.prepared` are.
            found["OPTIONS"] = {"prepare_threshold": 0} | found.get("OPTIONS", {})
        return found
    return {
        "ENGINE": "guatu.database.sqlite",
        "NAME": HOME / "guatu.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            # WAL can lose commits before SQLite 3.51.3; FULL may drop the last one on power loss.
            # Without recursive_triggers a REPLACE would pass by the append-only guards.
            "init_command": (
                "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
                " PRAGMA recursive_triggers=ON;"
            ),
        },
        "TEST": {"NAME": os.environ.get("GUATU_TEST_DATABASE", ":memory:")},
    }


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = os.environ.get("GUATU_OLD_SECRET_KEYS", "").split()
DEBUG = os.environ.get("GUATU_DEBUG") == "1"
BENCH = os.environ.get("GUATU_BENCH") == "1"
ALLOWED_HOSTS = os.environ.get("GUATU_HOSTS", "127.0.0.1 localhost").split()
HAS_TLS = os.environ.get("GUATU_TLS") == "1"
DATABASES = {"default": _database()}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "axes",
    "guatu.ui",
    "guatu.journal",
    "guatu.organisation",
    "guatu.files",
    "guatu.upkeep",
    "guatu.notices",
    "guatu.ledger",
    "guatu.planning",
    "guatu.reporting",
    "guatu.assessment",
    "guatu.appraisal",
    "guatu.publishing",
    "guatu.wall",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "guatu.ui.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guatu.organisation.middleware.Refusals",
    "guatu.organisation.middleware.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guatu.ui.middleware.Faults",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "guatu.config.urls"
WSGI_APPLICATION = "guatu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.messages.context_processors.messages",
                "guatu.config.chrome.chrome",
            ],
        },
    }
]
AUTH_USER_MODEL = "organisation.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = False
LANGUAGE_CODE = "zh-hans"
SILENCED_SYSTEM_CHECKS: list[str] = []

# Front-end packages (guatu.ui.frontend) and what whitenoise serves.
_CHECKOUT = Path(__file__).resolve().parents[3]
FRONTEND = Path(
    os.environ.get("GUATU_FRONTEND")
    or (_CHECKOUT / "build" if (_CHECKOUT / "pyproject.toml").exists() else HOME) / "frontend"
)
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [("bootstrap", FRONTEND / "node_modules" / "bootstrap" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
# Text fields only; workbooks have their own limit (engines/sheets/guard).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# Logging in (trust ): sessions in the database, five tries per account and address.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "guatu.organisation.backend.Accounts",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "guatu.organisation.passwords.Composition"},
    {"NAME": "guatu.organisation.passwords.NotLikeTheUser"},
    {"NAME": "guatu.organisation.passwords.NotCommon"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ACCOUNT_ADAPTER = "guatu.organisation.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "guatu.organisation.forms.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# The lock by account and address below is the one that counts; a lock by account alone would
# let a stranger shut an office out.
ACCOUNT_RATE_LIMITS = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "guatu.organisation.locks.login_name"
AXES_CLIENT_IP_CALLABLE = "guatu.organisation.locks.client_address"
AXES_SENSITIVE_PARAMETERS = ["code", "new", "again", "old", "form_token", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = False
AXES_HANDLER = "guatu.organisation.lock_handler.Handler"
GUATU_FAILURES_OF_ACCOUNT = 20
GUATU_FAILURES_OF_ADDRESS = 60
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "guatu.organisation.views.account.locked_out"

# Reminders by mail and group robots (guatu.notices): the account that mails are sent from, and
# the hosts of the inner network that may be connected to.
MAIL_URL = os.environ.get("GUATU_MAIL_URL", "")
NOTICE_HOSTS = frozenset(os.environ.get("GUATU_NOTICE_HOSTS", "").split())

# Headers and cookies (trust B-1 to B-4).
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guatu.organisation.views.resume.csrf_failed"
if HAS_TLS:
    SECURE_SSL_REDIRECT = True
    # Asked on the machine itself, past the proxy; it says one word and takes nothing in.
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Failed logins are acts in the journal; the library's own lines would carry typed text as it is.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"axes": {"level": "CRITICAL"}},
}
