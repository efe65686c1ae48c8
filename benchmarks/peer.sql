-- The peer: what a person who knows DuckDB would write by hand to answer the same questions once, for one month and one agreement.
--
-- It reads the canonical tables cases, disclosures, staff and residences, the numbered sets of fields and grounds, and the keys of
-- quarantined rows (unreadable_cases, unreadable_staff). The terms of sample_data/exempelavtal.yaml, the law table and October 2026
-- stand in it as literals. It gives two tables: peer_counts (check, pass, violation, undetermined, not_applicable) and
-- peer_verdicts (verdict, rows), and keeps of each disclosure what its answers follow from (peer_judged), as an auditor must who is
-- asked about one of them; no evidence and no finding. It takes for granted that every purpose names a flow of the agreement.
--
-- It begins with peer_terms.sql. Nothing here was taken from auditor/: the expressions of the checks were written again from their descriptions.

-- The agreement ------------------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE peer_days AS
SELECT DATE '2026-10-01' + CAST(i AS INTEGER) AS day, CAST(i + 1 AS UTINYINT) AS number,
    -- the agreement was in force but for the 10th; of the 11th there is only an unconfirmed word
    CASE WHEN i = 9 THEN false WHEN i = 10 THEN NULL ELSE true END AS in_force
FROM range(31) AS r(i);

CREATE TEMP TABLE peer_flows (flow VARCHAR, number UTINYINT, agreed BOOLEAN, target VARCHAR,
    from_police BOOLEAN, from_entry BOOLEAN, from_home BOOLEAN, to_police BOOLEAN, to_entry BOOLEAN, to_home BOOLEAN,
    fields VARCHAR[], grounds VARCHAR[]);
INSERT INTO peer_flows VALUES
    ('report', 1, true, 'noted', true, false, false, false, true, false,
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link'],
        ['SoL 14:1', 'SoL 19:1', 'OSL 10:28']),
    ('handover', 2, true, 'required', false, true, false, false, false, true,
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link'],
        ['OSL 26:9 p1', 'OSL 10:2', 'OSL 10:28', 'SoL 29:12', 'OSL 10:1', 'consent']),
    ('assessment', 3, true, 'required', true, false, false, false, true, true,
        ['name', 'person_id', 'risk', 'gang_link', 'groupings'], ['SoL 14:1', 'SoL 19:1', 'SoL 20:6', 'OSL 10:28']),
    ('request', 4, true, 'required', false, true, true, true, false, false,
        ['name', 'person_id', 'concern'], ['OSL 10:2', 'OSL 10:18a', 'OSL 10:15a', 'OSL 10:1', 'consent']),
    ('feedback', 5, true, 'required', false, true, true, true, false, false,
        ['name', 'person_id', 'decision'], ['OSL 26:9a', 'SoL 19:6', 'SoL 14:1b']),
    ('prevention', 6, true, 'required', false, true, true, true, false, false,
        ['name', 'person_id', 'risk', 'gang_link'], ['OSL 10:18a', 'OSL 10:15a']),
    ('other_channel', 7, false, 'none', true, true, true, true, true, true,
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link', 'groupings', 'health',
            'decision', 'record'],
        ['OSL 10:20', 'OSL 10:21', 'OSL 10:22', 'OSL 10:23', 'SoL 15:7', 'SoL 29:12', '2025:170 4 §', 'OSL 10:28']);

-- What a disclosure says of itself: a million disclosures are some ten thousand forms ---------------------------------------------

CREATE TEMP TABLE peer_forms AS
SELECT row_number() OVER () AS form, *
FROM (SELECT DISTINCT purpose, sender, sender_unit, recipient, recipient_unit, fields, grounds, channel, motivation
    FROM disclosures WHERE "at" >= TIMESTAMP '2026-10-01' AND "at" < TIMESTAMP '2026-11-01');

CREATE TEMP TABLE peer_field_sets AS
SELECT s.number, w.flow,
    count(*) FILTER (f.field IS NOT NULL AND NOT list_contains(w.fields, s.field)) > 0 AS outside,
    count(*) FILTER (f.field IS NULL) > 0 AS unknown,
    coalesce(bool_or(f.location), false) AS location, coalesce(bool_or(f.identity), false) AS identity,
    coalesce(bool_or(f.sensitive), false) AS sensitive
FROM (SELECT number, unnest(members) AS field FROM fields_sets) AS s
CROSS JOIN (SELECT flow, fields FROM peer_flows UNION ALL SELECT NULL, NULL) AS w
LEFT JOIN peer_fields AS f ON f.field = s.field
GROUP BY ALL;

-- no provision begins or ends within this month
CREATE TEMP TABLE peer_ground_sets AS
SELECT number, flow, social,
    bool_or(known IS NULL) AS unknown,
    coalesce(bool_or(NOT in_force), false) AS lapsed,
    coalesce(bool_or(review), false) AS review,
    coalesce(bool_or(excluded), false) AS excluded,
    coalesce(bool_or(usable), false) AS usable,
    coalesce(bool_and(motivated) FILTER (usable), false) AS motivated,
    coalesce(bit_or(1 << condition) FILTER (usable), 0) AS conditions
FROM (
    SELECT s.number, w.flow, k.social, g.ground AS known, g.review, g.motivated, g.condition,
        DATE '2026-10-01' BETWEEN g.first AND g.last AS in_force, k.social AND g.never_for IS NOT NULL AS excluded,
        in_force AND NOT excluded AND list_contains(w.grounds, s.ground) AS usable
    FROM (SELECT number, unnest(members) AS ground FROM grounds_sets) AS s
    CROSS JOIN (SELECT flow, grounds FROM peer_flows UNION ALL SELECT NULL, NULL) AS w
    CROSS JOIN (VALUES (true), (false)) AS k(social)
    LEFT JOIN peer_law AS g ON g.ground = s.ground)
GROUP BY ALL;

-- What stands in a form alone: every part of a check that needs neither case, user nor time
CREATE TEMP TABLE peer_form_facts AS
SELECT *, dense_rank() OVER (ORDER BY facts) AS form_pattern
FROM (SELECT d.*,
        length(d.sender) = 4 AND d.sender BETWEEN '0000' AND '9999' AS by_municipality,
        length(d.recipient) = 4 AND d.recipient BETWEEN '0000' AND '9999' AS to_municipality,
        w.flow IS NOT NULL AND d.grounds IS NOT NULL AND g.usable AS some_usable,
        struct_pack(
            target := w.target, agreed := w.agreed, from_police := w.from_police, feedback := w.flow = 'feedback',
            by_municipality := by_municipality, usable := some_usable, ground_unknown := g.unknown, grounded := d.grounds IS NOT NULL,
            homeward := w.to_home AND to_municipality,
            repeatable := d.fields IS NOT NULL AND d.recipient IS NOT NULL AND d.purpose IS NOT NULL,
            r2 := w.agreed AND d.recipient <> 'police-roc' AND d.recipient <> '0180'
                AND CASE WHEN d.recipient IS NOT NULL AND m.municipality IS NULL THEN true WHEN m.sure THEN false END,
            r6 := CASE WHEN d.purpose IS NOT NULL THEN w.flow IS NULL END,
            r7 := CASE WHEN d.recipient = '0180' THEN coalesce(CAST(d.recipient_unit <> 'socialjouren' AS INTEGER), 2) END,
            r8 := CASE WHEN d.sender = '0180' THEN coalesce(CAST(d.sender_unit <> 'socialjouren' AS INTEGER), 2) END,
            f1 := CASE WHEN w.flow IS NOT NULL THEN f.outside END,
            f2 := f.unknown,
            -- no flow of this agreement may show where a protected person is; without a flow nothing is known
            shows_place := CASE WHEN w.flow IS NOT NULL THEN f.location WHEN NOT f.location THEN false END,
            shows_person := CASE WHEN w.flow IS NOT NULL THEN f.location OR f.identity WHEN NOT (f.location OR f.identity) THEN false END,
            f4_applies := f.sensitive,
            f4 := f.sensitive AND d.motivation IS NULL,
            b2 := g.unknown, b3 := g.lapsed, b7 := g.review,
            b4 := CASE WHEN d.grounds IS NULL THEN false WHEN w.flow IS NULL THEN NULL WHEN g.usable THEN false
                WHEN NOT g.unknown THEN true END,
            b6 := some_usable AND g.motivated AND d.motivation IS NULL,
            b8 := CASE WHEN d.grounds IS NULL OR NOT g.excluded THEN false WHEN w.flow IS NULL THEN NULL WHEN g.usable THEN false
                WHEN NOT g.unknown THEN true END,
            p5 := d.channel NOT IN ('sdk', 'phone', 'in_person', 'secure_portal')) AS facts,
        CASE WHEN some_usable THEN g.conditions END AS conditions,
        w.from_home, w.to_home, w.flow = 'feedback' AS feedback,
        (w.from_police AND d.sender = 'police-roc') OR (w.from_entry AND d.sender = '0180') AS sender_fits,
        (w.to_police AND d.recipient = 'police-roc') OR (w.to_entry AND d.recipient = '0180') AS recipient_fits
    FROM peer_forms AS d
    LEFT JOIN peer_flows AS w ON w.flow = d.purpose
    LEFT JOIN peer_members AS m ON m.municipality = d.recipient
    LEFT JOIN peer_field_sets AS f ON f.number = d.fields AND f.flow IS NOT DISTINCT FROM w.flow
    LEFT JOIN peer_ground_sets AS g ON g.number = d.grounds AND g.flow IS NOT DISTINCT FROM w.flow
        AND g.social = coalesce(length(d.sender) = 4 AND d.sender BETWEEN '0000' AND '9999', false));

-- What stands in a case alone ----------------------------------------------------------------------------------------------------

-- a date of birth that only a valid number tells; the number's day may be a nearby one, so it is certain to the month
CREATE TEMP TABLE peer_births AS
SELECT case_id, try_cast(p || lpad(CAST(CASE WHEN day > 60 THEN day - 60 ELSE day END AS VARCHAR), 2, '0') AS DATE) AS birth_date
FROM (SELECT case_id, p[1:4] || '-' || p[5:6] || '-' AS p, day
    FROM (SELECT case_id, any_value(person_id) AS p, CAST(p[7:8] AS INTEGER) AS day,
            sum(CASE WHEN i % 2 = 1 THEN (2 * CAST(person_id[i:i] AS INTEGER)) // 10 + (2 * CAST(person_id[i:i] AS INTEGER)) % 10
                ELSE CAST(person_id[i:i] AS INTEGER) END) AS control
        FROM cases, range(3, 13) AS r(i)
        WHERE birth_date IS NULL AND regexp_full_match(person_id, '(18|19|20)[0-9]{10}') GROUP BY case_id)
    WHERE control % 10 = 0);

-- where the child belonged: whole lines of days, one piece for a case without residences
CREATE TEMP TABLE peer_homes AS
WITH stays AS (SELECT case_id, municipality, valid_from, coalesce(valid_to, DATE '9999-12-30') AS valid_to FROM residences
        WHERE valid_from <= coalesce(valid_to, DATE '9999-12-30')),
    edges AS (SELECT case_id, valid_from AS edge FROM stays UNION SELECT case_id, valid_to + 1 FROM stays
        UNION SELECT DISTINCT case_id, DATE '0001-01-01' FROM residences),
    lines AS (SELECT case_id, edge AS first, lead(edge, 1, DATE '9999-12-31') OVER (PARTITION BY case_id ORDER BY edge) - 1 AS last FROM edges),
    homes AS (SELECT l.case_id, l.first, l.last,
            arg_max(struct_pack(m := s.municipality), struct_pack(f := s.valid_from, m := coalesce(s.municipality, ''))).m AS home
        FROM lines AS l LEFT JOIN stays AS s ON s.case_id = l.case_id AND l.first BETWEEN s.valid_from AND s.valid_to GROUP BY ALL
        UNION ALL SELECT case_id, DATE '0001-01-01', DATE '9999-12-31', home_municipality FROM cases
            WHERE case_id NOT IN (SELECT case_id FROM residences))
SELECT h.*, CASE WHEN home IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS home_party
FROM homes AS h LEFT JOIN peer_members AS m ON m.municipality = h.home;

CREATE TEMP TABLE peer_case_facts AS
SELECT *, dense_rank() OVER (ORDER BY facts) AS case_pattern
FROM (SELECT c.case_id, c.reported_at, c.decided_at, c.registered_municipality, h.home AS home_at_report, c.decision, c.assessment_extended,
        c.reporter, c.closed_at + INTERVAL 336 HOUR AS closed_for_good,
        coalesce(c.birth_date, b.birth_date) AS born, c.birth_date IS NULL AS guessed,
        -- adult on or after the one day, a child before the other: the same day, or the ends of a month
        CASE WHEN guessed THEN last_day(born + INTERVAL 18 YEAR) + 1 ELSE CAST(born + INTERVAL 18 YEAR AS DATE) END AS adult_from,
        CASE WHEN guessed THEN date_trunc('month', born + INTERVAL 18 YEAR) ELSE born + INTERVAL 18 YEAR END AS child_until,
        CASE WHEN guessed THEN last_day(born + INTERVAL 21 YEAR) + 1 ELSE CAST(born + INTERVAL 21 YEAR AS DATE) END AS over_from,
        CASE WHEN guessed THEN date_trunc('month', born + INTERVAL 21 YEAR) ELSE born + INTERVAL 21 YEAR END AS under_until,
        struct_pack(t2 := NOT list_contains(c.concern, 'gang_crime'), t3 := left(c.found_in, 2) <> '01', t5 := c.reporter <> 'police-roc',
            protection := c.protection) AS facts,
        -- from when on a decision, an enquiry, was there
        CASE WHEN c.decision = 'already_open' THEN TIMESTAMP '0001-01-01' ELSE coalesce(c.decided_at, TIMESTAMP '9999-12-31') END AS decided_from,
        CASE WHEN c.decision = 'already_open' THEN TIMESTAMP '0001-01-01' WHEN c.decision = 'opened' AND c.decided_at IS NOT NULL THEN c.decided_at
            ELSE TIMESTAMP '9999-12-31' END AS opened_from
    FROM cases AS c LEFT JOIN peer_births AS b USING (case_id)
    LEFT JOIN peer_homes AS h ON h.case_id = c.case_id AND CAST(c.reported_at AS DATE) BETWEEN h.first AND h.last);

-- Users and repetitions ----------------------------------------------------------------------------------------------------------

-- whole lines of days for which a user may act for an organisation
CREATE TEMP TABLE peer_authorised AS
SELECT user_id, organisation, min(valid_from) AS first, max(valid_to) AS last
FROM (SELECT *, sum(CAST(valid_from > so_far AS INTEGER)) OVER (PARTITION BY user_id, organisation ORDER BY valid_from, valid_to) AS line
    FROM (SELECT user_id, organisation, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to,
            coalesce(max(coalesce(valid_to, DATE '9999-12-31')) OVER (PARTITION BY user_id, organisation ORDER BY valid_from, valid_to
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '0001-01-01') AS so_far
        FROM staff WHERE organisation IS NOT NULL AND valid_from <= coalesce(valid_to, DATE '9999-12-31')))
GROUP BY user_id, organisation, coalesce(line, 0);

-- Few disclosures have a twin within a day: two that have stand on the same or on neighbouring days, so one hash for a disclosure's own
-- day and one for the next lets in few others.
CREATE TEMP TABLE peer_repeated AS
WITH placed AS (SELECT rowid AS number, hash(case_id, recipient, purpose, fields, CAST("at" AS DATE)) AS here,
        hash(case_id, recipient, purpose, fields, CAST("at" AS DATE) + 1) AS next
        FROM disclosures WHERE case_id IS NOT NULL AND recipient IS NOT NULL AND purpose IS NOT NULL AND fields IS NOT NULL),
    near AS MATERIALIZED (SELECT place FROM (SELECT here AS place FROM placed UNION ALL SELECT next FROM placed)
        GROUP BY place HAVING count(*) > 1),
    candidates AS (SELECT number FROM placed WHERE here IN (FROM near) OR next IN (FROM near))
SELECT number
FROM (SELECT number, "at" <= lag("at") OVER (PARTITION BY case_id, recipient, purpose, fields ORDER BY "at", disclosure_id)
        + INTERVAL 24 HOUR AS repeated
    FROM disclosures AS d JOIN candidates AS c ON c.number = d.rowid)
WHERE repeated;

-- The million rows, once ---------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE peer_judged AS
SELECT disclosure_id, form_pattern, case_pattern, in_force, adult AS t1, NOT home_party AS t4, home <> registered_municipality AS t6,
    NOT recipient_matches AS recipient_fails, NOT sender_matches AS r3,
    CASE WHEN user_id IS NULL OR sender IS NULL THEN NULL WHEN authorised THEN false WHEN unreadable_user THEN NULL ELSE true END AS r5,
    known, known AND "at" < reported_at AS p2, closed_for_good IS NOT NULL AND "at" > closed_for_good AS p3, repeated AS p4,
    case_id IS NULL AS nameless,
    requested_at IS NOT NULL AND decided_at IS NOT NULL AND greatest(requested_at, decided_at) >= TIMESTAMP '2026-01-15' AS p9_applies,
    p9_applies AND feedback AND "at" > greatest(requested_at, decided_at) + INTERVAL 168 HOUR AS p9,
    -- some usable ground holds, by the conditions that stand among them
    CASE WHEN conditions IS NOT NULL THEN (conditions & 1) > 0 OR ((conditions & 2) > 0 AND "at" >= decided_from) OR ((conditions & 4) > 0 AND NOT adult)
        OR ((conditions & 8) > 0 AND NOT adult AND "at" >= opened_from) OR ((conditions & 16) > 0 AND NOT over) END AS holds
FROM (SELECT d.*, f.*, c.*, h.home, h.home_party, e.in_force, a.user_id IS NOT NULL AS authorised, p.number IS NOT NULL AS repeated,
        CASE WHEN c.case_id IS NOT NULL THEN true WHEN d.case_id IS NULL THEN false
            WHEN d.case_id IN (FROM unreadable_cases WHERE case_id IS NOT NULL) OR EXISTS (FROM unreadable_cases WHERE case_id IS NULL) THEN NULL
            ELSE false END AS known,
        d.user_id IN (SELECT user_id FROM unreadable_staff WHERE user_id IS NOT NULL) OR EXISTS (FROM unreadable_staff WHERE user_id IS NULL)
            AS unreadable_user,
        CASE WHEN e.day >= adult_from THEN true WHEN e.day < child_until THEN false END AS adult,
        CASE WHEN e.day >= over_from THEN true WHEN e.day < under_until THEN false END AS over,
        f.recipient_fits OR (f.to_home AND (d.recipient = h.home OR d.recipient = c.home_at_report)) AS recipient_matches,
        f.sender_fits OR (f.from_home AND (d.sender = h.home OR d.sender = c.home_at_report)) AS sender_matches
    FROM (SELECT rowid AS number, * FROM disclosures) AS d
    JOIN peer_days AS e ON e.day = CAST(d."at" AS DATE)
    JOIN peer_form_facts AS f ON f.purpose IS NOT DISTINCT FROM d.purpose AND f.sender IS NOT DISTINCT FROM d.sender
        AND f.sender_unit IS NOT DISTINCT FROM d.sender_unit AND f.recipient IS NOT DISTINCT FROM d.recipient
        AND f.recipient_unit IS NOT DISTINCT FROM d.recipient_unit AND f.fields IS NOT DISTINCT FROM d.fields
        AND f.grounds IS NOT DISTINCT FROM d.grounds AND f.channel IS NOT DISTINCT FROM d.channel
        AND f.motivation IS NOT DISTINCT FROM d.motivation
    LEFT JOIN peer_case_facts AS c ON c.case_id = d.case_id
    LEFT JOIN peer_homes AS h ON h.case_id = d.case_id AND e.day BETWEEN h.first AND h.last
    LEFT JOIN peer_authorised AS a ON a.user_id = d.user_id AND a.organisation = d.sender AND e.day BETWEEN a.first AND a.last
    LEFT JOIN peer_repeated AS p ON p.number = d.number);

CREATE TEMP TABLE peer_patterns AS SELECT * EXCLUDE (disclosure_id), count(*) AS n FROM peer_judged GROUP BY ALL;

-- The answers: 3 violation, 2 undetermined, 1 pass, 0 not applicable -----------------------------------------------------------------

CREATE TEMP TABLE peer_answers AS
SELECT n,
    peer_answer(required, t1) AS T1, peer_answer(required, c.t2) AS T2, peer_answer(required, c.t3) AS T3, peer_answer(required, t4) AS T4,
    peer_answer(required, c.t5) AS T5, peer_answer(true, t6) AS T6, peer_answer(noted, t1 OR c.t2 OR c.t3 OR t4 OR c.t5) AS T7,
    peer_answer(f.homeward, recipient_fails) AS R1, peer_answer(f.agreed, f.r2) AS R2, peer_answer(true, r3) AS R3,
    peer_answer(NOT f.homeward, recipient_fails) AS R4, peer_answer(f.by_municipality, r5) AS R5, peer_answer(true, f.r6) AS R6,
    coalesce([1, 3, 2][f.r7 + 1], 0) AS R7, coalesce([1, 3, 2][f.r8 + 1], 0) AS R8,
    peer_answer(true, f.f1) AS F1, peer_answer(true, f.f2) AS F2,
    CASE WHEN c.protection = 'protected_registration' THEN peer_answer(true, f.shows_place)
        WHEN c.protection = 'assumed_identity' THEN peer_answer(true, f.shows_person)
        WHEN c.protection IS NULL THEN CASE WHEN NOT f.shows_person THEN 1 ELSE 2 END ELSE 0 END AS F3,
    peer_answer(f.f4_applies, f.f4) AS F4,
    CASE WHEN c.protection = 'marked' THEN peer_answer(true, f.shows_place)
        WHEN c.protection IS NULL THEN CASE WHEN NOT f.shows_place THEN 1 ELSE 2 END ELSE 0 END AS F5,
    peer_answer(true, NOT f.grounded) AS B1, peer_answer(f.grounded, f.b2) AS B2, peer_answer(f.grounded, f.b3) AS B3,
    peer_answer(f.grounded, f.b4) AS B4, peer_answer(f.usable, NOT holds AND CASE WHEN NOT f.ground_unknown THEN true END) AS B5,
    peer_answer(f.usable, f.b6) AS B6, peer_answer(f.grounded, f.b7) AS B7, peer_answer(f.grounded, f.b8) AS B8,
    peer_answer(true, NOT known) AS P1, peer_answer(known AND NOT f.from_police, p2) AS P2, peer_answer(known, p3) AS P3,
    peer_answer(f.repeatable AND NOT nameless, p4) AS P4, peer_answer(true, f.p5) AS P5, peer_answer(f.agreed, NOT in_force) AS P6,
    peer_answer(f.feedback AND p9_applies, p9) AS P9
FROM peer_patterns
JOIN (SELECT DISTINCT form_pattern, unnest(facts), facts.target = 'required' AS required, facts.target = 'noted' AS noted FROM peer_form_facts)
    AS f USING (form_pattern)
LEFT JOIN (SELECT DISTINCT case_pattern, unnest(facts) FROM peer_case_facts) AS c USING (case_pattern);

-- Cases: handed over within a day, assessed within fourteen ----------------------------------------------------------------------

CREATE TEMP TABLE peer_case_answers AS
WITH calendar AS (SELECT day, min(CASE WHEN isodow(day) < 6 AND day NOT IN (FROM peer_free_days) THEN day END)
            OVER (ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS working_day
        FROM (SELECT DATE '2025-01-01' + CAST(i AS INTEGER) AS day FROM range(1094) AS r(i))),
    handed AS (SELECT case_id, recipient, min("at") AS first_at FROM disclosures WHERE purpose = 'handover' GROUP BY ALL),
    asked AS (SELECT c.*, w.working_day AS due, c.reported_at + INTERVAL 24 HOUR AS limit_at, h.first_at,
            CASE WHEN c.home_at_report IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS home_party
        FROM peer_case_facts AS c LEFT JOIN handed AS h ON h.case_id = c.case_id AND h.recipient = c.home_at_report
        LEFT JOIN peer_parties AS m ON m.municipality = c.home_at_report AND CAST(c.reported_at AS DATE) BETWEEN m.first AND m.last
        LEFT JOIN calendar AS w ON w.day = CAST(c.reported_at AS DATE) + 14)
SELECT peer_answer(limit_at IS NOT NULL AND limit_at >= TIMESTAMP '2026-10-01' AND limit_at < TIMESTAMP '2026-11-01' AND reporter = 'police-roc'
            AND home_party AND home_at_report <> '0180',
        CASE WHEN home_at_report IS NOT NULL THEN first_at IS NULL OR first_at > limit_at END) AS P7,
    peer_answer(due IS NOT NULL AND decision IS DISTINCT FROM 'already_open' AND assessment_extended IS NOT TRUE AND due < DATE '2026-11-01'
            AND (due >= DATE '2026-10-01' OR decided_at IS NULL),
        decided_at IS NULL OR CAST(decided_at AS DATE) > due) AS P8
FROM asked;

-- Counts and verdicts ------------------------------------------------------------------------------------------------------------

CREATE TABLE peer_counts AS
SELECT "check", sum(n) FILTER (answer = 1) AS pass, sum(n) FILTER (answer = 3) AS violation, sum(n) FILTER (answer = 2) AS undetermined,
    sum(n) FILTER (answer = 0) AS not_applicable
FROM (FROM (UNPIVOT peer_answers ON * EXCLUDE (n) INTO NAME "check" VALUE answer)
    UNION ALL BY NAME FROM (UNPIVOT (SELECT 1 AS n, * FROM peer_case_answers) ON P7, P8 INTO NAME "check" VALUE answer))
GROUP BY "check";

CREATE TABLE peer_verdicts AS
SELECT CASE worst WHEN 3 THEN 'outside' WHEN 2 THEN 'undetermined' ELSE 'within' END AS verdict, sum(n) AS rows
FROM (SELECT n, greatest(T1, T2, T3, T4, T5, R1, R2, R3, R4, R6, R7, R8, F1, F2, F3, B1, B4, B5, B8, P1, P6) AS worst FROM peer_answers)
GROUP BY verdict;
