"""The XML of RIV-TA ``urn:riv:ehr:log``, version 1 (Inera's log service): every log post becomes an access.

Posts are found wherever they stand: in the answer of GetLogsForPatient and its like, in a request to StoreLog, inside a SOAP
envelope. The file is read in pieces. A document type is refused, and with it every entity, internal or external: nothing that
the file does not say itself is ever read. A post's number is its place in the file, from 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from xml.parsers import expat

from auditor.errors import UserError
from auditor.intake.readers.limits import as_size
from auditor.intake.readers.model import SetAside, Torn
from auditor.intake.readers.source import Source
from auditor.intake.readers.table_rows import TableRows
from auditor.words import _

#: What is read of a post, by canonical table.
COLUMNS = {"accesses": ("event_id", "at", "user_id", "action", "section", "source")}
#: The path inside a post (names of elements, in lower case) of each column.
_PATHS = {
    ("logid",): "event_id",
    ("activity", "startdate"): "at",
    ("user", "userid"): "user_id",
    ("activity", "activitytype"): "action",
    ("resources", "resource", "resourcetype"): "section",
    ("system", "systemid"): "source",
    # GetAccessLogsForPatient tells less: no id, no activity
    ("accessdate",): "at",
    ("userid",): "user_id",
    ("resourcetype",): "section",
}
_POSTS = ("log", "accesslog")
_LISTS = ("logs", "accesslogs", "accessslogs")  # the last as the contract's own example spells it
_ACTIONS = {
    "läsa": "read",
    "skriva": "write",
    "signera": "sign",
    "utskrift": "print",
    "vidimera": "sign",
    "radera": "delete",
    "nödöppning": "emergency",
}
_NAMESPACE = re.compile(r"urn:riv:ehr:log(?:[.:][A-Za-z.]+)*:(\d+)(?::rivtabp\d+)?")
_KNOWN_VERSION = "1"
_WHOLE_ANSWERS = ("OK", "INFO")
_FED_BYTES = 64 * 1024


def read_riv_log(source: Source, tables: Mapping[str, TableRows]) -> Counter[SetAside]:
    """Read a file into the rows of ``accesses``.

    Raises UserError when the file is no XML to its end, has a document type, is of a version that is not known, is an answer
    that does not hold the whole log, holds no log at all, or is over the limits.
    """
    reader = _Posts(source, tables["accesses"])
    for block in source.blocks():
        for start in range(0, len(block), _FED_BYTES):
            reader.feed(block[start : start + _FED_BYTES])
    reader.finish()
    return Counter()


class _Posts:
    """Gathers each log post from the events of the parser."""

    def __init__(self, source: Source, rows: TableRows) -> None:
        self._source = source
        self._rows = rows
        self._fed = 0
        self._depth = 0
        self._posts = 0
        self._in_log = False
        self._path: list[str] = []  # inside a post
        self._found: dict[str, set[str]] | None = None
        self._too_long = False
        self._text: list[str] | None = None
        self._text_size = 0
        self._parser = expat.ParserCreate(namespace_separator=" ", intern={})
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_document_type
        self._parser.StartNamespaceDeclHandler = self._check_namespace
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, data: bytes) -> None:
        """Parse on."""
        self._parse(data, final=False)
        self._fed += len(data)
        limits = self._source.limits
        if self._fed - self._parser.CurrentByteIndex > limits.line_bytes:
            raise self._source.bomb(
                _("A single tag or comment of the XML is longer than {size}.").format(size=as_size(limits.line_bytes))
            )
        if len(self._parser.intern) > limits.xml_names:
            raise self._source.bomb(_("The XML has more than {count} different names.").format(count=limits.xml_names))

    def finish(self) -> None:
        """Parse to the end."""
        self._parse(b"", final=True)
        if not self._in_log and not self._posts:
            raise self._source.fault(
                _("The XML names urn:riv:ehr:log, but holds no log posts."),
                _("Export the posts themselves (GetLogsForCareProvider, GetLogsForPatient or GetLogsForUser)."),
            )

    def _parse(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            raise self._source.fault(
                _("The XML is not well-formed, or is cut short."),
                _("Fetch the file again; compare its size with that of the original."),
                line=error.lineno,
            ) from error

    def _refuse_document_type(self, *_declared: object) -> None:
        raise self._fault(
            _("The XML declares a document type (DOCTYPE), with which entities and other files could be brought in."),
            _("A log has no need of one: ask the sender for a file without it."),
        )

    def _check_namespace(self, _prefix: str | None, uri: str | None) -> None:
        found = _NAMESPACE.fullmatch(uri or "")
        if found and found[1] != _KNOWN_VERSION:
            raise self._fault(
                _("The log is in a version of urn:riv:ehr:log that is not known; only version 1 is read."),
                _("Export it in version 1, or as CSV with headings."),
            )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        longest = self._source.limits.xml_name_characters
        if len(tag) > longest or (attributes and max(map(len, attributes)) > longest):
            raise self._source.bomb(_("A name in the XML is longer than {count} characters.").format(count=longest))
        self._depth += 1
        if self._depth > self._source.limits.xml_depth:
            raise self._source.bomb(
                _("The elements of the XML lie more than {depth} deep.").format(depth=self._source.limits.xml_depth)
            )
        name = _name(tag)
        if self._found is None:
            self._in_log = self._in_log or name in _LISTS
            if name in _POSTS:
                self._posts += 1
                self._found, self._path, self._too_long = {}, [], False
            self._text = [] if name == "resultcode" else None
        else:
            self._path.append(name)
            self._text = [] if tuple(self._path) in _PATHS else None
        self._text_size = 0

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text_size += len(text)
            if self._text_size <= self._source.limits.xml_text_characters:
                self._text.append(text)
            else:
                self._too_long = True

    def _end(self, tag: str) -> None:
        self._depth -= 1
        text, self._text = self._text, None
        if self._found is None:
            if text is not None:
                self._check_answer("".join(text).strip())
            return
        if not self._path:
            self._finish_post(self._found)
            self._found = None
            return
        if text is not None and (value := "".join(text).strip()):
            self._found.setdefault(_PATHS[tuple(self._path)], set()).add(value)
        self._path.pop()

    def _finish_post(self, found: dict[str, set[str]]) -> None:
        if self._too_long:
            self._rows.tear(self._posts, Torn.TOO_LONG)
            return
        one = {column: texts.pop() for column, texts in found.items() if len(texts) == 1}
        if action := one.get("action"):
            one["action"] = _ACTIONS.get(unicodedata.normalize("NFC", action).casefold(), action)
        self._rows.add(self._posts, [one.get(column) for column in self._rows.columns])

    def _check_answer(self, code: str) -> None:
        """An answer that failed, or was cut off at so many posts, is not the log."""
        if code.upper() not in _WHOLE_ANSWERS:
            raise self._fault(
                _("The file is an answer of the log service that does not hold the whole log: its result code is not OK."),
                _("Ask the log service again, for fewer days at a time, and hand in the answers that are whole."),
            )

    def _fault(self, message: str, hint: str) -> UserError:
        return self._source.fault(message, hint, line=self._parser.CurrentLineNumber)


@lru_cache(maxsize=1_000)
def _name(tag: str) -> str:
    """An element's name without its namespace; empty when it is of none of the log's. Case does not matter."""
    uri, _space, local = tag.rpartition(" ")
    return local.casefold() if _NAMESPACE.fullmatch(uri) else ""
