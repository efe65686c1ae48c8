"""What the YAML reader says when a file is no YAML, in words that help."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

from auditor.agreement.faults import Faults, Place
from auditor.errors import UserErrors
from auditor.words import N_, _

# The beginning of the reader's own words -> what is wrong, and what to do next.
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        "found character '\\t'",
        N_("A tab stands where only spaces may."),
        N_("Indent with spaces."),
    ),
    (
        "found character",
        N_("A value cannot begin with this character."),
        N_("Put the value in quotes."),
    ),
    (
        "sequence entries are not allowed here",
        N_("The indentation does not fit the lines before."),
        N_("Indent all keys of one group alike, begin every item of a list with '- ', and close every quote."),
    ),
    (
        "mapping values are not allowed here",
        N_("A colon stands where a value cannot have one."),
        N_("Put the whole value in quotes, or check the indentation of this line and the one before."),
    ),
    (
        "could not find expected ':'",
        N_("A key lacks its colon."),
        N_("Write 'key: value', with a space after the colon."),
    ),
    (
        "found unexpected end of stream",
        N_("A quote is opened but never closed."),
        N_("Close the quote that begins here."),
    ),
    (
        "expected <block end>",
        N_("The indentation does not fit the lines before."),
        N_("Indent all keys of one group alike, begin every item of a list with '- ', and close every quote."),
    ),
    (
        "expected ',' or",
        N_("A list or a group in brackets is not closed, or a comma is missing."),
        N_("Close the bracket, and put a comma between the values."),
    ),
    (
        "found undefined",
        N_("A mark (&, *, ! or %) stands where YAML reads it as an instruction."),
        N_("Put the value in quotes."),
    ),
    (
        "found unknown escape character",
        N_("A backslash in double quotes is followed by a letter that YAML does not know."),
        N_("Use single quotes around the value."),
    ),
)


def syntax_fault(error: MarkedYAMLError, faults: Faults) -> UserErrors:
    """The error to raise for a text that is no YAML, with the place the reader gave."""
    problem = str(error.problem or "")
    unclosed = problem.startswith("found unexpected end of stream")
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else None
    for beginning, message, hint in _SAID:
        if problem.startswith(beginning):
            return faults.only(_(message), _(hint), place)
    return faults.only(
        _("The line cannot be read as YAML."),
        _("Check indentation, colons, quotes and brackets here and on the line before."),
        place,
    )
