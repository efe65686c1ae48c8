"""Which files are logs of a standard format, told by what they hold and by nothing else.

Two formats are known: FHIR AuditEvent as JSON (``fhir``), and the XML of RIV-TA ``urn:riv:ehr:log`` (``riv_log``). The name of
such a file does not matter but for its ending; only its beginning is looked at here, and the readers find out whether it holds.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from pathlib import Path

_BEGINNING_BYTES = 256 * 1024
_JSON = (".json", ".jsonl", ".ndjson")
_RESOURCE = re.compile(r'"resourceType"\s*:\s*"[A-Z]')
_RIV_LOG = re.compile(r"[\"']urn:riv:ehr:log[.:]")


def recognise(path: Path, suffix: str, *, gzipped: bool) -> str | None:
    """The standard format of a file: ``fhir`` or ``riv_log``; None when it is of neither, or cannot be opened.

    ``suffix`` is the ending in lower case without ``.gz``.
    """
    if suffix not in (*_JSON, ".xml"):
        return None
    text = _beginning(path, gzipped=gzipped)
    if suffix == ".xml":
        return "riv_log" if _RIV_LOG.search(text) else None
    return "fhir" if text.lstrip().startswith(("{", "[")) and _RESOURCE.search(text) else None


def _beginning(path: Path, *, gzipped: bool) -> str:
    """The first characters of a file; nothing of a file that cannot be read: its reader will say why."""
    try:
        with path.open("rb") as file:
            if gzipped:
                with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
                    data = unpacked.read(_BEGINNING_BYTES)
            else:
                data = file.read(_BEGINNING_BYTES)
    except (OSError, EOFError, zlib.error):
        return ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")
