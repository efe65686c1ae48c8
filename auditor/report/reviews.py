"""The section about manual reviews: the record of each check of accesses by people, and no access itself."""

from __future__ import annotations

from typing import Any

from auditor.audit import Audit
from auditor.report import formats
from auditor.report.naming import organisation
from auditor.reviews.model import Record
from auditor.reviews.wording import ASSESSMENTS, BY, UNFINISHED, stratum_words
from auditor.words import N_, _

_RESULTS = {**ASSESSMENTS, UNFINISHED: N_("Not assessed")}


def reviews_view(audit: Audit) -> list[dict[str, Any]]:
    """What the report tells of each record."""
    return [{**_told(review.record, audit), "sha256": review.sha256} for review in audit.reviews]


def _told(record: Record, audit: Audit) -> dict[str, Any]:
    return {
        "period": formats.period(record.period.first, record.period.last),
        "controller": organisation(audit.loaded.agreement, record.controller) if record.controller else "",
        "reviewers": ", ".join(record.reviewers) or "–",
        "days": formats.days(record.first_day, record.last_day) if record.first_day and record.last_day else "–",
        "at_random": record.at_random.total,
        "pressing": record.pressing.total,
        "seed": record.seed,
        "by": _(BY[record.stratified_by]),
        "strata": [
            {"name": stratum_words(record.stratified_by, s.name), "accesses": s.accesses, "drawn": s.drawn}
            for s in record.strata
        ],
        "results": [
            {"words": _(words), "at_random": getattr(record.at_random, code), "pressing": getattr(record.pressing, code)}
            for code, words in _RESULTS.items()
        ],
        "bound": {
            "confidence": formats.percent(round(record.bound.confidence * 100), 100),
            "at_most": record.bound.at_most,
            "accesses": record.bound.accesses,
            "share": formats.percent(record.bound.at_most, record.bound.accesses),
        }
        if record.bound
        else None,
        "form_sha256": record.form_sha256,
        "manifest_sha256": record.manifest_sha256,
    }
