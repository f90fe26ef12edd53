import datetime as dt
from io import StringIO

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from registration.actor import SYSTEM
from registration.exports.actions import ask
from registration.models import AuditEvent, Delivery, Event, Export, Invitation, Objection, Participant, RetentionNotice
from registration.operations import clock
from registration.privacy.actions.anonymisation import anonymise
from registration.privacy.anonymised_statistics import tables, told
from registration.privacy.retention import Kept, due, kept_until, note_shown, soon_due, soon_due_of
from registration.seats.quotas import mismatches
from sessions.models import Workshop
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    """Its last day is 25 February 2027."""
    return make_workshop(slug="w")


def moment(year, month, day, hour=12):
    return timezone.make_aware(dt.datetime(year, month, day, hour))


class TestTheDate:
    def test_it_is_a_year_after_the_last_day(self, workshop):
        assert kept_until(workshop) == dt.date(2028, 2, 25)

    def test_a_leap_day_has_its_anniversary_the_day_before(self, workshop):
        workshop.days.all().delete()
        workshop.days.create(date=dt.date(2028, 2, 29))
        assert kept_until(workshop) == dt.date(2029, 2, 28)

    def test_what_staff_set_counts(self, workshop):
        workshop.retain_until = dt.date(2027, 6, 30)
        workshop.save()
        assert kept_until(workshop) == dt.date(2027, 6, 30)

    def test_without_a_day_there_is_none(self):
        assert kept_until(make_workshop(days=0, tracks=0)) is None

    def test_a_workshop_of_the_past_keeps_who_registers_now_for_a_year(self, workshop):
        for year in (2029, 2030):  # brought in from elsewhere: nobody registers for what is over
            participant = make_participant(workshop)
            Participant.objects.filter(pk=participant.pk).update(registered_at=moment(year, 5, 1))
        assert kept_until(workshop) == dt.date(2031, 5, 1)

    def test_that_day_itself_is_not_over_yet(self, workshop):
        make_participant(workshop)
        note_shown(Kept(workshop, dt.date(2028, 2, 25)), moment(2028, 1, 1))
        assert due(moment(2028, 2, 25, 23)) == []
        assert due(moment(2028, 2, 26, 0)) == [workshop]

    def test_where_nobody_is_known_there_is_nothing_to_do(self, workshop):
        assert due(moment(2030, 1, 1)) == []

    def test_the_office_hears_of_it_thirty_days_before(self, workshop):
        make_participant(workshop)
        assert soon_due(moment(2028, 1, 25)) == []
        assert soon_due(moment(2028, 1, 26)) == [Kept(workshop, dt.date(2028, 2, 25))]

    def test_of_one_workshop_it_is_the_same_and_mostly_asks_nothing_of_its_people(self, workshop, django_assert_num_queries):
        make_participant(workshop)
        with django_assert_num_queries(1):
            assert soon_due_of(workshop, moment(2028, 1, 25)) is None
        assert soon_due_of(workshop, moment(2028, 1, 26)) == Kept(workshop, dt.date(2028, 2, 25))
        Participant.objects.update(registered_at=moment(2027, 6, 1))
        assert soon_due_of(workshop, moment(2028, 1, 26)) is None, "who came later puts it off"
        workshop.retain_until = dt.date(2031, 5, 1)
        workshop.save()
        assert soon_due_of(workshop, moment(2028, 5, 31)) is None
        assert soon_due_of(workshop, moment(2031, 4, 1)) == Kept(workshop, dt.date(2031, 5, 1))
        assert soon_due_of(make_workshop(), moment(2031, 4, 1)) is None, "nobody is known"


class TestMakingAnonymous:
    def test_nothing_of_the_person_stays_and_what_is_counted_does(self, workshop):
        track = tracks_of(workshop)[0]
        person = make_participant(workshop, tracks=[track], email="somebody@example.org")
        before = (person.quota_id, person.group_id, person.state, set(person.days.all()), track.pk)
        assert anonymise(workshop=workshop, by=SYSTEM, at=NOON) == 1
        after = Participant.objects.get(pk=person.pk)
        assert (after.quota_id, after.group_id, after.state, set(after.days.all()), after.choices.get().track_id) == before
        names = ("title", "first_name", "last_name", "sort_key", "name_key", "position", "organisation", "phone")
        told = [getattr(after, name) for name in names]
        assert told == [""] * 8
        assert (after.email.endswith("@anonymous.invalid"), after.code == person.code, after.anonymised_at) == (True, False, NOON)
        assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)

    def test_the_hour_of_the_registration_goes_the_day_stays(self, workshop):
        make_participant(workshop, at=moment(2027, 1, 15, 9))
        anonymise(workshop=workshop, by=SYSTEM)
        assert Participant.objects.get().registered_at == moment(2027, 1, 15, 0)

    def test_invitations_and_exports_go_and_the_quotas_still_agree(self, workshop):
        make_participant(workshop)
        make_invitation(workshop)
        ask(workshop=workshop, kind=Export.Kind.WORKBOOK, filters={"q": "สมมุติ"}, by=SYSTEM, options={"sheets": ["all"]})
        anonymise(workshop=workshop, by=SYSTEM)
        assert (Invitation.objects.count(), Export.objects.count()) == (0, 0)
        assert (seats_of(workshop).taken, mismatches()) == (1, [])

    def test_the_log_of_the_admin_forgets_them(self, workshop):
        person = make_participant(workshop)
        objection = Objection.objects.create(participant=person, text="ไม่", sent_at=NOON)
        staff = User.objects.create_user("staff")
        LogEntry.objects.log_actions(staff.pk, [Delivery.objects.get()], CHANGE, "said")
        LogEntry.objects.log_actions(staff.pk, [objection], CHANGE, "said")
        anonymise(workshop=workshop, by=SYSTEM)
        assert list(LogEntry.objects.values_list("object_repr", "change_message")) == [("–", ""), ("–", "")]

    def test_people_of_another_workshop_stay(self, workshop):
        make_participant(workshop)
        other = make_participant(make_workshop(), email="other@example.org")
        anonymise(workshop=workshop, by=SYSTEM)
        assert list(Participant.objects.known().values_list("pk", "email")) == [(other.pk, "other@example.org")]

    def test_more_than_one_portion_are_made_anonymous(self, workshop, monkeypatch):
        monkeypatch.setattr("registration.privacy.actions.anonymisation.PORTION", 2)
        for _i in range(5):
            make_participant(workshop)
        assert anonymise(workshop=workshop, by=SYSTEM) == 5
        assert Participant.objects.known().count() == 0

    def test_the_audit_trail_says_how_many(self, workshop):
        make_participant(workshop)
        anonymise(workshop=workshop, by=SYSTEM, at=NOON)
        assert list(AuditEvent.objects.values_list("verb", "what", "workshop", "count")) == [("erased", "anonymised", workshop.pk, 1)]

    def test_the_personal_link_opens_nothing_any_more(self, workshop, client):
        from registration.links.signed import personal_url

        person = make_participant(workshop)
        link = personal_url(person)
        anonymise(workshop=workshop, by=SYSTEM)
        assert client.get(link).status_code == 404


class TestWhatRemains:
    @pytest.mark.parametrize(
        ("counts", "shown"),
        [
            ({"a": 0, "b": 5, "c": 9}, {"a": 0, "b": 5, "c": 9}),
            ({"a": 1, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}),
            ({"a": 4, "b": 5, "c": 9}, {"a": None, "b": None, "c": 9}),
            ({"a": 4, "b": 0}, {"a": None, "b": 0}),
        ],
    )
    def test_no_number_under_five_is_told_nor_can_be_reckoned(self, counts, shown):
        assert told(counts) == shown

    def test_they_are_counted_by_place_group_day_and_track(self, workshop):
        for _i in range(5):
            make_participant(workshop, tracks=tracks_of(workshop)[:1])
        anonymise(workshop=workshop, by=SYSTEM)
        found = {table.title: {name: number for name, number in table.rows if number} for table in tables(workshop)}
        assert found == {
            "จังหวัด": {"น่าน": 5},
            "กลุ่มเป้าหมาย": {"4.1.1 สำนักงานจังหวัด": 5},
            "วัน": {"วันพฤหัสบดีที่ ๑๘ กุมภาพันธ์ ๒๕๗๐": 5, "วันพฤหัสบดีที่ ๒๕ กุมภาพันธ์ ๒๕๗๐": 5},
            "หัวข้อ": {"1. หัวข้อที่ 1": 5},
        }

    def test_the_board_of_the_office_shows_them_and_no_small_number(self, workshop, admin_client):
        make_participant(workshop)
        anonymise(workshop=workshop, by=SYSTEM)
        page = admin_client.get("/admin/?workshop=w").content.decode()
        assert page.count("น้อยกว่า 5") == 4
        assert "dashboard-hand" not in page

    def test_the_desk_says_so_and_names_nobody(self, workshop, admin_client):
        person = make_participant(workshop)
        anonymise(workshop=workshop, by=SYSTEM)
        page = admin_client.get("/desk/w/55/").content.decode()
        assert ("น้อยกว่าห้าคน" in page, person.first_name in page) == (True, False)

    def test_no_list_shows_the_nameless_rows(self, workshop, admin_client):
        make_participant(workshop)
        anonymise(workshop=workshop, by=SYSTEM)
        nameless = Participant.objects.get()
        assert len(admin_client.get("/admin/registration/participant/").context["cl"].result_list) == 0
        assert admin_client.get(f"/desk/w/55/people/{nameless.code}/").status_code == 404


class TestTheOfficeIsTold:
    def test_before_it_happens(self, workshop, admin_client):
        make_participant(workshop)
        for number, day in enumerate(workshop.days.all(), 1):
            day.date = timezone.localdate() - dt.timedelta(days=number)
            day.save()
        workshop.retain_until = timezone.localdate() + dt.timedelta(days=7)
        workshop.save()
        assert "โปรดส่งออกข้อมูลที่ต้องใช้ก่อนวันดังกล่าว" in admin_client.get("/admin/?workshop=w").content.decode()


def show_notice(workshop, at):
    """Staff have seen on the strip until when people are known."""
    note_shown(Kept(workshop, kept_until(workshop)), at)


class TestTheNotice:
    def test_without_one_nobody_is_forgotten(self, workshop):
        make_participant(workshop)
        assert clock.forget_people(moment(2030, 1, 1)) == 0

    def test_it_must_have_been_shown_for_thirty_days(self, workshop):
        make_participant(workshop)
        show_notice(workshop, moment(2030, 1, 1))
        assert clock.forget_people(moment(2030, 1, 30)) == 0
        assert clock.forget_people(moment(2030, 1, 31)) == 1

    def test_another_date_begins_the_thirty_days_anew(self, workshop):
        make_participant(workshop)
        show_notice(workshop, moment(2030, 1, 1))
        workshop.retain_until = dt.date(2029, 1, 1)
        workshop.save()
        assert clock.forget_people(moment(2030, 2, 10)) == 0
        show_notice(workshop, moment(2030, 2, 10))
        assert clock.forget_people(moment(2030, 3, 1)) == 0
        assert clock.forget_people(moment(2030, 3, 13)) == 1

    def test_shown_again_it_goes_on(self, workshop):
        make_participant(workshop)
        show_notice(workshop, moment(2030, 1, 1))
        show_notice(workshop, moment(2030, 1, 29))
        assert clock.forget_people(moment(2030, 1, 31)) == 1

    def test_a_date_before_the_last_day_forgets_nobody_before_it(self, workshop):
        make_participant(workshop)
        Workshop.objects.update(retain_until=dt.date(2026, 1, 1))
        assert kept_until(workshop) == dt.date(2027, 2, 25)

    def test_the_strip_shows_it(self, admin_client, workshop):
        make_participant(workshop)
        for number, day in enumerate(workshop.days.all(), 1):
            day.date = timezone.localdate() - dt.timedelta(days=number)
            day.save()
        until = timezone.localdate() + dt.timedelta(days=10)
        admin_client.get("/admin/registration/participant/")
        assert RetentionNotice.objects.count() == 0
        Workshop.objects.update(retain_until=until)
        admin_client.get("/admin/registration/participant/")
        assert [notice.until for notice in RetentionNotice.objects.all()] == [until]


class TestTheClock:
    @pytest.fixture(autouse=True)
    def _told(self, workshop):
        show_notice(workshop, moment(2027, 3, 1))

    def test_it_does_so_once(self, workshop):
        make_participant(workshop)
        assert clock.forget_people(moment(2028, 3, 1)) == 1
        assert clock.forget_people(moment(2028, 3, 1)) == 0

    def test_who_is_registered_afterwards_is_forgotten_in_their_turn(self, workshop):
        make_participant(workshop)
        clock.forget_people(moment(2028, 3, 1))
        participant = make_participant(workshop)  # brought in from elsewhere: nobody registers for what is over
        Participant.objects.filter(pk=participant.pk).update(registered_at=moment(2028, 4, 1))
        show_notice(workshop, moment(2028, 5, 1))
        assert clock.forget_people(moment(2029, 4, 1)) == 0
        assert clock.forget_people(moment(2029, 4, 2)) == 1

    def test_before_the_time_it_leaves_everybody_alone(self, workshop):
        make_participant(workshop)
        assert (clock.forget_people(moment(2028, 2, 25)), Participant.objects.known().count()) == (0, 1)


class TestTheCommand:
    def told(self, *args):
        out = StringIO()
        call_command("anonymise", *args, stdout=out)
        return out.getvalue()

    def test_without_apply_it_only_tells(self, workshop):
        make_participant(workshop)
        assert self.told("--workshop", "w") == "w: 1 people, known until 2028-02-25. Nothing was changed; use --apply.\n"
        assert Participant.objects.known().count() == 1

    def test_before_the_last_day_it_is_refused(self, workshop):
        make_participant(workshop)
        workshop.days.filter(pk=workshop.days.last().pk).update(date=timezone.localdate())
        with pytest.raises(CommandError):
            self.told("--workshop", "w", "--apply")
        assert Participant.objects.known().count() == 1

    def test_with_apply_it_does_it(self, workshop):
        make_participant(workshop)
        for number, day in enumerate(workshop.days.all(), 1):
            day.date = timezone.localdate() - dt.timedelta(days=number)
            day.save()
        assert self.told("--workshop", "w", "--apply") == "w: 1 people were made anonymous.\n"
        assert Participant.objects.known().count() == 0

    def test_it_concerns_only_those_whose_time_is_over(self, workshop):
        make_participant(workshop)
        assert self.told("--apply") == ""
