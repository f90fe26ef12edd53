import datetime as dt
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.db import connection

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.choices import State
from registration.exports.actions import ask
from registration.links.actions.personal_links import note_opened
from registration.mail import files as mail_files
from registration.mail import outbox
from registration.models import (
    AuditEvent,
    Delivery,
    Event,
    Export,
    Invitation,
    NominationFile,
    Nominee,
    Participant,
    ZoomHandover,
)
from registration.operations import clock, storage
from registration.people.actions.details import ask_new_email, change_email
from registration.people.applications import Person
from registration.privacy import erasure_register
from registration.privacy.actions import erasure
from registration.privacy.actions.erasure import erase
from registration.privacy.actions.restored_erasures import apply_register
from registration.seats.actions.moves import decline
from registration.seats.quotas import mismatches
from registration.zoom.actions.lists import take_list
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import Meeting
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of, tracks_of

#: Nobody else is called like this.
FIRST, LAST, EMAIL, PHONE = "ลับสุดยอด", "ห้ามเหลือ", "erase.me@example.org", "+66899999123"
SECRETS = [FIRST, LAST, EMAIL, PHONE, "กองลับเฉพาะ", "ตำแหน่งลับ"]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.ERASURES_DIR = tmp_path / "erasures"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path


def vars_of(participant):
    return {field.attname: getattr(participant, field.attname) for field in Participant._meta.concrete_fields}


def make_secret(workshop, code="55", **fields):
    known = {"first_name": FIRST, "last_name": LAST, "email": EMAIL, "phone": PHONE, "organisation": "กองลับเฉพาะ", "position": "ตำแหน่งลับ"}
    return make_participant(workshop, code, **known | fields)


@pytest.mark.django_db
class TestErasing:
    def test_everything_about_the_person_is_gone_and_others_stay(self):
        workshop = make_workshop()
        person, other = make_secret(workshop, tracks=tracks_of(workshop)[:1]), make_participant(workshop)
        take_list(meeting=Meeting(workshop.days.first()), kind=DeedKind.ADD, by=SYSTEM)
        assert erase(participant=person, by=PARTICIPANT, at=NOON) == 1
        for model in (Event, Delivery, ZoomHandover):
            assert set(model.objects.values_list("participant", flat=True)) == {other.pk}
        assert (list(Participant.objects.all()), mismatches()) == ([other], [])

    def test_who_presses_the_button_twice_is_erased_once(self, monkeypatch):
        """The second request has read the person before the first one was through."""
        workshop = make_workshop()
        person = make_secret(workshop)
        monkeypatch.setattr(erasure, "registrations_of", lambda participant: [Participant(**vars_of(participant))])
        for _twice in range(2):
            erase(participant=person, by=PARTICIPANT)
        assert (Participant.objects.count(), seats_of(workshop).taken, mismatches()) == (0, 0, [])

    def test_the_seat_goes_to_the_next_in_line(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        person, waiting = make_secret(workshop), make_participant(workshop)
        erase(participant=person, by=PARTICIPANT)
        waiting.refresh_from_db()
        assert (waiting.state, seats_of(workshop).taken, mismatches()) == (State.CONFIRMED, 1, [])
        assert Delivery.objects.filter(participant=waiting, message="moved_up").count() == 1

    def test_no_mail_is_written_to_whoever_is_erased(self):
        person = make_secret(make_workshop())
        erase(participant=person, by=PARTICIPANT)
        assert Delivery.objects.count() == 0

    def test_all_registrations_under_the_address_go(self):
        first, second = make_workshop(), make_workshop()
        make_secret(first, "56")
        other = make_participant(second)
        assert erase(participant=make_secret(second), by=PARTICIPANT) == 2
        assert list(Participant.objects.all()) == [other]

    def test_an_invitation_to_the_address_goes_and_its_seat_goes_on(self):
        workshop = make_workshop()
        person = make_secret(make_workshop())
        make_invitation(workshop, email=EMAIL)
        other = make_invitation(workshop)
        erase(participant=person, by=PARTICIPANT)
        assert (list(Invitation.objects.all()), seats_of(workshop).taken, mismatches()) == ([other], 1, [])

    def test_rows_of_lists_go_by_address_and_by_name_where_no_address_stands(self):
        workshop = make_workshop()
        file = NominationFile.objects.create(
            quota=seats_of(workshop),
            name="list.xlsx",
            created_at=NOON,
            remarks=[["1", 2, f"{EMAIL} twice"], ["1", 3, "other"]],
            sheets=[["", [[1, [EMAIL]]], False, [], []]],
            is_settled=False,
        )
        rows = [(EMAIL, "อื่น"), ("", FIRST), ("namesake@example.org", FIRST), ("", "อื่น")]
        for place, (email, first) in enumerate(rows, start=1):
            values = {"first_name": first, "last_name": LAST, "email": email}
            Nominee.objects.create(file=file, place=place, line=place, values=values, email=email, state=Nominee.State.READY)
        erase(participant=make_secret(workshop), by=PARTICIPANT)
        file.refresh_from_db()
        assert list(Nominee.objects.values_list("place", flat=True)) == [3, 4]
        assert file.remarks == [["1", 3, "other"]]
        assert (file.sheets, file.is_settled) == ([], True)

    def test_the_history_of_others_forgets_the_code(self):
        workshop = make_workshop()
        person, other = make_secret(workshop), make_participant(workshop)
        event = Event.objects.create(
            participant=other, verb="merged", at=NOON, actor_kind="staff", details={"kept": person.code, "state": "confirmed"}
        )
        erase(participant=person, by=PARTICIPANT)
        event.refresh_from_db()
        assert event.details == {"state": "confirmed"}

    def test_the_log_of_the_admin_forgets_the_address(self):
        staff, person = User.objects.create_user("staff"), make_secret(make_workshop())
        LogEntry.objects.log_actions(staff.pk, [Delivery.objects.get(), staff], CHANGE, "said")
        erase(participant=person, by=PARTICIPANT)
        assert sorted(LogEntry.objects.values_list("object_repr", flat=True)) == ["staff", "–"]

    def test_mail_in_files_goes_the_others_stay(self, settings):
        settings.EMAIL_BACKEND = "registration.mail.files.EmailBackend"
        person = make_secret(make_workshop())
        mails = [("a", f"ถึง {EMAIL}", ["x@example.org"]), ("b", "สวัสดี", [EMAIL.upper()]), ("c", person.code, ["y@example.org"])]
        mails.append(("d", "อื่น", ["z@example.org"]))
        get_connection().send_messages([EmailMessage(subject, body, "from@example.org", to) for subject, body, to in mails])
        erase(participant=person, by=PARTICIPANT)
        assert [mail_files.read(name)["Subject"] for name in mail_files.names()] == ["d"]

    def test_exports_of_their_workshops_go(self):
        workshop, other = make_workshop(), make_workshop()
        person = make_secret(workshop)
        make_participant(other)
        for of in (workshop, other):
            ask(workshop=of, kind=Export.Kind.WORKBOOK, filters={}, by=SYSTEM, options={"sheets": ["all"]})
        erase(participant=person, by=PARTICIPANT)
        assert list(Export.objects.values_list("workshop", flat=True)) == [other.pk]

    def test_an_address_that_was_never_confirmed_is_somebody_elses(self):
        workshop = make_workshop()
        person = make_secret(workshop)
        kept = make_invitation(workshop, email="mistyped@example.org")
        ask_new_email(participant=person, email="mistyped@example.org", by=PARTICIPANT)
        erase(participant=person, by=PARTICIPANT)
        assert list(Invitation.objects.all()) == [kept]

    def test_an_older_address_of_theirs_is_theirs(self):
        workshop = make_workshop()
        person = make_secret(workshop, email="old@example.org")
        note_opened(participant=person)
        change_email(participant=person, email=EMAIL, by=PARTICIPANT)
        make_invitation(make_workshop(), email="old@example.org")
        erase(participant=person, by=PARTICIPANT)
        assert Invitation.objects.count() == 0

    def test_an_address_that_was_corrected_before_any_mail_was_opened_is_somebody_elses(self):
        workshop = make_workshop()
        person = make_secret(workshop, email="mistyped@example.org")
        change_email(participant=person, email=EMAIL, by=PARTICIPANT)
        note_opened(participant=person)
        kept = make_invitation(workshop, email="mistyped@example.org")
        erase(participant=person, by=PARTICIPANT)
        assert list(Invitation.objects.all()) == [kept]

    def test_an_older_address_with_which_somebody_else_is_registered_is_theirs(self):
        workshop = make_workshop()
        person = make_secret(workshop, email="shared@example.org")
        note_opened(participant=person)
        change_email(participant=person, email=EMAIL, by=PARTICIPANT)
        other = make_participant(workshop, email="shared@example.org")
        erase(participant=person, by=PARTICIPANT)
        assert [(mail.participant, mail.message) for mail in Delivery.objects.all()] == [(other, "confirmed")]

    def test_the_trail_keeps_a_number_alone(self):
        person = make_secret(make_workshop())
        erase(participant=person, by=PARTICIPANT, at=NOON)
        line = AuditEvent.objects.get()
        assert (line.verb, line.what, line.actor_kind, line.participant_key) == ("erased", "erased", "participant", person.pk)

    def test_a_register_that_cannot_be_written_erases_nobody(self, settings, folders):
        (folders / "erasures").write_text("no folder")
        person = make_secret(make_workshop())
        with pytest.raises(OSError):
            erase(participant=person, by=PARTICIPANT)
        assert Participant.objects.filter(pk=person.pk).exists()


@pytest.mark.django_db
class TestTheRegister:
    def test_it_holds_no_word_about_the_person(self, folders):
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT)
        (file,) = (folders / "erasures").iterdir()
        text = file.read_text()
        assert [word for word in [*SECRETS, EMAIL.upper()] if word in text] == []
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    def test_another_key_gives_other_digests(self, settings):
        before = erasure_register.digest(EMAIL)
        settings.SECRET_KEY = "another-key-of-at-least-fifty-characters-0123456789"
        assert erasure_register.digest(EMAIL) != before

    def test_a_former_key_still_finds_people(self, settings):
        before = erasure_register.digest(EMAIL)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key-of-at-least-fifty-characters-0123456789"
        assert before in erasure_register.digests(EMAIL)


@pytest.mark.django_db
class TestAfterARestore:
    def restored(self, workshop, code):
        """The person is there again, as an older backup has them."""
        person = make_secret(workshop)
        Participant.objects.filter(pk=person.pk).update(code=code)
        person.refresh_from_db()
        return person

    def test_who_was_erased_is_erased_again(self):
        workshop = make_workshop()
        person, other = make_secret(workshop), make_participant(workshop)
        erase(participant=person, by=PARTICIPANT)
        self.restored(workshop, person.code)
        assert apply_register() == 1
        assert (list(Participant.objects.all()), mismatches()) == ([other], [])

    def test_twice_is_once(self, folders):
        workshop = make_workshop()
        person = make_secret(workshop)
        erase(participant=person, by=PARTICIPANT)
        self.restored(workshop, person.code)
        assert (apply_register(), apply_register()) == (1, 0)
        assert len(list((folders / "erasures").iterdir())) == 1

    def test_who_registered_again_since_then_stays(self):
        workshop = make_workshop()
        erase(participant=make_secret(workshop), by=PARTICIPANT)
        again = make_secret(workshop)
        assert (apply_register(), list(Participant.objects.all())) == (0, [again])

    def test_an_invitation_from_before_goes_a_later_one_stays(self):
        workshop = make_workshop()
        erase(participant=make_secret(workshop), by=PARTICIPANT, at=NOON)
        make_invitation(workshop, "55", email=EMAIL, at=NOON - dt.timedelta(days=1))
        later = make_invitation(make_workshop(), email=EMAIL, at=NOON + dt.timedelta(days=1))
        apply_register()
        assert (list(Invitation.objects.all()), mismatches()) == ([later], [])

    @pytest.mark.django_db(transaction=True)
    def test_an_invitation_goes_where_no_registration_was_erased_before_it(self):
        """In no transaction but its own, as in the command."""
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT, at=NOON)
        make_invitation(make_workshop(), email=EMAIL, at=NOON - dt.timedelta(days=1))
        assert (apply_register(), Invitation.objects.count(), mismatches()) == (0, 0, [])

    def test_with_an_empty_register_nothing_happens(self):
        make_secret(make_workshop())
        assert (apply_register(), Participant.objects.count()) == (0, 1)


def bytes_left(words):
    """Which of `words` stand in the files of the database: SQLite's own, its log and its index of that."""
    file = Path(str(connection.settings_dict["NAME"]))
    data = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*") if part.is_file())
    return [word for word in words if word.encode() in data]


def everything_happens_to(person, workshop):
    """What writes about somebody, in every table that can hold it."""
    staff = User.objects.create_user("staff")
    take_list(meeting=Meeting(workshop.days.first()), kind=DeedKind.ADD, by=Actor("staff", staff))
    ask_new_email(participant=person, email="unconfirmed@example.org", by=PARTICIPANT)
    from registration.people.actions.details import change_details

    words = {**{name: getattr(person, name) for name in Person.__slots__}, "position": "ตำแหน่งลับใหม่"}
    change_details(participant=person, person=Person(**words), days=workshop.days.all(), tracks=[], by=PARTICIPANT, at=NOON)
    decline(participant=person, reason=f"{FIRST} ไม่อยู่ในรายชื่อ", by=Actor("staff", staff))
    LogEntry.objects.log_actions(staff.pk, list(Delivery.objects.all()), CHANGE, "said")
    file = NominationFile.objects.create(quota=person.quota, name="list.xlsx", created_at=NOON)
    values = {"first_name": FIRST, "last_name": LAST, "phone": PHONE, "email": EMAIL}
    Nominee.objects.create(file=file, place=1, line=2, values=values, email=EMAIL, state=Nominee.State.READY)
    make_invitation(make_workshop(), email=EMAIL, first_name=FIRST, last_name=LAST)


#: Half past two in Bangkok.
NIGHT = dt.datetime(NOON.year, NOON.month, NOON.day, 19, 30, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's file; benchmarks/erasure.py looks into PostgreSQL's")
class TestNoByteIsLeft:
    def test_in_the_file_of_the_database_in_the_outbox_and_in_mail_files(self, settings, folders):
        settings.EMAIL_BACKEND = "registration.mail.files.EmailBackend"
        workshop = make_workshop()
        for _i in range(20):
            make_participant(workshop)
        person = make_secret(workshop)
        everything_happens_to(person, workshop)
        outbox.send_due("worker", seconds=20)
        secrets = [*SECRETS, person.code]
        assert bytes_left(secrets) == secrets, "nothing could be found that is not there"
        erase(participant=person, by=PARTICIPANT)
        assert clock.scrub(NIGHT) is True
        assert bytes_left(secrets) == []
        assert [name for name in mail_files.names() if EMAIL in str(mail_files.read(name))] == []
        assert Participant.objects.count() == 20

    def test_without_writing_the_file_anew_bytes_would_be_left(self):
        """Why `storage.scrub` is needed: a deleted row stays in pages that are free."""
        workshop = make_workshop()
        for _i in range(20):
            make_participant(workshop)
        erase(participant=make_secret(workshop), by=PARTICIPANT)
        assert bytes_left([EMAIL]) == [EMAIL]

    def test_the_clock_writes_it_anew_once(self):
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT)
        assert [clock.scrub(NIGHT), clock.scrub(NIGHT)] == [True, False]

    def test_who_is_erased_meanwhile_has_it_done_once_more(self, monkeypatch):
        workshop = make_workshop()
        erase(participant=make_secret(workshop), by=PARTICIPANT)
        late, scrub = make_secret(workshop), storage.scrub
        monkeypatch.setattr(storage, "scrub", lambda: (scrub(), erase(participant=late, by=PARTICIPANT)))
        assert clock.scrub(NIGHT)
        monkeypatch.setattr(storage, "scrub", scrub)
        assert [clock.scrub(NIGHT), clock.scrub(NIGHT)] == [True, False]

    def test_it_is_done_at_night_and_once_a_night(self):
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT, at=NOON)
        assert [clock.scrub(NOON), clock.scrub(NIGHT)] == [False, True]
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT, at=NIGHT)
        again = NIGHT + dt.timedelta(hours=1)
        assert [clock.scrub(again), clock.scrub(NIGHT + dt.timedelta(days=1))] == [False, True]

    def test_what_could_not_be_done_is_done_by_the_next_round(self, monkeypatch):
        erase(participant=make_secret(make_workshop()), by=PARTICIPANT)
        with monkeypatch.context() as busy:
            busy.setattr(storage, "scrub", lambda: False)
            assert clock.scrub(NIGHT) is False
        assert clock.scrub(NIGHT) is True

    def test_the_command_for_restores_says_what_it_could_not_do(self, monkeypatch, capsys):
        monkeypatch.setattr(storage, "scrub", lambda: False)
        call_command("apply_erasures")
        assert capsys.readouterr().out.splitlines()[1:] == [
            "Bytes of them are left, because another program reads the tables. Run this once more when it has ended."
        ]
        assert not AuditEvent.objects.filter(what="scrubbed").exists()

    def test_the_command_for_restores_does_both(self, capsys):
        workshop = make_workshop()
        person = make_secret(workshop)
        erase(participant=person, by=PARTICIPANT)
        again = make_secret(workshop)
        Participant.objects.filter(pk=again.pk).update(code=person.code)
        call_command("apply_erasures")
        assert capsys.readouterr().out == "1 registrations of erased people were in the database and are gone.\n"
        assert bytes_left(SECRETS) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_dump_reads_is_never_waited_for_and_done_by_a_later_round():
    """Whoever waits for VACUUM FULL's lock has everybody wait who comes to read after them."""
    erase(participant=make_secret(make_workshop()), by=PARTICIPANT)
    dump = connection.copy()
    try:
        with dump.cursor() as reading, connection.cursor() as clocks:
            reading.execute("BEGIN")
            reading.execute("LOCK TABLE registration_participant IN ACCESS SHARE MODE")
            clocks.execute("SET statement_timeout = '2s'")
            assert clock.scrub(NIGHT) is False
            reading.execute("COMMIT")
            clocks.execute("RESET statement_timeout")
            assert clock.scrub(NIGHT) is True
    finally:
        dump.close()


def test_the_tables_that_hold_people_are_all_scrubbed():
    scrubbed = set(storage.tables())
    wanted = {model._meta.db_table for model in (Participant, Event, Delivery, Invitation, Nominee, NominationFile, ZoomHandover, LogEntry)}
    assert wanted - scrubbed == set()
