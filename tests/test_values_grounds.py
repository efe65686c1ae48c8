"""Legal grounds as people cite them: every ground in its usual spellings, and never another one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.intake.tables import Type
from auditor.intake.values import Reading
from tests.values import GROUNDS, read, value


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("26 kap. 9 § 1 OSL", "OSL 26:9 p1"),
        ("26 kap. 9 § första stycket 1 OSL", "OSL 26:9 p1"),
        ("26 kap. 9 § 1 st. 1 p. OSL", "OSL 26:9 p1"),
        ("26 kap. 9 §, första stycket 1, OSL", "OSL 26:9 p1"),
        ("OSL 26:9 p. 1", "OSL 26:9 p1"),
        ("OSL 26:9 p1", "OSL 26:9 p1"),
        ("osl 26:9 punkt 1", "OSL 26:9 p1"),
        ("26:9 första punkten OSL", "OSL 26:9 p1"),
        ("26 kap. 9 a § OSL", "OSL 26:9a"),
        ("10 kap 18 a § offentlighets- och sekretesslagen (2009:400)", "OSL 10:18a"),
        ("10\u00a0kap. 18\u00a0a\u00a0§ offentlighets\u2011 och sekretesslagen", "OSL 10:18a"),
        ("OSL 10:18 a", "OSL 10:18a"),
        ("OSL 10:18a §", "OSL 10:18a"),
        ("10 kap. 28 §§ OSL", "OSL 10:28"),
        ("10 kap.28§OSL", "OSL 10:28"),
        ("10 kap. 28 § första stycket offentlighets- och sekretesslagen (OSL)", "OSL 10:28"),
        ("enligt 10 kap. 2 § OSL", "OSL 10:2"),
        ("OSL kap 10 § 2", "OSL 10:2"),
        ("19 kap. 1 § SoL", "SoL 19:1"),
        ("19 kap. 1 § 15 SoL", "SoL 19:1"),
        ("SoL (2025:400) 19:1", "SoL 19:1"),
        ("nya SoL 19:1", "SoL 19:1"),
        ("socialtjänstlagen (2001:453) 14 kap. 1 §", "SoL 14:1"),
        ("14 kap. 1 b § SoL", "SoL 14:1b"),
        ("15 kap. 7 § 1 SoL", "SoL 15:7"),
        ("4 § lagen (2025:170)", "2025:170 4 §"),
        ("lag 2025:170 4 §", "2025:170 4 §"),
        ("lagen (2025:170), 4 §", "2025:170 4 §"),
        ("4 § lagen (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna", "2025:170 4 §"),
        ("samtycke", "OSL 10:1"),
        ("Samtycke (OSL 10:1 och 12:2)", "consent"),
        ("generalklausulen", "OSL 10:27"),
        ("Samverkansavtalet", "avtalet"),
        ("Nödvändigt utlämnande", "OSL 10:2"),
    ],
)
def test_citations(text, ground):
    assert read(Type.GROUNDS, text) == Reading((ground,))


@pytest.mark.parametrize(
    "text",
    [
        "OSL 26:9",
        "OSL 26:9 p 2",
        "OSL 26:9 p 1 p 1",
        "OSL 10:28 p 2",
        "10 kap. 28 § andra stycket OSL",
        "10 kap. 28 § 2 st. OSL",
        "10:28",
        "26 kap. 9 § 1",
        "OSL",
        "OSL 28 §",
        "OSL 10:28 SoL",
        "OSL (2025:400) 10:28",
        "10 kap. 28 § OSL (1980:100)",
        "SoL (2001:453) 19:1",
        "socialtjänstlagen (2025:400) 14 kap. 1 §",
        "SoL (2001:453) 29:12",
        "gamla SoL 15:7",
        "OSL 10:2 och 10:28",
        "10 kap. 15 a och 18 a §§ OSL",
        "OSL 10:27-28",
        "OSL 10:28x",
        "OSL 110:28",
        "SoL 14:1 c",
        "lagen 4 §",
        "(2025:170)",
        "2025:1704 §",
        "för säkerhets skull",
    ],
)
def test_what_is_no_citation_of_a_known_ground_is_kept_as_it_stands(text):
    assert read(Type.GROUNDS, text) == Reading((text,))


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("SoL 19:1, OSL 10:28", ("OSL 10:28", "SoL 19:1")),
        ("26 kap. 9 § 1 OSL; 10 kap. 2 § OSL | samtycke", ("OSL 10:1", "OSL 10:2", "OSL 26:9 p1")),
        ("SoL 19:1, lagen (2025:170), 4 §, OSL 10:28", ("2025:170 4 §", "OSL 10:28", "SoL 19:1")),
        ("OSL 10:2, 10:28", ("10:28", "OSL 10:2")),
        ("OSL 10:28, 2025:170", ("2025:170", "OSL 10:28")),
        ("\x1fSoL 19:1\x1fOSL 10:28", ("OSL 10:28", "SoL 19:1")),
        ("\x1fSoL 19:1, OSL 10:28", ("SoL 19:1, OSL 10:28",)),
    ],
)
def test_lists_of_grounds(text, grounds):
    assert read(Type.GROUNDS, text) == Reading(grounds)


def citations_of(ground: str) -> list[str]:
    """At least six ways to write the citation that a ground's id is."""
    if ground.startswith("2025:170"):
        section = ground.split(" ", 1)[1]
        return [
            f"{section} lagen (2025:170)",
            f"lag 2025:170 {section}",
            f"lagen (2025:170) {section}",
            f"{section} lag (2025:170)",
            f"2025:170 § {section[0]}",
            f"{section} SFS 2025:170",
            f"{section[0]}§ LAGEN (2025:170)",
        ]
    act, where, *points = ground.split(" ")
    chapter, section = where.split(":")
    number, letter = (section[:-1], section[-1]) if section[-1].isalpha() else (section, "")
    spaced = f"{number} {letter}".strip()
    name, act_number = {
        "OSL": ("offentlighets- och sekretesslagen", "2009:400"),
        "SoL": ("socialtjänstlagen", "2001:453" if ground.startswith("SoL 14:1") else "2025:400"),
    }[act]
    point = points[0][1:] if points else ""
    bare, dotted = (f" {point}", f" p. {point}") if point else ("", "")
    return [
        f"{chapter} kap. {spaced} §{bare} {act}",
        f"{chapter} kap {section} §{bare} {name}",
        f"{chapter} kap. {spaced} § första stycket{bare} {name} ({act_number})",
        f"{act} {chapter}:{spaced}{dotted}",
        f"{act.lower()} {chapter}:{section}{dotted}",
        f"{act} ({act_number}) {chapter}:{section}{dotted}",
        f"{chapter}:{section}{dotted} {act}",
        f"{act} {chapter} kap. {spaced} §{dotted}",
        f"{name} ({act_number}) {chapter} kap. {spaced} §{bare}".upper(),
        f"{chapter}\u00a0kap.\u00a0{spaced}\u00a0§§{bare} {act}",
    ]


@settings(deadline=None)
@given(st.sampled_from(sorted(GROUNDS)), st.sampled_from(["NFC", "NFD"]))
def test_every_ground_by_id_label_and_citation(ground, form):
    assert value(Type.GROUNDS, ground) == value(Type.GROUNDS, ground.lower()) == (ground,)
    assert value(Type.GROUNDS, unicodedata.normalize(form, GROUNDS[ground].label_sv)) == (ground,)
    if ground not in ("consent", "avtalet"):
        texts = citations_of(ground)
        assert len(set(texts)) >= 6
        for text in texts:
            assert value(Type.GROUNDS, unicodedata.normalize(form, text)) == (ground,)
            assert value(Type.GROUNDS, f"{text}, Foo") == tuple(sorted((ground, "Foo")))


@settings(deadline=None)
@given(st.text(alphabet="0123456789 :§().,apkstOSLo", max_size=30))
def test_a_citation_is_never_read_as_a_ground_with_other_numbers(text):
    for ground in value(Type.GROUNDS, "\x1f" + text) or ():
        if ground in GROUNDS and ground not in ("consent", "avtalet"):
            digits = [character for character in text if character.isdigit()]
            assert all(character in digits for character in ground if character.isdigit())
