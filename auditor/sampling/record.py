"""Records of manual reviews, read from their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from auditor.errors import UserError
from auditor.output import sha256_of
from auditor.privacy import shown_path
from auditor.reviews.model import Record, Review, is_shown_text
from auditor.words import _

_MOST_BYTES = 4_000_000


def read_reviews(paths: Sequence[Path]) -> tuple[Review, ...]:
    """The records in the order of their periods and days; one that was named twice once. Raises UserError."""
    read = {review.sha256: review for review in map(_read, paths)}
    return tuple(
        sorted(read.values(), key=lambda review: (review.record.period.first, str(review.record.first_day), review.sha256))
    )


def _read(path: Path) -> Review:
    """A record and the SHA-256 of its file. Raises UserError with the place of the first fault."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        digest = sha256_of(path)
        return Review(Record.model_validate_json(path.read_bytes()), digest)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False, include_context=False)[0]["loc"])
        raise _no_record(path, place) from None
    except (OSError, ValueError):
        raise _no_record(path, "") from None


def _no_record(path: Path, place: str) -> UserError:
    shown = place if is_shown_text(place) else ""
    return UserError(
        _("The file is no record of a manual review, or has been changed."),
        hint=_("Make it again with 'auditor sample record'."),
        file=shown_path(path.name),
        column=shown or None,
    )
