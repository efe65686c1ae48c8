"""Users' mapping files: what they say, where their faults are, and what they change in the matching of headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import UserError, UserErrors
from auditor.intake.mapping import Mapping, match_headings, read_mapping, standard_mapping
from tests.running import in_english
from tests.test_headings import SWEDISH

english = pytest.fixture(autouse=True)(in_english)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mapping_of(tmp_path: Path, text: str) -> Mapping:
    return read_mapping(written(tmp_path, "mapping: 1\n" + text))


def faults_of(tmp_path: Path, text: str) -> list[tuple[int | None, int | str | None, str]]:
    with pytest.raises(UserErrors) as raised:
        read_mapping(written(tmp_path, text))
    assert raised.value.file == str(tmp_path / "mapping.yaml")
    assert all(fault.hint for fault in raised.value.faults)
    return [(fault.line, fault.column, fault.message) for fault in raised.value.faults]


# --- a user's mapping ----------------------------------------------------------------------------------------------------

EXAMPLE = """
files:
  "export_ul_*.csv": disclosures
delimiter: ";"
sheet: Export
tables:
  disclosures:
    columns: {at: "Tid för utlämning", fields: "Delade uppgifter"}
    ignore: [Handläggare]
    values: {channel: {"Fysiskt besök": in_person, "-": }}
    separators: {fields: "/"}
    dates: {at: "%d/%m/%Y %H:%M"}
    delimiter: tab
    sheet: "Utlämnanden 2026"
  cases:
    dates: "%d.%m.%Y"
    separators: newline
"""


def test_a_mapping_says_only_what_differs(tmp_path):
    mapping = mapping_of(tmp_path, EXAMPLE)
    assert mapping.files == (("export_ul_*.csv", "disclosures"),)
    assert (mapping.delimiter, mapping.sheet) == (";", "Export")
    assert (mapping.delimiter_of("cases"), mapping.delimiter_of("disclosures")) == (";", "\t")
    assert (mapping.sheet_of("cases"), mapping.sheet_of("disclosures")) == ("Export", "Utlämnanden 2026")
    assert mapping.separator("disclosures", "fields") == "/"
    assert mapping.separator("disclosures", "grounds") is None
    assert mapping.separator("cases", "concern") == mapping.separator("cases", "related_person_ids") == "\n"
    assert mapping.date_form("disclosures", "at") == "%d/%m/%Y %H:%M"
    assert mapping.date_form("disclosures", "requested_at") is None
    assert mapping.date_form("cases", "reported_at") == mapping.date_form("cases", "birth_date") == "%d.%m.%Y"
    assert mapping.tables["staff"] == standard_mapping().tables["staff"]
    targets = mapping.tables["disclosures"].values["channel"]
    assert {text: target.value for text, target in targets.items()} == {"Fysiskt besök": "in_person", "-": None}
    assert mapping.file == str(tmp_path / "mapping.yaml")


def test_the_whole_example_of_the_documentation_is_right(tmp_path):
    page = (Path(__file__).parent.parent / "docs" / "mapping.md").read_text(encoding="utf-8")
    mapping = read_mapping(written(tmp_path, page.split("```yaml\n")[1].split("```")[0]))
    assert mapping.tables["disclosures"].named["at"] == "Tid för utlämning"


def test_a_named_heading_alone_means_its_column(tmp_path):
    mapping = mapping_of(
        tmp_path, "tables: {disclosures: {columns: {at: Registrerad, recipient: Avsändare, sender: Vem}, ignore: [Skäl]}}"
    )
    headings = [
        "Utlämnandenummer",
        "Ärendenummer",
        "Utlämnat",
        "registrerad",
        "Användare",
        "Vem",
        "Avsändare",
        "Syfte",
        "Fält",
        "Lagrum",
        "Skäl",
    ]
    matched = match_headings("disclosures", headings, mapping, file="u.csv")
    assert matched.columns["at"] == 3
    assert (matched.columns["sender"], matched.columns["recipient"]) == (5, 6)
    assert "motivation" not in matched.columns
    assert matched.ignored == (2, 10)


def test_of_two_headings_that_are_spelt_almost_alike_the_one_named_exactly_is_taken(tmp_path):
    mapping = mapping_of(tmp_path, 'tables: {disclosures: {columns: {at: "Tid-1"}}}')
    headings = [*SWEDISH[:2], "Tid 1", "Tid-1", *SWEDISH[3:]]
    assert match_headings("disclosures", headings, mapping, file="u.csv").columns["at"] == 3
    with pytest.raises(UserError, match="Columns 3, 4 are all read as 'at'"):
        match_headings("disclosures", [*SWEDISH[:2], "Tid 1", "TID-1", *SWEDISH[3:]], mapping, file="u.csv")


def test_a_heading_that_the_mapping_names_must_be_in_the_file(tmp_path):
    mapping = mapping_of(tmp_path, "tables: {disclosures: {columns: {at: Utlämningstid}, ignore: [Anteckning]}}")
    with pytest.raises(UserErrors) as raised:
        match_headings("disclosures", [*SWEDISH[:2], "Utlämningstiden", *SWEDISH[3:]], mapping, file="u.csv")
    assert [fault.column for fault in raised.value.faults] == ["tables.disclosures.ignore", "tables.disclosures.columns.at"]
    assert "the nearest is 'Utlämningstiden'" in raised.value.faults[1].message


FAULTS = """\
mapping: 1
filer: {}
files: {"a*.csv": disclosurs}
delimiter: x
tables:
  disclosurs: {}
  disclosures:
    columns:
      att: Tid
      at: Tid A
      sender: [Från A, Från B]
      recipient: tid-a
    ignore: [TIDA]
    values:
      at: {x: y}
      channel: {Besök: in_person, BESÖK: phone}
    separators: {fields: och, at: /}
    dates: {at: "%d/%m", case_id: "%Y", requested_at: "%Q"}
    sheet: [A]
    foo: 1
  cases:
    values:
      protection: {Ja: markd}
      home_municipality: {A: "9999", B: "0182"}
      found_in: {A: "02", B: "01"}
"""


def test_all_faults_of_a_mapping_are_told_at_once_each_with_its_place(tmp_path):
    assert faults_of(tmp_path, FAULTS) == [
        (2, 1, "The key 'filer' is not known here."),
        (3, 19, "There is no table 'disclosurs'."),
        (4, 12, "This delimiter is not known."),
        (6, 3, "There is no table 'disclosurs'."),
        (9, 7, "The table 'disclosures' has no column 'att'."),
        (11, 15, "'sender' is given something else than one heading."),
        (12, 18, "The heading 'tid-a' is used before, on line 10."),
        (13, 14, "The heading 'TIDA' is used before, on line 10."),
        (15, 7, "The values of 'at' are not words that can be mapped."),
        (16, 35, "The text 'BESÖK' is mapped before, on line 16."),
        (17, 26, "A list separator is one to 5 characters, none of them a letter or digit."),
        (17, 31, "'at' is not a list column."),
        (18, 17, "The date form '%d/%m' cannot be used."),
        (18, 26, "'case_id' holds no dates."),
        (18, 55, "The date form '%Q' cannot be used."),
        (19, 12, "One value is expected here."),
        (20, 5, "The key 'foo' is not known here."),
        (23, 24, "'markd' is not a value of this column."),
        (24, 30, "'9999' is not a value of this column."),
        (25, 21, "'02' is not a value of this column."),
    ]


@pytest.mark.parametrize("nothing", ["~", "null"])
def test_a_key_without_a_value_is_a_fault_of_the_file(tmp_path, nothing):
    text = f"mapping: 1\ntables:\n  disclosures:\n    columns:\n      sender: {nothing}\n"
    assert faults_of(tmp_path, text) == [(5, 7, "A value is missing here.")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", None, "The file is empty."),
        ("# bara en kommentar\n", None, "The file does not hold keys with values."),
        ("- disclosures\n", None, "The file does not hold keys with values."),
        ("tables: {}\n", 1, "The key 'mapping', the version of the form, is missing."),
        ("mapping: 2\n", 1, "This version of the form is not known."),
        ("mapping: 1\ntables: {cases: *a}\n", 2, "The alias (*a) stands for no value that is finished before it."),
        ("mapping: 1\nsheet: !!python/name:os.system x\n", 2, "A tag (!) changes how the value is read."),
        ("mapping: 1\ntables:\n  cases: {}\n  cases: {}\n", 4, "The key 'cases' stands twice here; the first time on line 3."),
        (
            "mapping: 1\ntables:\n  cases:\n    columns: {case_id: A, case_id: B}\n",
            4,
            "The key 'case_id' stands twice here; the first time on line 4.",
        ),
        ("mapping: 1\ntables: {cases: {columns: {case_id: }}}\n", 2, "A value is missing here."),
        ("mapping: 1\ntables: hej\n", 2, "Keys with values are expected here."),
        ("mapping: 1\ntables: {cases: {ignore: Oro}}\n", 2, "A list is expected here."),
    ],
)
def test_a_fault_has_its_line(tmp_path, text, line, message):
    found = faults_of(tmp_path, text)
    assert (line, message) in [(fault[0], fault[2]) for fault in found]


@pytest.mark.parametrize(
    "text", ["mapping: 1\ntables: [", "mapping: 1\n\tx: 1", "a: 1\n---\nb: 2\n", "[" * 9000, "mapping: 1\nsheet: a\x00b\n"]
)
def test_what_is_no_mapping_file_is_refused(tmp_path, text):
    assert faults_of(tmp_path, text)


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be opened"):
        read_mapping(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="cannot be opened"):
        read_mapping(tmp_path)
    with pytest.raises(UserError, match="larger than 1 MiB"):
        read_mapping(written(tmp_path, "#" * (1024 * 1024 + 1)))


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y kl. %H.%M", "%Y%m%d%H%M%S", "%m/%d/%Y %I:%M %p", "%Y-%m-%d %H:%M:%S.%f"]
)
def test_date_forms_that_can_be_used(tmp_path, form):
    assert mapping_of(tmp_path, f"tables: {{disclosures: {{dates: '{form}'}}}}").date_form("disclosures", "at") == form


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m",
        "%Y-%m-%d %M",
        "%Y-%m-%d %H:%S",
        "%d/%m/%Y %I:%M",
        "%d/%m/%Y %H:%M %p",
        "%d %b %Y",
        "%Y-%m-%d %z",
        "%Y %y-%m-%d",
        "%Y-%m-%d%",
        "%-d/%m/%Y",
    ],
)
def test_date_forms_that_cannot(tmp_path, form):
    assert faults_of(tmp_path, f"mapping: 1\ntables: {{disclosures: {{dates: '{form}'}}}}\n")[0][0] == 2
