"""Suggestions as a mapping file with comments, to be finished by hand: headings and codes, and no cell of the export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from auditor.intake.mapping_model import Mapping
from auditor.intake.suggesting import Candidate, Pair, Suggestion, Surety, may_be_written
from auditor.intake.suggesting_shapes import Shape
from auditor.intake.tables import Type
from auditor.words import N_, _

SURETIES = {Surety.SURE: N_("sure"), Surety.LIKELY: N_("likely"), Surety.UNSURE: N_("unsure")}
SHAPES = {
    Shape.EMPTY: N_("is empty in the sample"),
    Shape.PERSON: N_("looks like personal numbers"),
    Shape.MOMENT: N_("looks like times"),
    Shape.DAY: N_("looks like days"),
    Shape.SERIAL: N_("looks like days as a spreadsheet counts them"),
    Shape.OTHER_DATE: N_("looks like dates in another form"),
    Shape.UUID: N_("looks like technical keys (UUID)"),
    Shape.ADDRESS: N_("looks like network addresses"),
    Shape.MAIL: N_("looks like e-mail addresses"),
    Shape.PHONE: N_("looks like telephone numbers"),
    Shape.MUNICIPALITY: N_("looks like municipality codes"),
    Shape.SWITCH: N_("looks like yes and no"),
    Shape.NUMBER: N_("looks like numbers"),
    Shape.NAME: N_("looks like names of persons"),
    Shape.ID: N_("looks like ids"),
    Shape.FREE_TEXT: N_("looks like free text"),
    Shape.WORDS: N_("looks like words or codes"),
    Shape.MIXED: N_("looks mixed"),
}
_MOST_CODES = 8
_MOST_UNUSED = 60


def in_quotes(text: str) -> str:
    """A text in the quotation marks of YAML, on one line. What cannot be seen becomes a space, which headings do not heed."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return json.dumps(" ".join(visible.split()), ensure_ascii=False)


def mapping_text(suggestions: list[Suggestion], mapping: Mapping) -> str:
    """The mapping file. Of several suggestions for one table the first is written out, the others are told in a comment."""
    lines = [f"# {line}" for line in _introduction()]
    lines += ["mapping: 1", ""]
    patterns = list(_patterns(suggestions))
    if patterns:
        lines += ["files:", *patterns, ""]
    written: dict[str, Suggestion] = {}
    tables: list[str] = []
    for suggestion in suggestions:
        if suggestion.table is None:
            tables += _not_understood(suggestion)
        elif suggestion.table in written:
            tables += _another_form(suggestion)
        else:
            written[suggestion.table] = suggestion
            tables += _table(suggestion, mapping)
    if written:
        lines.append("tables:")
    return "\n".join([*lines, *tables]).rstrip() + "\n"


def _introduction() -> list[str]:
    return [
        _("A suggestion from 'auditor mapping suggest', to be read and finished by hand. Nothing in it is certain."),
        _("sure: the heading is known and the values fit. likely: much speaks for it. unsure: choose yourself."),
        _("Remove the lines that are wrong, fill in what is missing, and try it: auditor mapping check FILE --input FOLDER"),
    ]


def _patterns(suggestions: list[Suggestion]) -> Iterator[str]:
    """Lines that say which file is which table, for files whose names do not."""
    wanted: dict[str, set[str]] = {}
    for suggestion in suggestions:
        for file in suggestion.files if suggestion.table else ():
            if file.table != suggestion.table:
                wanted.setdefault(_pattern(file.relative, general=True), set()).add(str(suggestion.table))
    for suggestion in suggestions:
        for file in suggestion.files if suggestion.table else ():
            general = _pattern(file.relative, general=True)
            tables = wanted.get(general, set())
            if len(tables) == 1:
                del wanted[general]
                yield f"  {in_quotes(general)}: {suggestion.table}"
            elif tables and file.table != suggestion.table:
                yield f"  {in_quotes(_pattern(file.relative, general=False))}: {suggestion.table}"


def _pattern(relative: str, *, general: bool) -> str:
    """A pattern for a file's path; a general one fits the files of other weeks and months too."""
    plain = re.sub(r"[*?]", "?", relative)
    if not general and may_be_written(plain):
        return plain
    folder, _slash, name = plain.rpartition("/")
    stem = re.sub(r"\d+([-_ .]?\d+)*", "*", name)
    folder = re.sub(r"\d+([-_ .]?\d+)*", "*", folder)
    return f"{folder}/{stem}" if folder else stem


def file_names(suggestion: Suggestion) -> str:
    """The files of a suggestion as they may be shown: the first, and how many more."""
    first = PurePosixPath(_pattern(suggestion.files[0].relative, general=not may_be_written(suggestion.files[0].relative)))
    more = len(suggestion.files) - 1
    return _("{file} and {count} more").format(file=first, count=more) if more else str(first)


def _table(suggestion: Suggestion, mapping: Mapping) -> list[str]:
    lines = [
        f"  {suggestion.table}:  # "
        + _("{surety}; from {files}").format(surety=_(SURETIES[suggestion.surety]), files=in_quotes(file_names(suggestion)))
    ]
    if suggestion.heading_row is not None:
        lines.append(f"    heading_row: {suggestion.heading_row}  # " + _("the rows above are passed over"))
    if suggestion.delimiter is not None:
        lines.append(f"    delimiter: {in_quotes(suggestion.delimiter) if suggestion.delimiter != chr(9) else 'tab'}")
    lines.append("    columns:")
    lines += [f"      {pair.column.name}: {in_quotes(pair.candidate.heading)}  # {reasons(pair)}" for pair in suggestion.pairs]
    for column in suggestion.missing:
        usual = next(mapping.tables[str(suggestion.table)].spellings(column.name))
        lines.append(
            f'      # {column.name}: ""  # ' + _("must be there, and was not found; usually '{usual}'").format(usual=usual)
        )
    lines += _dates(suggestion) + _separators(suggestion) + _values(suggestion) + _unused(suggestion)
    return [*lines, ""]


def reasons(pair: Pair) -> str:
    """How sure a pair is, and what speaks for it."""
    said = []
    if pair.likeness == 1.0:
        said.append(_("the heading is known"))
    elif pair.like is not None:
        said.append(_("the heading resembles '{known}'").format(known=pair.like))
    else:
        said.append(_("only the values speak for it"))
    if pair.fit is None:
        said.append(_("the column is empty in the sample"))
    elif not pair.forms:
        said.append(_("{share} percent of the values can be read so").format(share=int(100 * pair.fit)))
    if pair.known:
        said.append(_("known codes in it: {codes}").format(codes=", ".join(pair.known[:_MOST_CODES])))
    if pair.unknown:
        said.append(_("{count} different words in it are not known").format(count=pair.unknown))
    if pair.rival is not None:
        said.append(_("it may also be {column}").format(column=_named(pair.rival)))
    return f"{_(SURETIES[pair.surety])}: {'; '.join(said)}"


def _dates(suggestion: Suggestion) -> list[str]:
    lines, doubtful = [], []
    for pair in suggestion.pairs:
        if len(pair.forms) == 1:
            lines.append(f"      {pair.column.name}: {in_quotes(pair.forms[0])}")
        elif pair.forms:
            choice = _("day and month cannot be told apart; choose: {forms}").format(forms=" / ".join(pair.forms))
            doubtful.append(f"      # {pair.column.name}: {in_quotes(pair.forms[0])}  # {choice}")
    if lines:
        return ["    dates:", *lines, *doubtful]
    return ["    # dates:", *doubtful] if doubtful else []


def _separators(suggestion: Suggestion) -> list[str]:
    found = {pair.column.name: pair.separator for pair in suggestion.pairs if pair.separator}
    lines = [f"      {name}: {'newline' if mark == chr(10) else in_quotes(mark)}" for name, mark in found.items()]
    return ["    separators:", *lines] if lines else []


def _values(suggestion: Suggestion) -> list[str]:
    """Where words must still be mapped, as a comment to fill in; the words themselves are not written."""
    unknown = [pair for pair in suggestion.pairs if pair.unknown]
    if not unknown:
        return []
    lines = [
        "    # values:  # " + _("words that are not known must be given their meaning, or they are read as unknown or missing")
    ]
    for pair in unknown:
        lines += [f"    #   {pair.column.name}:", f'    #     "…": {_example(pair)}']
    return lines


def _example(pair: Pair) -> str:
    """A canonical value to put beside an unknown word."""
    if pair.known:
        return in_quotes(pair.known[0])
    return '"0182"' if pair.column.type in (Type.MUNICIPALITY, Type.PLACE, Type.ORGANISATION) else "…"


def _named(candidate: Candidate) -> str:
    """A column of the file as it may be named: its heading where that may be written, and its position."""
    position = _("column {position}").format(position=candidate.place + 1)
    return f"{position} {in_quotes(candidate.heading[:60])}" if candidate.nameable else position


def _unused(suggestion: Suggestion) -> list[str]:
    if not suggestion.unused:
        return []
    lines = ["    # " + _("Columns that are connected to nothing:")]
    for candidate in suggestion.unused[:_MOST_UNUSED]:
        lines.append(f"    #   {_named(candidate)}: {_(SHAPES[candidate.shape])}{_advice(candidate)}")
    if len(suggestion.unused) > _MOST_UNUSED:
        lines.append("    #   " + _("and {count} more").format(count=len(suggestion.unused) - _MOST_UNUSED))
    return lines


def _advice(candidate: Candidate) -> str:
    if candidate.nameable and "hemkommun" in candidate.heading.casefold():
        return "; " + _("choose yourself: it may mean home_municipality (permanent home) or registered_municipality")
    return ""


def _not_understood(suggestion: Suggestion) -> list[str]:
    name = in_quotes(file_names(suggestion))
    if not suggestion.headings_found:
        return ["# " + _("{file}: no row looks like headings, so nothing of it is shown.").format(file=name), ""]
    lines = ["# " + _("{file}: looks like none of the tables.").format(file=name)]
    return [*lines, *(line.removeprefix("    ") for line in _unused(suggestion)), ""]


def _another_form(suggestion: Suggestion) -> list[str]:
    lines = [
        "    # "
        + _("{file}: seems to be the table '{table}' too, with other headings. Its columns would be:").format(
            file=in_quotes(file_names(suggestion)), table=suggestion.table
        )
    ]
    lines += [
        f"    #   {pair.column.name}: {in_quotes(pair.candidate.heading)}  # {reasons(pair)}" for pair in suggestion.pairs
    ]
    return [*lines, ""]
