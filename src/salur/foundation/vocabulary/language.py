"""The language in which Salur speaks: Indonesian is written in the source, English comes from a catalogue."""

import gettext
import os
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

INDONESIAN = "id"
ENGLISH = "en"
LANGUAGES = (INDONESIAN, ENGLISH)
DOMAIN = "django"
LOCALE_FOLDER = Path(__file__).resolve().parents[2] / "locale"

_current: ContextVar[str] = ContextVar("salur_language", default=INDONESIAN)


def _(text: str) -> str:
    """The sentence in the current language; the source itself when nobody has translated it.

    Call it where the sentence is said, never at import: the language is known only then.
    """
    if not text or current() == INDONESIAN:
        return text
    return _catalogue(current()).gettext(text)


def current() -> str:
    """The language of this thread or task."""
    return _current.get()


def use(language: str) -> None:
    """Speak this language from now on, in this thread or task; one we do not have falls back to Indonesian."""
    _current.set(language if language in LANGUAGES else INDONESIAN)


def language_from_env(environ: Mapping[str, str] | None = None) -> str:
    """What the shell asks for. LC_ALL outranks LC_MESSAGES outranks LANG, as POSIX has it.

    Only a plain wish for English gives English: C, POSIX, nothing and every other language are Indonesian.
    """
    environ = os.environ if environ is None else environ
    wishes = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    wish = next((w for w in wishes if w), "")
    return ENGLISH if wish.lower().startswith("en") else INDONESIAN


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE_FOLDER, languages=[language], fallback=True)
