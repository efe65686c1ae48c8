"""From what the rules found to reasons: each in one sentence without data, with its places and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.formats import number_text
from auditor.privacy import without_personal_numbers
from auditor.release.model import SHOWN_PLACES, RawTable, Reason, Weight
from auditor.release.wording import place_of
from auditor.statistics.model import Found, Settings
from auditor.words import N_, _


@dataclass(frozen=True)
class Words:
    """What a code means for the release, in words."""

    weight: Weight
    text: str
    remedy: str


_SUPPRESS = N_("Suppress the cell and another one in the same row and column, or put categories together.")
_PUT_TOGETHER = N_("Put categories together, or suppress the row or column.")
_COARSER = N_("Make the columns coarser, such as age groups instead of ages, or remove the rows.")
WORDS: dict[str, Words] = {
    "small-cell": Words(Weight.STOP, N_("Counts between 1 and {last} are small enough to point at individuals."), _SUPPRESS),
    "group-alike": Words(
        Weight.STOP,
        N_("Everyone in a group is in one and the same cell: who belongs to the group is known to be in it."),
        _PUT_TOGETHER,
    ),
    "group-empty": Words(
        Weight.UNSHOWN,
        N_("A group has nothing but zeros: of everyone who belongs to it, it is known that none is there."),
        N_("Judge whether the group is known to be empty; else put categories together."),
    ),
    "share-small": Words(
        Weight.STOP,
        N_("A share and the number that it is a share of give back a count between 1 and {last}."),
        N_("Leave the share out, or write it with fewer decimals."),
    ),
    "share-alone": Words(
        Weight.UNSHOWN,
        N_("The table does not say for certain which number the shares are of, so it cannot be shown what they give back."),
        N_("Write the number beside the shares, or leave them out."),
    ),
    "share-unfit": Words(
        Weight.UNSHOWN,
        N_("A share fits no count of the number in its row, so it cannot be shown what it gives back."),
        N_("Correct the share or the number, or leave the share out."),
    ),
    "rest-small": Words(
        Weight.STOP,
        N_("The difference between a total and its parts is a count between 1 and {last}."),
        N_("Put the part that is not shown together with another, or leave the total out."),
    ),
    "part-unsure": Words(
        Weight.UNSHOWN,
        N_(
            "A column or row may be a part of another, or several together may: the difference may be a count from 1 to {last}."
        ),
        N_("If so, leave one out or put rows together; if they are parts of one whole, add its total. Else judge by hand."),
    ),
    "totals-differ": Words(
        Weight.NOTE,
        N_("Parts are more than their total together: somebody may be counted several times."),
        N_("Check that it is so."),
    ),
    "totals-overlap": Words(
        Weight.UNSHOWN,
        N_("Totals do not agree with their parts, so it cannot be shown whether suppressed cells can be worked out."),
        N_("Correct the totals, or leave them out."),
    ),
    "suppressed-given-back": Words(
        Weight.STOP,
        N_("A suppressed cell can be worked out from the totals, or narrowed to less than the whole of 1 to {last}."),
        N_("Suppress another cell in the same row and column, or the totals."),
    ),
    "mark-unsure": Words(
        Weight.UNSHOWN,
        N_("A dash or an empty cell may be a zero: then the table gives back a count from 1 to {last}, or that all are alike."),
        N_("Write 0 where there is nobody and .. for what is suppressed, and check again."),
    ),
    "suppressed-too-many": Words(
        Weight.UNSHOWN,
        N_("The table has so many suppressed cells that it could not be worked out what the totals give back."),
        N_("Put categories together, and check again."),
    ),
    "dominance-nk": Words(
        Weight.STOP,
        N_("The {n} greatest contributions are more than {k} per cent of the sum."),
        _SUPPRESS,
    ),
    "dominance-p": Words(
        Weight.STOP,
        N_("The second greatest contributor can work out the greatest contribution to within {p} per cent."),
        _SUPPRESS,
    ),
    "sums-few": Words(Weight.STOP, N_("The sum is made up of fewer than {threshold} contributions."), _SUPPRESS),
    "sums-unknown": Words(
        Weight.UNSHOWN,
        N_("The numbers are sums or averages, and the contributions behind them are not known, so dominance cannot be judged."),
        N_("Give the contributions with --contributions, and name their column with --magnitude."),
    ),
    "sums-of-others": Words(
        Weight.UNSHOWN,
        N_("The numbers are not the sums of the contributions that were given, so dominance cannot be judged."),
        N_("Give the very contributions that the table was made of."),
    ),
    "sums-negative": Words(
        Weight.UNSHOWN, N_("There are contributions below zero, for which dominance cannot be judged."), N_("Judge it by hand.")
    ),
    "class-small": Words(
        Weight.STOP,
        N_("Fewer than {threshold} rows are alike in the columns that others may know, and can be singled out."),
        _COARSER,
    ),
    "class-small-missing": Words(
        Weight.UNSHOWN,
        N_("Fewer than {threshold} rows are alike in the columns that others may know, but cells are missing among them."),
        N_("Fill in the missing cells, or remove the rows."),
    ),
    "class-alike": Words(
        Weight.STOP,
        N_("Rows that are alike have fewer than {diversity} different values in the column {column}, which is thereby known."),
        _COARSER,
    ),
    "class-alike-missing": Words(
        Weight.UNSHOWN,
        N_("Rows that are alike may have fewer than {diversity} different values in the column {column}: cells are missing."),
        N_("Fill in the missing cells, or remove the rows."),
    ),
    "column-unnamed": Words(
        Weight.UNSHOWN,
        N_("Of a column it was not said whether others may know it, so it cannot be shown whom it singles out."),
        N_("Name it with --quasi or --sensitive, or remove it."),
    ),
    "microdata-empty": Words(
        Weight.UNSHOWN, N_("The table has no rows, so there is nothing to judge."), N_("Make the export again.")
    ),
    "difference-small": Words(
        Weight.STOP,
        N_("The number differs by 1 to {last} from that in {earlier}, released before: the difference points at individuals."),
        N_("Publish the corrected number with a later table, or suppress it."),
    ),
    "difference-unsure": Words(
        Weight.UNSHOWN,
        N_("The number differs by 1 to {last} from that in {earlier}, and it is not known whether both count the same."),
        N_("Say what is counted and for when, with --counting and --period."),
    ),
    "earlier-unsure": Words(
        Weight.UNSHOWN,
        N_("What the table gives back together with {earlier} was not worked out: what both count, or for when, is not known."),
        N_("Say what is counted and for when, with --counting and --period."),
    ),
    "difference-given-back": Words(
        Weight.STOP,
        N_("Together with {earlier}, released before, the table gives back a count between 1 and {last} that neither shows."),
        N_("Suppress the cell, or publish whole periods that do not overlap."),
    ),
    "earlier-contradicts": Words(
        Weight.UNSHOWN,
        N_("The numbers and those in {earlier}, released before, cannot both be true, so their difference cannot be judged."),
        N_("Compare the two by hand."),
    ),
    "earlier-too-many": Words(
        Weight.UNSHOWN,
        N_("It could not be worked out what the table gives back together with {earlier}, released before."),
        N_("Put categories together, and check again."),
    ),
    "linked-back": Words(
        Weight.STOP,
        N_("Together with {earlier}, which leaves with it, the table gives back a count from 1 to {last} that neither shows."),
        N_("Suppress the same cells in both, or totals that only one of them has."),
    ),
    "linked-many": Words(
        Weight.UNSHOWN,
        N_("It could not be worked out what the table gives back together with {earlier}, which leaves with it."),
        N_("Put categories together, and check again."),
    ),
    "linked-contradicts": Words(
        Weight.UNSHOWN,
        N_("The numbers and those in {earlier}, which leaves with it, cannot both be true, so they cannot be judged together."),
        N_("Compare the two by hand."),
    ),
    "linked-part": Words(
        Weight.UNSHOWN,
        N_("The table and {earlier}, which leaves with it, may be part and whole, and differ by a count from 1 to {last}."),
        N_("If so, leave one out or put rows together; else name sheets and columns so that it shows, or judge by hand."),
    ),
    "earlier-not-judged": Words(
        Weight.NOTE,
        N_("Differences against statistics that were released before were not judged: no register was given."),
        N_("Give the register with --register, or compare with what was released before by hand."),
    ),
    "headings-unsure": Words(
        Weight.UNSHOWN,
        N_("The first row holds numbers or marks: it may be headings, or numbers that were not judged."),
        N_("Put a row of headings in words above the numbers."),
    ),
    "column-unsure": Words(
        Weight.UNSHOWN,
        N_("A column of numbers may be counts or categories, and its numbers were not judged."),
        N_("Name it with --dimension if it holds categories; else begin its heading with Antal."),
    ),
    "count-in-text": Words(
        Weight.UNSHOWN,
        N_("A heading or a category has a number in its text that may be a count from 1 to {last}."),
        N_("Remove the number from the text, or put it in a column of its own."),
    ),
    "nothing-shown": Words(
        Weight.UNSHOWN,
        N_("The table shows no number: all of them are suppressed or missing, so there is nothing to judge."),
        N_("Leave the table out, or judge by hand what it tells without numbers."),
    ),
    "cell-not-number": Words(
        Weight.UNSHOWN,
        N_("Cells among the numbers are neither numbers nor known marks for suppressed ones."),
        N_("Write a number or .. there, or name a column of categories with --dimension."),
    ),
    "rows-repeated": Words(
        Weight.UNSHOWN,
        N_("Several rows have the same categories, so it is not known what their numbers are about."),
        N_("Give each row categories of its own."),
    ),
    "row-bare": Words(
        Weight.UNSHOWN,
        N_("A row has categories but no numbers: a heading within the table, or everything is suppressed."),
        N_("Write .. for what is suppressed, and headings in a column of their own."),
    ),
    "tables-joined": Words(
        Weight.UNSHOWN,
        N_("Several tables seem to stand beside or below each other, and cannot be judged as one."),
        N_("Put each table in a file or sheet of its own."),
    ),
    "no-statistics": Words(
        Weight.UNSHOWN,
        N_("No table of numbers was understood here."),
        N_("Name the columns that others may know with --quasi if the rows are about one person each."),
    ),
    "rows-many": Words(
        Weight.UNSHOWN,
        N_("There are too many rows for a table of statistics."),
        N_("Name the columns that others may know with --quasi if the rows are about one person each."),
    ),
    "nothing-counted": Words(
        Weight.UNSHOWN, N_("The file holds no table, so its statistics cannot be judged."), N_("Save it as CSV or XLSX.")
    ),
}


def reasons_of(table: RawTable, found: Iterable[Found], settings: Settings) -> list[Reason]:
    """The reasons that the faults of one table are."""
    reasons = []
    for fault in found:
        words = WORDS[fault.code]
        filled = {
            "last": number_text(settings.threshold - 1),
            "threshold": number_text(settings.threshold),
            "n": number_text(settings.dominance_n),
            "k": f"{settings.dominance_k:g}",
            "p": f"{settings.p_percent:g}",
            "diversity": number_text(settings.diversity),
            **{name: without_personal_numbers(text) for name, text in fault.names.items()},
        }
        places = [
            place_of(table, spot.position, "" if spot.position is None else str(spot.position + 1), spot.line)
            for spot in sorted(fault.spots, key=lambda spot: (spot.line, spot.position or 0))[:SHOWN_PLACES]
        ]
        count = len(fault.spots) if fault.count is None else fault.count
        reasons.append(Reason(words.weight, fault.code, _(words.text).format(**filled), _(words.remedy), places, max(count, 1)))
    return reasons
