"""Facts about the access log that no check asks for, but that a reader of its answers should know."""

from __future__ import annotations

from auditor.engine import Engine
from auditor.formats import decimal_text
from auditor.words import N_, _

_NAMED = 10
#: A clock is said to be off when so many pairs agree: at least so many, this share of them within so many seconds of the median.
_PAIRS, _SHARE, _NEAR, _LEAST_OFF = 20, 0.6, 900, 2_700
_MOST_SOURCES = 30
_LATER = N_(
    "The clock of the source '{source}' seems to be {hours} hours fast, by {pairs} users and cases with events elsewhere too."
)
_EARLIER = N_(
    "The clock of the source '{source}' seems to be {hours} hours slow, by {pairs} users and cases with events elsewhere too."
)


def facts_of_log(engine: Engine) -> list[str]:
    """Plain sentences in the language spoken: spellings of users, clocks that are off, counters that started anew."""
    return [*_spellings(engine), *_clocks(engine), *_restarts(engine)]


def _spellings(engine: Engine) -> list[str]:
    """Users whose ids differ in case or spaces only; they are never merged."""
    alike = engine.rows(
        r"""SELECT list(user_shown ORDER BY user_shown) FROM log_users WHERE user_id IN (SELECT user_id FROM own_accesses)
        GROUP BY lower(regexp_replace(CAST(user_id AS VARCHAR), '\s+', '', 'g')) HAVING count(*) > 1 ORDER BY 1"""
    )
    if not alike:
        return []
    named = "; ".join(" / ".join(users[:_NAMED]) for (users,) in alike[:_NAMED])
    return [
        _(
            "Some user ids differ in case or spaces only and are audited as different users. Number of such groups: {groups}, such as {named}."
        ).format(groups=len(alike), named=named)
    ]


def _clocks(engine: Engine) -> list[str]:
    """Sources whose first event of a user on a case lies hours from that of the other sources."""
    if engine.value("SELECT count(DISTINCT source) FROM source_hours") > _MOST_SOURCES:
        return []
    rows = engine.rows(
        f"""WITH firsts AS (SELECT source, user_id, case_id, epoch(min("at")) AS began FROM own_accesses
                WHERE source IS NOT NULL AND user_id IS NOT NULL AND case_id IS NOT NULL GROUP BY ALL),
            apart AS (SELECT a.source, a.began - b.began AS off FROM firsts AS a
                JOIN firsts AS b ON b.user_id = a.user_id AND b.case_id = a.case_id WHERE b.source <> a.source),
            middles AS (SELECT source, median(off) AS middle, count(*) AS pairs FROM apart GROUP BY source)
        SELECT coalesce(s.shown, CAST(m.source AS VARCHAR)), m.middle, m.pairs FROM middles AS m JOIN apart AS a ON a.source = m.source
        LEFT JOIN masked_ids AS s ON s.kind = 'source' AND s.id = m.source
        WHERE m.pairs >= {_PAIRS} AND abs(m.middle) >= {_LEAST_OFF}
        GROUP BY ALL HAVING count(*) FILTER (abs(a.off - m.middle) <= {_NEAR}) >= {_SHARE} * m.pairs ORDER BY 1"""
    )
    return [
        (_(_LATER) if middle > 0 else _(_EARLIER)).format(source=source, hours=decimal_text(abs(middle) / 3600), pairs=pairs)
        for source, middle, pairs in rows
    ]


def _restarts(engine: Engine) -> list[str]:
    """Sources whose running number is lower at the end of the log than at its beginning."""
    rows = engine.rows(
        """WITH ends AS (SELECT source, arg_min(sequence, "at") AS first, arg_max(sequence, "at") AS last FROM accesses
                WHERE sequence IS NOT NULL GROUP BY source)
        SELECT coalesce(s.shown, CAST(e.source AS VARCHAR), '') FROM ends AS e
        LEFT JOIN masked_ids AS s ON s.kind = 'source' AND s.id = e.source
        WHERE e.last < e.first AND coalesce(CAST(e.source AS VARCHAR), '') IN (SELECT coalesce(source, '') FROM source_hours) ORDER BY 1"""
    )
    return [
        _("The running number of the source '{source}' is lower at the end than at the beginning: it started anew.").format(
            source=source
        )
        for (source,) in rows
    ]
