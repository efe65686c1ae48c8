"""The row rules of the catalogue that great-expectations can express, on one flat frame that was prepared for it.

great-expectations sees one row at a time and has no third answer: a missing value passes. So a rule's *unexpected* rows are the
check's violations, and these are compared. It gets the frame for nothing: cases, homes and flows are joined to it before, days on which a
child turns 18 and time limits are worked out, and only ``validate`` is timed.
Left out is what needs sets (F1-F5, B2-B8), other rows (R5, P1, P4), roles that turn on the child's home (R1, R3, R4), several columns joined by OR (T7)
or a list per case (T2).
"""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pyarrow as pa
from parts import ours, timed

CHECKS = ("T1", "T3", "T4", "T5", "T6", "R2", "R6", "R7", "R8", "B1", "P2", "P3", "P5", "P6", "P9")

#: The flat frame: one row per disclosure of October 2026; ``row_id`` stands for it in the results.
FRAME = """
    SELECT d.disclosure_id AS row_id, d.purpose, d.recipient, d.recipient_unit, d.sender, d.sender_unit, d.channel, d.grounds, d."at",
        strftime(d."at", '%Y-%m-%d') AS day, d.home_municipality AS home, d.registered_municipality AS registered, d.found_in, d.reporter, d.reported_at,
        d.closed_at + INTERVAL 336 HOUR AS closed_for_good,
        CAST(CASE WHEN d.birth_date_derived THEN last_day(d.birth_date + INTERVAL 18 YEAR) + 1 ELSE d.birth_date + INTERVAL 18 YEAR END AS TIMESTAMP) AS adult_from,
        CASE WHEN d.purpose = 'feedback' AND greatest(d.requested_at, d.decided_at) >= TIMESTAMP '2026-01-15' AND d.requested_at IS NOT NULL
            AND d.decided_at IS NOT NULL THEN greatest(d.requested_at, d.decided_at) + INTERVAL 168 HOUR END AS feedback_due,
        coalesce(f.target_group, '') AS target_group, coalesce(f.scope, '') AS scope, coalesce(NOT f.from_counterpart, false) AS from_others
    FROM prepared_disclosure AS d LEFT JOIN flows AS f ON f.flow = d.purpose"""


def rules(engine: Any) -> list[tuple[str, Any]]:
    """The checks and what is expected in their place."""
    import great_expectations.expectations as gxe

    flows = [row[0] for row in engine.rows("SELECT flow FROM flows")]
    channels = engine.value("SELECT approved_channels FROM terms")
    parties = [
        row[0]
        for row in engine.rows(
            "SELECT DISTINCT municipality FROM party_periods, terms WHERE first <= period_from AND last >= period_to"
        )
    ]
    required = {"row_condition": 'target_group == "required"', "condition_parser": "pandas"}
    agreed = {"row_condition": 'scope == "agreement"', "condition_parser": "pandas"}
    in_set, after = gxe.ExpectColumnValuesToBeInSet, gxe.ExpectColumnPairValuesAToBeGreaterThanB
    lenient = {"ignore_row_if": "either_value_is_missing"}
    return [
        ("T1", after(column_A="adult_from", column_B="at", **lenient, **required)),
        ("T3", gxe.ExpectColumnValuesToMatchRegex(column="found_in", regex="^01", **required)),
        ("T4", in_set(column="home", value_set=parties, **required)),
        ("T5", in_set(column="reporter", value_set=["police-roc"], **required)),
        ("T6", gxe.ExpectColumnPairValuesToBeEqual(column_A="home", column_B="registered", **lenient)),
        ("R2", in_set(column="recipient", value_set=["police-roc", "0180", *parties], **agreed)),
        ("R6", in_set(column="purpose", value_set=flows)),
        (
            "R7",
            in_set(
                column="recipient_unit",
                value_set=["socialjouren"],
                row_condition='recipient == "0180"',
                condition_parser="pandas",
            ),
        ),
        (
            "R8",
            in_set(
                column="sender_unit", value_set=["socialjouren"], row_condition='sender == "0180"', condition_parser="pandas"
            ),
        ),
        ("B1", gxe.ExpectColumnValuesToNotBeNull(column="grounds")),
        (
            "P2",
            after(
                column_A="at",
                column_B="reported_at",
                or_equal=True,
                **lenient,
                row_condition="from_others == True",
                condition_parser="pandas",
            ),
        ),
        ("P3", after(column_A="closed_for_good", column_B="at", or_equal=True, **lenient)),
        ("P5", in_set(column="channel", value_set=channels)),
        ("P6", gxe.ExpectColumnValuesToNotBeInSet(column="day", value_set=["2026-10-10"], **agreed)),
        ("P9", after(column_A="feedback_due", column_B="at", or_equal=True, **lenient)),
    ]


def compare(engine: Any, folder: Path) -> dict[str, Any]:
    """Our answers to the same checks, then theirs; the violations are asserted to be the same."""
    mine = ours(engine, folder, only=frozenset(CHECKS))
    frame = pa.Table.from_batches(list(engine.batches(FRAME))).to_pandas()
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("flat").add_dataframe_asset("disclosures")
    batch = asset.add_batch_definition_whole_dataframe("month").get_batch({"dataframe": frame})
    expected = rules(engine)
    for check, rule in expected:
        rule.meta = {"check": check}
    suite = gx.ExpectationSuite(name="disclosures", expectations=[rule for _check, rule in expected])
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"], "exclude_unexpected_values": True}
    times, outcome = timed(lambda: batch.validate(suite, result_format=form))
    found = {}
    for result in outcome.results:
        check = result.expectation_config.meta["check"]
        assert result.exception_info.get("raised_exception") is False, (check, result.exception_info)
        found[check] = int(result.result["unexpected_count"])
    violations = {check: mine["counts"][check][1] for check in CHECKS}
    assert found == violations, {
        check: (violations[check], found.get(check)) for check in CHECKS if found.get(check) != violations[check]
    }
    return {
        **times,
        "rows": len(frame),
        "rules": list(CHECKS),
        "ours": {"wall": mine["wall"], "cpu": mine["cpu"], "judging": mine["judging"]},
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
