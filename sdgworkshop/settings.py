"""All settings, read from the environment (see .env.example). Safe on a developer's machine as they are.

ENVIRONMENT=production turns the defaults strict: what is missing stops the start and says what to set.
"""

import os
import secrets
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from sdgworkshop import __version__

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
BUILD_DIR = BASE_DIR / "build"

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

PRODUCTION = env("ENVIRONMENT", default="development") == "production"
DEBUG = env.bool("DEBUG", default=False)
#: Whatever a process of the portal writes, only its own user reads.
os.umask(0o077)
VAR_DIR = Path(env("VAR_DIR", default="") or BASE_DIR / "var").resolve()
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR cannot be made: {error}. Set it to a folder in which the portal may write.") from error


def required(name: str, default: str, hint: str) -> str:
    """The variable `name`; in production it must be set, elsewhere `default` will do."""
    value: str = env(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return default


def kept_secret() -> str:
    """A developer's secret key: made once, kept in VAR_DIR."""
    file = VAR_DIR / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def database(url: str) -> dict[str, Any]:
    """What Django is told of the database at `url`, which holds a password and so is not repeated where it is nonsense."""
    example = "Write it like postgres://user:password@host:5432/portal or sqlite:////var/lib/portal/portal.sqlite3."
    try:
        with warnings.catch_warnings(action="ignore"):  # which would print the password
            told: dict[str, Any] = env.db_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be understood. {example}") from error
    if told.get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql") or not told.get("NAME"):
        raise ImproperlyConfigured(f"DATABASE_URL names no SQLite file and no database of PostgreSQL. {example}")
    return told


SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it to a random text of at least 50 characters.")
    SECRET_KEY = kept_secret()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

PORT = env.int("PORT", default=8000)
#: Links in e-mails begin with this, never with what a request claims as its host.
SITE_URL = required("SITE_URL", f"http://localhost:{PORT}", "Set it to the portal's address, like https://sdg.example.org.").rstrip("/")
ALLOWED_HOSTS = [
    host
    for host in required("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Set it to the portal's host names, separated by commas.").split(",")
    if host
]
#: How many proxies of our own stand before the portal; each adds to X-Forwarded-For what it saw.
PROXIES = env.int("PROXIES", default=1 if PRODUCTION else 0)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "registration.participant.errors.csrf_failure"

INSTALLED_APPS = [
    "sessions.apps.AgendaConfig",
    "registration.apps.RegistrationConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "sdgworkshop.observing.observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sdgworkshop.middleware.protect",
    "registration.api.doors.speak_json",
    "sdgworkshop.middleware.refuse_undecodable",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sdgworkshop.doors.answer_watchers",
    "sdgworkshop.doors.check_host",
    "sdgworkshop.doors.refuse_too_large",
    "sdgworkshop.middleware.know_former_names",
    "sessions.public_pages.hand_out_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registration.security.session_timeout.watch_over_sign_ins",
    "sessions.former_addresses.lead_on",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "sdgworkshop.doors.refuse_what_is_no_key",
]

ROOT_URLCONF = "sdgworkshop.urls"
WSGI_APPLICATION = "sdgworkshop.wsgi.application"
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
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

#: Who was erased, apart from the database; every host and whoever restores must see the same folder.
ERASURES_DIR = Path(env("ERASURES_DIR", default="") or VAR_DIR / "erasures").resolve()

DATABASES = {"default": database(env("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    #: Transaction pooling (PgBouncer) hands each transaction another server connection.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True

#: What it holds is right for some seconds (agencies for some minutes) and never taken back, so every process may have its own;
#: with several hosts one in Redis saves work. One that does not answer is as good as an empty one.
CACHE_URL = env("CACHE_URL", default="")
#: Room for each place of some workshops, and parts of its form in either language.
_OWN_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1000}}
#: "local" keeps what is more than text and numbers, and leaves no process. So do parts of pages, which name files of one release.
CACHES: dict[str, dict[str, Any]] = {"default": _OWN_CACHE, "local": _OWN_CACHE, "template_fragments": _OWN_CACHE}
if CACHE_URL:
    CACHES["default"] = {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "portal-json",
        "OPTIONS": {
            # django-redis' own choice, pickle, runs whatever code somebody puts into Redis.
            "SERIALIZER": "sdgworkshop.cache_serializer.Serializer",
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
        },
    }

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "django"]
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "collected"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    BUILD_DIR / "static",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "sdgworkshop.static_files.StaticFiles",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
    # Documents of the office. Those of the web server's group may read them, so that nginx can hand them out.
    "materials": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env("MATERIALS_DIR", default="") or VAR_DIR / "materials",
            "file_permissions_mode": 0o640,
            "directory_permissions_mode": 0o750,
        },
    },
    # Files with data of people: nobody else on the machine may read them. Several hosts share the folder.
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env("EXPORTS_DIR", default="") or VAR_DIR / "exports",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
WHITENOISE_MAX_AGE = 3600

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
#: How long the link works at which a coordinator sets their password; offices take their time.
PASSWORD_RESET_TIMEOUT = 7 * 86400
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

#: Wrong passwords lock an account for the address they came from, never a whole address: a province's office shares one.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "registration.security.guesses.network_of"
AXES_HANDLER = "registration.security.guesses.GuessHandler"
AXES_USERNAME_CALLABLE = "registration.security.sign_in.account_tried"
AXES_LOCKOUT_CALLABLE = "registration.desk.views.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "report-uri": "/csp/",
        "report-to": "csp",
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # a working day: offices share computers; see registration.security.session_timeout
#: Whether staff must enter a code from their phone besides the password; elsewhere it is offered.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=PRODUCTION)
#: Who signs in people that are known already, by OpenID Connect: ThaID, DGA Digital ID or a provider of the office's own, as it calls
#: itself ("issuer"), like https://imauth.bora.dopa.go.th. Without it there is no such way in.
OPENID_ISSUER = env("OPENID_ISSUER", default="").removesuffix("/.well-known/openid-configuration")
OPENID_CLIENT_ID = env("OPENID_CLIENT_ID", default="")
OPENID_CLIENT_SECRET = env("OPENID_CLIENT_SECRET", default="")
#: What its button says.
OPENID_NAME_TH = env("OPENID_NAME_TH", default="ThaID")
OPENID_NAME_EN = env("OPENID_NAME_EN", default="") or OPENID_NAME_TH
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    # The prefix has browsers refuse such a cookie from a neighbouring host or without TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken", "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    #: Asked for by machines inside our own walls.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    #: Browsers come by TLS alone for so long, whatever happens to the certificate: small until that is sure, then a year.
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600)
    #: "yes" binds every other host beneath this name too, and lets browsers learn it by heart: for a domain that is ours alone.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_WHOLE_DOMAIN", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which would have it the other way round

#: Without EMAIL_URL, mail is written to files in VAR_DIR/mail, which staff can read in the admin.
EMAIL_URL = required("EMAIL_URL", "", "Set it to the mail server, like smtp+tls://user:password@mail.example.org:587.")
if EMAIL_URL:
    vars().update(environ.Env.email_url_config(EMAIL_URL))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "registration.mail.smtp.EmailBackend"
else:
    EMAIL_BACKEND = "registration.mail.files.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
#: The Date of a mail is that of Bangkok.
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="SDG Workshop <no-reply@example.org>")
MAILS_PER_MINUTE = env.int("MAILS_PER_MINUTE", default=120)
#: Many servers also count by the hour and the day; 0: this one does not.
MAILS_PER_HOUR = env.int("MAILS_PER_HOUR", default=0)
MAILS_PER_DAY = env.int("MAILS_PER_DAY", default=0)
#: So many days after they were done, and their workshop was over, mails are deleted; 0: with the people themselves.
MAILS_KEPT_DAYS = env.int("MAILS_KEPT_DAYS", default=400)
#: How many sending tasks run side by side; more than there are workers is of no use.
MAIL_SENDERS = env.int("MAIL_SENDERS", default=1)

TASK_BACKEND = env("TASK_BACKEND", default="django_tasks_db.DatabaseBackend")
TASKS = {"default": {"BACKEND": TASK_BACKEND, "QUEUES": []}}
if TASK_BACKEND == "sdgworkshop.redis_queue.RedisBackend":
    TASK_URL = env("TASK_URL", default="") or CACHE_URL
    if not TASK_URL:
        raise ImproperlyConfigured("TASK_URL is not set. Set it to the Redis that holds the tasks, like redis://localhost:6379/1.")
    INSTALLED_APPS += ["django_rq"]
    RQ_SHOW_ADMIN_LINK = False
    #: RQ's own choice, pickle, runs whatever code somebody puts into Redis.
    RQ_SERIALIZER = "rq.serializers.JSONSerializer"
    #: Workers empty them in this order.
    RQ_QUEUES = {name: {"URL": TASK_URL, "DEFAULT_TIMEOUT": 600, "SERIALIZER": RQ_SERIALIZER} for name in ("first", "default", "last")}

#: "off" ends the limits on how often something may be asked for, and the least time to fill in a form: for load tests only.
ABUSE_LIMITS = env("ABUSE_LIMITS", default="on").strip().lower() != "off"

#: What the programme calls once its days and tracks are written: the quotas that belong to them.
AGENDA_AFTER_CHANGE = ["registration.seats.actions.capacities.provide_quotas"]
#: What it calls with each revision of the agenda that is released, in its transaction.
AGENDA_AFTER_RELEASE = ["registration.webhooks.notes.note_release"]
#: How many people count on a workshop, or on one of its days or groups: who knows people says so.
AGENDA_PEOPLE = "registration.people.counting_on.people_counting_on"
#: What it calls once a workshop was made from another one.
AGENDA_AFTER_COPY = ["registration.seats.actions.next_workshop.copy_places"]

#: What the programme's pages and calendars ask for the documents that everybody may open.
AGENDA_DOCUMENTS = "registration.materials.shown.public_documents"
#: Where nginx keeps MATERIALS_DIR for itself, like /materials/: it hands documents out instead of a web process. See deploy/nginx.conf.
MATERIALS_ACCEL = env("MATERIALS_ACCEL", default="")
#: Hosts, with those below them, on which recordings may lie.
RECORDING_HOSTS = env.list(
    "RECORDING_HOSTS", default=["youtube.com", "youtu.be", "vimeo.com", "zoom.us", "drive.google.com", "nesdc.go.th"]
)

#: The office's key (a `.p12`) with which certificates are sealed, and its password; without it they are not. Workers alone need it.
CERTIFICATE_SEAL = env("CERTIFICATE_SEAL", default="")
CERTIFICATE_SEAL_PASSWORD = env("CERTIFICATE_SEAL_PASSWORD", default="")
#: Where each seal gets a time stamp, like https://tsa.example.org; without it, it has none.
CERTIFICATE_SEAL_TIME_STAMP_URL = env("CERTIFICATE_SEAL_TIME_STAMP_URL", default="")

#: Ports of other systems that webhooks may go to.
WEBHOOK_PORTS = [int(port) for port in env.list("WEBHOOK_PORTS", default=["443", "8443"])]
#: Private networks that webhooks may go to all the same, like 10.20.0.0/16: nothing there may mind being asked by the portal.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
#: Whether webhooks may go without TLS: for a developer's machine alone.
WEBHOOK_HTTP = env.bool("WEBHOOK_HTTP", default=False)
if PRODUCTION and WEBHOOK_HTTP:
    raise ImproperlyConfigured("WEBHOOK_HTTP is for development: take it out. In production webhooks go by https alone.")
#: So many days after they were sent or given up, webhooks are deleted; 0: they stay.
WEBHOOKS_KEPT_DAYS = env.int("WEBHOOKS_KEPT_DAYS", default=30)

#: The office's app in Zoom (server-to-server OAuth); without them Zoom is served by files alone.
ZOOM_ACCOUNT_ID = env("ZOOM_ACCOUNT_ID", default="")
ZOOM_CLIENT_ID = env("ZOOM_CLIENT_ID", default="")
ZOOM_CLIENT_SECRET = env("ZOOM_CLIENT_SECRET", default="")
#: The secret token with which Zoom signs what it tells of its webinars; without it there is no such address.
ZOOM_WEBHOOK_SECRET = env("ZOOM_WEBHOOK_SECRET", default="")
#: Where the portal signs in to Zoom; another one is a stand-in's (make zoom).
ZOOM_SIGN_IN_URL = env("ZOOM_SIGN_IN_URL", default="https://zoom.us").rstrip("/")
if PRODUCTION and not ZOOM_SIGN_IN_URL.startswith("https://"):
    raise ImproperlyConfigured("ZOOM_SIGN_IN_URL is not https. Leave it out: the portal then signs in to Zoom itself.")

#: Where security.txt sends who found a weakness, like mailto:security@example.org; without it, to the front page.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
#: Who knows it reads /metrics; without it there is no such page.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
#: What it says of the database counts all people: read once in so many seconds, however many processes are asked.
METRICS_KEPT_SECONDS = 60
#: How long it is kept who asked from which address (Computer-Related Crime Act, section 26: ninety days); 0: it is not written down.
TRAFFIC_LOG_DAYS = env.int("TRAFFIC_LOG_DAYS", default=0)
#: Where errors are told of, in Sentry's own form; names, addresses and what somebody typed stay here.
SENTRY_DSN = env("SENTRY_DSN", default="")
#: "json" for machines, "line" for people.
LOG_FORMAT = env("LOG_FORMAT", default="json" if PRODUCTION else "line")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "sdgworkshop.logs.OneLineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "sdgworkshop.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    #: One line a request is for machines.
    "loggers": {
        "portal.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "gunicorn.error": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # which writes down every address that it asks for
    },
}
if SENTRY_DSN:
    _address = urlsplit(SENTRY_DSN)
    if _address.scheme not in ("http", "https") or not (_address.username and _address.hostname and _address.path[-1:].isdecimal()):
        raise ImproperlyConfigured("SENTRY_DSN is none. Copy it from the project's settings there, like https://key@sentry.example.org/1.")
    LOGGING["handlers"]["reports"] = {
        "()": "sdgworkshop.error_reports.Reporter",
        "dsn": SENTRY_DSN,
        "environment": env("ENVIRONMENT", default="development"),
    }
    LOGGING["root"]["handlers"].append("reports")
