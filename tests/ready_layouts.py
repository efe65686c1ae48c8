"""Small exports in the layouts that the ready mappings assume: of each file its table, its headings and what its cells say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.exports import csv_text, table_rows

ROWS: dict[str, list[dict[str, Any]]] = {
    "cases": [
        {"person_id": "201205059809", "birth_date": None},
        {
            "person_id": "201107019810",
            "birth_date": None,
            "home_municipality": "0120",
            "decision": "not_opened",
            "protection": "marked",
        },
        {"person_id": None, "birth_date": None, "decided_at": None, "decision": None, "closed_at": "2026-10-20 15:00:00"},
    ],
    "disclosures": [
        {},
        {"recipient": "0120", "channel": "phone"},
        {"case_id": "SN-2026-2", "recipient": "0120", "fields": "name;address", "channel": "in_person", "motivation": None},
        {"case_id": "SN-2026-3", "grounds": "OSL 10:2;OSL 10:28", "at": "2026-10-12 09:30:00"},
    ],
    "staff": [{"user_id": "sthlm01"}],
    "accesses": [{}, {"action": "write"}, {"action": "print", "reason": None}],
}
#: What the layouts do not have.
WITHOUT = ["cases.birth_date", "cases.related_person_ids", "staff.person_id", "accesses.sequence", "accesses.source"]

Row = dict[str, Any]
Cell = Callable[[Row], str | None]
Files = dict[str, tuple[str, dict[str, Cell]]]


def own(column: str) -> Cell:
    """The canonical cell as it is."""
    return lambda row: row[column]


def always(text: str | None) -> Cell:
    """The same text in every row."""
    return lambda row: text


def said(column: str, **words: str) -> Cell:
    """The canonical value in the system's own word; an empty cell stays empty."""
    return lambda row: row[column] and words[row[column]]


def joined(column: str, separator: str) -> Cell:
    """A list with another separator."""
    return lambda row: row[column].replace(";", separator)


def at(column: str, form: str) -> Cell:
    """A time in another form."""
    return lambda row: row[column] and datetime.fromisoformat(row[column]).strftime(form)


TRESERVA: Files = {
    "TRS_aktualisering_2026-10.csv": (
        "cases",
        {
            "AktualiseringsNr": own("case_id"),
            "PersonNr": own("person_id"),
            "BosattningsKommun": own("home_municipality"),
            "FolkbokfKommun": own("registered_municipality"),
            "PatraffadKommun": own("found_in"),
            "AktualiseringsOrsak": always("Kriminalitet - gäng"),
            "InkomFran": always("Polismyndigheten (ROC)"),
            "InkomDatum": own("reported_at"),
            "BeslutDatum": own("decided_at"),
            "BeslutTyp": said("decision", opened="UTR", not_opened="EJ UTR"),
            "ForlangdBedomning": always(None),
            "AvslutDatum": own("closed_at"),
            "SkyddadIdentitet": said("protection", none="0", marked="1"),
        },
    ),
    "TRS_delgivning_2026-10.csv": (
        "disclosures",
        {
            "DelgivningsId": own("disclosure_id"),
            "AktualiseringsNr": own("case_id"),
            "DelgivenTid": own("at"),
            "FranKommun": always("Stockholms stad"),
            "FranEnhet": own("sender_unit"),
            "HandlaggarId": own("user_id"),
            "TillOrganisation": own("recipient"),
            "TillEnhet": own("recipient_unit"),
            "DelgivningsTyp": always("Överlämnande"),
            "Uppgiftsslag": joined("fields", "+"),
            "Lagrum": own("grounds"),
            "Satt": said("channel", sdk="S", phone="T", in_person="M"),
            "Anteckning": own("motivation"),
            "BegardTid": always(None),
        },
    ),
    "TRS_behorighet.csv": (
        "staff",
        {
            "AnvandarId": own("user_id"),
            "Kommun": own("organisation"),
            "Enhet": own("unit"),
            "Roll": own("role"),
            "GallerFran": own("valid_from"),
            "GallerTill": own("valid_to"),
            "GruppKonto": always("Nej"),
            "SkyddadeUppgifter": always("Nej"),
        },
    ),
    "TRS_loggpost_v41.csv": (
        "accesses",
        {
            "LoggId": own("event_id"),
            "LoggTid": own("at"),
            "AnvandarId": own("user_id"),
            "AktualiseringsNr": own("case_id"),
            "Handelse": said("action", read="Läsa", write="Ändra", print="Utskrift"),
            "Modul": own("section"),
            "Orsak": own("reason"),
            "Klient": own("workstation"),
        },
    ),
}
LIFECARE: Files = {
    "Anmälningar 2026-10.xlsx": (
        "cases",
        {
            "Anmälan nr": own("case_id"),
            "Barnets personnr": own("person_id"),
            "Bosatt kommun": own("home_municipality"),
            "Folkbokförd kommun": own("registered_municipality"),
            "Anträffad i kommun": own("found_in"),
            "Typ av anmälan": always("Gängrelaterad oro"),
            "Uppgiftslämnare": always("Polismyndigheten (ROC)"),
            "Ankomsttid": own("reported_at"),
            "Datum för ställningstagande": own("decided_at"),
            "Ställningstagande": said("decision", opened="Inleda", not_opened="Inte inleda"),
            "Förlängd tid": always(None),
            "Avslutad den": own("closed_at"),
            "Skyddade uppgifter": said("protection", none="Nej", marked="Ja"),
        },
    ),
    "Informationslämnande 2026-10.xlsx": (
        "disclosures",
        {
            "Löpnr": own("disclosure_id"),
            "Anmälan nr": own("case_id"),
            "Lämnat den": own("at"),
            "Lämnat från": own("sender"),
            "Lämnat från enhet": own("sender_unit"),
            "Lämnat av (id)": own("user_id"),
            "Lämnat till": own("recipient"),
            "Lämnat till enhet": own("recipient_unit"),
            "Anledning till informationslämnande": always("Överlämnande"),
            "Lämnad information": joined("fields", "\n"),
            "Stöd i lag": joined("grounds", "\n"),
            "Lämnat via": said("channel", sdk="Säkert meddelande", phone="Samtal", in_person="Personligt möte"),
            "Kommentar": own("motivation"),
            "Efterfrågat den": always(None),
        },
    ),
    "Användarlista.xlsx": (
        "staff",
        {
            "Inloggningsnamn": own("user_id"),
            "Organisation": always("Stockholm"),
            "Organisatorisk enhet": own("unit"),
            "Yrkesroll": own("role"),
            "Aktiv fr.o.m.": own("valid_from"),
            "Aktiv t.o.m.": own("valid_to"),
            "Delad inloggning": always("Nej"),
            "Ser skyddade uppgifter": always("Nej"),
        },
    ),
    "Loggrapport v41.xlsx": (
        "accesses",
        {
            "Rad": own("event_id"),
            "Tid": own("at"),
            "Inloggad (id)": own("user_id"),
            "Anmälan nr": own("case_id"),
            "Aktivitet": said("action", read="Visning", write="Uppdatera", print="Utskrift"),
            "Del av systemet": own("section"),
            "Angiven orsak": own("reason"),
            "Från dator": own("workstation"),
        },
    ),
}
_CLOCK = "%d.%m.%Y kl. %H:%M"
VIVA: Files = {
    "V_ANMALAN_202610.txt": (
        "cases",
        {
            "ARENDE_NR": own("case_id"),
            "PERSON_NR": own("person_id"),
            "BOSATTN_KOMMUN_KOD": own("home_municipality"),
            "FOLKBOKF_KOMMUN_KOD": own("registered_municipality"),
            "PATRAFFAD_KOMMUN_KOD": own("found_in"),
            "ANM_TYP": always("GK"),
            "ANM_FRAN": always("ROC"),
            "ANM_TID": at("reported_at", _CLOCK),
            "BESLUT_TID": at("decided_at", _CLOCK),
            "BESLUT_KOD": said("decision", opened="1", not_opened="2"),
            "FORLANGD": always(None),
            "AVSLUT_TID": at("closed_at", _CLOCK),
            "SEKRETESS_KOD": said("protection", none="A", marked="B"),
        },
    ),
    "V_UTLAMNAT_202610.txt": (
        "disclosures",
        {
            "UTL_ID": own("disclosure_id"),
            "ARENDE_NR": own("case_id"),
            "UTL_TID": at("at", _CLOCK),
            "UTL_FRAN": own("sender"),
            "UTL_FRAN_ENHET": own("sender_unit"),
            "ANV_ID": own("user_id"),
            "UTL_TILL": own("recipient"),
            "UTL_TILL_ENHET": own("recipient_unit"),
            "UTL_TYP": always("Överlämnande"),
            "UPPGIFTER": joined("fields", ", "),
            "LAGRUM": own("grounds"),
            "KANAL_KOD": said("channel", sdk="SDK", phone="TEL", in_person="BES"),
            "ANTECKNING": own("motivation"),
            "BEGARD_TID": always(None),
        },
    ),
    "V_ANVANDARE.txt": (
        "staff",
        {
            "ANV_ID": own("user_id"),
            "ORG": own("organisation"),
            "ENHET": own("unit"),
            "ROLL": own("role"),
            "FROM_DATUM": at("valid_from", "%d.%m.%Y"),
            "TOM_DATUM": at("valid_to", "%d.%m.%Y"),
            "GRUPPKONTO": always("N"),
            "SKYDD_BEH": always("N"),
        },
    ),
    "V_HISTORIK_202610.txt": (
        "accesses",
        {
            "HIST_ID": own("event_id"),
            "HIST_TID": at("at", _CLOCK),
            "ANV_ID": own("user_id"),
            "ARENDE_NR": own("case_id"),
            "HIST_TYP": said("action", read="L", write="S", print="U"),
            "FLIK": own("section"),
            "ORSAK": own("reason"),
            "DATOR": own("workstation"),
        },
    ),
}
LAYOUTS = {"lifecare": LIFECARE, "treserva": TRESERVA, "viva": VIVA}


def write_layout(name: str, folder: Path) -> Path:
    """Write the rows as the export of a case system; its folder."""
    folder.mkdir(parents=True)
    for file, (table, cells) in LAYOUTS[name].items():
        rows = [[cell(row) for cell in cells.values()] for row in table_rows(table, ROWS[table])]
        if name == "lifecare":
            _write_report(folder / file, list(cells), rows)
        else:
            delimiter, encoding = (";", "cp1252") if name == "treserva" else ("\t", "utf-8-sig")
            text = csv_text(list(cells), rows, delimiter).replace("\n", "\r\n")
            (folder / file).write_bytes(text.encode(encoding))
    return folder


def _write_report(path: Path, headings: list[str], rows: list[list[str | None]]) -> None:
    """A report for a spreadsheet: title and selection, a blank row, headings in row 4."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rapport")
        sheet.merge_range(0, 0, 0, 5, path.stem, book.add_format({"bold": True}))
        sheet.write_string(1, 0, "Urval: oktober 2026")
        for line, row in enumerate([headings, *rows], start=3):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(line, place, cell)
