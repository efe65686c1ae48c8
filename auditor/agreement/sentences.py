"""The agreement as plain sentences that a lawyer can read and sign, in the language now spoken.

Everything that the checks will be asked against is said, also what the file leaves out and the program fills in, and what is
not checked. The law table's words are Swedish in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.agreement.flow_sentences import flow_sentences
from auditor.agreement.model import Agreement, Party
from auditor.agreement.reading import LoadedAgreement
from auditor.agreement.terms import law_table
from auditor.agreement.wording import (
    action,
    all_of,
    calendar_days,
    code_in_words,
    county,
    day,
    days,
    municipality,
    number_ranges,
    one_of,
    organisation,
    quoted_if_needed,
    time_span,
)
from auditor.words import _


@dataclass(frozen=True)
class Section:
    """A heading and the sentences under it."""

    title: str
    sentences: tuple[str, ...]


def sentences(loaded: LoadedAgreement) -> list[Section]:
    """The whole agreement in sections, ending with the file's SHA-256 and lines for a signature."""
    agreement = loaded.agreement
    flows = [
        Section(
            _("Who may hand over what: {flow}").format(flow=f"{flow.label} ({flow.id})" if flow.label else flow.id),
            tuple(flow_sentences(agreement, flow)),
        )
        for flow in agreement.flows
    ]
    return [
        Section(_("The agreement"), tuple(_agreement(agreement))),
        Section(_("Parties"), tuple(_parties(agreement))),
        Section(_("Roles"), tuple(_roles(agreement))),
        Section(_("Target group"), tuple(_target_group(agreement))),
        *flows,
        Section(_("Legal grounds"), tuple(_grounds(agreement))),
        Section(_("Sensitive and protected data"), tuple(_fields(agreement))),
        Section(_("Channels"), (_channels(agreement),)),
        Section(_("Times"), tuple(_times(agreement))),
        Section(_("Access to cases"), tuple(_access(agreement))),
        Section(_("Checks that are switched off"), tuple(_checks_off(agreement))),
        Section(_("Assumptions and what is unconfirmed"), tuple(_assumptions(loaded))),
        Section(_("Signature"), tuple(_signature(loaded))),
    ]


def plain_text(sections: Sequence[Section]) -> str:
    """The sections as text, numbered so that a sentence can be cited: ``5.2``."""
    parts = []
    for number, section in enumerate(sections, start=1):
        lines = [f"{number}.{place} {text}" for place, text in enumerate(section.sentences, start=1)]
        parts.append("\n".join([f"{number}. {section.title}", *lines]))
    return "\n\n".join(parts) + "\n"


def _agreement(agreement: Agreement) -> Iterator[str]:
    yield _("The agreement is called “{title}” and has the id {id}.").format(title=agreement.title, id=agreement.id)
    yield _("Source: {source}.").format(source=agreement.source)
    for period in agreement.periods:
        if period.confirmed:
            said = _("The agreement is in force {days}.")
        else:
            said = _("The agreement is assumed to be in force {days}, but this is not confirmed.")
        yield said.format(days=days(period.valid_from, period.valid_to)) + _source(period.source)
    yield _("Of every period both the first and the last day count.")
    yield _("What turns on an unconfirmed day cannot be judged, and is reported as such.")


def _source(source: str | None) -> str:
    return " " + _("Source: {source}.").format(source=source) if source else ""


def _parties(agreement: Agreement) -> Iterator[str]:
    for party in agreement.parties:
        if party.confirmed:
            said = _("{municipality} is a party {days}.")
            period = days(party.valid_from, party.valid_to)
            yield said.format(municipality=municipality(party.municipality), days=period) + _source(party.source)
    groups: dict[tuple[object, ...], list[Party]] = {}
    for party in agreement.parties:
        if not party.confirmed:
            groups.setdefault((party.valid_from, party.valid_to, party.source), []).append(party)
    for group in groups.values():
        if len(group) == 1:
            said = _("{municipalities} is assumed to be a party {days}, but this is not confirmed.")
        else:
            said = _("These are assumed to be parties {days}, but this is not confirmed: {municipalities}.")
        names = all_of([municipality(party.municipality) for party in group])
        yield said.format(municipalities=names, days=days(group[0].valid_from, group[0].valid_to)) + _source(group[0].source)
    yield _("No other municipality is a party.")


def _roles(agreement: Agreement) -> Iterator[str]:
    counterpart, entry_point = (organisation(agreement, each) for each in (agreement.counterpart, agreement.entry_point))
    yield _("{organisation} is the counterpart at the single entry.").format(organisation=counterpart)
    yield _("{organisation} is responsible for the single entry.").format(organisation=entry_point)
    yield _(
        "The child's home municipality is the one where the child lives permanently or has the strongest link "
        "(socialtjänstlagen (2025:400) 29 kap. 1 §), on the day of the disclosure or on the day the report came in."
    )
    kinds = {
        "police": _("{organisation} counts as police."),
        "social_services": _("{organisation} counts as social services."),
        "other": _("{organisation} counts as an authority of another kind."),
    }
    for declared in agreement.organisations.values():
        yield kinds[declared.kind].format(organisation=declared.name)
        if declared.aliases:
            said = _("In the logs {organisation} may also be called {names}.")
            yield said.format(organisation=declared.name, names=one_of(declared.aliases))
    for owner, units in agreement.units.items():
        said = _("Of {organisation} only this takes part: {units}.")
        yield said.format(organisation=organisation(agreement, owner), units=all_of(units))


def _target_group(agreement: Agreement) -> Iterator[str]:
    group = agreement.target_group
    yield _("A child belongs to the target group when all of the following is true.")
    yield _("The child is under {age} years of age on the day of the disclosure.").format(age=group.age_below)
    concerns = [code_in_words(concern) for concern in group.concern]
    yield _("The recorded concern is {concerns}.").format(concerns=one_of(concerns))
    yield _("The child was found in {county}.").format(county=county(group.found_in_county))
    yield _("The child's home municipality is a party on the day of the disclosure.")
    yield _("The report was made by {organisation}.").format(organisation=organisation(agreement, agreement.reporter))


def _grounds(agreement: Agreement) -> Iterator[str]:
    yield _("A motivation is required when every recorded ground that can be used requires one.")
    for ground_id in agreement.grounds:
        ground = law_table().grounds[ground_id]
        said = [f"{ground_id}: {ground.label_sv}."]
        if ground.valid_from is not None:
            said.append(_("In force {days}.").format(days=days(ground.valid_from, ground.valid_to)))
        elif ground.valid_to is not None:
            said.append(_("In force to and including {last}.").format(last=day(ground.valid_to)))
        if ground.max_age is not None:
            said.append(_("Only for a person under {age} years of age.").format(age=ground.max_age))
        if ground.requires == "decided":
            said.append(_("Only after the decision to open an enquiry or not, or when one is open already."))
        if ground.requires == "opened":
            said.append(_("Only when an enquiry has been opened or is open already."))
        if ground.needs_motivation:
            said.append(_("Requires a motivation."))
        if ground.legal_review:
            said.append(_("A lawyer should look at each use."))
        if ground.excluded_for == "social_services":
            said.append(_("Never breaks the secrecy of social services."))
        elif ground.excluded_for == "police":
            said.append(_("Never breaks the secrecy of the police."))
        yield " ".join(said)


def _fields(agreement: Agreement) -> Iterator[str]:
    labels = {field_id: quoted_if_needed(field.label) for field_id, field in agreement.fields.items()}
    yield _("The catalogue of data: {fields}.").format(fields=all_of(list(labels.values())))
    sensitive, location, identity = (
        all_of([labels[field_id] for field_id in agreement.fields_in(group)]) for group in ("sensitive", "location", "identity")
    )
    if sensitive:
        yield _("Requires a motivation each time (GDPR articles 9 and 10): {fields}.").format(fields=sensitive)
    else:
        yield _("Nothing in the catalogue counts as sensitive.")
    if location:
        yield _("Shows where a person is: {fields}.").format(fields=location)
        yield _(
            "Such data may not be handed over when the child has protected population registration or an assumed identity; "
            "when the child's data are marked as secret, a person looks at each disclosure."
        )
    else:
        yield _("Nothing in the catalogue counts as showing where a person is.")
    if identity:
        said = _("Shows who a person is, and may not be handed over when the child has an assumed identity: {fields}.")
        yield said.format(fields=identity)
    else:
        yield _("Nothing in the catalogue counts as showing who a person with an assumed identity is.")
    open_flows = [flow.label or flow.id for flow in agreement.flows if flow.protected_location]
    if open_flows:
        said = _("These prohibitions do not hold for: {flows}.")
        yield said.format(flows=all_of([quoted_if_needed(flow) for flow in open_flows]))


def _channels(agreement: Agreement) -> str:
    if agreement.channels is None:
        return _("The agreement does not limit the channels; they are not checked.")
    return _("Data may be handed over through {channels}.").format(
        channels=one_of([code_in_words(channel) for channel in agreement.channels])
    )


def _times(agreement: Agreement) -> Iterator[str]:
    yield _("A day in a time span is exactly 24 hours.")
    said = _("The same data to the same recipient for the same purpose within {span} counts as a repeat.")
    yield said.format(span=time_span(agreement.duplicate_window))
    said = _("The decision to open an enquiry or not is due within {days} of the day the report came in.")
    yield said.format(days=calendar_days(agreement.assessment_days))
    yield _(
        "When the last day is a Saturday, a Sunday, a public holiday, Midsummer Eve, Christmas Eve or New Year's Eve, "
        "the decision is due on the next working day."
    )
    said = _("Work on a case within {span} of its closing raises no question.")
    yield said.format(span=time_span(agreement.closing_grace))


def _access(agreement: Agreement) -> Iterator[str]:
    access = agreement.access
    if access.duty_units:
        units = [f"{unit.unit} ({agreement.name_of(unit.organisation)})" for unit in access.duty_units]
        said = _("Staff of {units} may open a case without being assigned to it within {span} of the report.")
        yield said.format(units=one_of(units), span=time_span(access.duty_window))
    else:
        yield _("No unit may open a case without being assigned to it.")
    if access.reason_required:
        said = _("A reason must be recorded for {actions}.")
        yield said.format(actions=all_of([action(code) for code in access.reason_required]))
    else:
        yield _("No action needs a recorded reason.")
    yield _("A print or an export belongs to a disclosure of the same case by the same user at most {span} away.").format(
        span=time_span(access.export_window)
    )
    yield _("A log source may write nothing for at most {span}.").format(span=time_span(access.max_silence["default"]))
    for source, silence in access.max_silence.items():
        if source != "default":
            yield _("The source {source} may write nothing for at most {span}.").format(source=source, span=time_span(silence))
    if access.volume_factor == 1:
        yield _("A user's day stands out when the number of cases is more than 1 median deviation above the median.")
    else:
        said = _("A user's day stands out when the number of cases is more than {factor} median deviations above the median.")
        yield said.format(factor=access.volume_factor)
    if access.service_accounts:
        yield _("These user ids are service accounts, and need no authorisation in the staff list: {accounts}.").format(
            accounts=all_of(access.service_accounts)
        )
    else:
        yield _("No user id is exempt as a service account.")


def _checks_off(agreement: Agreement) -> Iterator[str]:
    for off in agreement.checks_off:
        said = _("The check {check} is switched off. Reason: {reason}.").format(check=off.check, reason=off.reason)
        yield f"{said} " + _("Decided by: {by}.").format(by=off.by) if off.by else said
    if not agreement.checks_off:
        yield _("No check is switched off.")


def _assumptions(loaded: LoadedAgreement) -> Iterator[str]:
    stated = [assumption for assumption in loaded.assumptions if not assumption.unconfirmed]
    unconfirmed = number_ranges([assumption.line for assumption in loaded.assumptions if assumption.unconfirmed])
    for assumption in stated:
        yield _("Line {line}: {text}").format(line=assumption.line, text=assumption.text)
    if len(unconfirmed) == 1 and unconfirmed[0].isdecimal():
        yield _("Unconfirmed is also what the file says on line {line}; it is told above.").format(line=unconfirmed[0])
    elif unconfirmed:
        yield _("Unconfirmed is also what the file says on lines {lines}; it is told above.").format(lines=all_of(unconfirmed))
    if not loaded.assumptions:
        yield _("The file names no assumption, and nothing in it is unconfirmed.")


def _signature(loaded: LoadedAgreement) -> Iterator[str]:
    yield _("These sentences render the file {file} with SHA-256 {sha256}.").format(file=loaded.path.name, sha256=loaded.sha256)
    yield _("The legal grounds are those of the law table with SHA-256 {sha256}.").format(sha256=law_table().sha256)
    yield _("Name: {line}").format(line="_" * 40)
    yield _("Position: {line}").format(line="_" * 40)
    yield _("Date: {line}").format(line="_" * 40)
