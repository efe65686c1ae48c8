"""The prepared relation of disclosures: the audited ones, each joined with its case, flow, parties, staff, fields and grounds."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks.model import Together
from auditor.law.grounds import Ground
from auditor.relations.cases import home_at, tri_party
from auditor.relations.controllers import own
from auditor.relations.reference import all_terms, full_form, term
from auditor.relations.steps import Step, merged_intervals
from auditor.relations.windows import export_bucket, nearby

_IN_PERIOD = f'd."at" >= {term("period_start")} AND d."at" < {term("period_end")}'

_AUDITED = Step(
    "audited",
    Together.ROW,
    f"""SELECT coalesce(i.shown, d.disclosure_id) AS disclosure_shown, d.rowid AS number, d.*, CAST(d."at" AS DATE) AS day,
        {full_form("d")} AS full_form
    FROM disclosures AS d LEFT JOIN masked_ids AS i ON i.kind = 'disclosure' AND i.id = d.disclosure_id
    WHERE {_IN_PERIOD} AND {own("d.sender")}""",
)

#: Disclosures are alike in much: what turns on these columns alone is worked out once for each distinct combination.
_SETTING_KEYS = ("purpose", "sender", "recipient", "fields", "grounds", "day")

_ALIKE = Step(
    "alike",
    Together.ALL,
    f"""SELECT k.*, coalesce(f.number, 0) AS flow_number,
        CASE WHEN regexp_full_match(k.sender, '\\d{{4}}') THEN 'social_services' ELSE coalesce(o.kind, '') END AS sender_kind
    FROM (SELECT DISTINCT {", ".join(_SETTING_KEYS)} FROM audited) AS k
    LEFT JOIN flows AS f ON f.flow = k.purpose LEFT JOIN organisations AS o ON o.organisation = k.sender""",
)

#: The facts of a set of fields under a flow; a flow's number is 0 where there is none.
_FIELD_FACTS = Step(
    "field_facts",
    Together.ALL,
    """WITH pairs AS (SELECT DISTINCT d.flow_number, f.flow, d.fields AS number
            FROM alike AS d LEFT JOIN flows AS f ON f.number = d.flow_number WHERE d.fields IS NOT NULL),
        members AS (SELECT p.flow_number, p.number, p.flow, unnest(s.members) AS field FROM pairs AS p JOIN fields_sets AS s USING (number))
    SELECT m.flow_number, m.number,
        as_codes(list_sort(coalesce(list(m.field) FILTER (c.field IS NOT NULL AND w.field IS NULL AND m.flow IS NOT NULL), []))) AS outside_flow,
        CAST(count(*) FILTER (c.field IS NULL) AS INTEGER) AS unknown,
        as_codes(list_sort(coalesce(list(m.field) FILTER (c.is_location), []))) AS location,
        as_codes(list_sort(coalesce(list(m.field) FILTER (c.is_identity), []))) AS identity,
        as_codes(list_sort(coalesce(list(m.field) FILTER (c.is_sensitive), []))) AS sensitive
    FROM members AS m LEFT JOIN field_catalogue AS c ON c.field = m.field
    LEFT JOIN flow_fields AS w ON w.flow = m.flow AND w.field = m.field
    GROUP BY m.flow_number, m.number""",
)


def _conditions(grounds: Sequence[Ground]) -> list[tuple[int | None, str | None]]:
    """The distinct conditions (max_age, requires) on which grounds of the law table hold."""
    return sorted({(ground.max_age, ground.requires) for ground in grounds}, key=lambda c: (c[0] or 0, c[1] or ""))


def _ground_facts(conditions: Sequence[tuple[int | None, str | None]]) -> Step:
    """The facts of a set of grounds under a flow, on a day, for a kind of sender."""
    meets = ", ".join(
        f"coalesce(bool_or(g.max_age IS NOT DISTINCT FROM {age if age is not None else 'NULL'} "
        f"AND g.requires IS NOT DISTINCT FROM {requires!r}) FILTER (usable), false) AS condition_{number}"
        if requires
        else f"coalesce(bool_or(g.max_age IS NOT DISTINCT FROM {age if age is not None else 'NULL'} "
        f"AND g.requires IS NULL) FILTER (usable), false) AS condition_{number}"
        for number, (age, requires) in enumerate(conditions)
    )
    return Step(
        "ground_facts",
        Together.ALL,
        f"""WITH pairs AS (SELECT DISTINCT d.flow_number, f.flow, d.grounds AS number, d.day, d.sender_kind AS kind
                FROM alike AS d LEFT JOIN flows AS f ON f.number = d.flow_number WHERE d.grounds IS NOT NULL),
            members AS (SELECT p.flow_number, p.flow, p.number, p.day, p.kind, unnest(s.members) AS ground
                FROM pairs AS p JOIN grounds_sets AS s USING (number)),
            known AS (SELECT m.*, g.ground IS NOT NULL AS known, coalesce(m.day BETWEEN g.first AND g.last, false) AS in_force,
                coalesce(g.excluded_for = m.kind, false) AS excluded, w.ground IS NOT NULL AS in_flow,
                g.max_age, g.requires, g.needs_motivation, g.legal_review
                FROM members AS m LEFT JOIN law_grounds AS g ON g.ground = m.ground
                LEFT JOIN flow_grounds AS w ON w.flow = m.flow AND w.ground = m.ground),
            judged AS (SELECT *, known AND in_flow AND in_force AND NOT excluded AS usable FROM known)
        SELECT g.flow_number, g.number, g.day, g.kind,
            as_codes(list_sort(coalesce(list(g.ground) FILTER (g.known), []))) AS known,
            CAST(count(*) FILTER (NOT g.known) AS INTEGER) AS unknown,
            as_codes(list_sort(coalesce(list(g.ground) FILTER (g.known AND NOT g.in_force), []))) AS not_in_force,
            as_codes(list_sort(coalesce(list(g.ground) FILTER (g.legal_review), []))) AS review,
            as_codes(list_sort(coalesce(list(g.ground) FILTER (g.excluded), []))) AS excluded,
            as_codes(list_sort(coalesce(list(g.ground) FILTER (g.usable), []))) AS usable,
            coalesce(bool_and(g.needs_motivation) FILTER (g.usable), false) AS need_motivation,
            {meets}
        FROM judged AS g GROUP BY g.flow_number, g.number, g.day, g.kind""",
    )


def _fits(direction: str, organisation: str, is_party: str) -> str:
    """SQL: the organisation holds one of the flow's roles in this direction other than the child's home; NULL without a flow."""
    return (
        f"CASE WHEN f.flow IS NOT NULL THEN (f.{direction}_counterpart AND {organisation} = {term('counterpart')}) "
        f"OR (f.{direction}_entry_point AND {organisation} = {term('entry_point')}) OR (f.{direction}_party AND {is_party}) END"
    )


_DAYS = Step(
    "agreement_days",
    Together.ALL,
    """SELECT d.day, CASE WHEN bool_or(p.confirmed) THEN true WHEN count(p.first) = 0 THEN false END AS in_force
    FROM (SELECT DISTINCT day, 1 AS always FROM alike) AS d
    LEFT JOIN (SELECT *, 1 AS always FROM agreement_periods) AS p ON p.always = d.always AND d.day BETWEEN p.first AND p.last
    GROUP BY d.day""",
)


def _settings(conditions: Sequence[tuple[int | None, str | None]]) -> Step:
    """What is known of a disclosure from its flow, its organisations, its sets of fields and grounds and its day."""
    return Step(
        "settings",
        Together.ALL,
        f"""SELECT d.purpose AS purpose_key, d.sender AS sender_key, d.recipient AS recipient_key, d.fields AS fields_key,
            d.grounds AS grounds_key, d.day AS day_key,
            fs.codes AS fields, gs.codes AS grounds, CASE WHEN d.purpose IS NOT NULL THEN f.flow IS NOT NULL END AS flow_known,
            f.scope AS flow_scope, f.target_group AS flow_target_group, f.from_roles AS flow_from, f.to_roles AS flow_to,
            f.protected_location AS flow_protected_location, f.deadline_after AS flow_deadline_after,
            f.deadline_within AS flow_deadline_within, f.deadline_from AS flow_deadline_from,
            f.from_home_municipality, f.to_home_municipality,
            regexp_full_match(d.sender, '\\d{{4}}') AS sender_is_municipality,
            regexp_full_match(d.recipient, '\\d{{4}}') AS recipient_is_municipality,
            {tri_party("sender_is_party", "d.sender", "sp")}, {tri_party("recipient_is_party", "d.recipient", "rp")},
            {_fits("from", "d.sender", "sender_is_party")} AS sender_fits,
            {_fits("to", "d.recipient", "recipient_is_party")} AS recipient_fits,
            su.names AS sender_units, ru.names AS recipient_units,
            CASE WHEN f.flow IS NOT NULL THEN ff.outside_flow END AS fields_outside_flow,
            ff.unknown AS fields_unknown, ff.location AS fields_location, ff.identity AS fields_identity, ff.sensitive AS fields_sensitive,
            g.known AS grounds_known, g.unknown AS grounds_unknown, g.not_in_force AS grounds_not_in_force, g.review AS grounds_review,
            g.excluded AS grounds_excluded, CASE WHEN f.flow IS NOT NULL THEN g.usable END AS grounds_usable,
            f.flow IS NOT NULL AND g.number IS NOT NULL AS grounds_judged,
            {", ".join(f"g.condition_{number}" for number in range(len(conditions)))},
            CASE WHEN f.flow IS NOT NULL THEN g.need_motivation END AS usable_grounds_need_motivation,
            ad.in_force AS agreement_in_force
        FROM alike AS d
        LEFT JOIN flows AS f ON f.flow = d.purpose
        LEFT JOIN party_periods AS sp ON sp.municipality = d.sender AND d.day BETWEEN sp.first AND sp.last
        LEFT JOIN party_periods AS rp ON rp.municipality = d.recipient AND d.day BETWEEN rp.first AND rp.last
        LEFT JOIN units AS su ON su.organisation = d.sender
        LEFT JOIN units AS ru ON ru.organisation = d.recipient
        LEFT JOIN fields_sets AS fs ON fs.number = d.fields
        LEFT JOIN grounds_sets AS gs ON gs.number = d.grounds
        LEFT JOIN field_facts AS ff ON ff.number = d.fields AND ff.flow_number = d.flow_number
        LEFT JOIN ground_facts AS g ON g.number = d.grounds AND g.flow_number = d.flow_number AND g.day = d.day AND g.kind = d.sender_kind
        LEFT JOIN agreement_days AS ad ON ad.day = d.day""",
    )


_WITH_CASE = Step(
    "with_case",
    Together.CASE,
    f"""SELECT d.*,
        CASE WHEN c.case_id IS NOT NULL THEN true WHEN d.case_id IS NULL THEN NOT d.full_form
            WHEN u.case_id IS NOT NULL OR (SELECT count(*) FROM unreadable_cases WHERE case_id IS NULL) > 0 THEN NULL ELSE false END AS case_known,
        c.* EXCLUDE (case_id, has_residences, home_column, assessment_extended),
        {home_at("d.day", "c", "r")} AS home_municipality,
        CASE WHEN c.case_id IS NOT NULL THEN coalesce(c.decision = 'already_open', false) OR coalesce(c.decided_at <= d."at", false) END AS decided_met,
        CASE WHEN c.case_id IS NOT NULL THEN coalesce(c.decision = 'already_open', false)
            OR coalesce(c.decision = 'opened' AND c.decided_at <= d."at", false) END AS opened_met
    FROM audited AS d LEFT JOIN case_facts AS c ON c.case_id = d.case_id
    LEFT JOIN residence_days AS r ON r.case_id = c.case_id AND d.day BETWEEN r.first AND r.last
    LEFT JOIN (SELECT DISTINCT case_id FROM unreadable_cases) AS u ON u.case_id = d.case_id""",
    view=True,
)

#: Days of authorisation per user and organisation, merged where they meet or overlap.
_AUTHORISED = merged_intervals(
    "authorised",
    Together.USER,
    ("user_id", "organisation"),
    "SELECT user_id, organisation, valid_from AS first, coalesce(valid_to, DATE '9999-12-31') AS last FROM staff WHERE organisation IS NOT NULL",
)

#: The latest earlier disclosure with the same case, recipient, purpose and set of fields, in the order (at, disclosure_id).
_REPEATS = Step(
    "earlier_same",
    Together.CASE,
    """WITH alike AS (SELECT rowid AS number, hash(case_id, recipient, purpose, fields) AS likeness FROM disclosures
            WHERE case_id IS NOT NULL AND recipient IS NOT NULL AND purpose IS NOT NULL AND fields IS NOT NULL),
        repeated AS (SELECT likeness FROM alike GROUP BY likeness HAVING count(*) > 1),
        candidates AS (SELECT number FROM alike JOIN repeated USING (likeness))
        SELECT d.rowid AS number, lag(d."at") OVER in_time AS earlier_at, lag(d.sender) OVER in_time AS earlier_sender
        FROM disclosures AS d JOIN candidates AS c ON c.number = d.rowid
        WINDOW in_time AS (PARTITION BY d.case_id, d.recipient, d.purpose, d.fields ORDER BY d."at", d.disclosure_id)
        QUALIFY earlier_at IS NOT NULL""",
)


def _matches(direction: str, organisation: str, fits: str) -> str:
    """SQL: the organisation holds one of the roles in the flow's from or to; NULL without a flow (a guard: NOT NULL is not false)."""
    return (
        f"CASE WHEN s.flow_known THEN s.{fits} OR (s.{direction}_home_municipality "
        f"AND ({organisation} = d.home_municipality OR {organisation} = d.home_municipality_at_report)) END"
    )


def _some_ground_holds(conditions: Sequence[tuple[int | None, str | None]]) -> str:
    """SQL: some usable ground holds, OR over the conditions that stand among the usable grounds."""
    held = []
    for number, (age, requires) in enumerate(conditions):
        parts = [f"s.condition_{number}"]
        if age is not None:
            parts.append(f'NOT reached({age}, d.birth_date, d.birth_date_derived, d."at")')
        if requires is not None:
            parts.append(f"d.{requires}_met")
        held.append(f"({' AND '.join(parts)})")
    return f"CASE WHEN s.grounds_judged THEN {' OR '.join(held)} END"


def _prepared(conditions: Sequence[tuple[int | None, str | None]]) -> Step:
    age = (
        'CAST(year(d."at") - year(d.birth_date) - CASE WHEN CAST(d."at" AS DATE) < '
        'CAST(d.birth_date + to_years(CAST(year(d."at") - year(d.birth_date) AS INTEGER)) AS DATE) THEN 1 ELSE 0 END AS INTEGER)'
    )
    no_staff_row = "u.user_id IS NOT NULL OR (SELECT count(*) FROM unreadable_staff WHERE user_id IS NULL) > 0"
    same_setting = " AND ".join(f"s.{key}_key IS NOT DISTINCT FROM d.{key}" for key in _SETTING_KEYS)
    return Step(
        "prepared_disclosure",
        Together.ROW,
        f"""SELECT {all_terms()}, d.number, d.disclosure_id, d.disclosure_shown, d.case_id, coalesce(mc.shown, d.case_id) AS case_shown, d."at",
            d.sender, d.sender_unit, d.user_id, coalesce(mu.shown, d.user_id) AS user_shown, d.recipient, d.recipient_unit, d.purpose,
            d.channel, d.motivation, d.requested_at, d.full_form,
            d.case_known, d.birth_date, d.birth_date_derived, d.home_municipality, d.home_municipality_at_report,
            {tri_party("home_is_party", "d.home_municipality", "hp")}, d.registered_municipality, d.found_in, d.concern, d.reporter,
            holds_any(d.concern, {term("target_concern")}) AS concern_matches,
            as_codes(list_filter(codes_list(d.concern), lambda code: list_contains({term("target_concern")}, code))) AS concern_known,
            d.reported_at, d.decided_at, d.decision, d.closed_at, d.protection,
            CASE WHEN NOT d.birth_date_derived OR month(d."at") <> month(d.birth_date) THEN {age} END AS age,
            s.fields, s.grounds, s.flow_known, s.flow_scope, s.flow_target_group, s.flow_from, s.flow_to, s.flow_protected_location,
            s.flow_deadline_after, s.flow_deadline_within, s.flow_deadline_from, s.sender_is_municipality, s.recipient_is_municipality,
            s.sender_is_party, s.recipient_is_party, {_matches("from", "d.sender", "sender_fits")} AS sender_matches_from,
            {_matches("to", "d.recipient", "recipient_fits")} AS recipient_matches_to, s.sender_units, s.recipient_units,
            CASE WHEN d.user_id IS NULL OR d.sender IS NULL THEN NULL WHEN a.user_id IS NOT NULL THEN true
                WHEN {no_staff_row} THEN NULL ELSE false END AS sender_authorised,
            s.fields_outside_flow, s.fields_unknown, s.fields_location, s.fields_identity, s.fields_sensitive,
            s.grounds_known, s.grounds_unknown, s.grounds_not_in_force, s.grounds_review, s.grounds_excluded, s.grounds_usable,
            {_some_ground_holds(conditions)} AS usable_ground_holds, s.usable_grounds_need_motivation,
            e.earlier_at AS earlier_same_at, {own("e.earlier_sender")} AS earlier_same_own,
            {own("d.home_municipality_at_report")} AS case_own, {nearby("d", "ac", "accesses")} AS traced_in_log, s.agreement_in_force
        FROM with_case AS d
        JOIN settings AS s ON {same_setting}
        LEFT JOIN party_periods AS hp ON hp.municipality = d.home_municipality AND d.day BETWEEN hp.first AND hp.last
        LEFT JOIN authorised AS a ON a.user_id = d.user_id AND a.organisation = d.sender AND d.day BETWEEN a.first AND a.last
        LEFT JOIN (SELECT DISTINCT user_id FROM unreadable_staff) AS u ON u.user_id = d.user_id
        LEFT JOIN earlier_same AS e ON e.number = d.number
        LEFT JOIN accessed_around AS ac ON ac.user_id = d.user_id AND ac.case_id = d.case_id AND ac.bucket = {export_bucket('d."at"')}
        LEFT JOIN masked_ids AS mc ON mc.kind = 'case' AND mc.id = d.case_id
        LEFT JOIN masked_ids AS mu ON mu.kind = 'user' AND mu.id = d.user_id""",
        view=True,
    )


def disclosure_steps(grounds: Sequence[Ground]) -> tuple[Step, ...]:
    """The steps to ``prepared_disclosure``, after those of cases and accesses; ``grounds`` are all of the law table."""
    conditions = _conditions(grounds)
    facts = (_ALIKE, _FIELD_FACTS, _ground_facts(conditions), _DAYS, _settings(conditions))
    return (_AUDITED, *facts, _WITH_CASE, _AUTHORISED, _REPEATS, _prepared(conditions))
