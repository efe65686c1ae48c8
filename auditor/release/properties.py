"""What the office formats have in common: document properties, parts that hold more than the pages show."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

from auditor.release.model import Opened, Passage, Reason, Weight
from auditor.release.packed import local, parse_whole
from auditor.words import N_, _

#: Properties that say nothing of a person.
_HARMLESS = frozenset(
    (
        "created",
        "modified",
        "Application",
        "AppVersion",
        "DocSecurity",
        "ScaleCrop",
        "LinksUpToDate",
        "SharedDoc",
        "HyperlinksChanged",
        "Template",
        "TotalTime",
        "Pages",
        "Words",
        "Characters",
        "Lines",
        "Paragraphs",
        "CharactersWithSpaces",
        "revision",
        "lastPrinted",
        "language",
        "version",
        "HeadingPairs",
        "TitlesOfParts",
        "Properties",
        "coreProperties",
        "HLinks",
    )
)
#: Other properties that the formats have: the name of one beyond these is somebody's own words.
_USUAL = frozenset(
    (
        "creator",
        "lastModifiedBy",
        "title",
        "subject",
        "description",
        "keywords",
        "category",
        "contentStatus",
        "contentType",
        "identifier",
        "Company",
        "Manager",
        "HyperlinkBase",
        "PresentationFormat",
    )
)
#: What programs write for an author.
_PROGRAMS = frozenset(("openpyxl", "xlsxwriter", "python-docx", "microsoft office user", "apache poi", "pandas"))

#: Parts by the beginning of their name: the code of the reason, what is there, and how to mend it.
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("vbaproject", "macros", N_("The file holds macros, that is program code.")),
    ("vbadata", "macros", N_("The file holds macros, that is program code.")),
    ("macrosheets/", "macros", N_("The file holds macros, that is program code.")),
    ("comments", "comments", N_("The file holds comments or notes.")),
    ("threadedcomments/", "comments", N_("The file holds comments or notes.")),
    ("persons/", "comments", N_("The file holds the names of those who commented.")),
    ("people.xml", "comments", N_("The file holds the names of those who commented.")),
    ("pivotcache/", "pivot-cache", N_("The file holds a pivot table's copy of the data behind it.")),
    ("pivottables/", "pivot-cache", N_("The file holds a pivot table's copy of the data behind it.")),
    ("externallinks/", "external-link", N_("The file holds links to other files, with copies of their data.")),
    ("customxml/", "custom-xml", N_("The file holds custom data (XML) that no page shows.")),
    ("revisions/", "revisions", N_("The file holds the history of its changes.")),
    ("embeddings/", "embedded", N_("The file holds embedded files.")),
    ("oleobject", "embedded", N_("The file holds embedded files.")),
    ("media/", "picture", N_("The file holds pictures, whose content cannot be read.")),
    ("activex/", "embedded", N_("The file holds controls or embedded files.")),
    ("ctrlprops/", "embedded", N_("The file holds controls or embedded files.")),
    ("drawings/", "drawing", N_("The file holds drawings or text boxes.")),
    ("charts/", "drawing", N_("The file holds charts, with copies of the data behind them.")),
    ("connections.xml", "external-link", N_("The file holds connections to databases.")),
    ("querytables/", "external-link", N_("The file holds connections to databases.")),
    ("model/", "pivot-cache", N_("The file holds a data model with copies of data.")),
    ("slicer", "pivot-cache", N_("The file holds slicers or time lines with copies of data.")),
    ("timeline", "pivot-cache", N_("The file holds slicers or time lines with copies of data.")),
    ("glossary/", "embedded", N_("The file holds building blocks that no page shows.")),
)


def part_reasons(names: Iterable[str], opened: Opened, known: frozenset[str], folder: str) -> None:
    """A reason for every kind of part beyond the ``known`` ones. ``folder`` is the format's own (``xl/``)."""
    found: dict[tuple[str, str], list[str]] = {}
    places: dict[tuple[str, str], set[str]] = {}
    for name in names:
        lower = name.casefold()
        inside = lower.removeprefix(folder)
        if lower.endswith("/") or lower in known:
            continue
        if any(start.endswith("*") and lower.startswith(start[:-1]) for start in known):
            continue
        start, code, words = next(
            (known_part for known_part in _PARTS if inside.startswith(known_part[0])),
            ("", "unknown-part", N_("The file holds parts that are not known.")),
        )
        found.setdefault((code, words), []).append(name)
        # a part is told by the kind that the format has for it: its own name may be that of an embedded file
        places.setdefault((code, words), set()).add(
            _("{file}, part {part}").format(file=opened.shown, part=folder + start.rstrip("/")) if start else opened.shown
        )
    for (code, words), parts in found.items():
        opened.reasons.append(
            Reason(
                Weight.STOP,
                code,
                _(words),
                _("Remove it, or make a clean copy with --write-clean."),
                sorted(places[code, words]),
                len(parts),
            )
        )


def property_reasons(parts: zipfile.ZipFile, opened: Opened) -> None:
    """Document properties that may name a person or say more than the pages: all but dates and counts."""
    filled = []
    for name in parts.namelist():
        lower = name.casefold()
        if lower not in ("docprops/core.xml", "docprops/app.xml", "docprops/custom.xml"):
            continue
        for element in parse_whole(parts.read(name)).iter():
            word, value = local(element.tag), (element.text or "").strip()
            if (
                not value
                or (word in _HARMLESS and "custom" not in lower)
                or value.casefold() in _PROGRAMS
                or (local(element.tag) in ("lpstr", "i4") and "app" in lower)
            ):
                continue
            filled.append(word if word in _USUAL and "custom" not in lower else _("custom property"))
            opened.passages.append(
                Passage(_("{file}, document property {name}").format(file=opened.shown, name=filled[-1]), value, hidden=True)
            )
    if filled:
        opened.reasons.append(
            Reason(
                Weight.STOP,
                "properties",
                _("The file's properties say more than its pages: author, company, title or properties of its own."),
                _("Remove the properties, or make a clean copy with --write-clean."),
                [_("{file}, document property {name}").format(file=opened.shown, name=name) for name in dict.fromkeys(filled)],
                len(filled),
            )
        )
