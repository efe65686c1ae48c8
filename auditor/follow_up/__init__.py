"""What follows from the answers about the access log: piles, what is missing, incidents, reconciliation, facts about the
log."""

from auditor.follow_up.review import AccessReview, beside_accesses, review_accesses

__all__ = ["AccessReview", "beside_accesses", "review_accesses"]
