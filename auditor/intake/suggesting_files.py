"""From files to suggestions: samples them, finds their headings, and puts files with the same headings together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from auditor.intake.files import InputFile, readable_files
from auditor.intake.mapping_model import Mapping
from auditor.intake.readers.sampling import Sample, sample
from auditor.intake.readers.separated import DELIMITERS
from auditor.intake.spelling import heading_key
from auditor.intake.suggesting import Candidate, Suggesting, Suggestion, columns_of_sample, heading_row
from auditor.intake.suggesting_shapes import Texts
from auditor.intake.values import Vocabulary


def suggest_for(source: Path, vocabulary: Vocabulary, mapping: Mapping, private: Path) -> list[Suggestion]:
    """Suggestions for a file, or for all files of a folder, the surest of each table first.

    ``private`` is a folder for what must be unpacked.

    Raises UserError when there is no file that is read, or one of them cannot be opened.
    """
    suggesting = Suggesting(vocabulary, mapping)
    groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
    found: list[Suggestion] = []
    for number, file in enumerate(readable_files(source)):
        into = private / str(number)
        into.mkdir()
        seen = sample(file, into)
        row = heading_row(seen, mapping)
        if row is None:
            found.append(Suggestion([file], None, 0.0, [], [], headings_found=False))
            continue
        columns = columns_of_sample(seen, row)
        key = (file.table, tuple(heading_key(column.heading) for column in columns))
        if key in groups:
            groups[key].add(file, columns)
        else:
            groups[key] = _Group(file, columns, _needed_row(seen, row), _needed_delimiter(seen, columns))
    for group in groups.values():
        found.append(group.suggestion(suggesting))
    return sorted(found, key=lambda one: (one.table is None, -one.score, one.files[0].relative))


class _Group:
    """Files with the same headings."""

    def __init__(self, file: InputFile, columns: list[Candidate], row: int | None, delimiter: str | None) -> None:
        self._files = [file]
        self._columns = columns
        self._row = row
        self._delimiter = delimiter

    def add(self, file: InputFile, columns: list[Candidate]) -> None:
        self._files.append(file)
        self._columns = [
            Candidate(
                one.heading,
                one.place,
                Texts(Counter(one.texts.counts) + other.texts.counts, one.texts.cells + other.texts.cells),
            )
            for one, other in zip(self._columns, columns, strict=True)
        ]

    def suggestion(self, suggesting: Suggesting) -> Suggestion:
        made = suggesting.suggest(self._files, self._columns)
        return Suggestion(**{**vars(made), "heading_row": self._row, "delimiter": self._delimiter})


def _needed_row(seen: Sample, row: int) -> int | None:
    """The row of the headings, where the reader would take another."""
    return None if seen.named or row == seen.head[0][0] else row


def _needed_delimiter(seen: Sample, columns: list[Candidate]) -> str | None:
    """The delimiter, where the reader would take another: it takes the one that the headings hold most of."""
    if seen.delimiter is None:
        return None
    text = seen.delimiter.join(column.heading for column in columns)
    return None if max(DELIMITERS, key=text.count) == seen.delimiter or len(columns) == 1 else seen.delimiter
