"""Rounding and words, by cases reckoned by hand; beside them LibreOffice's own AVERAGE, STDEV and ROUND (where it is installed)."""

import csv
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction

import pytest

from registration.evaluation.levels import CUT_POINTS, level, of_sums, rounded, stat

HALVES, STEPS = CUT_POINTS["halves"][0], CUT_POINTS["steps"][0]

#: What was ticked, and what is printed: mean, deviation, level by halves and by steps of 0.8.
CASES = {
    "a mean of 4.505 is 4.51 by hand": ([5] * 101 + [4] * 99, "4.51", "0.50", 5, 5),
    "a mean of 4.504 is 4.50": ([5] * 63 + [4] * 62, "4.50", "0.50", 4, 5),
    "a mean of 3.505": ([4] * 101 + [3] * 99, "3.51", "0.50", 4, 4),
    "a mean of 2.505": ([3] * 101 + [2] * 99, "2.51", "0.50", 3, 2),
    "a mean of 1.505": ([2] * 101 + [1] * 99, "1.51", "0.50", 2, 1),
    "two answers": ([5, 4], "4.50", "0.71", 4, 5),
    "one answer has no deviation": ([5], "5.00", None, 5, 5),
    "all the same": ([3, 3, 3], "3.00", "0.00", 3, 3),
    "one of each": ([1, 2, 3, 4, 5], "3.00", "1.58", 3, 3),
    "only ends": ([1, 5], "3.00", "2.83", 3, 3),
    "a third": ([4, 4, 5], "4.33", "0.58", 4, 5),
    "two thirds": ([4, 5, 5], "4.67", "0.58", 5, 5),
    "on the edge of the steps": ([5] * 21 + [4] * 79, "4.21", "0.41", 4, 5),
    "just below it": ([5] * 20 + [4] * 80, "4.20", "0.40", 4, 4),
    "4.205 is 4.21": ([5] * 41 + [4] * 159, "4.21", "0.40", 4, 5),
    "1.805 is 1.81": ([2] * 161 + [1] * 39, "1.81", "0.40", 2, 2),
    "the least": ([1, 1, 1, 1], "1.00", "0.00", 1, 1),
    "0.125 of deviation's square": ([5] * 7 + [4], "4.88", "0.35", 5, 5),
    "a deviation of 0.995 and a bit": ([2, 3, 4, 4, 5, 5, 4, 3], "3.75", "1.04", 4, 4),
}


def printed(found):
    return str(found.mean), None if found.sd is None else str(found.sd)


@pytest.mark.parametrize(("ticked", "mean", "sd", "by_halves", "by_steps"), CASES.values(), ids=CASES)
def test_each_case_is_printed_as_by_hand(ticked, mean, sd, by_halves, by_steps):
    assert printed(stat(ticked, HALVES)) == (mean, sd)
    assert (stat(ticked, HALVES).level, stat(ticked, STEPS).level) == (by_halves, by_steps)
    assert stat(ticked, HALVES).n == len(ticked)


def test_nothing_has_no_mean_and_no_word():
    found = stat([], HALVES)
    assert (found.n, found.mean, found.sd, found.word) == (0, None, None, "")


def test_the_word_follows_what_is_printed_and_not_what_was_reckoned():
    exact = Fraction(4505, 1000)
    assert round(float(exact), 2) == 4.5, "what round() makes of it"
    assert rounded(exact) == Decimal("4.51")
    assert level(rounded(exact), HALVES) == 5


@pytest.mark.parametrize(("mean", "by_halves", "by_steps"), [
    ("5.00", 5, 5), ("4.51", 5, 5), ("4.50", 4, 5), ("4.21", 4, 5), ("4.20", 4, 4), ("3.51", 4, 4), ("3.50", 3, 4), ("3.41", 3, 4),
    ("3.40", 3, 3), ("2.61", 3, 3), ("2.60", 3, 2), ("2.51", 3, 2), ("2.50", 2, 2), ("1.81", 2, 2), ("1.80", 2, 1), ("1.51", 2, 1),
    ("1.50", 1, 1), ("1.00", 1, 1),
])  # fmt: skip
def test_both_sets_of_cut_points(mean, by_halves, by_steps):
    assert (level(Decimal(mean), HALVES), level(Decimal(mean), STEPS)) == (by_halves, by_steps)


def test_of_a_section_each_person_counts_with_their_own_mean():
    """Totals over two statements: 5 and 4, then 4 and 4 are means of 4.5 and 4.0."""
    assert printed(stat([9, 8], HALVES, 2)) == ("4.25", "0.35")


def test_sums_say_the_same_as_the_values_themselves():
    for ticked, *_rest in CASES.values():
        sums = len(ticked), sum(ticked), sum(value * value for value in ticked)
        assert of_sums(*sums, HALVES) == stat(ticked, HALVES)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_reckons_the_same(tmp_path):
    """Its sheet works in binary numbers: where a mean lies exactly between two hundredths it may differ by how it rounds a half."""
    with (tmp_path / "cases.csv").open("w", newline="") as file:
        for ticked, *_rest in CASES.values():
            values = ";".join(map(str, ticked))
            csv.writer(file).writerow([f"=ROUND(AVERAGE({{{values}}});2)", f'=IFERROR(ROUND(STDEV({{{values}}});2);"")'])
    options = ["--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(["soffice", profile, *options, "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true", "--outdir",
                    str(tmp_path / "out"), str(tmp_path / "cases.csv")], check=True, capture_output=True, timeout=180)  # fmt: skip
    (made,) = (tmp_path / "out").glob("*.csv")
    rows = list(csv.reader(made.open(encoding="utf-8")))
    for row, (ticked, mean, sd, *_words) in zip(rows, CASES.values(), strict=True):
        assert Decimal(row[0]) == Decimal(mean), ticked
        assert (Decimal(row[1]) if row[1] else None) == (Decimal(sd) if sd else None), ticked
