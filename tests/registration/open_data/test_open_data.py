"""Open data from rows to files: what is counted, what goes out, and that it stays as it was published."""

import csv
import datetime as dt
import hashlib
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from registration.actor import SYSTEM
from registration.models import Attendance, Licence, OpenDataFile, OpenDataSet, Participant
from registration.open_data import actions, counts, tables
from registration.privacy.actions.anonymisation import anonymise
from tests.registration.open_data.making import AFTER, STAFF, come, make_draft, make_over, make_published
from tests.registration.open_data.test_small_counts import reckoned

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    found = make_over()
    for place, group, numbers in [
        ("55", "4.1.1", (9, 7)), ("55", "4.1.2", (3, 3)), ("55", "4.1.3", (6, 6)),
        ("56", "4.1.1", (8, 5)), ("56", "4.1.2", (10, 9)), ("56", "4.1.3", (2, 1)),
        ("10", "4.1.1", (12, 11)), ("10", "4.1.2", (7, 7)), ("central", "4.2", (20, 18)),
    ]:  # fmt: skip
        come(found, place, group, numbers)
    return found


def read(data_set, name):
    content = bytes(data_set.files.get(name=name).content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def described(data_set):
    return json.loads(bytes(data_set.files.get(name="datapackage.json").content))


def test_those_who_came_are_counted_by_place_group_and_day(workshop):
    found = counts.counted(workshop)
    assert found.days == ["2026-02-18", "2026-02-25"]
    assert found.cells["55", "4.1.1"] == [9, 7]
    assert found.cells["55", "*"] == [18, 16]
    assert found.cells["*", "4.1.2"] == [20, 19]
    assert found.cells["*", "*"] == [77, 67]
    assert found.cells["57", "4.1.1"] == [0, 0]
    assert ("55", "4.2") not in found.cells, "nobody of a province belongs to a group of central agencies"


def test_a_day_of_which_nothing_is_known_and_one_that_was_called_off_are_left_out(workshop):
    first, second = workshop.days.all()
    Attendance.objects.filter(day=second).delete()
    assert counts.counted(workshop).days == ["2026-02-18"]
    workshop.days.filter(pk=first.pk).update(is_cancelled=True)
    assert counts.counted(workshop).days == []


def test_files_say_what_may_be_told_in_english_columns(workshop):
    data_set = make_draft(workshop)
    rows = {(row["date"], row["province_code"], row["group_code"]): row for row in read(data_set, "participation.csv")}
    told = rows["2026-02-18", "TH-10", "4.1.1"]
    assert told == {
        "date": "2026-02-18", "province_code": "TH-10", "province_name_en": "Bangkok", "province_name_th": "กรุงเทพมหานคร",
        "region": "Bangkok and vicinity", "group_code": "4.1.1", "group_name_en": "Provincial office",
        "group_name_th": "สำนักงานจังหวัด", "participants": "12", "suppressed": "false",
    }  # fmt: skip
    untold = rows["2026-02-25", "TH-56", "4.1.3"]
    assert (untold["participants"], untold["suppressed"]) == ("", "true")
    assert [row["participants"] for row in read(data_set, "participation-by-day.csv")] == ["77", "67"]
    assert {row["group_code"] for row in read(data_set, "participation-by-group.csv")} == {"4.1.1", "4.1.2", "4.1.3", "4.2"}
    assert len(read(data_set, "participation-by-province.csv")) == 78 * 2


def test_who_has_all_files_reckons_no_small_cell(workshop):
    data_set = make_draft(workshop)
    names = {"participation.csv": ("province_code", "group_code"), "participation-by-province.csv": ("province_code", "*"),
             "participation-by-group.csv": ("*", "group_code"), "participation-by-day.csv": ("*", "*")}  # fmt: skip
    true = counts.counted(workshop)
    for number, day in enumerate(true.days):
        told, untold = {}, set()
        for name, (place, group) in names.items():
            for row in read(data_set, name):
                key = (row.get(place, "*").removeprefix("TH-").replace("CENTRAL", "central"), row.get(group, "*"))
                if row["date"] == day:
                    told[key] = int(row["participants"] or true.cells[key][number])
                    if row["suppressed"] == "true":
                        untold.add(key)
        small = {key for key, values in true.cells.items() if 0 < values[number] < 5}
        assert small, "else this shows nothing"
        assert small <= untold
        assert reckoned(told, untold) & small == set()


def test_the_description_fits_its_files(workshop):
    """Every value is of the type that is said, every key is one row; the whole proof is by Frictionless itself: docs/proofs.md."""
    data_set = make_draft(workshop, licence=Licence.DGA)
    package = described(data_set)
    assert package["licenses"] == [{"title": "DGA Open Government License", "path": "https://data.go.th/pages/dga-open-government-license"}]
    assert [each["path"] for each in package["resources"]] == [table.file_name for table in tables.TABLES]
    kinds = {"string": str, "integer": int, "date": dt.date.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__}
    for each in package["resources"]:
        content = bytes(data_set.files.get(name=each["path"]).content)
        assert content.startswith(b"\xef\xbb\xbf")
        assert (each["bytes"], each["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        rows, schema = read(data_set, each["path"]), each["schema"]
        assert list(rows[0]) == [field["name"] for field in schema["fields"]]
        for row in rows:
            for field in schema["fields"]:
                assert row[field["name"]] == "" or kinds[field["type"]](row[field["name"]]) is not None
        assert len({tuple(row[name] for name in schema["primaryKey"]) for row in rows}) == len(rows)


def test_without_a_choice_no_licence_is_claimed(workshop):
    assert "licenses" not in described(make_draft(workshop))


def test_the_workbook_has_the_same_rows(workshop):
    data_set = make_draft(workshop)
    book = load_workbook(io.BytesIO(bytes(data_set.files.get(name="participation.xlsx").content)))
    assert book.sheetnames == ["participation", "by-province", "by-group", "by-day"]
    in_sheet = [["" if value is None else str(value) for value in row] for row in book["by-group"].iter_rows(values_only=True, min_row=2)]
    assert in_sheet == [list(row.values()) for row in read(data_set, "participation-by-group.csv")]


def test_nobody_is_named_in_any_file(workshop):
    person = Participant.objects.filter(workshop=workshop).first()
    for file in make_draft(workshop).files.exclude(name__endswith="xlsx"):
        text = bytes(file.content).decode()
        assert person.first_name not in text
        assert "@" not in text


def test_numbers_are_the_same_after_people_are_made_anonymous(workshop):
    data_set = make_published(workshop)
    before, summary = counts.counted(workshop), counts.summary(workshop, counts.counted(workshop))
    files = {file.name: bytes(file.content) for file in data_set.files.all()}
    anonymise(workshop=workshop, by=SYSTEM, at=AFTER)
    assert counts.counted(workshop) == before
    assert counts.summary(workshop, before) == summary
    assert {file.name: bytes(file.content) for file in OpenDataFile.objects.filter(data_set=data_set)} == files


def test_the_summary_tells_no_few(workshop):
    found = counts.summary(workshop, counts.counted(workshop))
    assert (found.people, found.provinces, found.has_central, found.share) == (77, 3, True, 100)
    assert found.certificates is None
    come(workshop, "57", "4.1.1", (0, 3))  # three who came on the second day only: everybody less the first day
    again = counts.summary(workshop, counts.counted(workshop))
    assert again.people is None


def test_nothing_is_counted_before_the_end_or_without_attendance(workshop):
    with pytest.raises(actions.NotYet):
        actions.ask(workshop=workshop, licence=Licence.NONE, by=STAFF, at=AFTER.replace(year=2026, month=2, day=1))
    with pytest.raises(actions.NotYet):
        actions.ask(workshop=make_over(), licence=Licence.NONE, by=STAFF, at=AFTER)


def test_only_what_was_looked_at_is_published(workshop):
    looked_at = make_draft(workshop)
    make_draft(workshop)
    with pytest.raises(actions.DataSetChanged):
        actions.publish(data_set=looked_at, by=STAFF, at=AFTER)
    assert not OpenDataSet.objects.published().exists()


def test_a_version_stays_and_the_next_one_has_its_number(workshop):
    first = make_published(workshop)
    come(workshop, "55", "4.1.1", (30, 30))
    second = make_published(workshop)
    assert (first.number, second.number) == (1, 2)
    assert [row["participants"] for row in read(first, "participation-by-day.csv")] == ["77", "67"]
    assert [row["participants"] for row in read(second, "participation-by-day.csv")] == ["107", "97"]
    actions.withdraw(data_set=second, by=STAFF, at=AFTER)
    with pytest.raises(actions.DataSetChanged):
        actions.withdraw(data_set=second, by=STAFF, at=AFTER)
    assert make_draft(workshop).number == 3


def test_the_next_version_does_not_tell_of_few_by_the_difference(workshop):
    make_published(workshop)
    come(workshop, "10", "4.1.1", (1, 1))
    second = make_draft(workshop)
    rows = {(row["province_code"], row["group_code"]): row for row in read(second, "participation.csv")}
    assert rows["TH-10", "4.1.1"]["suppressed"] == "true"
    assert {row["suppressed"] for row in read(second, "participation-by-day.csv")} == {"true"}


def test_a_worker_that_died_is_replaced_and_counts_once(workshop):
    data_set = actions.ask(workshop=workshop, licence=Licence.NONE, by=STAFF, at=AFTER)
    late = AFTER + dt.timedelta(minutes=5)
    assert actions.left_by_workers(AFTER) == []
    assert actions.left_by_workers(late) == [data_set.pk]
    assert actions.make(set_id=data_set.pk)
    assert not actions.make(set_id=data_set.pk)
    assert data_set.files.count() == 6
    again = actions.ask(workshop=workshop, licence=Licence.NONE, by=STAFF, at=AFTER)
    OpenDataSet.objects.filter(pk=again.pk).update(attempts=3)
    assert actions.left_by_workers(late) == []
    again.refresh_from_db()
    assert again.state == OpenDataSet.State.FAILED


def test_counting_asks_the_same_however_many_came(workshop):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            make_draft(workshop)
        return len(captured)

    make_draft(workshop)  # the next one has this one to delete
    few = queries()
    come(workshop, "90", "4.1.2", (40, 40))
    assert queries() == few
