"""One flow of the agreement as plain sentences: who may hand what to whom, when, and on which ground."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.agreement.model import Agreement, Deadline, Flow
from auditor.agreement.terms import ALL_FIELDS
from auditor.agreement.wording import all_of, day, one_of, quoted_if_needed, role, sentence, time_span
from auditor.words import _


def flow_sentences(agreement: Agreement, flow: Flow) -> Iterator[str]:
    """The sentences of one flow, in the language now spoken."""
    senders = one_of([role(agreement, name) for name in flow.from_])
    recipients = one_of([role(agreement, name) for name in flow.to])
    yield sentence(_("{senders} may hand over data to {recipients}.").format(senders=senders, recipients=recipients))
    if flow.fields == ALL_FIELDS:
        yield _("All data of the catalogue may be handed over.")
    else:
        labels = [quoted_if_needed(agreement.fields[field_id].label) for field_id in flow.fields]
        yield _("May be handed over: {fields}.").format(fields=all_of(labels))
    yield _("The disclosure must rest on {grounds}.").format(grounds=one_of(flow.grounds))
    yield _target_group(flow)
    yield _scope(flow)
    if flow.deadline is not None:
        yield from _deadline(agreement, flow, flow.deadline)
    if flow.protected_location:
        yield _("It may also hold data that show where a protected person is, or who a person with an assumed identity is.")
    if flow.aliases:
        yield _("In the logs this may also be called {names}.").format(
            names=one_of([quoted_if_needed(a) for a in flow.aliases])
        )


def _target_group(flow: Flow) -> str:
    if flow.target_group == "required":
        return _("The child must belong to the target group.")
    if flow.target_group == "noted":
        return _("The child need not belong to the target group; a disclosure about another child is put before a person.")
    return _("Whether the child belongs to the target group is not checked.")


def _scope(flow: Flow) -> str:
    if flow.scope == "agreement":
        return _(
            "It rests on the agreement: the agreement must be in force, and the recipient must be the counterpart, "
            "the single entry or a party, on the day of the disclosure."
        )
    return _(
        "It stands beside the agreement on a ground of its own: whether the agreement is in force "
        "and the recipient is a party is not checked."
    )


def _deadline(agreement: Agreement, flow: Flow, deadline: Deadline) -> Iterator[str]:
    span = time_span(deadline.within)
    first = day(deadline.from_) if deadline.from_ is not None else ""
    if deadline.after == "request":
        yield _("It must be made within {span} of the request or the decision, whichever is later.").format(span=span)
        if first:
            yield _("This deadline holds when the later of them is on or after {first}.").format(first=first)
        return
    if "home_municipality" not in flow.to:
        said = _("Its deadline of {span} from the report is not checked, since the recipient is not the home municipality.")
        yield said.format(span=span)
        return
    said = _(
        "It must be made within {span} of the report, when {organisation} made the report "
        "and the home municipality is a party and not itself the single entry."
    )
    yield said.format(span=span, organisation=role(agreement, "counterpart"))
    if first:
        yield _("This deadline is checked for every day, not only from {first}.").format(first=first)
