"""The smallest agreement, and what a change of it makes faulty: the place and the words of every fault."""

from __future__ import annotations

SMALLEST = """\
agreement: 1
id: prov
title: Prov
source: Protokoll
periods: [{valid_from: 2023-10-16}]
counterpart: police-roc
entry_point: "0180"
parties:
  - {municipality: "0180", valid_from: 2023-10-16}
  - {municipality: "0182", valid_from: 2024-01-01, valid_to: 2024-06-30}
target_group: {}
fields:
  name: {label: Namn, category: identity}
  health: {label: Hälsa, category: health}
flows:
  - id: report
    from: counterpart
    to: entry_point
    fields: [name]
    grounds: [SoL 14:1]
"""

PARTY = "2024-01-01, valid_to: 2024-06-30"
ROC = "organisations: {police-roc: {name: P, kind: police}, "
OFF = "checks_off: [{check: R5, reason: a}, {check: R5, reason: b}]"
SECOND = "  - {id: report, from: party, to: party, fields: all, grounds: [OSL 10:2]}\n  - id: report"

#: What is changed in the smallest agreement, and the faults that follow: line, column, words. '+' adds a line after line 11,
#: '>' one before the key 'to' of the flow on line 18.
FAULTS: dict[str, tuple[str, str, list[tuple[int, int, str]]]] = {
    "missing key": ("title: Prov\n", "", [(1, 1, "required key 'title' is missing")]),
    "missing target group": ("target_group: {}\n", "", [(1, 1, "required key 'target_group' is missing")]),
    "missing key inside": ('municipality: "0182", ', "", [(10, 5, "required key 'municipality' is missing")]),
    "unknown key": ("title: Prov", "title: P\ntitel: Q", [(4, 1, "key 'titel' is unknown")]),
    "key twice": ("title: Prov", "title: P\ntitle: Q", [(4, 1, "'title' stands twice here; the first time on line 3")]),
    "no value": ("title: Prov", "title:", [(3, 1, "'title' has no value")]),
    "open end left empty": ("valid_to: 2024-06-30", "valid_to: ", [(10, 52, "'valid_to' has no value")]),
    "item without value": ("+", "channels: [sdk, ~]", [(12, 17, "item of the list has no value")]),
    "role": ("from: counterpart", "from: kounterpart", [(17, 11, "'kounterpart' is not a value of 'from'")]),
    "status": (PARTY, "2024-01-01, status: confirm", [(10, 60, "'confirm' is not a value of 'status'")]),
    "scope": (">", "scope: all", [(18, 12, "'all' is not a value of 'scope'")]),
    "flow target group": (">", "target_group: no", [(18, 19, "'no' is not a value of 'target_group'")]),
    "kind": ("+", "organisations: {police-roc: {name: P, kind: polis}}", [(12, 45, "'polis' is not a value of 'kind'")]),
    "field": ("[name]", "[name, nmae]", [(19, 20, "catalogue has no field 'nmae'")]),
    "ground": ("SoL 14:1", "SoL 14:01", [(20, 15, "no ground 'SoL 14:01'")]),
    "municipality by name": ('"0182"', "Nacka", [(10, 20, "'Nacka' is not the code")]),
    "municipality without zero": ('"0182"', "182", [(10, 20, "'182' is not the code")]),
    "overlap": (PARTY, PARTY + '}\n  - {municipality: "0182", valid_from: 2024-06-30', [(11, 40, "Nacka overlap")]),
    "open ends": (PARTY, '2024-01-01}\n  - {municipality: "0182", valid_from: 2030-01-01', [(11, 40, "line 10")]),
    "earlier below": (PARTY, PARTY + '}\n  - {municipality: "0182", valid_from: 2023-01-01', [(11, 40, "line 10")]),
    "periods overlap": ("2023-10-16}]", "2023-10-16}, {valid_from: 2020-01-01, status: unconfirmed}]", [(5, 50, "line 5")]),
    "end before start": (PARTY, "2024-01-01, valid_to: 2023-12-31", [(10, 62, "2023-12-31, lies before")]),
    "flow id twice": ("  - id: report", SECOND, [(17, 9, "'report' belongs to the flow on line 16")]),
    "flow name twice": ("  - id: report", SECOND.replace("id: report,", "id: b, label: Report,"), [(17, 9, "name on line 16")]),
    "counterpart": ("counterpart: police-roc", "counterpart: police", [(6, 14, "'police' is neither the code")]),
    "entry point": ('"0180"\n', '"0199"\n', [(7, 14, "'0199' is neither the code")]),
    "same at both ends": ('"0180"\n', "police-roc\n", [(7, 14, "'police-roc' is both")]),
    "units": ("+", "units: {nacka: [x]}", [(12, 9, "'nacka' is neither the code")]),
    "duty units": ("+", "access: {duty_units: [{organisation: roc, unit: x}]}", [(12, 38, "'roc' is neither")]),
    "category": ("+", "categories: {sensitive: [helth]}", [(12, 26, "category 'helth'")]),
    "alias of a municipality": ("+", ROC + "b: {name: nacka  Kommun, kind: other}}", [(12, 64, "name of a municipality")]),
    "alias of another": ("+", ROC + "b: {name: p, kind: other}}", [(12, 64, "'p' is also a name on line 12")]),
    "id like a code": ("+", ROC + "'1234': {name: B, kind: other}}", [(12, 54, "'1234' cannot be an id")]),
    "label twice": ("label: Hälsa", "label: namn", [(14, 19, "'namn' is also a name on line 13")]),
    "field called all": ("  health:", "  all:", [(14, 3, "The word 'all' cannot be")]),
    "neither list nor all": ("[name]", "name", [(19, 13, "'name' is neither a list of fields nor 'all'")]),
    "off without reason": ("+", "checks_off: [{check: R5}]", [(12, 14, "required key 'reason' is missing")]),
    "off with empty reason": ("+", "checks_off: [{check: R5, reason: ' '}]", [(12, 26, "'reason' has no value")]),
    "off twice": ("+", OFF, [(12, 46, "R5 is switched off")]),
    "version": ("agreement: 1", "agreement: 2", [(1, 12, "version '2' of the form")]),
    "deadline from nothing": (
        ">",
        "deadline: {after: handover, within: 1h}",
        [(18, 23, "'handover' is not a value of 'after'")],
    ),
    "deadline without unit": (">", "deadline: {after: request, within: 24}", [(18, 40, "'24' is not a time span")]),
    "decimals": ("{}", '{age_below: "18.0"}', [(11, 27, "'18.0' is not a whole number from 1 to 150")]),
    "true as a number": ("{}", "{age_below: true}", [(11, 27, "'true' is not a whole number")]),
    "a number with a sign": ("+", "assessment_days: +14", [(12, 18, "'+14' is not a whole number")]),
    "a number as a flag": (">", "protected_location: 1", [(18, 25, "'1' is neither true nor false")]),
    "yes as a flag": (">", "protected_location: yes", [(18, 25, "'yes' is neither true nor false")]),
    "time of day": (PARTY, "2023-10-16T00:00", [(10, 40, "'2023-10-16T00:00' is not a day")]),
    "day without hyphens": (PARTY, "20231016", [(10, 40, "'20231016' is not a day")]),
    "week day": (PARTY, "2023-W42-1", [(10, 40, "'2023-W42-1' is not a day")]),
    "impossible day": (PARTY, "2026-02-30", [(10, 40, "2026-02-30 does not exist")]),
    "other digits": (PARTY, "２０２４-01-01", [(10, 40, "is not a day")]),
    "span in words": ("+", "closing_grace: 2 weeks", [(12, 16, "'2 weeks' is not a time span")]),
    "county": ("{}", "{found_in_county: 1}", [(11, 33, "'1' is not the code of a county")]),
    "list wanted": ("+", "channels: sdk", [(12, 11, "'channels' must be a list")]),
    "group wanted": ("{}", "18", [(11, 15, "'target_group' must be a group of keys")]),
    "single value wanted": ("title: Prov", "title: [Prov]", [(3, 8, "'title' must be a single value")]),
    "empty list": ("[name]", "[]", [(19, 13, "'fields' holds nothing")]),
    "alias of nothing": ("Prov\nsource: Protokoll", "Prov\nsource: *p", [(4, 9, "The alias (*p) stands for no value")]),
    "alias of itself": ("[name]", "&f [name, *f]", [(19, 23, "The alias (*f) stands for no value")]),
    "tag": ("title: Prov", "title: !!str Prov", [(3, 8, "A tag (!)")]),
    "merge": ("title: Prov", "title: Prov\n<<: {id: x}", [(4, 1, "'<<' is unknown")]),
    "key that is a list": ("title: Prov", "title: Prov\n? [a]\n: b", [(4, 3, "The key is not a word")]),
    "escape sequence": ("title: Prov", 'title: "\\x1b[2J"', [(3, 8, "an invisible character")]),
    "text direction": ("title: Prov", "title: Prov # \u202e", [(3, 15, "character U+202E")]),
    "NUL": ("title: Prov", "title: Pr\0v", [(3, 10, "character U+0000")]),
    "long line": ("title: Prov", "title: " + "x" * 10_000, [(3, 10_001, "longer than 10000")]),
    "tab": ("    to:", "\tto:", [(18, 1, "A tab")]),
    "colon": ("title: Prov", "title: a: b", [(3, 9, "A colon")]),
    "quote": ("[SoL 14:1]", "['SoL 14:1]", [(20, 15, "opened but never closed")]),
    "bracket": ("[name]", "[name", [(20, 12, "not closed")]),
    "indentation": ("    to:", "   to:", [(18, 4, "The indentation")]),
    "no colon": ("title: Prov", "title Prov", [(4, 1, "lacks its colon")]),
    "two documents": ("+", "---\na: b", [(12, 1, "more than one document")]),
}


def swap(old: str, new: str, text: str = SMALLEST) -> str:
    """The text with ``old``, which must stand in it once, replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def changed(case: str) -> str:
    """The smallest agreement with the change of a case of FAULTS."""
    old, new, _expected = FAULTS[case]
    if old == "+":
        return swap("target_group: {}\n", f"target_group: {{}}\n{new}\n")
    return swap("    to:", f"    {new}\n    to:") if old == ">" else swap(old, new)
