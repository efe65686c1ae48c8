-- The peer of the access log: what a person who knows DuckDB would write by hand to answer A1-A15, L1-L3 and L5 once, for one month
-- and one agreement.
--
-- It is run in a folder that holds the month as Parquet (accesses, assignments, cases, disclosures, residences, staff) and reads the
-- files themselves, each as far as it is needed. The terms of sample_data/exempelavtal.yaml and October 2026 stand in it as literals,
-- and what it takes for granted of the files it asserts at its end, or it fails. It gives one table, peer_counts (check, pass, violation,
-- undetermined, not_applicable), and keeps of each access what its answers follow from (peer_judged, and peer_exports, peer_searches,
-- peer_desks, peer_user_days for the checks that ask of few), as an auditor must who is asked about one of them; no evidence and no finding.
--
-- Nothing here was taken from auditor/: the expressions of the checks were written again from their descriptions.

-- A day of the month is its number, 1-31, in a field of 64, so that the days beside the month have one too. A user with a case and a day
-- is one number (place), with the day as its last six bits; place >> 6 is the user with the case. Times are compared as microseconds.
CREATE TEMP MACRO peer_day(microseconds) AS CAST((microseconds - 1790726400000000) // 86400000000 AS INTEGER);
CREATE TEMP MACRO peer_place(user_number, case_number, day) AS (CAST(user_number AS BIGINT) << 32) + (case_number << 6) + day;

-- What the answers of an access follow from is one number, a bit for each thing that holds (false where nothing is known of it)
CREATE TEMP MACRO peer_bit(holds, place) AS CASE WHEN holds THEN 1 << place ELSE 0 END;
CREATE TEMP MACRO peer_holds(code, place) AS (code >> place) & 1 = 1;

CREATE TEMP TABLE peer_actions (action VARCHAR, search BOOLEAN, exported BOOLEAN, reason_required BOOLEAN);
INSERT INTO peer_actions VALUES ('read', false, false, false), ('write', false, false, false), ('search', true, false, false),
    ('print', false, true, true), ('export', false, true, true), ('delete', false, false, false), ('sign', false, false, false),
    ('emergency', false, false, true);

-- Users --------------------------------------------------------------------------------------------------------------------------

-- A12 can only find users who were seen at several workstations
CREATE TEMP TABLE peer_users AS
SELECT user_id, CAST(row_number() OVER () - 1 AS INTEGER) AS user_number, coalesce(several_desks, false) AS several_desks,
    coalesce(without_desk, 0) AS without_desk
FROM (SELECT user_id, min(workstation) <> max(workstation) AS several_desks, count(*) - count(workstation) AS without_desk
    FROM 'accesses.parquet' GROUP BY user_id)
FULL JOIN (SELECT DISTINCT user_id FROM 'staff.parquet') USING (user_id);

-- organisations as bits, for a user who acts for several
CREATE TEMP TABLE peer_organisations AS
SELECT organisation, CAST(1 AS BIGINT) << (row_number() OVER () - 1) AS bit
FROM (SELECT DISTINCT organisation FROM 'staff.parquet');

CREATE TEMP TABLE peer_staff AS
SELECT user_number, person_id, bit, organisation = '0180' AND unit = 'socialjouren' AS on_duty, coalesce(shared, false) AS shared,
    coalesce(protected_access, false) AS cleared, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
FROM 'staff.parquet' JOIN peer_users USING (user_id) JOIN peer_organisations USING (organisation);

-- every user and day of the month, so that what holds of the user that day is one look-up by one small number
CREATE TEMP TABLE peer_authorised AS
SELECT user_number * 64 + day AS user_day, coalesce(bits, 0) AS bits,
    peer_bit(bits IS NOT NULL, 8) | peer_bit(user_id = 'journalrobot', 9) | peer_bit(cleared, 10) | peer_bit(shared, 11) | peer_bit(anonymous, 12)
        | peer_bit(on_duty, 13) AS code
FROM peer_users CROSS JOIN (SELECT CAST(i AS INTEGER) AS day FROM range(1, 32) AS r(i))
LEFT JOIN (SELECT user_number, day, bit_or(bit) AS bits, bool_or(on_duty) AS on_duty, bool_or(cleared) AS cleared, bool_or(shared) AS shared,
        bool_or(person_id IS NULL) AS anonymous
    FROM (SELECT *, unnest(range(greatest(date_diff('day', DATE '2026-09-30', valid_from), 1),
            least(date_diff('day', DATE '2026-09-30', valid_to), 31) + 1)) AS day
        FROM peer_staff WHERE valid_from < DATE '2026-11-01' AND valid_to >= DATE '2026-10-01')
    GROUP BY user_number, day) USING (user_number, day);

-- Cases --------------------------------------------------------------------------------------------------------------------------

-- rows with one key that say the same are one row; if they differ, the case may be there, and nothing is read from it
CREATE TEMP TABLE peer_cases AS
SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS case_number, *
FROM (SELECT DISTINCT ON (c.case_id) c.case_id, CASE WHEN t.torn THEN NULL ELSE true END AS known,
        CASE WHEN known AND regexp_full_match(person_id, '[0-9]{12}') THEN person_id END AS person_id,
        CASE WHEN known THEN related_person_ids END AS related,
        CASE WHEN known AND regexp_full_match(home_municipality, '[0-9]{4}') THEN home_municipality END AS home,
        CASE WHEN known THEN reported_at END AS reported_at, CASE WHEN known THEN closed_at END AS closed_at,
        CASE WHEN known AND protection IN ('none', 'marked', 'protected_registration', 'assumed_identity') THEN protection END AS protection
    FROM 'cases.parquet' AS c
    LEFT JOIN (SELECT case_id, count(DISTINCT c) > 1 AS torn FROM 'cases.parquet' AS c
        WHERE case_id IN (SELECT case_id FROM 'cases.parquet' GROUP BY case_id HAVING count(*) > 1) GROUP BY case_id) AS t USING (case_id)
    UNION ALL BY NAME
    SELECT DISTINCT case_id, false AS known FROM 'accesses.parquet' WHERE case_id NOT IN (SELECT case_id FROM 'cases.parquet'));

CREATE TEMP TABLE peer_residences AS
SELECT case_number, municipality, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to, reported_at
FROM 'residences.parquet' JOIN peer_cases USING (case_id) WHERE known;

-- where the child belonged the whole month, or that it is a matter of days
CREATE TEMP TABLE peer_homes AS
SELECT case_number, count(*) FILTER (touches) = 1 AND bool_or(spans) AS settled, count(*) FILTER (touches) > 0 AND NOT settled AS moving,
    CASE WHEN settled THEN any_value(municipality) FILTER (touches) END AS home
FROM (SELECT *, valid_from < DATE '2026-11-01' AND valid_to >= DATE '2026-10-01' AS touches,
        valid_from <= DATE '2026-10-01' AND valid_to >= DATE '2026-10-31' AS spans
    FROM peer_residences)
GROUP BY case_number;

CREATE TEMP TABLE peer_home_days AS
SELECT case_number * 64 + day AS case_day, r.municipality IS NOT NULL AS found, coalesce(o.bit, 0) AS bit
FROM (SELECT case_number FROM peer_homes WHERE moving) CROSS JOIN (SELECT CAST(i AS INTEGER) AS day FROM range(1, 32) AS r(i))
JOIN peer_residences AS r USING (case_number)
LEFT JOIN peer_organisations AS o ON o.organisation = r.municipality
WHERE DATE '2026-09-30' + day BETWEEN r.valid_from AND r.valid_to
QUALIFY row_number() OVER (PARTITION BY case_day ORDER BY r.valid_from DESC, r.municipality DESC NULLS LAST) = 1;

-- staff who are the subject of a case or named in it, in whatever period
CREATE TEMP TABLE peer_family AS
SELECT case_number, user_number, valid_from, valid_to
FROM (SELECT case_number, unnest(list_append(related, person_id)) AS person_id FROM peer_cases) JOIN peer_staff USING (person_id);

CREATE TEMP TABLE peer_own_days AS
SELECT DISTINCT peer_place(user_number, case_number, day) AS place
FROM peer_family JOIN (SELECT CAST(i AS INTEGER) AS day FROM range(1, 32) AS r(i)) ON DATE '2026-09-30' + day BETWEEN valid_from AND valid_to;

-- all that a check asks of a case; the home at the report and a settled home are one set of bits with the entry point
CREATE TEMP TABLE peer_case_facts AS
SELECT c.case_id, c.case_number, coalesce(epoch_us(reported_at), 0) AS reported,
    coalesce(epoch_us(closed_at + INTERVAL 14 DAY), 9223372036854775807) AS closed_for_good,
    coalesce(e.bit, 0) | coalesce(p.bit, 0) | coalesce(s.bit, 0) AS homes, coalesce(first_user, -1) AS first_user, coalesce(last_user, -1) AS last_user,
    peer_bit(known, 0) | peer_bit(known IS NULL, 1) | peer_bit(protection <> 'none', 2) | peer_bit(protection IS NULL, 3)
        | peer_bit(person_id IS NULL, 4) | peer_bit(reported_at IS NULL, 5) | peer_bit(c.moving, 6)
        | peer_bit(home_at_report IS NULL OR (c.moving IS NOT TRUE AND home_this_month IS NULL), 7) AS code
FROM (SELECT c.*, h.moving, CASE WHEN h.case_number IS NULL THEN c.home ELSE h.home END AS home_this_month,
        CASE WHEN h.case_number IS NULL THEN c.home ELSE r.municipality END AS home_at_report
    FROM peer_cases AS c LEFT JOIN peer_homes AS h USING (case_number)
    LEFT JOIN (FROM peer_residences WHERE CAST(reported_at AS DATE) BETWEEN valid_from AND valid_to
        QUALIFY row_number() OVER (PARTITION BY case_number ORDER BY valid_from DESC, municipality DESC NULLS LAST) = 1) AS r
        USING (case_number)) AS c
LEFT JOIN peer_organisations AS p ON p.organisation = home_at_report
LEFT JOIN peer_organisations AS s ON s.organisation = home_this_month
LEFT JOIN peer_organisations AS e ON e.organisation = '0180'
LEFT JOIN (SELECT case_number, min(user_number) AS first_user, max(user_number) AS last_user FROM peer_family GROUP BY case_number)
    USING (case_number);

-- Assignments, in lines that do not touch: an access falls in at most one --------------------------------------------------------

CREATE TEMP TABLE peer_assigned AS
SELECT peer_place(user_number, case_number, 0) >> 6 AS pair, epoch_us(min(valid_from)) AS first, epoch_us(max(valid_to)) AS last
FROM (SELECT *, sum(CAST(valid_from > so_far AS INTEGER)) OVER (PARTITION BY user_number, case_number ORDER BY valid_from, valid_to) AS line
    FROM (SELECT *, max(valid_to) OVER (PARTITION BY user_number, case_number ORDER BY valid_from, valid_to
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
        FROM (SELECT user_number, case_number, valid_from, coalesce(valid_to + INTERVAL 14 DAY, TIMESTAMP '9999-12-31') AS valid_to
            FROM 'assignments.parquet' JOIN peer_users USING (user_id) JOIN peer_cases USING (case_id))
        WHERE valid_from <= valid_to))
GROUP BY user_number, case_number, coalesce(line, 0);

-- The log, once ------------------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE peer_judged AS
SELECT number, moment, a.place, search, exported,
    case_code | s.code | peer_bit(g.pair IS NOT NULL, 14) | peer_bit(moment BETWEEN reported AND reported + 259200000000, 15)
    | peer_bit(((homes | coalesce(h.bit, 0)) & s.bits) <> 0, 16) | peer_bit(h.found, 17) | peer_bit(moment < reported, 18)
    | peer_bit(moment > closed_for_good, 19) | peer_bit(o.place IS NOT NULL, 20)
    | peer_bit(first_user >= 0 AND (first_user <> user_number OR last_user <> user_number), 21)
    | peer_bit(reason_required, 22) | peer_bit(reason IS NULL, 23) AS code
FROM (SELECT *, peer_place(user_number, case_number, day) AS place
    FROM (SELECT number, moment, reason, user_number, c.* EXCLUDE (case_id, code), c.code AS case_code, e.* EXCLUDE (action),
            peer_day(moment) AS day
        FROM (SELECT CAST(file_row_number AS UINTEGER) AS number, epoch_us("at") AS moment, user_id, case_id, action, reason
            FROM read_parquet('accesses.parquet', file_row_number = true)) AS a
        JOIN peer_users AS u ON u.user_id = a.user_id
        JOIN peer_case_facts AS c ON c.case_id = a.case_id
        JOIN peer_actions AS e ON e.action = a.action)) AS a
JOIN peer_authorised AS s ON s.user_day = a.user_number * 64 + a.day
LEFT JOIN peer_home_days AS h ON h.case_day = CASE WHEN peer_holds(a.case_code, 6) THEN a.case_number * 64 + a.day END
LEFT JOIN peer_assigned AS g ON g.pair = a.place >> 6 AND a.moment BETWEEN g.first AND g.last
LEFT JOIN peer_own_days AS o ON o.place = CASE WHEN a.first_user >= 0 THEN a.place END;

-- first and last access of a user to a case on a day
CREATE TEMP TABLE peer_visits AS
SELECT place, min(moment) AS first_moment, max(moment) AS last_moment FROM peer_judged GROUP BY place;

-- What is asked of few -----------------------------------------------------------------------------------------------------------

-- disclosures without key or time are quarantined, and those with one key that say different things; of alike ones one is asked about
CREATE TEMP TABLE peer_twice AS
SELECT disclosure_id, count(DISTINCT row(*COLUMNS(* EXCLUDE (file_row_number)))) = 1 AS alike, min(file_row_number) AS first
FROM read_parquet('disclosures.parquet', file_row_number = true)
WHERE disclosure_id IN (SELECT disclosure_id FROM 'disclosures.parquet' GROUP BY disclosure_id HAVING count(*) > 1)
GROUP BY disclosure_id;

CREATE TEMP TABLE peer_handed AS
SELECT d.file_row_number AS number, epoch_us("at") AS moment, peer_place(user_number, case_number, peer_day(moment)) AS place,
    CASE WHEN sender IN ('police-roc', 'region-stockholm') OR (length(sender) = 4 AND sender BETWEEN '0000' AND '9999')
        THEN sender = '0180' END AS by_entry,
    d.user_id IS NULL OR d.case_id IS NULL AS nobody
FROM read_parquet('disclosures.parquet', file_row_number = true) AS d
LEFT JOIN peer_twice AS t ON t.disclosure_id = d.disclosure_id
LEFT JOIN peer_users AS u ON u.user_id = d.user_id
LEFT JOIN peer_cases AS c ON c.case_id = d.case_id
WHERE d.disclosure_id IS NOT NULL AND "at" IS NOT NULL AND (t.disclosure_id IS NULL OR (t.alike AND t.first = d.file_row_number));

-- A10. 'Within a day' is: on the same day, or on the day before and late enough, or on the day after and early enough.
CREATE TEMP TABLE peer_exports AS
WITH span AS (SELECT least(min(moment), epoch_us(TIMESTAMP '2026-10-01')) AS first,
        greatest(max(moment), epoch_us(TIMESTAMP '2026-11-01')) AS last FROM peer_handed),
    exported AS MATERIALIZED (SELECT number, code, moment, place, place - 1 AS day_before, place + 1 AS day_after FROM peer_judged WHERE exported),
    handed AS MATERIALIZED (SELECT place, min(moment) AS first_moment, max(moment) AS last_moment FROM peer_handed
        WHERE moment >= epoch_us(TIMESTAMP '2026-09-30') AND moment < epoch_us(TIMESTAMP '2026-11-02')
            AND place >> 6 IN (SELECT place >> 6 FROM exported)
        GROUP BY place)
SELECT number, code, CASE WHEN same.place IS NOT NULL OR before.last_moment >= moment - 86400000000
        OR after.first_moment <= moment + 86400000000 THEN false
    WHEN moment - 86400000000 >= span.first AND moment + 86400000000 <= span.last THEN true END AS alone
FROM exported AS a CROSS JOIN span
LEFT JOIN handed AS same ON same.place = a.place
LEFT JOIN handed AS before ON before.place = day_before
LEFT JOIN handed AS after ON after.place = day_after;

-- A14. 'Within half an hour' is: in the same half-hour and not earlier, or in the next one and early enough.
CREATE TEMP TABLE peer_searches AS
WITH searched AS MATERIALIZED (SELECT number, code, moment, place >> 6 AS pair, moment // 1800000000 AS half_hour FROM peer_judged WHERE search),
    wanted AS (SELECT pair, half_hour FROM searched UNION SELECT pair, half_hour + 1 FROM searched),
    opened AS MATERIALIZED (SELECT pair, half_hour, min(moment) AS first_moment, max(moment) AS last_moment
        FROM (SELECT moment, place >> 6 AS pair, moment // 1800000000 AS half_hour FROM peer_judged WHERE NOT search)
        SEMI JOIN wanted USING (pair, half_hour) GROUP BY pair, half_hour)
SELECT number, code, CASE WHEN same.last_moment >= moment OR next.first_moment <= moment + 1800000000 THEN false
    WHEN moment + 1800000000 <= epoch_us(TIMESTAMP '2026-11-01') THEN true END AS unopened
FROM searched AS a
LEFT JOIN opened AS same ON same.pair = a.pair AND same.half_hour = a.half_hour
LEFT JOIN opened AS next ON next.pair = a.pair AND next.half_hour = a.half_hour + 1;

-- A12. Of accesses in order of time, the nearest at another desk are the last of the run before and the first of the run after.
CREATE TEMP TABLE peer_desks AS
SELECT number, coalesce("at" - before <= INTERVAL 5 MINUTE, false) OR coalesce(after - "at" <= INTERVAL 5 MINUTE, false) AS elsewhere
FROM (SELECT number, "at", max(CASE WHEN next_desk <> desk THEN "at" END) OVER (PARTITION BY user_id ORDER BY "at", number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        min(CASE WHEN last_desk <> desk THEN "at" END) OVER (PARTITION BY user_id ORDER BY "at", number
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
    FROM (SELECT file_row_number AS number, user_id, "at", workstation AS desk, lag(workstation) OVER line AS last_desk,
            lead(workstation) OVER line AS next_desk
        FROM read_parquet('accesses.parquet', file_row_number = true)
        WHERE workstation IS NOT NULL AND user_id IN (SELECT user_id FROM peer_users WHERE several_desks)
        WINDOW line AS (PARTITION BY user_id ORDER BY "at", file_row_number)));

-- A15
CREATE TEMP TABLE peer_user_days AS
WITH days AS MATERIALIZED (SELECT place >> 32 AS user_number, place & 63 AS day, count(*) AS cases FROM peer_visits GROUP BY ALL),
    usual AS (SELECT median(cases) AS middle FROM days)
SELECT *, cases > (SELECT middle FROM usual) + 6 * (SELECT greatest(median(abs(cases - middle)), 1) FROM days, usual) AS outlying FROM days;

-- The log itself -----------------------------------------------------------------------------------------------------------------

-- L1. In a log that is written in the order of its ids none is used twice; only where one falls back must all be looked through.
CREATE TEMP TABLE peer_reused AS
SELECT event_id, count(*) AS rows, count(DISTINCT a) AS kinds
FROM 'accesses.parquet' AS a
WHERE EXISTS (FROM (SELECT event_id, lag(event_id) OVER () AS before FROM 'accesses.parquet') WHERE event_id <= before)
GROUP BY event_id HAVING count(*) > 1;

-- L2. Sequence numbers as bits of words; a run begins with a bit whose lower neighbour is not set, and between two runs is a gap.
CREATE TEMP TABLE peer_gaps AS
SELECT source, sum(bit_count(word & ~(word << 1))) - 1
    - count(*) FILTER ((word & 1) = 1 AND before = number - 1 AND (last >> 31) = 1) AS gaps
FROM (SELECT source, number, word, lag(number) OVER line AS before, lag(word) OVER line AS last
    FROM (SELECT source, CAST(sequence >> 5 AS INTEGER) AS number, bit_or(CAST(1 AS UBIGINT) << CAST(sequence & 31 AS UBIGINT)) AS word
        FROM 'accesses.parquet' GROUP BY ALL)
    WINDOW line AS (PARTITION BY source ORDER BY number))
GROUP BY source;

-- L3. A silence of hours lies between the last access of an hour and the first of a later one.
CREATE TEMP TABLE peer_silences AS
SELECT source, count(*) FILTER (until - since > CASE WHEN source = 'kontorstid' THEN INTERVAL 80 HOUR ELSE INTERVAL 12 HOUR END) AS silences
FROM (SELECT source, first_at AS until, lag(last_at, 1, TIMESTAMP '2026-10-01') OVER (PARTITION BY source ORDER BY first_at) AS since
    FROM (SELECT source, min("at") AS first_at, max("at") AS last_at FROM 'accesses.parquet' GROUP BY source, epoch_us("at") // 3600000000)
    UNION ALL SELECT source, TIMESTAMP '2026-11-01', max("at") FROM 'accesses.parquet' GROUP BY source)
GROUP BY source;

-- L5, as A10 the other way round; what has an access on its own day needs no second look
CREATE TEMP TABLE peer_unlogged AS
WITH asked AS (SELECT * FROM peer_handed WHERE moment >= epoch_us(TIMESTAMP '2026-10-01') AND moment < epoch_us(TIMESTAMP '2026-11-01')),
    left_over AS MATERIALIZED (SELECT *, place - 1 AS day_before, place + 1 AS day_after FROM asked
        WHERE by_entry IS NOT FALSE AND (place IS NULL OR NOT EXISTS (FROM peer_visits AS v WHERE v.place = asked.place)))
SELECT a.number, by_entry, CASE WHEN nobody THEN NULL
    WHEN before.last_moment >= moment - 86400000000 OR after.first_moment <= moment + 86400000000 THEN false
    WHEN moment BETWEEN epoch_us(TIMESTAMP '2026-10-02') AND epoch_us(TIMESTAMP '2026-10-31') THEN true END AS unlogged
FROM left_over AS a
LEFT JOIN peer_visits AS before ON before.place = a.day_before
LEFT JOIN peer_visits AS after ON after.place = a.day_after;

-- The answers: 3 violation, 2 undetermined, 1 pass, 0 not applicable -------------------------------------------------------------

CREATE TEMP MACRO peer_answer(applies, violates) AS
    CASE WHEN applies AND violates THEN 3 WHEN (applies AND violates) IS NULL THEN 2 WHEN NOT applies THEN 0 ELSE 1 END;

CREATE TEMP MACRO peer_known(code) AS CASE WHEN NOT peer_holds(code, 1) THEN peer_holds(code, 0) END;

CREATE TEMP TABLE peer_answers AS
SELECT n, peer_answer(NOT service, NOT authorised) AS A1,
    peer_answer(known AND authorised, NOT assigned AND NOT (on_duty AND CASE WHEN NOT undated THEN urgent END)) AS A2,
    peer_answer(known AND authorised, CASE WHEN at_home THEN false WHEN NOT homeless THEN true END) AS A3,
    peer_answer(known, CASE WHEN NOT undated THEN early END) AS A4, peer_answer(known, late) AS A5,
    peer_answer(known AND authorised, CASE WHEN own THEN true WHEN NOT nameless AND NOT anonymous THEN false END) AS A6,
    peer_answer(known AND A6 <> 3, colleague) AS A7, peer_answer(protected AND authorised, NOT cleared) AS A8,
    peer_answer(asked, reasonless) AS A9, peer_answer(authorised, shared) AS A11, peer_answer(true, NOT known) AS A13
FROM (SELECT n, peer_known(code) AS known, CASE WHEN NOT peer_holds(code, 3) THEN peer_holds(code, 2) END AS protected,
        peer_holds(code, 4) AS nameless, peer_holds(code, 5) AS undated,
        peer_holds(code, 7) OR (peer_holds(code, 6) AND NOT peer_holds(code, 17)) AS homeless,
        peer_holds(code, 8) AS authorised, peer_holds(code, 9) AS service, peer_holds(code, 10) AS cleared, peer_holds(code, 11) AS shared,
        peer_holds(code, 12) AS anonymous, peer_holds(code, 13) AS on_duty, peer_holds(code, 14) AS assigned, peer_holds(code, 15) AS urgent,
        peer_holds(code, 16) AS at_home, peer_holds(code, 18) AS early, peer_holds(code, 19) AS late, peer_holds(code, 20) AS own,
        peer_holds(code, 21) AS colleague, peer_holds(code, 22) AS asked, peer_holds(code, 23) AS reasonless
    FROM (SELECT code, count(*) AS n FROM peer_judged GROUP BY code));

CREATE TABLE peer_counts AS
WITH asked AS (SELECT count(*) AS n FROM peer_judged)
SELECT "check", coalesce(sum(n) FILTER (answer = 1), 0) AS pass, coalesce(sum(n) FILTER (answer = 3), 0) AS violation,
    coalesce(sum(n) FILTER (answer = 2), 0) AS undetermined, coalesce(sum(n) FILTER (answer = 0), 0) AS not_applicable
FROM (FROM (UNPIVOT peer_answers ON * EXCLUDE (n) INTO NAME "check" VALUE answer)
    UNION ALL BY NAME SELECT 'A10' AS "check", peer_answer(peer_known(code), alone) AS answer, count(*) AS n FROM peer_exports GROUP BY ALL
    UNION ALL BY NAME SELECT 'A10' AS "check", 0 AS answer, n - (SELECT count(*) FROM peer_exports) AS n FROM asked
    UNION ALL BY NAME SELECT 'A12' AS "check", peer_answer(true, elsewhere) AS answer, count(*) AS n FROM peer_desks GROUP BY ALL
    UNION ALL BY NAME SELECT 'A12' AS "check", 0 AS answer, sum(without_desk) AS n FROM peer_users
    UNION ALL BY NAME SELECT 'A12' AS "check", 1 AS answer,
        n - (SELECT count(*) FROM peer_desks) - (SELECT sum(without_desk) FROM peer_users) AS n FROM asked
    UNION ALL BY NAME SELECT 'A14' AS "check", peer_answer(peer_known(code), unopened) AS answer, count(*) AS n FROM peer_searches GROUP BY ALL
    UNION ALL BY NAME SELECT 'A14' AS "check", 0 AS answer, n - (SELECT count(*) FROM peer_searches) AS n FROM asked
    UNION ALL BY NAME SELECT 'A15' AS "check", peer_answer(true, outlying) AS answer, count(*) AS n FROM peer_user_days GROUP BY ALL
    UNION ALL BY NAME SELECT 'L1' AS "check", 3 AS answer, count(*) AS n FROM peer_reused
    UNION ALL BY NAME SELECT 'L1' AS "check", 1 AS answer, n - (SELECT coalesce(sum(rows), 0) FROM peer_reused) AS n FROM asked
    UNION ALL BY NAME SELECT 'L2' AS "check", CASE WHEN gaps > 0 THEN 3 ELSE 1 END AS answer, greatest(gaps, 1) AS n FROM peer_gaps
    UNION ALL BY NAME SELECT 'L3' AS "check", CASE WHEN silences > 0 THEN 3 ELSE 1 END AS answer, greatest(silences, 1) AS n FROM peer_silences
    UNION ALL BY NAME SELECT 'L5' AS "check", peer_answer(by_entry, unlogged) AS answer, count(*) AS n FROM peer_unlogged GROUP BY ALL
    UNION ALL BY NAME SELECT 'L5' AS "check", CASE WHEN by_entry IS NOT FALSE THEN 1 ELSE 0 END AS answer, count(*) AS n
        FROM (FROM peer_handed WHERE moment >= epoch_us(TIMESTAMP '2026-10-01') AND moment < epoch_us(TIMESTAMP '2026-11-01'))
        WHERE number NOT IN (SELECT number FROM peer_unlogged) GROUP BY ALL)
GROUP BY "check";

-- What was taken for granted -----------------------------------------------------------------------------------------------------

SELECT CASE WHEN NOT holds THEN error('the files are not as the script takes for granted: ' || what) END
FROM (SELECT 'every access is of this month and has a user, a case and an action' AS what,
        (SELECT count(*) FROM 'accesses.parquet') = (SELECT count(*) FROM peer_judged
            WHERE moment >= epoch_us(TIMESTAMP '2026-10-01') AND moment < epoch_us(TIMESTAMP '2026-11-01')) AS holds
    UNION ALL SELECT 'every access has a source and a sequence',
        (SELECT count(*) FROM 'accesses.parquet' WHERE source IS NULL OR sequence IS NULL) = 0
    UNION ALL SELECT 'no access stands twice', (SELECT count(*) FROM peer_reused WHERE kinds < rows) = 0
    UNION ALL SELECT 'cases have their keys', (SELECT count(*) FROM 'cases.parquet' WHERE case_id IS NULL) = 0
    UNION ALL SELECT 'staff rows are complete', (SELECT count(*) FROM 'staff.parquet')
        = (SELECT count(*) FROM peer_staff WHERE on_duty IS NOT NULL AND valid_from IS NOT NULL)
    UNION ALL SELECT 'assignments are complete',
        (SELECT count(*) FROM 'assignments.parquet' WHERE user_id IS NULL OR case_id IS NULL OR valid_from IS NULL) = 0);
