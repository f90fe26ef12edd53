"""Staff edit the programme: from the workshop to its days, items and tracks, and are told in words what cannot be."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.forms import CheckboxInput
from django.urls import reverse

from registration.models import Participant, Quota
from sessions import changes
from sessions.admin.parts import PARTS as WORKSHOP_PARTS
from sessions.models import AgendaItem, Contact, Track, Workshop, WorkshopDay
from tests.factories import make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("staff", "staff@example.org"))
    return client


@pytest.fixture
def workshop() -> Workshop:
    """18 February 2027: an opening from 9 to 10, a block of two tracks from 10 to 11. A second day a week later."""
    workshop = make_workshop(slug="sample")
    changes.after_change(workshop)
    return workshop


#: On which of its pages a field of the workshop stands; what is not named stands on the first.
PARTS = {"days": "dates", "registration": "dates", "groups": "groups", "contacts": "contacts", "chat": "meeting", "retain": "privacy"}


def page_of(row, part: str = "") -> str:
    page = reverse(f"admin:agenda_{row._meta.model_name}_change", args=[row.pk])
    return f"{page}?part={part}" if part else page


def page_with(row, field: str) -> str:
    """The page of `row` on which there is the field of this name."""
    return page_of(row, PARTS.get(field.partition("_")[0], "") if isinstance(row, Workshop) else "")


def delete_page_of(row) -> str:
    return reverse(f"admin:agenda_{row._meta.model_name}_delete", args=[row.pk])


def typed(response) -> dict[str, str]:
    """What the browser would send if somebody opened this page and saved it as it is."""
    inlines = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [response.context["adminform"].form]
    for formset in inlines:
        forms += [formset.management_form, *formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(bound.field.widget, CheckboxInput):
                data |= {bound.html_name: "on"} if value else {}
            else:
                shown = bound.field.widget.format_value(value)
                data[bound.html_name] = "" if shown is None else shown[0] if isinstance(shown, list) else str(shown)
    return data


def save(client, row, **differently: str):
    """Opens the page of `row`, types what differs, and saves."""
    url = page_with(row, next(iter(differently), ""))
    data = typed(client.get(url)) | {name.replace("__", "-"): value for name, value in differently.items()}
    return client.post(url, data)


def refusals(response) -> list[str]:
    """Every error that the page shows."""
    assert response.status_code == 200
    found = list(response.context["adminform"].form.non_field_errors())
    found += [error for errors in response.context["adminform"].form.errors.values() for error in errors if error not in found]
    for inline in response.context["inline_admin_formsets"]:
        found += list(inline.formset.non_form_errors())
        found += [error for errors in inline.formset.errors for messages in errors.values() for error in messages]
    return found


def hours(day: WorkshopDay) -> list[str]:
    return [f"{item.starts_at:%H:%M}–{item.ends_at:%H:%M}" for item in day.items.all()]


class TestWalking:
    def test_from_the_workshop_to_its_days_to_their_items_to_the_tracks_and_back(self, staff, workshop):
        day = workshop.days.first()
        block = day.items.get(kind="parallel")
        assert f'href="{page_of(day)}"' in staff.get(page_of(workshop, "dates")).content.decode()
        on_the_day = staff.get(page_of(day)).content.decode()
        assert f'href="{page_of(block)}"' in on_the_day
        assert f'href="{page_of(workshop)}"' in on_the_day
        on_the_block = staff.get(page_of(block)).content.decode()
        assert f'href="{page_of(day)}"' in on_the_block
        assert re.findall(r'name="tracks-\d-title_th" value="([^"]+)"', on_the_block) == ["หัวข้อที่ 1", "หัวข้อที่ 2"]

    def test_only_a_parallel_block_has_a_place_for_tracks(self, staff, workshop):
        opening = AgendaItem.objects.filter(kind="opening").first()
        assert staff.get(page_of(opening)).context["inline_admin_formsets"] == []

    def test_saving_an_item_leads_back_to_its_day(self, staff, workshop):
        opening = workshop.days.first().items.get(kind="opening")
        response = save(staff, opening, title_th="กล่าวเปิด")
        assert (response.status_code, response.url) == (302, page_of(opening.day))
        opening.refresh_from_db()
        assert opening.title_th == "กล่าวเปิด"

    def test_what_is_published_is_linked_to_its_page(self, staff, workshop):
        day = workshop.days.first()
        pages = [workshop, day, day.items.first()]
        assert [staff.get(page_of(row)).context["absolute_url"] for row in pages] == [
            "/w/sample/",
            "/w/sample/agenda/",
            "/w/sample/agenda/",
        ]
        Workshop.objects.update(is_published=False)
        assert [staff.get(page_of(row)).context["absolute_url"] for row in pages] == [None, None, None]

    def test_a_page_that_is_saved_as_it_is_changes_nothing(self, staff, workshop):
        before = [list(model.objects.order_by("pk").values()) for model in (Workshop, WorkshopDay, AgendaItem, Track, Quota)]
        day = workshop.days.first()
        for row in [workshop, day, day.items.get(kind="parallel")]:
            assert save(staff, row).status_code == 302
        assert [list(model.objects.order_by("pk").values()) for model in (Workshop, WorkshopDay, AgendaItem, Track, Quota)] == before


class TestTimes:
    def test_two_items_that_overlap_are_refused_with_their_names_and_times(self, staff, workshop):
        day = workshop.days.first()
        response = save(staff, day, items__0__ends_at="10:15")
        assert refusals(response) == ["เวลาซ้อนกัน: ๐๙.๐๐ – ๑๐.๑๕ น. พิธีเปิด / ๑๐.๐๐ – ๑๑.๐๐ น. หัวข้อคู่ขนาน โปรดแก้เวลาของวาระใดวาระหนึ่ง"]
        assert hours(day) == ["09:00–10:00", "10:00–11:00"]

    def test_an_item_that_ends_before_it_starts_is_refused(self, staff, workshop):
        day = workshop.days.first()
        response = save(staff, day, items__1__ends_at="09:30")
        assert refusals(response) == ["เวลาเริ่มต้องมาก่อนเวลาสิ้นสุด"]
        assert hours(day) == ["09:00–10:00", "10:00–11:00"]

    def test_a_morning_moves_as_a_whole(self, staff, workshop):
        day = workshop.days.first()
        times = {"items__0__starts_at": "10:00", "items__0__ends_at": "11:00", "items__1__starts_at": "11:00", "items__1__ends_at": "12:00"}
        assert save(staff, day, **times).status_code == 302
        assert hours(day) == ["10:00–11:00", "11:00–12:00"]

    def test_an_item_that_is_being_removed_is_in_nobodys_way(self, staff, workshop):
        day = workshop.days.first()
        assert save(staff, day, items__1__starts_at="09:00", items__0__DELETE="on").status_code == 302
        assert hours(day) == ["09:00–11:00"]

    def test_an_item_on_its_own_page_may_not_move_into_another(self, staff, workshop):
        block = AgendaItem.objects.get(kind="parallel")
        assert refusals(save(staff, block, starts_at="09:59")) == [
            "เวลาซ้อนกัน: ๐๙.๐๐ – ๑๐.๐๐ น. พิธีเปิด / ๐๙.๕๙ – ๑๑.๐๐ น. หัวข้อคู่ขนาน โปรดแก้เวลาของวาระใดวาระหนึ่ง"
        ]
        assert save(staff, block, starts_at="10:01").status_code == 302

    def test_two_days_on_one_date_are_refused(self, staff, workshop):
        words = "โครงการนี้มีวันประชุมในวันที่นี้แล้ว"
        assert refusals(save(staff, workshop.days.last(), date="2027-02-18")) == [words]
        # Django 6.1 says the rule's own words here too
        assert refusals(save(staff, workshop, days__1__date="2027-02-18"))[0] in ("“วันที่” ซ้ำกันสองแถว", words)
        assert [day.date for day in workshop.days.all()] == [dt.date(2027, 2, 18), dt.date(2027, 2, 25)]

    def test_two_groups_with_one_number_are_refused(self, staff, workshop):
        words = ("“ลำดับที่” ซ้ำกันสองแถว", "โครงการนี้มีกลุ่มเป้าหมายหมายเลขนี้แล้ว")  # of Django 5.2 and 6.1
        assert refusals(save(staff, workshop, groups__1__code="4.1.1"))[0] in words
        assert [group.code for group in workshop.groups.all()] == ["4.1.1", "4.2"]

    def test_contacts_change_places_in_one_step(self, staff, workshop):
        for place, name in enumerate(["นายหนึ่ง", "นายสอง"], 1):
            Contact.objects.create(workshop=workshop, position=place, name_th=name)
        assert save(staff, workshop, contacts__0__position="2", contacts__1__position="1").status_code == 302
        assert [contact.name_th for contact in workshop.contacts.all()] == ["นายสอง", "นายหนึ่ง"]

    @pytest.mark.parametrize("year", ["2570", "0065", "0001"])
    def test_a_year_of_another_era_is_refused_with_a_hint(self, staff, workshop, year):
        hint = "โปรดกรอกปี ค.ศ. เช่น 2022 สำหรับปี 2565"
        assert refusals(save(staff, workshop.days.last(), date=f"{year}-01-01")) == [hint]
        assert refusals(save(staff, workshop, registration_opens_at=f"{year}-01-01T00:00")) == [hint]

    def test_nobody_is_shown_two_thousand_rows_for_asking(self, staff, workshop):
        inlines = save(staff, workshop, contacts__TOTAL_FORMS="2147483648").context["inline_admin_formsets"]
        assert [len(inline.formset.forms) for inline in inlines] == [100]

    def test_registration_that_closes_before_it_opens_is_refused(self, staff, workshop):
        response = save(staff, workshop, registration_opens_at="2027-01-10T09:00", registration_closes_at="2027-01-10T08:00")
        assert refusals(response) == ["เวลาเปิดลงทะเบียนต้องมาก่อนเวลาปิด"]

    def test_a_moment_is_typed_and_shown_in_bangkok_time(self, staff, workshop):
        save(staff, workshop, registration_opens_at="2027-01-10T09:00")
        workshop.refresh_from_db()
        assert workshop.registration_opens_at == dt.datetime(2027, 1, 10, 2, tzinfo=dt.UTC)
        assert 'value="2027-01-10T09:00"' in staff.get(page_of(workshop, "dates")).content.decode()


class TestTracks:
    def test_a_kind_cannot_change_under_the_tracks(self, staff, workshop):
        block = AgendaItem.objects.get(kind="parallel")
        words = ["วาระนี้มีหัวข้อคู่ขนานอยู่ โปรดลบหัวข้อเหล่านั้นก่อนเปลี่ยนประเภท"]
        assert refusals(save(staff, block, kind="lecture")) == words
        assert refusals(save(staff, block.day, items__1__kind="lecture")) == words

    def test_a_new_track_has_its_quota_at_once(self, staff, workshop):
        block = AgendaItem.objects.get(kind="parallel")
        new = {"tracks__TOTAL_FORMS": "3", "tracks__2__number": "3", "tracks__2__title_th": "ใหม่", "tracks__2__capacity": "12"}
        assert save(staff, block, **new).status_code == 302
        assert Quota.objects.get(track__number=3).capacity == 12

    def test_the_starting_number_says_that_the_quota_rules_later_on(self, staff, workshop):
        page = staff.get(page_of(AgendaItem.objects.get(kind="parallel"))).content.decode()
        assert "เป็นเพียงจำนวนตั้งต้นของโควตา หลังจากนั้นโปรดแก้ที่โควตาโดยตรง" in page

    def test_a_link_that_is_not_https_is_refused(self, staff, workshop):
        block = AgendaItem.objects.get(kind="parallel")
        assert refusals(save(staff, block, tracks__0__join_url="http://example.org/join")) == ["โปรดกรอกที่อยู่ที่ขึ้นต้นด้วย https://"]


class TestWhatFollows:
    def test_the_calendar_of_the_day_that_was_changed_moves_on(self, staff, workshop):
        first = workshop.days.first()
        save(staff, first, items__0__ends_at="09:45")
        save(staff, AgendaItem.objects.get(kind="parallel"), tracks__0__title_th="อื่น")
        assert list(workshop.days.values_list("sequence", flat=True)) == [2, 0]
        save(staff, workshop, days__1__is_cancelled="on")
        assert list(workshop.days.values_list("sequence", flat=True)) == [2, 1]

    def test_a_new_workshop_has_its_quotas_at_once(self, staff):
        url = reverse("admin:agenda_workshop_add")
        data = typed(staff.get(url)) | {"slug": "new", "title_th": "การประชุมใหม่", "province_capacity": "7"}
        assert staff.post(url, data).status_code == 302
        assert Quota.objects.filter(workshop__slug="new", kind="province", capacity=7).count() == 77

    def test_a_day_that_is_removed_renumbers_the_calendars_of_the_others(self, staff, workshop):
        staff.post(delete_page_of(workshop.days.first()), {"post": "yes"})
        assert list(workshop.days.values_list("date", "sequence")) == [(dt.date(2027, 2, 25), 1)]

    def test_what_fails_afterwards_takes_the_change_back(self, staff, workshop, settings):
        settings.AGENDA_AFTER_CHANGE = [f"{__name__}.fail"]
        with pytest.raises(RuntimeError):
            save(staff, workshop.days.first(), items__0__title_th="อื่น")
        assert workshop.days.first().items.first().title_th == "พิธีเปิด"


def fail(workshop):
    raise RuntimeError(workshop.slug)


class TestRemoving:
    def test_a_day_that_somebody_chose_is_not_removed(self, staff, workshop):
        make_participant(workshop)
        Workshop.objects.update(is_published=False)
        day = workshop.days.last()
        page = staff.get(delete_page_of(day))
        assert [str(held) for held in page.context["protected"]] == [f"๒๕ ก.พ. ๒๕๗๐: {Participant._meta.verbose_name_plural}: 1"]
        staff.post(delete_page_of(day), {"post": "yes"})
        assert workshop.days.count() == 2

    def test_nor_a_day_that_nobody_chose_of_a_programme_that_people_count_on(self, staff, workshop):
        make_participant(workshop, days=[workshop.days.first()])
        day = workshop.days.last()
        assert staff.get(delete_page_of(day)).status_code == 403
        everything = {"action": "delete_selected", "_selected_action": [day.pk], "post": "yes"}
        staff.post(reverse("admin:agenda_workshopday_changelist"), everything)
        assert workshop.days.count() == 2

    def test_nor_are_many_days_at_once(self, staff, workshop):
        make_participant(workshop)
        everything = {"action": "delete_selected", "_selected_action": [day.pk for day in workshop.days.all()], "post": "yes"}
        staff.post(reverse("admin:agenda_workshopday_changelist"), everything)
        assert workshop.days.count() == 2

    def test_a_track_that_somebody_chose_is_not_removed(self, staff, workshop):
        first, _second = tracks_of(workshop)
        make_participant(workshop, tracks=[first])
        Workshop.objects.update(is_published=False)
        response = save(staff, first.item, tracks__0__DELETE="on")
        assert response.status_code == 200
        assert Track.objects.count() == 2

    def test_an_item_that_nobody_chose_goes_with_its_tracks_and_their_quotas(self, staff, workshop):
        block = AgendaItem.objects.get(kind="parallel")
        page = staff.get(delete_page_of(block))
        assert (page.context["perms_lacking"], page.context["protected"]) == (set(), [])
        staff.post(delete_page_of(block), {"post": "yes"})
        assert (Track.objects.count(), Quota.objects.filter(kind="track").count()) == (0, 0)

    def test_a_workshop_with_participants_is_not_removed(self, staff, workshop):
        make_participant(workshop)
        staff.post(delete_page_of(workshop), {"post": "yes"})
        assert Workshop.objects.count() == 1

    def test_a_workshop_that_nobody_registered_for_goes_whole(self, staff, workshop):
        staff.post(delete_page_of(workshop), {"post": "yes"})
        assert (Workshop.objects.count(), WorkshopDay.objects.count(), Quota.objects.count()) == (0, 0, 0)


class TestThePages:
    def test_every_column_that_staff_may_edit_is_on_a_page(self, staff, workshop):
        pages = [page_of(workshop, part.key) for part in WORKSHOP_PARTS]
        pages += [page_of(workshop.days.first()), page_of(AgendaItem.objects.get(kind="parallel"))]
        shown = {name for page in pages for name in self.columns_on(staff.get(page))}
        wanted = {
            f"{model._meta.model_name}.{column.name}"
            for model in apps.get_app_config("agenda").get_models()
            for column in model._meta.concrete_fields
            if column.editable and not column.primary_key and not column.is_relation
        }
        assert wanted - shown == set()

    def columns_on(self, response) -> list[str]:
        forms = [response.context["adminform"].form]
        forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
        forms += [inline.formset.empty_form for inline in response.context["inline_admin_formsets"]]
        return [f"{form._meta.model._meta.model_name}.{name}" for form in forms for name in form.fields]

    def test_every_label_and_hint_is_in_thai(self):
        texts = []
        for model in apps.get_app_config("agenda").get_models():
            texts += [model._meta.verbose_name, model._meta.verbose_name_plural]
            for column in model._meta.concrete_fields:
                if column.editable and not column.primary_key:
                    texts += [column.verbose_name, column.help_text, *(label for _value, label in column.flatchoices)]
        assert [str(text) for text in texts if text and not re.search("[ก-ฮ]", str(text))] == []

    def test_nothing_on_them_is_inline(self, staff, workshop):
        pages = [page_of(row) for row in [workshop, workshop.days.first(), AgendaItem.objects.get(kind="parallel")]]
        pages += [reverse(f"admin:agenda_{name}_changelist") for name in ("workshop", "workshopday", "agendaitem")]
        for url in pages:
            page = staff.get(url).content.decode()
            assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", page) == [], url

    @pytest.mark.parametrize("name", ["workshop", "workshopday"])
    def test_a_list_takes_as_many_queries_for_three_as_for_one(self, staff, workshop, name, django_assert_num_queries):
        url = reverse(f"admin:agenda_{name}_changelist")
        staff.get(url)
        count = {"workshop": 12, "workshopday": 13}[name]
        with django_assert_num_queries(count):
            staff.get(url)
        make_workshop(days=3)
        make_workshop(days=3)
        with django_assert_num_queries(count):
            staff.get(url)

    def test_staff_without_the_permission_are_refused(self, client, workshop):
        client.force_login(User.objects.create_user("other", is_staff=True))
        day = workshop.days.first()
        pages = [page_of(workshop), page_of(workshop, "dates"), page_of(day), page_of(day.items.first()), delete_page_of(day)]
        assert [client.get(url).status_code for url in pages] == [403] * 5

    def test_staff_who_may_only_look_cannot_save(self, client, workshop):
        reader = User.objects.create_user("reader", is_staff=True)
        reader.user_permissions.set(Permission.objects.filter(content_type__app_label="agenda", codename__startswith="view_"))
        client.force_login(reader)
        day = workshop.days.first()
        assert client.get(page_of(day)).status_code == 200
        assert client.post(page_of(day), {"date": "2027-03-01"}).status_code == 403
