"""Words for the user: English in the code, Swedish in gettext catalogues (``reports/locale/sv/LC_MESSAGES/*.mo``).

Mark a sentence with ``_()`` where it is spoken, or with ``N_()`` where it is only declared (a check's page, a table of
texts) and with ``_()`` again where it is shown. Each room has a catalogue of its own (``checks.po``, ``intake.po`` ...);
they are looked up as one. Swedish is the default; ``--lang en`` asks for English.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from functools import cache

from auditor.resources import shipped

LANGUAGES = ("sv", "en")
_language: ContextVar[str] = ContextVar("language", default="sv")


def speak(language: str) -> None:
    """Choose the language of everything said from here on: ``sv`` or ``en``."""
    if language not in LANGUAGES:
        raise ValueError(f"not one of the languages {LANGUAGES}")
    _language.set(language)


def language() -> str:
    """The language now spoken: ``sv`` or ``en``."""
    return _language.get()


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    chain: gettext.NullTranslations = gettext.NullTranslations()
    if lang == "en":
        return chain
    for path in sorted(shipped("reports").joinpath("locale", lang, "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            room = gettext.GNUTranslations(file)
        room.add_fallback(chain)
        chain = room
    return chain


def _(message: str) -> str:
    """The sentence in the language now spoken; the English one where no translation exists."""
    return _translated(_language.get(), message) if message else ""


@cache
def _translated(lang: str, message: str) -> str:
    return _catalogue(lang).gettext(message)


def N_(message: str) -> str:
    """Mark a sentence for translation where it is declared; it is translated where it is shown."""
    return message
