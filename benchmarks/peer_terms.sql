-- What both hand-written scripts (peer.sql, peer_month.sql) begin with: the parties, fields, law and free days of
-- sample_data/exempelavtal.yaml and the law table as literals, and what an answer is.
--
-- Nothing here was taken from auditor/.

-- The answers: 3 violation, 2 undetermined, 1 pass, 0 not applicable
CREATE TEMP MACRO peer_answer(applies, violates) AS
    CASE WHEN applies AND violates THEN 3 WHEN (applies AND violates) IS NULL THEN 2 WHEN NOT applies THEN 0 ELSE 1 END;

CREATE TEMP TABLE peer_parties (municipality VARCHAR, first DATE, last DATE, sure BOOLEAN);
INSERT INTO peer_parties VALUES
    ('0114', '2024-01-15', '9999-12-31', true), ('0115', '2024-03-07', '9999-12-31', true), ('0117', '2024-02-01', '9999-12-31', true),
    ('0120', '2023-12-14', '9999-12-31', true), ('0123', '2024-01-01', '9999-12-31', true), ('0125', '2024-03-01', '2025-06-30', true),
    ('0125', '2025-10-01', '9999-12-31', true), ('0126', '2023-12-01', '9999-12-31', true), ('0127', '2023-12-01', '9999-12-31', true),
    ('0128', '2024-02-15', '2026-06-30', true), ('0136', '2024-01-01', '9999-12-31', true), ('0138', '2024-01-01', '9999-12-31', true),
    ('0139', '2024-03-01', '9999-12-31', true), ('0140', '2024-04-01', '9999-12-31', false), ('0160', '2024-02-01', '9999-12-31', true),
    ('0162', '2024-02-01', '9999-12-31', true), ('0163', '2024-01-01', '9999-12-31', true), ('0180', '2023-10-16', '9999-12-31', true),
    ('0181', '2024-01-01', '9999-12-31', true), ('0182', '2024-02-20', '9999-12-31', true), ('0183', '2024-01-15', '9999-12-31', true),
    ('0184', '2024-01-15', '9999-12-31', true), ('0186', '2024-02-01', '9999-12-31', true), ('0187', '2024-03-01', '9999-12-31', true),
    ('0188', '2024-04-01', '9999-12-31', false), ('0191', '2027-01-01', '9999-12-31', true), ('0192', '2024-04-01', '9999-12-31', false);

-- no period of a party begins or ends within this month, so the month asks once for each municipality
CREATE TEMP TABLE peer_members AS
SELECT municipality, sure FROM peer_parties WHERE DATE '2026-10-01' BETWEEN first AND last;

CREATE TEMP TABLE peer_fields (field VARCHAR, location BOOLEAN, identity BOOLEAN, sensitive BOOLEAN);
INSERT INTO peer_fields VALUES
    ('name', false, true, false), ('person_id', false, true, false), ('address', true, false, false), ('phone', true, false, false),
    ('school', true, false, false), ('guardians', false, false, false), ('concern', false, false, false),
    ('risk', false, false, false), ('gang_link', false, false, true), ('groupings', false, false, true),
    ('health', false, false, true), ('decision', false, false, false), ('record', false, false, false);

CREATE TEMP TABLE peer_law (ground VARCHAR, first DATE, last DATE, condition UTINYINT, motivated BOOLEAN, review BOOLEAN, never_for VARCHAR);
-- condition: 0 none, 1 a decision, 2 not eighteen, 3 not eighteen and an enquiry, 4 not twenty-one
INSERT INTO peer_law VALUES
    ('SoL 14:1', '2002-01-01', '2025-06-30', 2, false, false, NULL), ('SoL 14:1b', '2013-01-01', '2025-06-30', 1, false, false, NULL),
    ('SoL 19:1', '2025-07-01', '9999-12-31', 2, false, false, NULL), ('SoL 19:6', '2025-07-01', '9999-12-31', 1, false, false, NULL),
    ('SoL 20:6', '2025-07-01', '9999-12-31', 3, false, false, NULL), ('SoL 29:12', '2025-07-01', '9999-12-31', 0, true, false, NULL),
    ('SoL 15:7', '2025-07-01', '9999-12-31', 0, true, false, NULL), ('OSL 26:9 p1', '2013-01-01', '9999-12-31', 2, false, false, NULL),
    ('OSL 26:9a', '2013-01-01', '9999-12-31', 1, false, false, NULL), ('OSL 10:1', '2009-06-30', '9999-12-31', 0, true, false, NULL),
    ('consent', '2009-06-30', '9999-12-31', 0, true, false, NULL), ('OSL 10:2', '2009-06-30', '9999-12-31', 0, true, false, NULL),
    ('OSL 10:15a', '2025-12-01', '9999-12-31', 0, true, true, NULL), ('OSL 10:18a', '2013-01-01', '9999-12-31', 4, true, false, NULL),
    ('OSL 10:20', '2009-06-30', '9999-12-31', 0, true, true, NULL), ('OSL 10:21', '2009-06-30', '9999-12-31', 0, true, false, NULL),
    ('OSL 10:22', '2009-06-30', '9999-12-31', 0, true, false, NULL), ('OSL 10:23', '2009-06-30', '9999-12-31', 0, true, true, NULL),
    ('OSL 10:28', '2009-06-30', '9999-12-31', 0, true, false, NULL), ('2025:170 4 §', '2025-04-01', '9999-12-31', 0, false, false, NULL),
    ('2025:170 6 §', '2025-04-01', '9999-12-31', 0, false, false, 'social_services'),
    ('OSL 10:27', '2009-06-30', '9999-12-31', 0, false, false, 'social_services'),
    ('avtalet', '2009-06-30', '9999-12-31', 0, false, false, 'social_services');

CREATE TEMP TABLE peer_free_days (day DATE);
-- days off on weekdays, midsommarafton, julafton and nyårsafton with them
INSERT INTO peer_free_days VALUES
    ('2025-01-01'), ('2025-01-06'), ('2025-04-18'), ('2025-04-21'), ('2025-05-01'), ('2025-05-29'), ('2025-06-06'), ('2025-06-20'),
    ('2025-12-24'), ('2025-12-25'), ('2025-12-26'), ('2025-12-31'), ('2026-01-01'), ('2026-01-06'), ('2026-04-03'), ('2026-04-06'),
    ('2026-05-01'), ('2026-05-14'), ('2026-06-19'), ('2026-12-24'), ('2026-12-25'), ('2026-12-31'), ('2027-01-01'), ('2027-01-06'),
    ('2027-03-26'), ('2027-03-29'), ('2027-05-06'), ('2027-06-25'), ('2027-12-24'), ('2027-12-31');
