"""Files with data of people: asked for, made by a worker that may die, taken by who asked, gone after a day."""

import datetime as dt
import os
import shutil
import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from registration.actor import PARTICIPANT, Actor
from registration.errors import NobodyToExport, TooManyOnPaper
from registration.exports import actions as export_actions
from registration.links import qr
from registration.models import AuditEvent, Export, Participant
from registration.operations import clock, jobs, tasks
from registration.seats.actions.moves import cancel
from tests.factories import make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

ALL = {"sheets": ["all"]}
EFS = 0x800  #: The flag of a zip archive that says: this name is UTF-8.


@pytest.fixture(autouse=True)
def folder():
    """Where the storage of exports keeps its files; there is nothing yet."""
    folder = Path(storages["exports"].location)
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.fixture
def workshop():
    return make_workshop(slug="sdg")


@pytest.fixture
def staff():
    return Actor("staff", User.objects.create_user("staff"))


def asked(workshop, by, kind="xlsx", filters=None, at=None, **wanted):
    wanted.setdefault("options", ALL if kind == "xlsx" else {})
    return export_actions.ask(workshop=workshop, kind=kind, filters=filters or {}, by=by, at=at, **wanted)[0]


def made(*args, **wanted):
    """The export, after a worker was there."""
    export = asked(*args, **wanted)
    assert tasks.make_export.func(export.pk)
    export.refresh_from_db()
    return export


def content(export):
    with export.file.open() as file:
        return BytesIO(file.read())


def left_by_a_dead_worker(export, **columns):
    """As it is after a worker was killed in the middle, with what it had written."""
    assert export_actions._claim(export.pk) is not None
    export.refresh_from_db()
    storages["exports"].save(export.file.name, ContentFile(b"half a file"))
    Export.objects.filter(pk=export.pk).update(**columns)
    return export


class TestAsking:
    def test_it_waits_for_a_worker_and_says_how_many_people_it_is_about(self, workshop, staff):
        make_participant(workshop)
        make_participant(workshop, "50")
        export = asked(workshop, staff, filters={"province": "55"}, columns=["code"])
        assert (export.state, export.people, export.created_by, export.columns, str(export.file)) == ("queued", 1, staff.user, ["code"], "")

    def test_a_second_press_leads_to_the_one_that_is_being_made(self, workshop, staff):
        make_participant(workshop)
        first, second = (export_actions.ask(workshop=workshop, kind="csv", filters={}, by=staff) for _i in range(2))
        assert (first[0], first[1], second[1]) == (second[0], True, False)
        assert asked(workshop, Actor("staff", User.objects.create_user("other")), "csv") != first[0]
        assert asked(workshop, staff, "csv", filters={"province": "55"}) != first[0]

    def test_once_it_is_there_another_press_makes_a_new_one(self, workshop, staff):
        make_participant(workshop)
        assert made(workshop, staff) != made(workshop, staff)

    def test_a_file_about_nobody_is_refused(self, workshop, staff):
        make_participant(workshop)
        with pytest.raises(NobodyToExport):
            asked(workshop, staff, filters={"province": "50"})

    def test_paper_holds_so_many_and_no_more(self, workshop, staff, monkeypatch):
        monkeypatch.setattr("registration.exports.actions.MAX_ON_PAPER", 1)
        make_participant(workshop)
        asked(workshop, staff, "labels")
        make_participant(workshop)
        with pytest.raises(TooManyOnPaper, match="2"):
            asked(workshop, staff, "labels")
        asked(workshop, staff, "xlsx")


class TestMaking:
    def test_the_file_is_there_for_a_day_and_nobody_else_on_the_machine_reads_it(self, workshop, staff, folder):
        person = make_participant(workshop)
        before = timezone.now()
        export = made(workshop, staff, columns=["code"])
        assert (export.state, export.done, export.people) == ("done", 1, 1)
        assert before + export_actions.KEPT <= export.expires_at <= timezone.now() + export_actions.KEPT
        assert [row[0].value for row in load_workbook(content(export)).active["A2:A2"]] == [person.code]
        (file,) = folder.iterdir()
        assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)
        assert file.name == export.file.name

    def test_it_holds_those_who_were_chosen_when_it_is_made(self, workshop, staff):
        make_participant(workshop)
        make_participant(workshop, "50")
        export = asked(workshop, staff, "csv", filters={"province": "55"}, columns=["quota"])
        make_participant(workshop)
        export_actions.make(export_id=export.pk)
        export.refresh_from_db()
        assert content(export).read().decode("utf-8-sig") == "จังหวัด\r\nน่าน\r\nน่าน\r\n"
        assert export.people == 2

    def test_a_second_worker_finds_nothing_to_do(self, workshop, staff, folder):
        make_participant(workshop)
        export = made(workshop, staff)
        assert export_actions.make(export_id=export.pk) is False
        assert len(list(folder.iterdir())) == 1

    def test_a_fault_ends_it_as_failed_and_leaves_no_file(self, workshop, staff, folder, monkeypatch, caplog):
        make_participant(workshop)
        monkeypatch.setattr("registration.exports.actions.write_workbook", lambda *args, **options: 1 / 0)
        export = asked(workshop, staff)
        assert export_actions.make(export_id=export.pk) is False
        export.refresh_from_db()
        assert (export.state, "ZeroDivisionError" in caplog.text) == ("failed", True)
        assert not folder.exists() or list(folder.iterdir()) == []
        assert clock.go_on_with_exports(timezone.now() + dt.timedelta(hours=1)) == 0

    def test_it_says_how_far_it_is(self, workshop, staff, monkeypatch):
        for _i in range(3):
            make_participant(workshop)
        monkeypatch.setattr("registration.exports.actions.SECONDS_BETWEEN_REPORTS", 0)
        seen = []
        renew = jobs.renew
        monkeypatch.setattr(jobs, "renew", lambda export, **told: (seen.append(told), renew(export, **told)))
        made(workshop, staff, "codes")
        assert seen[1:] == [{"done": 1}, {"done": 2}, {"done": 3}, {}]

    def test_who_deletes_it_stops_the_worker(self, workshop, staff, folder, monkeypatch):
        make_participant(workshop)
        export = asked(workshop, staff)
        write = export_actions.write_workbook

        def write_and_delete(*args, **options):
            export_actions.discard(export=Export.objects.get())
            return write(*args, **options)

        monkeypatch.setattr("registration.exports.actions.write_workbook", write_and_delete)
        assert export_actions.make(export_id=export.pk) is False
        assert not folder.exists() or list(folder.iterdir()) == []


class TestDeadWorkers:
    def test_what_one_left_is_made_by_the_next_once_nothing_was_heard_for_long(self, workshop, staff, folder):
        make_participant(workshop)
        export = left_by_a_dead_worker(asked(workshop, staff))
        late = export.leased_until + dt.timedelta(seconds=1)
        assert clock.go_on_with_exports(export.leased_until - dt.timedelta(seconds=1)) == 0
        assert clock.go_on_with_exports(late) == 1
        assert clock.go_on_with_exports(late) == 0, "a task is on its way"
        assert export_actions.make(export_id=export.pk)
        export.refresh_from_db()
        assert (export.state, export.attempts) == ("done", 2)
        assert [file.name for file in folder.iterdir()] == [export.file.name], "the half file is gone"

    def test_what_three_have_died_of_has_failed(self, workshop, staff, folder):
        make_participant(workshop)
        export = left_by_a_dead_worker(asked(workshop, staff), attempts=export_actions.MAX_ATTEMPTS)
        assert clock.go_on_with_exports(export.leased_until) == 0
        export.refresh_from_db()
        assert (export.state, list(folder.iterdir())) == ("failed", [])

    def test_one_that_comes_back_to_life_leaves_the_other_alone(self, workshop, staff, folder, monkeypatch):
        """The slow worker finishes after its export was given to another one, which is done already."""
        make_participant(workshop)
        export = asked(workshop, staff)
        write, first = export_actions.write_workbook, []

        def slowly(*args, **options):
            if not first:
                first.append(True)
                Export.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
                assert export_actions.make(export_id=export.pk)
            return write(*args, **options)

        monkeypatch.setattr("registration.exports.actions.write_workbook", slowly)
        assert export_actions.make(export_id=export.pk) is False
        export.refresh_from_db()
        assert (export.state, export.attempts) == ("done", 2)
        assert [file.name for file in folder.iterdir()] == [export.file.name]

    def test_the_clock_does_it(self, workshop, staff):
        make_participant(workshop)
        export = left_by_a_dead_worker(asked(workshop, staff))
        clock.tick(export.leased_until)
        export.refresh_from_db()
        assert export.state == "queued"


class TestTaking:
    def test_it_is_counted_and_written_into_the_audit_trail(self, workshop, staff):
        for _i in range(2):
            make_participant(workshop)
        export = made(workshop, staff, filters={"province": "55", "q": "สมมุติ"})
        with export_actions.take(export=export, by=staff) as file:
            assert file.read(2) == b"PK"
        export.refresh_from_db()
        line = AuditEvent.objects.get(verb="taken")
        assert (export.downloads, line.actor, line.what, line.count, line.workshop) == (1, staff.user, "attendees", 2, workshop)
        assert line.filters == {"province": "55", "q": "…"}

    @pytest.mark.parametrize("state", ["queued", "running", "failed", "expired"])
    def test_only_a_file_that_is_ready_is_taken(self, workshop, staff, state):
        make_participant(workshop)
        export = made(workshop, staff)
        export.state = state
        with pytest.raises(FileNotFoundError):
            export_actions.take(export=export, by=staff)
        assert AuditEvent.objects.filter(verb="taken").count() == 0

    def test_a_day_later_it_is_not_taken_even_if_the_clock_was_not_there_yet(self, workshop, staff):
        make_participant(workshop)
        export = made(workshop, staff)
        with pytest.raises(FileNotFoundError):
            export_actions.take(export=export, by=staff, at=export.expires_at)

    def test_the_clock_deletes_it_after_a_day_and_forgets_it_after_a_week(self, workshop, staff, folder):
        make_participant(workshop)
        export = made(workshop, staff)
        assert export_actions.expire_exports(at=export.expires_at - dt.timedelta(seconds=1)) == 0
        clock.tick(export.expires_at)
        export.refresh_from_db()
        assert (export.state, export.file.name, list(folder.iterdir())) == ("expired", "", [])
        export_actions.expire_exports(at=export.created_at + export_actions.REMEMBERED)
        assert Export.objects.count() == 1
        export_actions.expire_exports(at=export.created_at + export_actions.REMEMBERED + dt.timedelta(seconds=1))
        assert Export.objects.count() == 0

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("xlsx", "attendees-sdg-2027-01-16.xlsx"),
            ("csv", "attendees-sdg-2027-01-16.csv"),
            ("sign_in", "sign-in-sdg-2027-01-16.pdf"),
            ("codes", "codes-sdg-2027-01-16.zip"),
            ("labels", "labels-sdg-2027-01-16.pdf"),
            ("affected", "affected-sdg-2027-01-16.xlsx"),
        ],
    )
    def test_it_is_named_by_what_it_is_and_the_day_in_bangkok(self, workshop, kind, name):
        late_in_the_evening_of_utc = dt.datetime(2027, 1, 15, 18, 0, tzinfo=dt.UTC)
        assert export_actions.file_name(Export(workshop=workshop, kind=kind, created_at=late_in_the_evening_of_utc)) == name


def pages(export):
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(content(export)).pages]


class TestPapers:
    def test_a_day_has_a_sheet_for_each_province_with_who_comes(self, workshop, staff):
        day = workshop.days.first()
        for code, last_name in [("55", "Nan"), ("50", "Chiang"), ("central", "Office")]:
            make_participant(workshop, code, title="Mr.", first_name="Comes", last_name=last_name)
        make_participant(workshop, first_name="Stays", days=[workshop.days.last()])
        cancel(participant=make_participant(workshop, first_name="Cancelled"), by=PARTICIPANT)
        export = made(workshop, staff, "sign_in", options={"meeting": f"day-{day.pk}", "by_place": True})
        found = [[name for name in ("Office", "Chiang", "Nan", "Stays", "Cancelled") if name in text] for text in pages(export)]
        assert (export.people, found) == (3, [["Office"], ["Chiang"], ["Nan"]])

    def test_a_province_alone_has_its_own(self, workshop, staff):
        make_participant(workshop, last_name="Nan")
        make_participant(workshop, "50", last_name="Chiang")
        meeting = {"meeting": f"day-{workshop.days.first().pk}", "by_place": True}
        (text,) = pages(made(workshop, staff, "sign_in", filters={"province": "55"}, options=meeting))
        assert ("Nan" in text, "Chiang" in text) == (True, False)

    def test_a_track_is_one_list_that_says_where_each_is_from(self, workshop, staff):
        first, second = tracks_of(workshop)
        make_participant(workshop, last_name="Nan", tracks=[first])
        make_participant(workshop, "50", last_name="Chiang", tracks=[first])
        make_participant(workshop, last_name="Elsewhere", tracks=[second])
        export = made(workshop, staff, "sign_in", options={"meeting": f"track-{first.pk}", "by_place": False})
        (text,) = pages(export)
        assert (export.people, [name for name in ("Nan", "Chiang", "Elsewhere") if name in text]) == (2, ["Nan", "Chiang"])

    def test_each_sheet_counts_its_own_pages(self, workshop, staff):
        for _i in range(25):
            make_participant(workshop)
        make_participant(workshop, "56")
        meeting = {"meeting": f"day-{workshop.days.first().pk}", "by_place": True}
        feet = [text.strip().splitlines()[-1].split() for text in pages(made(workshop, staff, "sign_in", options=meeting))]
        assert [[word for word in foot if word in "๑๒๓"] for foot in feet] == [["๑", "๒"], ["๒", "๒"], ["๑", "๑"]]

    def test_what_looks_like_typst_stays_what_somebody_typed(self, workshop, staff):
        make_participant(workshop, title="Mr.", first_name="#panic()", last_name="$x$ *y*", position="#let")
        Participant.objects.update(organisation="= H")  # as it may have come in before such signs were refused
        for kind, options in [("labels", {}), ("sign_in", {"meeting": f"day-{workshop.days.first().pk}", "by_place": True})]:
            (text,) = pages(made(workshop, staff, kind, options=options))
            assert "Mr. #panic() $x$ *y*" in " ".join(text.split())

    def test_codes_are_pictures_with_readable_names_in_a_folder_for_each_province(self, workshop, staff):
        nan = make_participant(workshop, title="นาย", first_name="สมมุติ", last_name="ทดสอบ/ดี")
        chiang = make_participant(workshop, "50", title="นาง", first_name="แก้ว", last_name="กล้า")
        cancel(participant=make_participant(workshop), by=PARTICIPANT)
        seats_of(workshop, "56", capacity=0)
        make_participant(workshop, "56")
        archive = ZipFile(content(made(workshop, staff, "codes")))
        assert archive.namelist() == [f"เชียงใหม่/นางแก้ว กล้า {chiang.code}.png", f"น่าน/นายสมมุติ ทดสอบ-ดี {nan.code}.png"]
        assert [bool(info.flag_bits & EFS) for info in archive.infolist()] == [True, True]
        assert archive.read(archive.namelist()[1]) == qr.qr_png(nan.code)
        assert Image.open(BytesIO(archive.read(archive.namelist()[0]))).format == "PNG"

    def test_labels_are_24_on_a_page_each_with_code_name_and_province(self, workshop, staff):
        people = [make_participant(workshop, title="Mr.", first_name="Somebody") for _i in range(25)]
        found = pages(made(workshop, staff, "labels"))
        assert [sum(person.code in text for person in people) for text in found] == [24, 1]
        assert [text.count("Somebody") for text in found] == [24, 1]

    def test_a_very_long_name_stays_on_its_label(self, workshop, staff):
        make_participant(workshop, first_name="ก" * 100, last_name="ข" * 100, organisation="ค" * 200, organisation_short="")
        assert len(pages(made(workshop, staff, "labels"))) == 1


def test_a_worker_that_is_killed_leaves_no_file_that_nobody_knows_of(workshop, staff, folder, monkeypatch):
    """Its file has its name in the database before it is there."""
    make_participant(workshop)
    export = asked(workshop, staff)
    names = []
    save = type(storages["exports"]).save

    def look_and_save(storage, name, file, **options):
        names.append((name, Export.objects.get().file.name))
        return save(storage, name, file, **options)

    monkeypatch.setattr(type(storages["exports"]), "save", look_and_save)
    export_actions.make(export_id=export.pk)
    assert [known == name for name, known in names] == [True]
    assert Path(names[0][0]).suffix == ".xlsx" and os.listdir(folder) == [names[0][0]]


def test_everybody_of_the_workshop_is_in_it_whoever_listed_them(workshop, staff):
    make_participant(make_workshop())
    make_participant(workshop)
    assert made(workshop, staff).people == 1
    assert Participant.objects.count() == 2
