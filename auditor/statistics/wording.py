"""What the words of a heading or a category say of its numbers: shares, rates, means and indexes are no counts."""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.intake.spelling import same

#: Headings that can be of nothing but counts.
COUNTED = re.compile(r"(?:antalet|antal|number of|count)\b", re.IGNORECASE)
AVERAGE = re.compile(
    r"\bmedel|\bgenomsnitt|\bsnitt\b|\bmedian|\bmean\b|\baverage\b"
    r"|(?:års|månaders?|kvartals|vecko|riks|läns|kommun)medel(?:tal|värde)?\b|\w(?:medeltal|medelvärde|genomsnitt)(?:et)?\b",
    re.IGNORECASE,
)
#: Parts of a number for certain; ``handel`` is none.
_PART = re.compile(
    r"%|‰|(?<![hv])andel(?:en|ar|arna)?\b|\bprocent|\bproc\b|\bpromille|\bper cent\b|\bpercent|\bshare\b", re.IGNORECASE
)
#: What may be a part of a number as well as a count; a degree of coverage and the like, not one of difficulty.
_MAYBE_PART = re.compile(r"fördelning(?:en)?$|\w(?:nings|ande|ende|elses)grad(?:en)?\b", re.IGNORECASE)
#: A sign for per cent as the unit of a heading; ``100 % närvaro`` and ``minst 50 %`` are what is counted.
_UNIT = re.compile(
    r"(?:[^\W\d][ ,(]*|^[ (]*)(?:%|‰|(?<=[,( ])proc\b\.?)\)?$|[,(] ?(?:procent|promille|per cent)\)?$", re.IGNORECASE
)
#: So many per a thousand. ``Per 31 december`` and ``per 1 november`` are days.
_RATE = re.compile(
    r"(?:\bper|/) ?(?P<number>10{2,6}|10{0,2}(?: 000){1,2}|(?:hundra|tio)?tusen|hundra|thousand)\b(?! ?\d)", re.IGNORECASE
)
_WORDED = {"hundra": 100.0, "tusen": 1_000.0, "thousand": 1_000.0, "tiotusen": 10_000.0, "hundratusen": 100_000.0}
#: Ratios that say what one person has, or how much a number has grown.
_RATIO = re.compile(
    r"\bindex(?:tal)?\b|\b\w*index$|\b(?:19|20)\d\d ?= ?100\b|kvot(?:en)?$|\bratio\b|\bper capita\b"
    r"|\bper (?:barn|elev|invånare|person|ungdom|placerad|placering|ärende|familj|hushåll|klient|brukare|handläggare"
    r"|socialsekreterare|utredning|flicka|pojke|child|person|inhabitant|case|family)\b",
    re.IGNORECASE,
)
_ROW_SHARE = re.compile(r"(?:procent|%|‰|\w*(?<![hv])andel(?:en)?\b|percentage|share of)", re.IGNORECASE)
_ROW_AVERAGE = re.compile(r"(?:medel(?:tal|värde|ålder)|genomsnitt|median|snitt)\w*\b", re.IGNORECASE)
_BASE = re.compile(r"\bn ?= ?(\d[\d ]*)", re.IGNORECASE)
_NOT_THE_SUBJECT = re.compile(
    r"\w*(?<![hv])andel(?:en|ar|arna)?\b|\b(?:av|i|procent|proc|antal|antalet|share|of|number|varav)\b|\(.*?\)|[%‰.,()]"
)


def is_share(heading: str) -> bool:
    """Whether a heading is of shares, rates, ratios or indexes: of what says nothing without another number."""
    if _RATE.search(heading) or _RATIO.search(heading):
        return True
    if COUNTED.match(heading):
        return bool(_UNIT.search(heading))
    return bool(_PART.search(heading) or _MAYBE_PART.search(heading))


def is_share_row(category: str) -> bool:
    """Whether a row with that category holds shares, rates, means or indexes below counts."""
    return bool(
        any(words.match(category) for words in (_ROW_SHARE, _ROW_AVERAGE))
        or any(words.search(category) for words in (_UNIT, _RATE))
        or re.search(r"\bindex\b.*= ?100", category, re.IGNORECASE)
    )


def whole_of(words: str) -> float | None:
    """How many a share of all would be: 100, or 1,000 for so many per thousand. None for what is no part of a number
    for certain."""
    if match := _RATE.search(words):
        number = match["number"].casefold()
        return _WORDED.get(number) or float(number.replace(" ", ""))
    if COUNTED.match(words) or _RATIO.search(words) or AVERAGE.search(words) or not _PART.search(words):
        return None
    return 1_000.0 if re.search("‰|promille", words, re.IGNORECASE) else 100.0


def rated_by(words: str) -> str | None:
    """Whom a rate is so many per a thousand of: ``barn`` of ``Placerade per 10 000 barn``. None for what is no rate."""
    match = _RATE.search(words)
    return words[match.end() :] if match else None


def bases_in(words: str) -> list[float]:
    """The numbers that a heading says its shares are of: ``(n=60)``."""
    return [float(number.replace(" ", "")) for number in _BASE.findall(words)]


@lru_cache(maxsize=4096)
def subject_of(heading: str) -> str:
    """What is counted or shared under a heading: ``flickor`` of ``Andel flickor, %``, and of ``Flickor per 1 000 barn``."""
    words = same(heading)
    if match := _RATE.search(words):
        words = words[: match.start()]
    return " ".join(_NOT_THE_SUBJECT.sub(" ", words).split())


@lru_cache(maxsize=4096)
def names(heading: str, other: str) -> bool:
    """Whether a heading has one of the longer words of another: ``Andel flickor med insats`` that of ``Flickor``."""
    return bool(_longer_words(heading) & _longer_words(other))


def _longer_words(heading: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d]+", subject_of(heading)) if len(word) > 2}
