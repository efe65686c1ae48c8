-- The peer: what a person who knows DuckDB would write by hand to answer the whole catalogue once, for one month and one agreement.
--
-- It is run in a folder that holds the month as Parquet (accesses, assignments, cases, disclosures, residences, staff) and reads the
-- files themselves, each as far as it is needed. The terms of sample_data/exempelavtal.yaml, the law table and October 2026 stand in
-- it as literals, and what it takes for granted of the files it asserts at its end, or it fails. Into the folder that the variable
-- "out" names it writes findings.parquet and findings.csv, verdicts.parquet and accesses.parquet (the pile of each access), and it
-- leaves one table, peer_counts (check, pass, violation, undetermined, not_applicable).
--
-- It begins with peer_terms.sql. Nothing here was taken from auditor/: the expressions of the checks were written again from their descriptions.

-- A day of the month is its number, 1-31, in a field of 64, so that the days beside the month have one too. A user with a case and a day
-- is one number (place), with the day as its last six bits; place >> 6 is the user with the case. Times are compared as microseconds.
CREATE TEMP MACRO peer_day(microseconds) AS CAST((microseconds - 1790726400000000) // 86400000000 AS INTEGER);
CREATE TEMP MACRO peer_place(user_number, case_number, day) AS (CAST(user_number AS BIGINT) << 32) + (case_number << 6) + day;
CREATE TEMP MACRO peer_user(place) AS CAST(place >> 32 AS INTEGER);
CREATE TEMP MACRO peer_case(place) AS CAST((place >> 6) & 67108863 AS INTEGER);
CREATE TEMP MACRO peer_user_day(place) AS CAST((place >> 32) * 64 + (place & 63) AS INTEGER);
CREATE TEMP MACRO peer_case_day(place) AS CAST(place & 4294967295 AS INTEGER);

-- What the answers about a row follow from is one number: a bit for what holds or does not (false where nothing is known of it), two
-- bits for what may also be unknown
CREATE TEMP MACRO peer_bit(holds, place) AS CASE WHEN holds THEN CAST(1 AS BIGINT) << place ELSE 0 END;
CREATE TEMP MACRO peer_holds(code, place) AS (code >> place) & 1 = 1;
CREATE TEMP MACRO peer_pair(holds, place) AS CASE WHEN holds THEN 1 WHEN holds IS NULL THEN 2 ELSE 0 END * (CAST(1 AS BIGINT) << place);
CREATE TEMP MACRO peer_says(code, place) AS CASE (code >> place) & 3 WHEN 1 THEN true WHEN 0 THEN false END;

CREATE TEMP MACRO peer_municipal(code) AS length(code) = 4 AND code BETWEEN '0000' AND '9999';
CREATE TEMP MACRO peer_organised(code) AS code IN ('police-roc', 'region-stockholm') OR peer_municipal(code);

-- an action is its place in this list; 0 is none that can be read
CREATE TEMP MACRO peer_actions() AS ['read', 'sign', 'write', 'delete', 'search', 'emergency', 'print', 'export'];

-- Pieces of evidence; no code holds a quotation mark
CREATE TEMP MACRO peer_word(code) AS coalesce('"' || code || '"', 'null');
CREATE TEMP MACRO peer_value(anything) AS coalesce(CAST(anything AS VARCHAR), 'null');
CREATE TEMP MACRO peer_time(moment) AS coalesce(strftime(moment, '"%Y-%m-%d %H:%M:%S"'), 'null');
CREATE TEMP MACRO peer_codes(list) AS CASE WHEN len(list) > 0 THEN '["' || array_to_string(list, '","') || '"]' ELSE '[]' END;

-- The agreement ------------------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE peer_checks ("check" VARCHAR, kind VARCHAR, severity VARCHAR);
INSERT INTO peer_checks VALUES
    ('T1', 'scope', 'critical'), ('T2', 'scope', 'high'), ('T3', 'scope', 'high'), ('T4', 'scope', 'critical'), ('T5', 'scope', 'high'),
    ('T6', 'signal', 'low'), ('T7', 'signal', 'medium'), ('R1', 'scope', 'critical'), ('R2', 'scope', 'critical'), ('R3', 'scope', 'high'),
    ('R4', 'scope', 'high'), ('R5', 'conduct', 'high'), ('R6', 'scope', 'high'), ('R7', 'scope', 'high'), ('R8', 'scope', 'high'),
    ('F1', 'scope', 'high'), ('F2', 'scope', 'medium'), ('F3', 'scope', 'critical'), ('F4', 'conduct', 'medium'), ('F5', 'signal', 'high'),
    ('B1', 'scope', 'high'), ('B2', 'quality', 'medium'), ('B3', 'conduct', 'high'), ('B4', 'scope', 'high'), ('B5', 'scope', 'critical'),
    ('B6', 'conduct', 'medium'), ('B7', 'signal', 'medium'), ('B8', 'scope', 'critical'), ('P1', 'scope', 'high'), ('P2', 'conduct', 'high'),
    ('P3', 'signal', 'medium'), ('P4', 'signal', 'low'), ('P5', 'conduct', 'medium'), ('P6', 'scope', 'critical'), ('P7', 'signal', 'medium'),
    ('P8', 'conduct', 'medium'), ('P9', 'conduct', 'low'), ('A1', 'conduct', 'critical'), ('A2', 'conduct', 'high'),
    ('A3', 'conduct', 'critical'), ('A4', 'signal', 'high'), ('A5', 'signal', 'medium'), ('A6', 'conduct', 'critical'), ('A7', 'signal', 'high'),
    ('A8', 'conduct', 'critical'), ('A9', 'conduct', 'medium'), ('A10', 'signal', 'high'), ('A11', 'conduct', 'medium'),
    ('A12', 'signal', 'medium'), ('A13', 'quality', 'medium'), ('A14', 'signal', 'low'), ('A15', 'signal', 'medium'),
    ('L1', 'quality', 'high'), ('L2', 'quality', 'high'), ('L3', 'quality', 'medium'), ('L4', 'quality', 'low'), ('L5', 'quality', 'medium'),
    ('L6', 'quality', 'high'), ('L7', 'quality', 'medium');

CREATE TEMP TABLE peer_flows (flow VARCHAR, agreed BOOLEAN, target VARCHAR, senders VARCHAR[], recipients VARCHAR[], fields VARCHAR[],
    grounds VARCHAR[]);
INSERT INTO peer_flows VALUES
    ('report', true, 'noted', ['counterpart'], ['entry_point'],
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link'],
        ['SoL 14:1', 'SoL 19:1', 'OSL 10:28']),
    ('handover', true, 'required', ['entry_point'], ['home_municipality'],
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link'],
        ['OSL 26:9 p1', 'OSL 10:2', 'OSL 10:28', 'SoL 29:12', 'OSL 10:1', 'consent']),
    ('assessment', true, 'required', ['counterpart'], ['entry_point', 'home_municipality'],
        ['name', 'person_id', 'risk', 'gang_link', 'groupings'], ['SoL 14:1', 'SoL 19:1', 'SoL 20:6', 'OSL 10:28']),
    ('request', true, 'required', ['entry_point', 'home_municipality'], ['counterpart'],
        ['name', 'person_id', 'concern'], ['OSL 10:2', 'OSL 10:18a', 'OSL 10:15a', 'OSL 10:1', 'consent']),
    ('feedback', true, 'required', ['entry_point', 'home_municipality'], ['counterpart'],
        ['name', 'person_id', 'decision'], ['OSL 26:9a', 'SoL 19:6', 'SoL 14:1b']),
    ('prevention', true, 'required', ['entry_point', 'home_municipality'], ['counterpart'],
        ['name', 'person_id', 'risk', 'gang_link'], ['OSL 10:18a', 'OSL 10:15a']),
    ('other_channel', false, 'none', ['entry_point', 'home_municipality', 'counterpart'], ['entry_point', 'home_municipality', 'counterpart'],
        ['name', 'person_id', 'address', 'phone', 'school', 'guardians', 'concern', 'risk', 'gang_link', 'groupings', 'health',
            'decision', 'record'],
        ['OSL 10:20', 'OSL 10:21', 'OSL 10:22', 'OSL 10:23', 'SoL 15:7', 'SoL 29:12', '2025:170 4 §', 'OSL 10:28']);

-- What cannot be read, or is told twice ------------------------------------------------------------------------------------------

-- rows of the access log without a number or a time; a block of rows without any is not read
CREATE TEMP TABLE peer_keyless AS
SELECT file_row_number AS number FROM read_parquet('accesses.parquet', file_row_number = true) WHERE event_id IS NULL
UNION SELECT file_row_number FROM read_parquet('accesses.parquet', file_row_number = true) WHERE "at" IS NULL;

-- In a log that is written in the order of its numbers none is used twice; only where one falls behind must all be looked through.
CREATE TEMP TABLE peer_fallen AS
SELECT true FROM (SELECT event_id, lag(event_id, 1, '') OVER () AS before FROM 'accesses.parquet') WHERE coalesce(event_id <= before, true) LIMIT 1;

-- only there the order of the rows mattered
SET preserve_insertion_order = false;

CREATE TEMP TABLE peer_reused AS
SELECT *, row_number() OVER (PARTITION BY row(*COLUMNS(* EXCLUDE (file_row_number))) ORDER BY file_row_number) AS copy
FROM read_parquet('accesses.parquet', file_row_number = true)
WHERE "at" IS NOT NULL
    AND event_id IN (SELECT event_id FROM 'accesses.parquet' WHERE EXISTS (FROM peer_fallen) GROUP BY event_id HAVING count(*) > 1);

CREATE TEMP TABLE peer_passed_over AS
SELECT CAST(number AS UINTEGER) AS number FROM peer_keyless UNION ALL SELECT CAST(file_row_number AS UINTEGER) FROM peer_reused WHERE copy > 1;

CREATE TEMP VIEW peer_log AS
SELECT CAST(file_row_number AS UINTEGER) AS number, * EXCLUDE (file_row_number) FROM read_parquet('accesses.parquet', file_row_number = true)
WHERE CAST(file_row_number AS UINTEGER) NOT IN (FROM peer_passed_over);

-- cases with one key that say the same are one row; if they differ, the case may be there, and nothing is read from it
CREATE TEMP TABLE peer_torn_cases AS
SELECT number, case_id, count(DISTINCT content) OVER (PARTITION BY case_id) > 1 AS torn, min(number) OVER (PARTITION BY case_id) AS first
FROM (SELECT file_row_number AS number, case_id, row(*COLUMNS(* EXCLUDE (file_row_number))) AS content
    FROM read_parquet('cases.parquet', file_row_number = true)
    WHERE case_id IN (SELECT case_id FROM 'cases.parquet' GROUP BY case_id HAVING count(*) > 1));

-- likewise disclosures
CREATE TEMP TABLE peer_torn_disclosures AS
SELECT number, disclosure_id, count(DISTINCT content) OVER (PARTITION BY disclosure_id) > 1 AS torn,
    min(number) OVER (PARTITION BY disclosure_id) AS first
FROM (SELECT file_row_number AS number, disclosure_id, row(*COLUMNS(* EXCLUDE (file_row_number))) AS content
    FROM read_parquet('disclosures.parquet', file_row_number = true)
    WHERE disclosure_id IN (SELECT disclosure_id FROM 'disclosures.parquet' GROUP BY disclosure_id HAVING count(*) > 1));

-- Users --------------------------------------------------------------------------------------------------------------------------

-- Nobody is a user too. A12 can only find users who were seen at several workstations.
CREATE TEMP TABLE peer_users AS
SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS user_number, user_id, bool_or(several_desks) AS several_desks, sum(without_desk) AS without_desk
FROM (SELECT user_id, min(workstation) <> max(workstation) AS several_desks,
        count(*) FILTER ((workstation IS NULL OR user_id IS NULL) AND "at" >= TIMESTAMP '2026-10-01' AND "at" < TIMESTAMP '2026-11-01')
            AS without_desk
    FROM peer_log GROUP BY user_id
    UNION ALL BY NAME SELECT DISTINCT user_id, 0 AS without_desk FROM 'staff.parquet'
    UNION ALL BY NAME SELECT DISTINCT user_id, 0 AS without_desk FROM 'disclosures.parquet'
    UNION ALL BY NAME SELECT NULL AS user_id, 0 AS without_desk)
GROUP BY user_id;

-- organisations as bits in the order of their codes, for a user who acts for several
CREATE TEMP TABLE peer_organisations AS
SELECT organisation, CAST(1 AS BIGINT) << (row_number() OVER (ORDER BY organisation) - 1) AS bit
FROM (SELECT DISTINCT organisation FROM 'staff.parquet');

CREATE TEMP TABLE peer_staff AS
SELECT user_number, person_id, bit, organisation = '0180' AND unit = 'socialjouren' AS on_duty, coalesce(shared, false) AS shared,
    coalesce(protected_access, false) AS cleared,
    coalesce(lower(role) IN ('1:e socialsekreterare', 'arbetsledare', 'biträdande enhetschef', 'enhetschef', 'förste socialsekreterare',
        'gruppledare'), false) AS leads,
    valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
FROM 'staff.parquet' JOIN peer_users USING (user_id) JOIN peer_organisations USING (organisation) WHERE valid_from IS NOT NULL;

-- every user and day of the month, and the day beside it, so that what holds of the user that day is one look-up by one small number
CREATE TEMP TABLE peer_authorised AS
SELECT user_number * 64 + day AS user_day, coalesce(bits, 0) AS bits,
    peer_bit(bits IS NOT NULL, 8) | peer_bit(user_id = 'journalrobot', 9) | peer_bit(cleared, 10) | peer_bit(shared, 11) | peer_bit(anonymous, 12)
        | peer_bit(on_duty, 13) | peer_bit(leads, 22)
        -- an authorisation that cannot be read may be of this day
        | peer_bit(user_id IN (SELECT user_id FROM 'staff.parquet' WHERE valid_from IS NULL), 24)
        | peer_bit(user_id IS NULL, 25) | peer_bit(day = 0 OR day = 32, 26) AS code
FROM peer_users CROSS JOIN (SELECT CAST(i AS INTEGER) AS day FROM range(33) AS r(i))
LEFT JOIN (SELECT user_number, day, bit_or(bit) AS bits, bool_or(on_duty) AS on_duty, bool_or(cleared) AS cleared, bool_or(shared) AS shared,
        bool_or(person_id IS NULL) AS anonymous, bool_or(leads) AS leads
    FROM (SELECT *, unnest(range(greatest(date_diff('day', DATE '2026-09-30', valid_from), 1),
            least(date_diff('day', DATE '2026-09-30', valid_to), 31) + 1)) AS day
        FROM peer_staff WHERE valid_from < DATE '2026-11-01' AND valid_to >= DATE '2026-10-01')
    GROUP BY user_number, day) USING (user_number, day);

-- Cases --------------------------------------------------------------------------------------------------------------------------

-- no case is case number 0
CREATE TEMP TABLE peer_cases AS
SELECT 0 AS case_number, false AS known
UNION ALL BY NAME SELECT CAST(row_number() OVER () AS INTEGER) AS case_number, *
FROM (SELECT case_id, CASE WHEN t.torn THEN NULL ELSE true END AS known,
        CASE WHEN known AND regexp_full_match(person_id, '[0-9]{12}') THEN person_id END AS person_id,
        CASE WHEN known THEN related_person_ids END AS related, CASE WHEN known THEN try_cast(birth_date AS DATE) END AS birth_date,
        CASE WHEN known AND peer_municipal(home_municipality) THEN home_municipality END AS home,
        CASE WHEN known THEN registered_municipality END AS registered, CASE WHEN known THEN found_in END AS found_in,
        CASE WHEN known THEN list_contains(concern, 'gang_crime') END AS concerned, CASE WHEN known THEN reporter END AS reporter,
        CASE WHEN known THEN reported_at END AS reported_at, CASE WHEN known THEN decided_at END AS decided_at,
        CASE WHEN known THEN decision END AS decision, CASE WHEN known THEN assessment_extended END AS extended,
        CASE WHEN known THEN closed_at END AS closed_at,
        CASE WHEN known AND protection IN ('none', 'marked', 'protected_registration', 'assumed_identity') THEN protection END AS protection
    FROM read_parquet('cases.parquet', file_row_number = true) AS c LEFT JOIN peer_torn_cases AS t USING (case_id)
    WHERE t.number IS NULL OR (t.number = t.first AND c.file_row_number = t.first)
    UNION ALL BY NAME SELECT case_id, false AS known
    FROM (SELECT DISTINCT case_id FROM 'accesses.parquet' UNION SELECT DISTINCT case_id FROM 'disclosures.parquet')
    WHERE case_id NOT IN (SELECT case_id FROM 'cases.parquet'));

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
SELECT case_number * 64 + day AS case_day, r.municipality, coalesce(o.bit, 0) AS bit
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

-- a date of birth that only a valid number tells; the number's day may be a nearby one, so it is certain to the month
CREATE TEMP TABLE peer_births AS
SELECT case_number, try_cast(p || lpad(CAST(CASE WHEN day > 60 THEN day - 60 ELSE day END AS VARCHAR), 2, '0') AS DATE) AS birth_date
FROM (SELECT case_number, p[1:4] || '-' || p[5:6] || '-' AS p, day
    FROM (SELECT case_number, any_value(person_id) AS p, CAST(p[7:8] AS INTEGER) AS day,
            sum(CASE WHEN i % 2 = 1 THEN (2 * CAST(person_id[i:i] AS INTEGER)) // 10 + (2 * CAST(person_id[i:i] AS INTEGER)) % 10
                ELSE CAST(person_id[i:i] AS INTEGER) END) AS control
        FROM peer_cases, range(3, 13) AS r(i)
        WHERE birth_date IS NULL AND regexp_full_match(person_id, '(18|19|20)[0-9]{10}') GROUP BY case_number)
    WHERE control % 10 = 0);

-- All that a check asks of a case. For accesses the home at the report and a settled home are one set of bits with the entry point;
-- for disclosures what stands in the case alone is in facts, as the first bits of what their answers follow from.
CREATE TEMP TABLE peer_case_facts AS
SELECT c.*, coalesce(epoch_us(reported_at), 0) AS reported, coalesce(epoch_us(closed_at + INTERVAL 14 DAY), 9223372036854775807) AS closed_for_good,
    coalesce(e.bit, 0) | coalesce(p.bit, 0) | coalesce(s.bit, 0) AS homes,
    coalesce(first_user, -1) AS first_user, coalesce(last_user, -1) AS last_user,
    peer_bit(known, 0) | peer_bit(known IS NULL, 1) | peer_bit(protection <> 'none', 2) | peer_bit(protection IS NULL, 3)
        | peer_bit(person_id IS NULL, 4) | peer_bit(reported_at IS NULL, 5) | peer_bit(moving, 6)
        | peer_bit(home_at_report IS NULL OR (moving IS NOT TRUE AND home_this_month IS NULL), 7) AS code,
    peer_pair(known, 0) | peer_pair(NOT concerned, 2) | peer_pair(left(found_in, 2) <> '01', 4) | peer_pair(reporter <> 'police-roc', 6)
        | CASE protection WHEN 'none' THEN 1 << 8 WHEN 'marked' THEN 2 << 8 WHEN 'protected_registration' THEN 3 << 8
            WHEN 'assumed_identity' THEN 4 << 8 ELSE 0 END
        | peer_bit(case_number = 0, 11) AS facts,
    -- adult on or after the one day, a child before the other: the same day, or the ends of a month
    CASE WHEN guessed THEN last_day(born + INTERVAL 18 YEAR) + 1 ELSE CAST(born + INTERVAL 18 YEAR AS DATE) END AS adult_from,
    CAST(CASE WHEN guessed THEN date_trunc('month', born + INTERVAL 18 YEAR) ELSE born + INTERVAL 18 YEAR END AS DATE) AS child_until,
    CASE WHEN guessed THEN last_day(born + INTERVAL 21 YEAR) + 1 ELSE CAST(born + INTERVAL 21 YEAR AS DATE) END AS over_from,
    CAST(CASE WHEN guessed THEN date_trunc('month', born + INTERVAL 21 YEAR) ELSE born + INTERVAL 21 YEAR END AS DATE) AS under_until,
    -- from when on a decision, an enquiry, was there
    CASE WHEN known THEN CASE WHEN decision = 'already_open' THEN TIMESTAMP '0001-01-01' ELSE coalesce(decided_at, TIMESTAMP '9999-12-31') END END
        AS decided_from,
    CASE WHEN known THEN CASE WHEN decision = 'already_open' THEN TIMESTAMP '0001-01-01' WHEN decision = 'opened' AND decided_at IS NOT NULL
        THEN decided_at ELSE TIMESTAMP '9999-12-31' END END AS opened_from
FROM (SELECT c.* EXCLUDE (birth_date, home, related), h.moving, CASE WHEN h.case_number IS NULL THEN c.home ELSE h.home END AS home_this_month,
        CASE WHEN h.case_number IS NULL THEN c.home ELSE r.municipality END AS home_at_report,
        coalesce(c.birth_date, b.birth_date) AS born, known AND c.birth_date IS NULL AS guessed
    FROM peer_cases AS c LEFT JOIN peer_homes AS h USING (case_number) LEFT JOIN peer_births AS b USING (case_number)
    LEFT JOIN (SELECT case_number, municipality FROM peer_residences WHERE CAST(reported_at AS DATE) BETWEEN valid_from AND valid_to
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

-- Disclosures, and what one says of itself: a million of them are some ten thousand forms ------------------------------------------

-- of alike ones the first stands for all; those that differ, and those without key or time, are not answered
CREATE TEMP TABLE peer_disclosures AS
SELECT CAST(file_row_number AS INTEGER) AS number, d.disclosure_id, epoch_us("at") AS moment, peer_day(moment) AS day,
    moment >= 1790812800000000 AND moment < 1793491200000000 AS asked, u.user_number, c.case_number, requested_at,
    hash(purpose, sender, sender_unit, recipient, recipient_unit, fields, grounds, channel, motivation IS NULL) AS form
FROM read_parquet('disclosures.parquet', file_row_number = true) AS d
JOIN peer_users AS u ON u.user_id IS NOT DISTINCT FROM d.user_id
JOIN peer_cases AS c ON c.case_id IS NOT DISTINCT FROM d.case_id
WHERE d.disclosure_id IS NOT NULL AND "at" IS NOT NULL
    AND file_row_number NOT IN (SELECT number FROM peer_torn_disclosures WHERE torn OR number <> first);

CREATE TEMP TABLE peer_forms AS
SELECT form, purpose, CASE WHEN peer_organised(sender) THEN sender END AS sender, sender_unit,
    CASE WHEN peer_organised(recipient) THEN recipient END AS recipient, recipient_unit,
    nullif(list_sort(list_distinct(fields)), []) AS fields, nullif(list_sort(list_distinct(grounds)), []) AS grounds, channel,
    motivation IS NULL AS unmotivated
FROM read_parquet('disclosures.parquet', file_row_number = true)
JOIN (SELECT form, min(number) AS number FROM peer_disclosures GROUP BY form) AS f ON f.number = file_row_number;

CREATE TEMP TABLE peer_field_sets AS
SELECT fields, flow, outside_flow <> '[]' AS outside, unknown > 0 AS strange, location <> '[]' AS located, identity <> '[]' AS identified,
    sensitive <> '[]' AS delicate, outside_flow, unknown, location, identity, sensitive
FROM (SELECT s.fields, w.flow,
        peer_codes(list(s.field ORDER BY s.field) FILTER (f.field IS NOT NULL AND NOT list_contains(w.fields, s.field))) AS outside_flow,
        count(*) FILTER (f.field IS NULL) AS unknown, peer_codes(list(s.field ORDER BY s.field) FILTER (f.location)) AS location,
        peer_codes(list(s.field ORDER BY s.field) FILTER (f.identity)) AS identity,
        peer_codes(list(s.field ORDER BY s.field) FILTER (f.sensitive)) AS sensitive
    FROM (SELECT fields, unnest(fields) AS field FROM (SELECT DISTINCT fields FROM peer_forms)) AS s
    CROSS JOIN (SELECT flow, fields FROM peer_flows UNION ALL SELECT NULL, NULL) AS w
    LEFT JOIN peer_fields AS f ON f.field = s.field
    GROUP BY ALL);

-- no provision begins or ends within this month
CREATE TEMP TABLE peer_ground_sets AS
SELECT grounds, flow, social, count(*) FILTER (known IS NULL) AS unknown,
    peer_codes(list(ground ORDER BY ground) FILTER (known IS NOT NULL)) AS understood,
    peer_codes(list(ground ORDER BY ground) FILTER (NOT in_force)) AS lapsed, peer_codes(list(ground ORDER BY ground) FILTER (review)) AS review,
    peer_codes(list(ground ORDER BY ground) FILTER (excluded)) AS excluded, peer_codes(list(ground ORDER BY ground) FILTER (usable)) AS usable,
    coalesce(bool_and(motivated) FILTER (usable), false) AS motivated, coalesce(bit_or(1 << condition) FILTER (usable), 0) AS conditions
FROM (SELECT s.grounds, s.ground, w.flow, k.social, g.ground AS known, g.review, g.motivated, g.condition,
        DATE '2026-10-01' BETWEEN g.first AND g.last AS in_force, k.social AND g.never_for IS NOT NULL AS excluded,
        in_force AND NOT excluded AND list_contains(w.grounds, s.ground) AS usable
    FROM (SELECT grounds, unnest(grounds) AS ground FROM (SELECT DISTINCT grounds FROM peer_forms)) AS s
    CROSS JOIN (SELECT flow, grounds FROM peer_flows UNION ALL SELECT NULL, NULL) AS w
    CROSS JOIN (VALUES (true), (false)) AS k(social)
    LEFT JOIN peer_law AS g ON g.ground = s.ground)
GROUP BY ALL;

-- What stands in a form alone: every part of a check that needs neither case, user nor time. Forms with the same facts are of one kind.
CREATE TEMP TABLE peer_form_facts AS
SELECT *, CAST(dense_rank() OVER (ORDER BY facts) AS INTEGER) AS form_kind,
    CASE WHEN repeatable THEN dense_rank() OVER (ORDER BY recipient, purpose, fields) END AS likeness
FROM (SELECT d.*, w.flow, w.senders, w.recipients, m.sure AS recipient_sure, o.bit AS sender_bit,
        f.outside_flow, f.unknown AS unknown_fields, f.location, f.identity, f.sensitive,
        g.unknown AS unknown_grounds, g.understood, g.lapsed, g.review, g.excluded, CASE WHEN w.flow IS NOT NULL THEN g.usable END AS usable,
        peer_municipal(d.sender) AS by_municipality, peer_municipal(d.recipient) AS to_municipality,
        w.flow IS NOT NULL AND d.grounds IS NOT NULL AND g.usable <> '[]' AS some_usable,
        d.fields IS NOT NULL AND d.recipient IS NOT NULL AND d.purpose IS NOT NULL AS repeatable,
        CASE WHEN d.recipient IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS to_party,
        struct_pack(
            target := w.target, agreed := w.agreed, from_police := list_contains(w.senders, 'counterpart'), feedback := w.flow = 'feedback',
            by_municipality := by_municipality, usable := some_usable, ground_unknown := g.unknown > 0, grounded := d.grounds IS NOT NULL,
            homeward := list_contains(w.recipients, 'home_municipality') AND to_municipality, repeatable := repeatable,
            by_entry := d.sender = '0180',
            r2 := d.recipient <> 'police-roc' AND d.recipient <> '0180' AND NOT to_party,
            r6 := CASE WHEN d.purpose IS NOT NULL THEN w.flow IS NULL END,
            r7 := CASE WHEN d.recipient = '0180' THEN coalesce(CAST(d.recipient_unit <> 'socialjouren' AS INTEGER), 2) END,
            r8 := CASE WHEN d.sender = '0180' THEN coalesce(CAST(d.sender_unit <> 'socialjouren' AS INTEGER), 2) END,
            f1 := CASE WHEN w.flow IS NOT NULL THEN f.outside END,
            f2 := f.strange,
            -- no flow of this agreement may show where a protected person is; without a flow nothing is known
            shows_place := CASE WHEN w.flow IS NOT NULL THEN f.located WHEN NOT f.located THEN false END,
            shows_person := CASE WHEN w.flow IS NOT NULL THEN f.located OR f.identified WHEN NOT (f.located OR f.identified) THEN false END,
            f4_applies := f.delicate, unmotivated := d.unmotivated,
            b2 := g.unknown > 0, b3 := g.lapsed <> '[]', b7 := g.review <> '[]',
            b4 := CASE WHEN d.grounds IS NULL THEN false WHEN w.flow IS NULL THEN NULL WHEN some_usable THEN false
                WHEN g.unknown = 0 THEN true END,
            b6 := some_usable AND g.motivated AND d.unmotivated,
            b8 := CASE WHEN d.grounds IS NULL OR g.excluded = '[]' THEN false WHEN w.flow IS NULL THEN NULL WHEN some_usable THEN false
                WHEN g.unknown = 0 THEN true END,
            p5 := d.channel NOT IN ('sdk', 'phone', 'in_person', 'secure_portal')) AS facts,
        CASE WHEN some_usable THEN g.conditions END AS conditions,
        -- without a flow nothing fits and nothing does not
        CASE WHEN w.flow IS NOT NULL THEN (list_contains(w.senders, 'counterpart') AND d.sender = 'police-roc')
            OR (list_contains(w.senders, 'entry_point') AND d.sender = '0180') END AS sender_fits,
        CASE WHEN w.flow IS NOT NULL THEN (list_contains(w.recipients, 'counterpart') AND d.recipient = 'police-roc')
            OR (list_contains(w.recipients, 'entry_point') AND d.recipient = '0180') END AS recipient_fits,
        -- whom a home can match; '' matches none
        CASE WHEN list_contains(w.senders, 'home_municipality') THEN d.sender WHEN w.flow IS NOT NULL THEN '' END AS home_sender,
        CASE WHEN list_contains(w.recipients, 'home_municipality') THEN d.recipient WHEN w.flow IS NOT NULL THEN '' END AS home_recipient
    FROM peer_forms AS d
    LEFT JOIN peer_flows AS w ON w.flow = d.purpose
    LEFT JOIN peer_members AS m ON m.municipality = d.recipient
    LEFT JOIN peer_organisations AS o ON o.organisation = d.sender
    LEFT JOIN peer_field_sets AS f ON f.fields = d.fields AND f.flow IS NOT DISTINCT FROM w.flow
    LEFT JOIN peer_ground_sets AS g ON g.grounds = d.grounds AND g.flow IS NOT DISTINCT FROM w.flow
        AND g.social = coalesce(peer_municipal(d.sender), false));

-- The access log, once -----------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE peer_judged AS
SELECT number, event_id, moment, a.place,
    case_code | s.code | (CAST(action AS BIGINT) << 28) | peer_bit(g.pair IS NOT NULL, 14)
    | peer_bit(moment BETWEEN reported AND reported + 259200000000, 15)
    | peer_bit(((homes | coalesce(h.bit, 0)) & s.bits) <> 0, 16) | peer_bit(h.municipality IS NOT NULL, 17) | peer_bit(moment < reported, 18)
    | peer_bit(moment > closed_for_good, 19) | peer_bit(o.place IS NOT NULL, 20)
    | peer_bit(first_user >= 0 AND (first_user <> a.user_number OR last_user <> a.user_number), 21) | peer_bit(reason IS NULL, 23) AS code
FROM (SELECT *, peer_place(user_number, case_number, day) AS place
    FROM (SELECT a.number, event_id, moment, reason, user_number, case_number, reported, closed_for_good, homes, first_user, last_user,
            c.code AS case_code, action, peer_day(moment) AS day
        FROM (SELECT number, event_id, epoch_us("at") AS moment, user_id, case_id, reason,
                coalesce(list_position(peer_actions(), action), 0) AS action
            FROM peer_log
            WHERE "at" >= TIMESTAMP '2026-09-30' AND "at" < TIMESTAMP '2026-11-02') AS a
        JOIN peer_users AS u ON u.user_id IS NOT DISTINCT FROM a.user_id
        JOIN peer_case_facts AS c ON c.case_id IS NOT DISTINCT FROM a.case_id)) AS a
JOIN peer_authorised AS s ON s.user_day = a.user_number * 64 + a.day
LEFT JOIN peer_home_days AS h ON h.case_day = CASE WHEN peer_holds(a.case_code, 6) THEN a.case_number * 64 + a.day END
LEFT JOIN peer_assigned AS g ON g.pair = a.place >> 6 AND a.moment BETWEEN g.first AND g.last
LEFT JOIN peer_own_days AS o ON o.place = CASE WHEN a.first_user >= 0 THEN a.place END;

CREATE TEMP MACRO peer_action(code) AS code >> 28;
CREATE TEMP MACRO peer_known(code) AS CASE WHEN NOT peer_holds(code, 1) THEN peer_holds(code, 0) END;

-- The answers that follow from the code alone. An explanation is looked for in this order: 1 assignment, 2 duty_window, (3 disclosure),
-- 4 service_account, 5 supervising_role; 6 none.
CREATE TEMP TABLE peer_codes_judged AS
SELECT *, list_filter([CASE WHEN A1 = 3 THEN 'A1' END, CASE WHEN A2 = 3 THEN 'A2' END, CASE WHEN A3 = 3 THEN 'A3' END,
        CASE WHEN A4 = 3 THEN 'A4' END, CASE WHEN A5 = 3 THEN 'A5' END, CASE WHEN A6 = 3 THEN 'A6' END, CASE WHEN A7 = 3 THEN 'A7' END,
        CASE WHEN A8 = 3 THEN 'A8' END, CASE WHEN A9 = 3 THEN 'A9' END, CASE WHEN A11 = 3 THEN 'A11' END, CASE WHEN A13 = 3 THEN 'A13' END],
        lambda x: x IS NOT NULL) AS violated,
    greatest(A1, A3, A4, A5, A6, A7, A8, A9, A11, A13) = 3 AS flagged
FROM (SELECT n, code, peer_answer(NOT service, NOT authorised) AS A1,
        peer_answer(known AND authorised, NOT assigned AND NOT (on_duty AND CASE WHEN NOT undated THEN urgent END)) AS A2,
        peer_answer(known AND authorised, NOT at_home) AS A3,
        peer_answer(known, CASE WHEN NOT undated THEN early END) AS A4, peer_answer(known, late) AS A5,
        peer_answer(known AND authorised, own) AS A6, peer_answer(known AND NOT coalesce(known AND authorised AND own, false), colleague) AS A7,
        peer_answer(protected AND authorised, NOT cleared) AS A8, peer_answer(asked, reasonless) AS A9,
        peer_answer(authorised, shared) AS A11, peer_answer(true, NOT known) AS A13,
        CASE WHEN assigned THEN 1 WHEN on_duty AND urgent THEN 2 WHEN service THEN 4
            WHEN leads AND at_home AND peer_action(code) IN (1, 2) THEN 5 ELSE 6 END AS explanation
    FROM (SELECT code, n, peer_known(code) AS known, CASE WHEN NOT peer_holds(code, 3) THEN peer_holds(code, 2) END AS protected,
            peer_holds(code, 5) AS undated, peer_holds(code, 15) AS urgent, peer_holds(code, 18) AS early, peer_holds(code, 19) AS late,
            peer_holds(code, 23) AS reasonless, CASE WHEN NOT peer_holds(code, 25) THEN peer_holds(code, 9) END AS service,
            CASE WHEN peer_holds(code, 25) AND peer_holds(code, 21) THEN NULL ELSE peer_holds(code, 21) END AS colleague,
            peer_holds(code, 14) AS assigned,
            CASE WHEN peer_action(code) > 0 THEN peer_action(code) >= 6 END AS asked,
            -- nothing is known of one who may be authorised by a row that cannot be read
            CASE WHEN peer_holds(code, 8) THEN true WHEN peer_holds(code, 24) THEN NULL ELSE false END AS authorised,
            CASE WHEN peer_holds(code, 8) THEN peer_holds(code, 13) END AS on_duty,
            CASE WHEN peer_holds(code, 8) THEN peer_holds(code, 10) END AS cleared,
            CASE WHEN peer_holds(code, 8) THEN peer_holds(code, 11) END AS shared,
            CASE WHEN peer_holds(code, 8) THEN peer_holds(code, 22) END AS leads,
            CASE WHEN NOT peer_holds(code, 8) THEN NULL WHEN peer_holds(code, 16) THEN true
                WHEN NOT (peer_holds(code, 7) OR (peer_holds(code, 6) AND NOT peer_holds(code, 17))) THEN false END AS at_home,
            CASE WHEN NOT peer_holds(code, 8) THEN NULL WHEN peer_holds(code, 20) THEN true
                WHEN NOT peer_holds(code, 4) AND NOT peer_holds(code, 12) THEN false END AS own
        FROM (SELECT code, count(*) AS n FROM peer_judged WHERE NOT peer_holds(code, 26) GROUP BY code)));

-- The log by hours: of these alone it is asked where it begins and ends and whether it fell silent
CREATE TEMP TABLE peer_hours AS
SELECT source, first_at >= TIMESTAMP '2026-10-01' AND first_at < TIMESTAMP '2026-11-01' AS inside, first_at, last_at, rows
FROM (SELECT source, min("at") AS first_at, max("at") AS last_at, count(*) AS rows FROM peer_log GROUP BY source, epoch_us("at") // 3600000000);

CREATE TEMP TABLE peer_span AS
SELECT epoch_us(least(min(first_at), TIMESTAMP '2026-10-01')) AS first, epoch_us(greatest(max(last_at), TIMESTAMP '2026-11-01')) AS last
FROM peer_hours;

-- first and last access of a user to a case on a day
CREATE TEMP TABLE peer_visits AS
SELECT place, min(moment) AS first_moment, max(moment) AS last_moment FROM peer_judged GROUP BY place;

-- Whether a disclosure by the same user of the same case is near, for exports and for what is not explained yet. 'Within a day' is: on
-- the same day, or on the day before and late enough, or on the day after and early enough.
CREATE TEMP TABLE peer_nearby AS
WITH span AS (SELECT least(min(moment), 1790812800000000) AS first, greatest(max(moment), 1793491200000000) AS last FROM peer_disclosures),
    wanted AS MATERIALIZED (SELECT number, code, moment, place, place - 1 AS day_before, place + 1 AS day_after
        FROM peer_judged
        WHERE code IN (SELECT code FROM peer_codes_judged WHERE peer_action(code) IN (0, 7, 8) OR (NOT flagged AND explanation > 2))),
    handed AS MATERIALIZED (SELECT place, min(moment) AS first_moment, max(moment) AS last_moment
        FROM (SELECT peer_place(user_number, case_number, day) AS place, moment FROM peer_disclosures WHERE day BETWEEN 0 AND 32)
        WHERE place >> 6 IN (SELECT place >> 6 FROM wanted) GROUP BY place)
SELECT number, code, CASE WHEN peer_holds(code, 25) OR peer_case(a.place) = 0 THEN NULL
    WHEN same.place IS NOT NULL OR before.last_moment >= moment - 86400000000 OR after.first_moment <= moment + 86400000000 THEN true
    WHEN moment - 86400000000 >= span.first AND moment + 86400000000 <= span.last THEN false END AS near
FROM wanted AS a CROSS JOIN span
LEFT JOIN handed AS same ON same.place = a.place
LEFT JOIN handed AS before ON before.place = day_before
LEFT JOIN handed AS after ON after.place = day_after;

-- A14. 'Within half an hour' is: in the same half-hour and not earlier, or in the next one and early enough.
CREATE TEMP TABLE peer_searched AS
SELECT number, code, moment, place, place >> 6 AS pair, moment // 1800000000 AS half_hour
FROM peer_judged WHERE peer_action(code) IN (0, 5) AND NOT peer_holds(code, 26);

CREATE TEMP TABLE peer_searched_places AS
SELECT place FROM peer_searched UNION SELECT place + 1 FROM peer_searched WHERE half_hour % 48 = 47;

CREATE TEMP TABLE peer_searches AS
WITH opened AS MATERIALIZED (SELECT place >> 6 AS pair, moment // 1800000000 AS half_hour, min(moment) AS first_moment, max(moment) AS last_moment
        FROM peer_judged WHERE peer_action(code) NOT IN (0, 5) AND place IN (FROM peer_searched_places) GROUP BY ALL)
SELECT number, code, CASE WHEN peer_holds(code, 25) THEN NULL
    WHEN same.last_moment >= moment OR next.first_moment <= moment + 1800000000 THEN false
    WHEN moment + 1800000000 <= (SELECT last FROM peer_span) THEN true END AS unopened
FROM peer_searched AS a
LEFT JOIN opened AS same ON same.pair = a.pair AND same.half_hour = a.half_hour
LEFT JOIN opened AS next ON next.pair = a.pair AND next.half_hour = a.half_hour + 1;

-- A12. Of accesses in order of time, the nearest at another desk are the last of the run before and the first of the run after.
CREATE TEMP TABLE peer_desks AS
SELECT number
FROM (SELECT number, "at", max(CASE WHEN next_desk <> desk THEN "at" END) OVER (PARTITION BY user_id ORDER BY "at", number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        min(CASE WHEN last_desk <> desk THEN "at" END) OVER (PARTITION BY user_id ORDER BY "at", number
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
    FROM (SELECT number, "at", user_id, workstation AS desk, lag(workstation) OVER line AS last_desk, lead(workstation) OVER line AS next_desk
        FROM peer_log
        WHERE workstation IS NOT NULL AND user_id IN (SELECT user_id FROM peer_users WHERE several_desks)
        WINDOW line AS (PARTITION BY user_id ORDER BY "at", number)))
WHERE ("at" - before <= INTERVAL 5 MINUTE OR after - "at" <= INTERVAL 5 MINUTE)
    AND "at" >= TIMESTAMP '2026-10-01' AND "at" < TIMESTAMP '2026-11-01';

-- A15
CREATE TEMP TABLE peer_user_days AS
WITH days AS MATERIALIZED (SELECT peer_user(place) AS user_number, CAST(place & 63 AS INTEGER) AS day,
            count(*) FILTER (peer_case(place) > 0) AS cases
        FROM peer_visits WHERE place & 63 BETWEEN 1 AND 31 AND place >> 32 <> (SELECT user_number FROM peer_users WHERE user_id IS NULL)
        GROUP BY ALL),
    usual AS (SELECT median(cases) AS middle FROM days),
    spread AS (SELECT greatest(median(abs(cases - middle)), 1) AS deviation FROM days, usual)
SELECT *, cases > middle + 6 * deviation AS outlying FROM days, usual, spread;

-- The log itself -----------------------------------------------------------------------------------------------------------------

-- L1
CREATE TEMP TABLE peer_used_twice AS SELECT event_id, count(*) AS rows FROM peer_reused WHERE copy = 1 GROUP BY event_id HAVING count(*) > 1;

-- L2. Sequence numbers as bits of words. A word with all its bits is a run; of the others each bit is one. Between two runs is a gap.
CREATE TEMP TABLE peer_words AS
SELECT source, CAST(sequence >> 5 AS INTEGER) AS number, bit_or(CAST(1 AS UBIGINT) << CAST(sequence & 31 AS UBIGINT)) AS word
FROM 'accesses.parquet' GROUP BY ALL;

CREATE TEMP TABLE peer_gaps AS
WITH runs AS (SELECT source, number * 32 AS first, number * 32 + 31 AS last FROM peer_words WHERE word = 4294967295
        UNION ALL SELECT source, number * 32 + i AS first, first AS last FROM peer_words, range(32) AS r(i)
            WHERE word <> 4294967295 AND (word >> CAST(i AS UBIGINT)) & 1 = 1)
SELECT source, last + 1 AS first, next - 1 AS last FROM (SELECT *, lead(first) OVER (PARTITION BY source ORDER BY first) AS next FROM runs)
WHERE next > last + 1;

-- L3. A silence of hours lies between the last access of an hour and the first of a later one.
CREATE TEMP TABLE peer_silences AS
SELECT source, since, until
FROM (SELECT source, lag(last_at, 1, TIMESTAMP '2026-10-01') OVER (PARTITION BY source ORDER BY first_at) AS since, first_at AS until
    FROM peer_hours WHERE inside
    UNION ALL SELECT source, max(last_at), TIMESTAMP '2026-11-01' FROM peer_hours WHERE inside GROUP BY source)
WHERE until - since > CASE WHEN source = 'kontorstid' THEN INTERVAL 80 HOUR ELSE INTERVAL 12 HOUR END;

-- L4
CREATE TEMP TABLE peer_outside AS
SELECT 'accesses' AS name, sum(rows) AS rows, min(first_at) AS first, max(last_at) AS last FROM peer_hours WHERE NOT inside HAVING count(*) > 0
UNION ALL SELECT 'disclosures', count(*), make_timestamp(min(moment)), make_timestamp(max(moment)) FROM peer_disclosures WHERE NOT asked
HAVING count(*) > 0;

-- L5, as A10 the other way round; what has an access on its own day needs no second look
CREATE TEMP TABLE peer_traces AS
WITH placed AS (SELECT number, moment, user_number, case_number, peer_place(user_number, case_number, day) AS place
        FROM peer_disclosures JOIN (SELECT form FROM peer_form_facts WHERE (sender = '0180') IS NOT FALSE) USING (form) WHERE asked),
    left_over AS MATERIALIZED (SELECT *, place - 1 AS day_before, place + 1 AS day_after FROM placed
        WHERE case_number = 0 OR user_number = (SELECT user_number FROM peer_users WHERE user_id IS NULL)
            OR NOT EXISTS (FROM peer_visits AS v WHERE v.place = placed.place))
SELECT a.number, CASE WHEN case_number = 0 OR user_number = (SELECT user_number FROM peer_users WHERE user_id IS NULL) THEN NULL
    WHEN before.last_moment >= moment - 86400000000 OR after.first_moment <= moment + 86400000000 THEN false
    WHEN moment - 86400000000 >= span.first AND moment + 86400000000 <= span.last THEN true END AS untraced
FROM left_over AS a CROSS JOIN peer_span AS span
LEFT JOIN peer_visits AS before ON before.place = a.day_before
LEFT JOIN peer_visits AS after ON after.place = a.day_after;

-- L6
CREATE TEMP TABLE peer_quarantined AS
SELECT file, reason, count(*) AS rows, list(line ORDER BY line)[:10] AS lines
FROM (SELECT 'accesses.parquet' AS file, 'key_missing' AS reason, number + 1 AS line FROM peer_keyless
    UNION ALL SELECT 'disclosures.parquet', 'key_missing', file_row_number + 1 FROM read_parquet('disclosures.parquet', file_row_number = true)
        WHERE disclosure_id IS NULL OR "at" IS NULL
    UNION ALL SELECT 'staff.parquet', 'key_missing', file_row_number + 1 FROM read_parquet('staff.parquet', file_row_number = true)
        WHERE valid_from IS NULL
    UNION ALL SELECT 'residences.parquet', 'key_missing', file_row_number + 1 FROM read_parquet('residences.parquet', file_row_number = true)
        WHERE case_id IS NULL OR valid_from IS NULL
    UNION ALL SELECT 'cases.parquet', 'conflicting_rows', number + 1 FROM peer_torn_cases WHERE torn
    UNION ALL SELECT 'disclosures.parquet', 'conflicting_rows', number + 1 FROM peer_torn_disclosures WHERE torn)
GROUP BY file, reason;

-- L7
CREATE TEMP TABLE peer_unreadable AS
SELECT file, wrong AS "column", count(*) AS cells, list(line ORDER BY line)[:10] AS lines
FROM (SELECT 'accesses.parquet' AS file, 'action' AS wrong, number + 1 AS line FROM peer_log
        WHERE action IS NOT NULL AND coalesce(list_position(peer_actions(), action), 0) = 0
    UNION ALL SELECT 'disclosures.parquet', unnest([CASE WHEN NOT peer_organised(sender) THEN 'sender' END,
            CASE WHEN NOT peer_organised(recipient) THEN 'recipient' END]), file_row_number + 1
        FROM read_parquet('disclosures.parquet', file_row_number = true) WHERE NOT peer_organised(sender) OR NOT peer_organised(recipient)
    UNION ALL SELECT 'cases.parquet', unnest([CASE WHEN NOT regexp_full_match(person_id, '[0-9]{12}') THEN 'person_id' END,
            CASE WHEN birth_date IS NOT NULL AND try_cast(birth_date AS DATE) IS NULL THEN 'birth_date' END,
            CASE WHEN NOT peer_municipal(home_municipality) THEN 'home_municipality' END,
            CASE WHEN protection NOT IN ('none', 'marked', 'protected_registration', 'assumed_identity') THEN 'protection' END]), file_row_number + 1
        FROM read_parquet('cases.parquet', file_row_number = true))
WHERE wrong IS NOT NULL GROUP BY ALL;

-- Disclosures, once --------------------------------------------------------------------------------------------------------------

-- P4. Few disclosures have a twin within a day: two that have stand on the same or on neighbouring days, so one hash for a disclosure's
-- own day and one for the next lets in few others.
CREATE TEMP TABLE peer_repeated AS
WITH placed AS (SELECT number, hash(case_number, likeness, day) AS here, hash(case_number, likeness, day + 1) AS next
        FROM peer_disclosures JOIN peer_form_facts USING (form) WHERE case_number > 0 AND likeness IS NOT NULL),
    near AS MATERIALIZED (SELECT place FROM (SELECT here AS place FROM placed UNION ALL SELECT next FROM placed)
        GROUP BY place HAVING count(*) > 1),
    candidates AS (SELECT number FROM placed WHERE here IN (FROM near) OR next IN (FROM near))
SELECT number, before
FROM (SELECT number, moment, lag(moment) OVER (PARTITION BY case_number, likeness ORDER BY moment, disclosure_id) AS before
    FROM peer_disclosures JOIN peer_form_facts USING (form) WHERE number IN (FROM candidates))
WHERE moment - before <= 86400000000;

CREATE TEMP TABLE peer_disclosed AS
SELECT number, form_kind, facts
    -- the agreement was in force but for the 10th; of the 11th there is only an unconfirmed word
    | CASE day WHEN 10 THEN 0 WHEN 11 THEN 2 << 12 ELSE 1 << 12 END
    | peer_pair(adult, 14) | peer_pair(NOT home_party, 16) | peer_pair(home <> registered, 18)
    | peer_pair(NOT (recipient_fits OR home_recipient = home OR home_recipient = home_at_report), 20)
    | peer_pair(NOT (sender_fits OR home_sender = home OR home_sender = home_at_report), 22)
    | peer_pair(CASE WHEN nobody OR sender IS NULL THEN NULL WHEN (bits & sender_bit) <> 0 THEN false WHEN NOT doubtful THEN true END, 24)
    | peer_pair(moment < epoch_us(reported_at), 26) | peer_bit(moment > closed_for_good, 28) | peer_bit(repeated, 29)
    | peer_bit(later >= TIMESTAMP '2026-01-15', 30) | peer_bit(moment > epoch_us(later + INTERVAL 168 HOUR), 31) | peer_pair(untraced, 32)
    -- some usable ground holds, by the conditions that stand among them
    | peer_pair(CASE WHEN conditions IS NOT NULL THEN (conditions & 1) > 0 OR ((conditions & 2) > 0 AND moment >= epoch_us(decided_from))
        OR ((conditions & 4) > 0 AND NOT adult) OR ((conditions & 8) > 0 AND NOT adult AND moment >= epoch_us(opened_from))
        OR ((conditions & 16) > 0 AND NOT over) END, 34) AS code
FROM (SELECT d.*, c.* EXCLUDE (case_number), f.form_kind, f.sender, f.sender_bit, f.recipient_fits, f.sender_fits, f.home_recipient,
        f.home_sender, f.conditions,
        s.bits, peer_holds(s.code, 25) AS nobody, peer_holds(s.code, 24) AS doubtful, p.number IS NOT NULL AS repeated,
        CASE WHEN t.number IS NULL THEN false ELSE untraced END AS untraced,
        CASE WHEN moving THEN h.municipality ELSE home_this_month END AS home,
        CASE WHEN home IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS home_party,
        CASE WHEN requested_at IS NOT NULL AND decided_at IS NOT NULL THEN greatest(requested_at, decided_at) END AS later,
        CASE WHEN DATE '2026-09-30' + d.day >= adult_from THEN true WHEN DATE '2026-09-30' + d.day < child_until THEN false END AS adult,
        CASE WHEN DATE '2026-09-30' + d.day >= over_from THEN true WHEN DATE '2026-09-30' + d.day < under_until THEN false END AS over
    FROM (FROM peer_disclosures WHERE asked) AS d
    JOIN peer_form_facts AS f ON f.form = d.form
    JOIN peer_case_facts AS c ON c.case_number = d.case_number
    JOIN peer_authorised AS s ON s.user_day = d.user_number * 64 + d.day
    LEFT JOIN peer_home_days AS h ON h.case_day = d.case_number * 64 + d.day
    LEFT JOIN peer_members AS m ON m.municipality = CASE WHEN moving THEN h.municipality ELSE home_this_month END
    LEFT JOIN peer_repeated AS p ON p.number = d.number
    LEFT JOIN peer_traces AS t ON t.number = d.number);

CREATE TEMP TABLE peer_disclosure_answers AS
SELECT form_kind, code, n,
    peer_answer(required, t1) AS T1, peer_answer(required, t2) AS T2, peer_answer(required, t3) AS T3, peer_answer(required, t4) AS T4,
    peer_answer(required, t5) AS T5, peer_answer(true, peer_says(code, 18)) AS T6, peer_answer(noted, t1 OR t2 OR t3 OR t4 OR t5) AS T7,
    peer_answer(f.homeward, recipient_fails) AS R1, peer_answer(f.agreed, f.r2) AS R2, peer_answer(true, peer_says(code, 22)) AS R3,
    peer_answer(NOT f.homeward, recipient_fails) AS R4, peer_answer(f.by_municipality, peer_says(code, 24)) AS R5, peer_answer(true, f.r6) AS R6,
    coalesce([1, 3, 2][f.r7 + 1], 0) AS R7, coalesce([1, 3, 2][f.r8 + 1], 0) AS R8,
    peer_answer(true, f.f1) AS F1, peer_answer(true, f.f2) AS F2,
    CASE protection WHEN 3 THEN peer_answer(true, f.shows_place) WHEN 4 THEN peer_answer(true, f.shows_person)
        WHEN 0 THEN CASE WHEN NOT f.shows_person THEN 1 ELSE 2 END ELSE 0 END AS F3,
    peer_answer(f.f4_applies, f.unmotivated) AS F4,
    CASE protection WHEN 2 THEN peer_answer(true, f.shows_place) WHEN 0 THEN CASE WHEN NOT f.shows_place THEN 1 ELSE 2 END ELSE 0 END AS F5,
    peer_answer(true, NOT f.grounded) AS B1, peer_answer(f.grounded, f.b2) AS B2, peer_answer(f.grounded, f.b3) AS B3,
    peer_answer(f.grounded, f.b4) AS B4, peer_answer(f.usable, NOT peer_says(code, 34) AND CASE WHEN NOT f.ground_unknown THEN true END) AS B5,
    peer_answer(f.usable, f.b6) AS B6, peer_answer(f.grounded, f.b7) AS B7, peer_answer(f.grounded, f.b8) AS B8,
    peer_answer(true, NOT known) AS P1, peer_answer(known AND NOT f.from_police, peer_says(code, 26)) AS P2,
    peer_answer(known, peer_holds(code, 28)) AS P3, peer_answer(f.repeatable AND NOT peer_holds(code, 11), peer_holds(code, 29)) AS P4,
    peer_answer(true, f.p5) AS P5, peer_answer(f.agreed, NOT peer_says(code, 12)) AS P6,
    peer_answer(f.feedback AND peer_holds(code, 30), CASE WHEN f.feedback THEN peer_holds(code, 31) END) AS P9,
    peer_answer(f.by_entry, peer_says(code, 32)) AS L5
FROM (SELECT *, peer_says(code, 0) AS known, peer_says(code, 2) AS t2, peer_says(code, 4) AS t3, peer_says(code, 6) AS t5,
        (code >> 8) & 7 AS protection, peer_says(code, 14) AS t1, peer_says(code, 16) AS t4, peer_says(code, 20) AS recipient_fails
    FROM (SELECT form_kind, code, count(*) AS n FROM peer_disclosed GROUP BY ALL))
JOIN (SELECT DISTINCT form_kind, unnest(facts), facts.target = 'required' AS required, facts.target = 'noted' AS noted FROM peer_form_facts)
    AS f USING (form_kind);

-- Cases: handed over within a day, assessed within fourteen ----------------------------------------------------------------------

CREATE TEMP TABLE peer_case_answers AS
WITH calendar AS (SELECT day, min(CASE WHEN isodow(day) < 6 AND day NOT IN (FROM peer_free_days) THEN day END)
            OVER (ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS working_day
        FROM (SELECT DATE '2025-01-01' + CAST(i AS INTEGER) AS day FROM range(1094) AS r(i))),
    handed AS (SELECT case_number, recipient, min(moment) AS first_moment
        FROM peer_disclosures JOIN (SELECT form, recipient FROM peer_forms WHERE purpose = 'handover') USING (form) GROUP BY ALL),
    asked AS (SELECT c.*, w.working_day AS due, reported_at + INTERVAL 24 HOUR AS limit_at, h.first_moment,
            CASE WHEN home_at_report IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS home_party
        FROM peer_case_facts AS c LEFT JOIN handed AS h ON h.case_number = c.case_number AND h.recipient = c.home_at_report
        LEFT JOIN peer_parties AS m ON m.municipality = c.home_at_report AND CAST(c.reported_at AS DATE) BETWEEN m.first AND m.last
        LEFT JOIN calendar AS w ON w.day = CAST(c.reported_at AS DATE) + 14
        WHERE known)
SELECT case_number, limit_at, due, home_party,
    peer_answer(limit_at IS NOT NULL AND limit_at >= TIMESTAMP '2026-10-01' AND limit_at < TIMESTAMP '2026-11-01' AND reporter = 'police-roc'
            AND home_party AND home_at_report <> '0180',
        CASE WHEN home_at_report IS NOT NULL THEN coalesce(first_moment > epoch_us(limit_at), true) END) AS P7,
    peer_answer(due IS NOT NULL AND decision IS DISTINCT FROM 'already_open' AND extended IS NOT TRUE AND due < DATE '2026-11-01'
            AND (due >= DATE '2026-10-01' OR decided_at IS NULL),
        decided_at IS NULL OR CAST(decided_at AS DATE) > due) AS P8
FROM asked;

-- Counts -------------------------------------------------------------------------------------------------------------------------

CREATE TABLE peer_counts AS
WITH asked AS (SELECT sum(n) AS n FROM peer_codes_judged)
SELECT "check", coalesce(sum(n) FILTER (answer = 1), 0) AS pass, coalesce(sum(n) FILTER (answer = 3), 0) AS violation,
    coalesce(sum(n) FILTER (answer = 2), 0) AS undetermined, coalesce(sum(n) FILTER (answer = 0), 0) AS not_applicable
FROM (FROM (UNPIVOT peer_disclosure_answers ON * EXCLUDE (n, form_kind, code) INTO NAME "check" VALUE answer)
    UNION ALL BY NAME FROM (UNPIVOT (SELECT 1 AS n, P7, P8 FROM peer_case_answers) ON P7, P8 INTO NAME "check" VALUE answer)
    UNION ALL BY NAME FROM (UNPIVOT (SELECT n, COLUMNS('^A') FROM peer_codes_judged) ON * EXCLUDE (n) INTO NAME "check" VALUE answer)
    UNION ALL BY NAME SELECT 'A10' AS "check",
        peer_answer(CASE WHEN peer_action(code) > 0 THEN peer_action(code) >= 7 END AND peer_known(code), NOT near) AS answer, count(*) AS n
        FROM peer_nearby WHERE peer_action(code) IN (0, 7, 8) GROUP BY ALL
    UNION ALL BY NAME SELECT 'A10' AS "check", 0 AS answer, sum(n) AS n FROM peer_codes_judged WHERE peer_action(code) NOT IN (0, 7, 8)
    UNION ALL BY NAME SELECT 'A12' AS "check", 3 AS answer, count(*) AS n FROM peer_desks
    UNION ALL BY NAME SELECT 'A12' AS "check", 0 AS answer, sum(without_desk) AS n FROM peer_users
    UNION ALL BY NAME SELECT 'A12' AS "check", 1 AS answer,
        n - (SELECT count(*) FROM peer_desks) - (SELECT sum(without_desk) FROM peer_users) AS n FROM asked
    UNION ALL BY NAME SELECT 'A14' AS "check",
        peer_answer(CASE WHEN peer_action(code) > 0 THEN peer_action(code) = 5 END AND peer_known(code), unopened) AS answer, count(*) AS n
        FROM peer_searches GROUP BY ALL
    UNION ALL BY NAME SELECT 'A14' AS "check", 0 AS answer, sum(n) AS n FROM peer_codes_judged WHERE peer_action(code) NOT IN (0, 5)
    UNION ALL BY NAME SELECT 'A15' AS "check", peer_answer(true, outlying) AS answer, count(*) AS n FROM peer_user_days GROUP BY ALL
    UNION ALL BY NAME SELECT 'L1' AS "check", 3 AS answer, count(*) AS n FROM peer_used_twice
    UNION ALL BY NAME SELECT 'L1' AS "check", 1 AS answer,
        (SELECT sum(rows) FROM peer_hours) - (SELECT coalesce(sum(rows), 0) FROM peer_used_twice) AS n
    UNION ALL BY NAME SELECT 'L2' AS "check", CASE WHEN gaps > 0 THEN 3 ELSE 1 END AS answer, greatest(gaps, 1) AS n
        FROM (SELECT count(g.first) AS gaps FROM (SELECT DISTINCT source FROM peer_hours) LEFT JOIN peer_gaps AS g USING (source) GROUP BY source)
    UNION ALL BY NAME SELECT 'L3' AS "check", CASE WHEN silences > 0 THEN 3 ELSE 1 END AS answer, greatest(silences, 1) AS n
        FROM (SELECT count(s.since) AS silences FROM (SELECT DISTINCT source FROM peer_hours) LEFT JOIN peer_silences AS s USING (source)
            GROUP BY source)
    UNION ALL BY NAME SELECT 'L4' AS "check", unnest([3, 1]) AS answer, unnest([count(*), 2 - count(*)]) AS n FROM peer_outside
    UNION ALL BY NAME SELECT 'L6' AS "check", unnest([3, 1]) AS answer, unnest([count(DISTINCT file), 6 - count(DISTINCT file)]) AS n
        FROM peer_quarantined
    UNION ALL BY NAME SELECT 'L7' AS "check", unnest([3, 1]) AS answer, unnest([count(DISTINCT file), 6 - count(DISTINCT file)]) AS n
        FROM peer_unreadable)
GROUP BY "check";

-- Verdicts and piles -------------------------------------------------------------------------------------------------------------

COPY (SELECT disclosure_id, verdict, undetermined_because
    FROM peer_disclosed AS d JOIN peer_disclosures USING (number)
    JOIN (SELECT form_kind, code, CASE worst WHEN 3 THEN 'outside' WHEN 2 THEN 'undetermined' ELSE 'within' END AS verdict,
            CASE WHEN worst = 2 THEN concat_ws(',', CASE WHEN T1 = 2 THEN 'T1' END, CASE WHEN T2 = 2 THEN 'T2' END, CASE WHEN T3 = 2 THEN 'T3' END,
                CASE WHEN T4 = 2 THEN 'T4' END, CASE WHEN T5 = 2 THEN 'T5' END, CASE WHEN R1 = 2 THEN 'R1' END, CASE WHEN R2 = 2 THEN 'R2' END,
                CASE WHEN R3 = 2 THEN 'R3' END, CASE WHEN R4 = 2 THEN 'R4' END, CASE WHEN R6 = 2 THEN 'R6' END, CASE WHEN R7 = 2 THEN 'R7' END,
                CASE WHEN R8 = 2 THEN 'R8' END, CASE WHEN F1 = 2 THEN 'F1' END, CASE WHEN F2 = 2 THEN 'F2' END, CASE WHEN F3 = 2 THEN 'F3' END,
                CASE WHEN B1 = 2 THEN 'B1' END, CASE WHEN B4 = 2 THEN 'B4' END, CASE WHEN B5 = 2 THEN 'B5' END, CASE WHEN B8 = 2 THEN 'B8' END,
                CASE WHEN P1 = 2 THEN 'P1' END, CASE WHEN P6 = 2 THEN 'P6' END) END AS undetermined_because
        FROM (SELECT *, greatest(T1, T2, T3, T4, T5, R1, R2, R3, R4, R6, R7, R8, F1, F2, F3, B1, B4, B5, B8, P1, P6) AS worst
            FROM peer_disclosure_answers)) USING (form_kind, code))
TO (getvariable('out') || '/verdicts.parquet') (FORMAT parquet);

-- what does not follow from the code: a disclosure near, and findings of A10, A12 and A14
CREATE TEMP TABLE peer_late AS
SELECT number, bool_or(near) AS near, list("check") FILTER ("check" IS NOT NULL) AS violated
FROM (SELECT number, near, CASE WHEN peer_action(code) >= 7 AND peer_known(code) AND NOT near THEN 'A10' END AS "check" FROM peer_nearby
    UNION ALL SELECT number, false, 'A12' FROM peer_desks
    UNION ALL SELECT number, false, 'A14' FROM peer_searches WHERE peer_action(code) = 5 AND peer_known(code) AND unopened)
WHERE near OR "check" IS NOT NULL GROUP BY number;

COPY (SELECT event_id, CASE WHEN flagged OR l.violated IS NOT NULL THEN 'flagged' WHEN explanation < 6 OR near THEN 'explained' ELSE 'unexplained' END
            AS pile,
        CASE WHEN NOT flagged AND l.violated IS NULL THEN CASE WHEN explanation = 1 THEN 'assignment' WHEN explanation = 2 THEN 'duty_window'
            WHEN near THEN 'disclosure' WHEN explanation = 4 THEN 'service_account' WHEN explanation = 5 THEN 'supervising_role' END END
            AS explanation
    FROM peer_judged JOIN peer_codes_judged USING (code) LEFT JOIN peer_late AS l USING (number))
TO (getvariable('out') || '/accesses.parquet') (FORMAT parquet);

-- Findings -----------------------------------------------------------------------------------------------------------------------

-- Of disclosures: the violations and what cannot be told, with the codes that the answer rests on and what was missing
CREATE TEMP VIEW peer_of_disclosures AS
SELECT "check", CASE WHEN answer = 3 THEN 'violation' ELSE 'undetermined' END AS answer, 'disclosure' AS entity_type, disclosure_id AS entity,
    case_id, "at", user_id, recipient AS organisation, sender AS controller,
    CASE "check"
        WHEN 'T1' THEN '{"age":' || age || ',"age_below":18}'
        WHEN 'T2' THEN '{' || concern || ',"target_concern":["gang_crime"]}'
        WHEN 'T3' THEN '{"found_in":' || found || ',"target_county":"01"}'
        WHEN 'T4' THEN '{"home_municipality":' || home_word || ',"home_is_party":' || home_party_word || '}'
        WHEN 'T5' THEN '{"reporter":' || peer_word(reporter) || ',"target_reporter":"police-roc"}'
        WHEN 'T6' THEN '{"home_municipality":' || home_word || ',"registered_municipality":' || peer_word(registered) || '}'
        WHEN 'T7' THEN '{"age":' || age || ',"age_below":18,' || concern || ',"target_concern":["gang_crime"],"found_in":' || found
            || ',"target_county":"01","home_municipality":' || home_word || ',"home_is_party":' || home_party_word
            || ',"reporter":' || peer_word(reporter) || ',"target_reporter":"police-roc"}'
        WHEN 'R2' THEN '{"recipient":' || peer_word(recipient) || ',"recipient_is_party":' || peer_value(to_party)
            || ',"counterpart":"police-roc","entry_point":"0180"}'
        WHEN 'R3' THEN '{"sender":' || peer_word(sender) || ',"flow_from":' || CASE WHEN flow IS NULL THEN 'null' ELSE peer_codes(senders) END
            || ',' || homes_word || '}'
        WHEN 'R5' THEN '{"sender":' || peer_word(sender) || '}'
        WHEN 'R6' THEN '{"purpose":' || peer_word(flow) || '}'
        WHEN 'R7' THEN '{"recipient":"0180","recipient_units":["socialjouren"]}'
        WHEN 'R8' THEN '{"sender":"0180","sender_units":["socialjouren"]}'
        WHEN 'F1' THEN '{"fields_outside_flow":' || peer_value(CASE WHEN flow IS NOT NULL THEN outside_flow END)
            || ',"purpose":' || peer_word(flow) || '}'
        WHEN 'F2' THEN '{"fields_unknown":' || peer_value(unknown_fields) || '}'
        WHEN 'F3' THEN '{"protection":' || peer_word(protection) || ',"fields_location":' || peer_value(location)
            || ',"fields_identity":' || peer_value(identity) || '}'
        WHEN 'F4' THEN '{"fields_sensitive":' || peer_value(sensitive) || '}'
        WHEN 'F5' THEN '{"protection":' || peer_word(protection) || ',"fields_location":' || peer_value(location) || '}'
        WHEN 'B3' THEN '{"grounds_not_in_force":' || lapsed || '}'
        WHEN 'B5' THEN '{"age":' || age || ',"decision":' || peer_word(decision) || ',"decided_at":' || peer_time(decided_at)
            || ',"grounds_usable":' || usable || '}'
        WHEN 'B6' THEN '{"grounds_usable":' || usable || ',"motivation":' || peer_value(NOT unmotivated) || '}'
        WHEN 'B7' THEN '{"grounds_review":' || review || '}'
        WHEN 'B8' THEN '{"grounds_excluded":' || excluded || '}'
        WHEN 'P2' THEN '{"reported_at":' || peer_time(reported_at) || '}'
        WHEN 'P3' THEN '{"closed_at":' || peer_time(closed_at) || '}'
        WHEN 'P4' THEN '{"earlier_same_at":' || peer_time(make_timestamp(before)) || '}'
        WHEN 'P5' THEN '{"approved_channels":["sdk","phone","in_person","secure_portal"]}'
        WHEN 'P6' THEN '{"agreement_in_force":' || CASE day WHEN 10 THEN 'false' WHEN 11 THEN 'null' ELSE 'true' END || '}'
        WHEN 'P9' THEN '{"requested_at":' || peer_time(requested_at) || ',"decided_at":' || peer_time(decided_at) || '}'
        WHEN 'L5' THEN '{"sender":' || peer_word(sender) || '}'
        WHEN 'B1' THEN '{}'
        WHEN 'P1' THEN '{}'
        ELSE CASE WHEN "check" IN ('R1', 'R4') THEN '{"recipient":' || peer_word(recipient) || ',' || homes_word || ',"flow_to":'
                || CASE WHEN flow IS NULL THEN 'null' ELSE peer_codes(recipients) END || '}'
            ELSE '{"grounds_known":' || understood || ',"grounds_unknown":' || unknown_grounds || '}' END END AS evidence,
    CASE WHEN answer = 2 THEN CASE "check"
        WHEN 'T1' THEN concat_ws(',', no_purpose, no_case_id, no_birth, no_case, no_flow, no_day)
        WHEN 'T2' THEN concat_ws(',', no_purpose, no_case_id, no_concern, no_case, no_flow)
        WHEN 'T3' THEN concat_ws(',', no_purpose, no_case_id, no_found, no_case, no_flow)
        WHEN 'T4' THEN concat_ws(',', no_purpose, no_case_id, no_home, no_case, no_flow, no_party)
        WHEN 'T5' THEN concat_ws(',', no_purpose, no_case_id, no_reporter, no_case, no_flow)
        WHEN 'T6' THEN concat_ws(',', no_case_id, no_home, no_registration, no_case)
        WHEN 'T7' THEN concat_ws(',', no_purpose, no_case_id, no_birth, no_concern, no_found, no_home, no_reporter, no_case, no_flow, no_day,
            no_party)
        WHEN 'R2' THEN concat_ws(',', no_recipient, no_purpose, no_flow,
            CASE WHEN to_party IS NULL AND recipient IS NOT NULL THEN 'party_unconfirmed' END)
        WHEN 'R3' THEN concat_ws(',', no_sender, no_purpose, no_case_id,
            CASE WHEN home IS NULL OR (list_contains(senders, 'home_municipality') AND home_at_report IS NULL) THEN 'home_municipality' END,
            no_report, no_case, no_flow)
        WHEN 'R5' THEN concat_ws(',', no_sender, no_user, CASE WHEN sender IS NOT NULL AND user_id IS NOT NULL THEN 'staff_unreadable' END)
        WHEN 'R6' THEN concat_ws(',', no_purpose, no_flow)
        WHEN 'R7' THEN 'recipient_unit'
        WHEN 'R8' THEN 'sender_unit'
        WHEN 'F1' THEN concat_ws(',', no_fields, no_purpose, no_flow)
        WHEN 'F2' THEN no_fields
        WHEN 'F4' THEN no_fields
        WHEN 'B5' THEN concat_ws(',', no_purpose, no_sender, no_case_id, no_birth, no_case, no_flow,
            CASE WHEN peer_says(code, 34) IS NULL AND guessed AND month(born) = 10 AND 2026 - year(born) IN (18, 21) THEN 'birth_month' END,
            no_ground)
        WHEN 'P1' THEN concat_ws(',', no_case_id, no_case)
        WHEN 'P2' THEN concat_ws(',', no_case_id, no_purpose, no_report, no_case, no_flow)
        WHEN 'P3' THEN concat_ws(',', no_case_id, no_case)
        WHEN 'P5' THEN 'channel'
        WHEN 'P6' THEN concat_ws(',', no_purpose, no_flow, CASE WHEN day = 11 THEN 'period_unconfirmed' END)
        WHEN 'P9' THEN concat_ws(',', no_purpose, CASE WHEN requested_at IS NULL THEN 'requested_at' END, no_case_id, no_case, no_flow)
        WHEN 'L5' THEN concat_ws(',', no_sender, no_user, no_case_id,
            CASE WHEN user_id IS NOT NULL AND case_id IS NOT NULL AND peer_says(code, 32) IS NULL THEN 'log_edge' END)
        ELSE CASE WHEN "check" IN ('R1', 'R4') THEN concat_ws(',', no_recipient, no_purpose, no_case_id,
                CASE WHEN home IS NULL OR (list_contains(recipients, 'home_municipality') AND home_at_report IS NULL) THEN 'home_municipality' END,
                no_report, no_case, no_flow)
            WHEN "check" IN ('F3', 'F5') THEN concat_ws(',', no_fields, no_purpose, no_case_id, no_protection, no_case, no_flow)
            WHEN "check" IN ('B4', 'B8') THEN concat_ws(',', no_purpose, no_sender, no_flow, no_ground) END END END AS missing
FROM (SELECT a."check", a.answer, a.code, d.disclosure_id, make_timestamp(d.moment) AS "at", d.day, d.requested_at, u.user_id, f.*,
        c.* EXCLUDE (code, facts), p.before, CASE WHEN moving THEN day_home ELSE home_this_month END AS home,
        CASE WHEN home IS NOT NULL AND m.municipality IS NULL THEN false WHEN m.sure THEN true END AS home_party,
        peer_value(CASE WHEN NOT guessed OR month(born) <> 10 THEN date_sub('year', born, DATE '2026-09-30' + d.day) END) AS age,
        CASE WHEN concerned THEN '"concern_matches":true,"concern_known":["gang_crime"]'
            WHEN NOT concerned THEN '"concern_matches":false,"concern_known":[]' ELSE '"concern_matches":null,"concern_known":null' END AS concern,
        peer_word(found_in) AS found, peer_word(home) AS home_word, peer_value(home_party) AS home_party_word,
        '"home_municipality":' || peer_word(home) || ',"home_municipality_at_report":' || peer_word(home_at_report) AS homes_word,
        CASE WHEN case_id IS NULL THEN 'case_id' END AS no_case_id,
        CASE WHEN known IS NOT TRUE AND case_id IS NOT NULL THEN 'case_unknown' END AS no_case,
        CASE WHEN purpose IS NULL THEN 'purpose' END AS no_purpose, CASE WHEN purpose IS NOT NULL AND flow IS NULL THEN 'flow_unknown' END AS no_flow,
        CASE WHEN born IS NULL THEN 'birth_date' END AS no_birth, CASE WHEN guessed AND born IS NOT NULL THEN 'birth_month' END AS no_day,
        CASE WHEN concerned IS NULL THEN 'concern' END AS no_concern, CASE WHEN found_in IS NULL THEN 'found_in' END AS no_found,
        CASE WHEN home IS NULL THEN 'home_municipality' END AS no_home, CASE WHEN reporter IS NULL THEN 'reporter' END AS no_reporter,
        CASE WHEN registered IS NULL THEN 'registered_municipality' END AS no_registration,
        CASE WHEN home_party IS NULL AND home IS NOT NULL THEN 'party_unconfirmed' END AS no_party,
        CASE WHEN recipient IS NULL THEN 'recipient' END AS no_recipient, CASE WHEN sender IS NULL THEN 'sender' END AS no_sender,
        CASE WHEN user_id IS NULL THEN 'user_id' END AS no_user, CASE WHEN reported_at IS NULL THEN 'reported_at' END AS no_report,
        CASE WHEN fields IS NULL THEN 'fields' END AS no_fields, CASE WHEN protection IS NULL THEN 'protection' END AS no_protection,
        CASE WHEN unknown_grounds > 0 THEN 'ground_unknown' END AS no_ground
    FROM (SELECT d.number, d.code, a."check", a.answer
        FROM (UNPIVOT peer_disclosure_answers ON * EXCLUDE (form_kind, code, n) INTO NAME "check" VALUE answer) AS a
        JOIN peer_disclosed AS d ON d.form_kind = a.form_kind AND d.code = a.code WHERE a.answer >= 2) AS a
    JOIN peer_disclosures AS d ON d.number = a.number
    JOIN peer_users AS u ON u.user_number = d.user_number
    JOIN peer_form_facts AS f ON f.form = d.form
    JOIN peer_case_facts AS c ON c.case_number = d.case_number
    LEFT JOIN (SELECT case_day, municipality AS day_home FROM peer_home_days) AS h ON h.case_day = d.case_number * 64 + d.day
    LEFT JOIN peer_members AS m ON m.municipality = CASE WHEN moving THEN day_home ELSE home_this_month END
    LEFT JOIN peer_repeated AS p ON p.number = d.number);

-- Of accesses: the violations
CREATE TEMP VIEW peer_of_accesses AS
SELECT "check", 'violation', 'access', event_id, case_id, make_timestamp(moment), user_id, o.organisation, o.organisation,
    '{"action":' || peer_word(peer_actions()[peer_action(a.code)]) || CASE "check"
        WHEN 'A2' THEN ',"on_duty":' || CASE WHEN peer_holds(a.code, 13) THEN 'true' ELSE 'false' END
            || ',"reported_at":' || peer_time(reported_at) || '}'
        WHEN 'A3' THEN ',"organisations":' || peer_codes(list_filter((SELECT list(organisation ORDER BY bit) FROM peer_organisations),
                lambda code, place: (s.bits >> (place - 1)) & 1 = 1))
            || ',"home_municipality":' || peer_word(CASE WHEN moving THEN h.municipality ELSE home_this_month END)
            || ',"home_municipality_at_report":' || peer_word(home_at_report) || '}'
        WHEN 'A4' THEN ',"reported_at":' || peer_time(reported_at) || '}'
        WHEN 'A5' THEN ',"closed_at":' || peer_time(closed_at) || '}'
        WHEN 'A8' THEN ',"protection":' || peer_word(protection) || '}'
        ELSE '}' END, NULL
FROM (SELECT event_id, moment, place, code, unnest(violated) AS "check" FROM peer_judged JOIN peer_codes_judged USING (code) WHERE len(violated) > 0
    UNION ALL SELECT event_id, moment, place, code, unnest(violated) FROM peer_judged JOIN peer_late USING (number) WHERE violated IS NOT NULL) AS a
JOIN peer_users AS u ON u.user_number = peer_user(a.place)
JOIN peer_case_facts AS c ON c.case_number = peer_case(a.place)
JOIN peer_authorised AS s ON s.user_day = peer_user_day(a.place)
LEFT JOIN peer_organisations AS o ON o.bit = s.bits & -s.bits
LEFT JOIN peer_home_days AS h ON h.case_day = peer_case_day(a.place);

-- Of cases and of users' days
CREATE TEMP VIEW peer_of_cases_and_days AS
SELECT 'P7', CASE WHEN P7 = 3 THEN 'violation' ELSE 'undetermined' END, 'case', case_id, case_id, limit_at, NULL, NULL, home_at_report,
    '{"reported_at":' || peer_time(reported_at) || ',"handover_flow":"handover","handover_due":' || peer_time(limit_at)
        || ',"home_municipality_at_report":' || peer_word(home_at_report) || '}',
    CASE WHEN P7 = 2 THEN concat_ws(',', CASE WHEN reporter IS NULL THEN 'reporter' END,
        CASE WHEN home_at_report IS NULL THEN 'home_municipality' END,
        CASE WHEN home_party IS NULL AND home_at_report IS NOT NULL THEN 'party_unconfirmed' END) END
FROM peer_case_answers JOIN peer_case_facts USING (case_number) WHERE P7 >= 2
UNION ALL
SELECT 'P8', 'violation', 'case', case_id, case_id, due, NULL, NULL, home_at_report,
    '{"reported_at":' || peer_time(reported_at) || ',"assessment_due":' || peer_word(CAST(due AS VARCHAR))
        || ',"decided_at":' || peer_time(decided_at) || ',"decision":' || peer_word(decision) || '}', NULL
FROM peer_case_answers JOIN peer_case_facts USING (case_number) WHERE P8 = 3
UNION ALL
SELECT 'A15', 'violation', 'user_day', user_id || '@' || CAST(DATE '2026-09-30' + a.day AS VARCHAR), NULL, DATE '2026-09-30' + a.day, user_id,
    organisation, organisation, '{"cases":' || cases || ',"median_cases":' || middle || ',"deviation":' || deviation || ',"volume_factor":6}', NULL
FROM peer_user_days AS a JOIN peer_users AS u ON u.user_number = a.user_number
JOIN peer_authorised AS s ON s.user_day = a.user_number * 64 + a.day LEFT JOIN peer_organisations AS o ON o.bit = s.bits & -s.bits
WHERE outlying;

-- Of the log itself
CREATE TEMP VIEW peer_of_the_log AS
SELECT 'L1' AS "check", event_id AS entity, NULL AS "at", '{"rows":' || rows || '}' AS evidence FROM peer_used_twice
UNION ALL SELECT 'L2', source || ':' || first || '-' || last, NULL,
    '{"source":' || peer_word(source) || ',"first_missing":' || first || ',"last_missing":' || last
        || ',"missing":' || last - first + 1 || '}' FROM peer_gaps
UNION ALL SELECT 'L3',
    source || strftime(since, ':%Y-%m-%dT%H:%M:%S') || strftime(until, '-%Y-%m-%dT%H:%M:%S'), since,
    '{"source":' || peer_word(source) || strftime(since, ',"silent_from":"%Y-%m-%dT%H:%M:%S"') || strftime(until, ',"silent_to":"%Y-%m-%dT%H:%M:%S"')
    || ',"hours":' || round(epoch(until - since) / 3600, 1) || '}' FROM peer_silences
UNION ALL SELECT 'L4', name, NULL,
    '{"rows":' || rows || strftime(first, ',"first":"%Y-%m-%d"') || strftime(last, ',"last":"%Y-%m-%d"}') FROM peer_outside
UNION ALL SELECT 'L6', file, NULL,
    '{"reason":' || peer_word(reason) || ',"rows":' || rows || ',"lines":[' || array_to_string(lines, ',') || ']}' FROM peer_quarantined
UNION ALL SELECT 'L7', file, NULL,
    '{"column":' || peer_word("column") || ',"cells":' || cells || ',"lines":[' || array_to_string(lines, ',') || ']}' FROM peer_unreadable;

COPY (SELECT f."check", kind, severity, f.* EXCLUDE ("check")
    FROM (FROM peer_of_disclosures UNION ALL FROM peer_of_accesses UNION ALL FROM peer_of_cases_and_days
        UNION ALL BY NAME SELECT 'violation' AS answer, 'log' AS entity_type, * FROM peer_of_the_log) AS f
    JOIN peer_checks AS k ON k."check" = f."check")
TO (getvariable('out') || '/findings.parquet') (FORMAT parquet);

COPY (FROM read_parquet(getvariable('out') || '/findings.parquet')) TO (getvariable('out') || '/findings.csv') (FORMAT csv, DELIMITER ';', HEADER);

-- What was taken for granted -----------------------------------------------------------------------------------------------------

SELECT CASE WHEN NOT holds THEN error('the files are not as the script takes for granted: ' || what) END
FROM (SELECT 'every access has a source and a sequence' AS what, (SELECT count(*) FROM peer_words WHERE source IS NULL OR number IS NULL) = 0 AS holds
    UNION ALL SELECT 'every access of the month is answered once', (SELECT sum(n) FROM peer_codes_judged)
        = (SELECT sum(rows) FROM peer_hours WHERE inside)
    UNION ALL SELECT 'every source wrote in the month', (SELECT count(DISTINCT source) FROM peer_hours WHERE inside)
        = (SELECT count(DISTINCT source) FROM peer_words)
    UNION ALL SELECT 'silences begin and end on a whole second', (SELECT count(*) FROM peer_silences
        WHERE epoch_us(since) % 1000000 + epoch_us(until) % 1000000 > 0) = 0
    UNION ALL SELECT 'cases have their keys and were reported in 2025 to 2027', (SELECT count(*) FROM 'cases.parquet'
        WHERE case_id IS NULL OR reported_at < TIMESTAMP '2025-01-01' OR reported_at >= TIMESTAMP '2027-11-01') = 0
    UNION ALL SELECT 'what a case says can be read, but for four columns', (SELECT count(*) FROM 'cases.parquet'
        WHERE NOT peer_municipal(registered_municipality) OR NOT (peer_municipal(found_in) OR found_in BETWEEN '00' AND '99')
            OR NOT peer_organised(reporter) OR decision NOT IN ('opened', 'not_opened', 'already_open') OR len(concern) = 0) = 0
    UNION ALL SELECT 'staff rows are complete but for a first day', (SELECT count(*) FROM 'staff.parquet'
        WHERE user_id IS NULL OR unit IS NULL OR (peer_organised(organisation)) IS NOT TRUE) = 0
    UNION ALL SELECT 'assignments are complete',
        (SELECT count(*) FROM 'assignments.parquet' WHERE user_id IS NULL OR case_id IS NULL OR valid_from IS NULL) = 0
    UNION ALL SELECT 'residences name municipalities', (SELECT count(*) FROM 'residences.parquet' WHERE NOT peer_municipal(municipality)) = 0
    UNION ALL SELECT 'no id holds a personal number', (SELECT count(*) FROM peer_users WHERE regexp_matches(user_id, '[0-9]{6}.?[0-9]{4}'))
        + (SELECT count(*) FROM peer_cases WHERE regexp_matches(case_id, '[0-9]{6}.?[0-9]{4}')) = 0);
