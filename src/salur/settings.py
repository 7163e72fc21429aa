"""Django settings of Salur: read from the environment and from SALUR_HOME; importing them starts nothing."""

from __future__ import annotations

import os
from pathlib import Path

from salur.foundation.database.connection import django_databases
from salur.foundation.database.home import home, secret

BASE_DIR = Path(__file__).resolve().parent
SALUR_HOME = home()
SECRET_KEY = os.environ.get("SALUR_SECRET_KEY") or secret("django") or "belum-diinisialisasi"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SALUR_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DATABASES = django_databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "salur.foundation.lake",
    "salur.foundation.audit",
    "salur.foundation.regions",
    "salur.foundation.access",
    "salur.registry",
    "salur.programmes",
    "salur.budget",
    "salur.enrolment",
    "salur.cycles",
    "salur.delivery",
    "salur.reconciliation",
    "salur.monitoring",
    "salur.entrypoints.web",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
]
PROCRASTINATE_IMPORT_PATHS = ["salur.entrypoints.jobs.tasks"]
MIDDLEWARE = [
    "salur.entrypoints.web.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "salur.entrypoints.web.security.SignedIn",
]
# Signed cookies: the web process needs no table it could write to.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
ROOT_URLCONF = "salur.entrypoints.web.urls"
WSGI_APPLICATION = "salur.entrypoints.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "entrypoints/web/templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "salur.entrypoints.web.context.house",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "entrypoints/web/static"]
WHITENOISE_USE_FINDERS = True
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
LOGGING_CONFIG = None
