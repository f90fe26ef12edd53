"""The command that loads a workshop: at once, not at all, or only after it said what it would change."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from registration.models import Quota
from sessions.models import AgendaItem, Contact, StakeholderGroup, Track, Workshop, WorkshopDay
from sessions.releases import open_draft
from tests.factories import make_participant
from tests.sessions.sample import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_terminal(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def load(tmp_path, capsys):
    """Runs the command on a file with this text; gives back the lines that it prints."""

    def run(text: str = SMALL, *options: str) -> list[str]:
        file = tmp_path / "workshop.toml"
        file.write_text(text, encoding="utf-8")
        capsys.readouterr()
        call_command("load_workshop", str(file), *options)
        return capsys.readouterr().out.splitlines()

    return run


def changed(*pairs: tuple[str, str]) -> str:
    """The small file with each first text replaced by the second."""
    text = SMALL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def everything() -> list[list[dict]]:
    """Every row of the programme and its quotas, to compare before and after."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Workshop, WorkshopDay, AgendaItem, Track, StakeholderGroup, Contact, Quota)
    ]


def block() -> AgendaItem:
    return AgendaItem.objects.get(kind="parallel")


def register_someone() -> None:
    """Somebody of the first group comes on both days, to the second track."""
    workshop = Workshop.objects.get()
    make_participant(workshop, tracks=[Track.objects.select_related("quota").get(number=2)])


NOTHING_YET = "Nothing was changed yet. Run it again with --apply to make these changes."


def test_the_workshop_of_the_portal_is_loaded_whole(capsys):
    call_command("load_workshop")
    assert capsys.readouterr().out == "The workshop sdg-localisation-2565 was loaded.\n"
    workshop = Workshop.objects.get()
    assert workshop.is_published
    assert workshop.standing().is_over
    assert [day.items.count() for day in workshop.days.all()] == [5, 4, 4, 4]
    assert (Track.objects.count(), workshop.groups.count(), workshop.contacts.count()) == (4, 10, 3)


def test_a_new_workshop_has_its_quotas(load):
    load()
    kinds = [quota.kind for quota in Quota.objects.order_by("kind")]
    assert kinds == ["central"] + ["province"] * 77 + ["track"] * 2
    assert {quota.capacity for quota in Quota.objects.filter(kind="province")} == {3}
    assert [quota.capacity for quota in Quota.objects.filter(kind="track").order_by("track__number")] == [None, 40]


def test_loading_twice_changes_nothing_and_says_so(load):
    assert load() == ["The workshop sample was loaded."]
    before = everything()
    assert load() == ["The workshop sample is as the file says; nothing changed."]
    assert load(SMALL, "--apply") == ["The workshop sample is as the file says; nothing changed."]
    assert everything() == before


def test_with_verbosity_0_nothing_is_printed(load):
    assert load(SMALL, "--verbosity=0") == []
    assert load(CHANGED, "--verbosity=0") == []


def test_two_workshops_stand_side_by_side(load):
    load()
    assert load(changed(('"sample"', '"next-year"'))) == ["The workshop next-year was loaded."]
    assert Workshop.objects.count() == 2


CHANGED = changed(
    ('"การประชุมตัวอย่าง"', '"การประชุมใหม่"'),
    ("is_published = false", "is_published = true\ndecision = 'province_first'"),
    ("2027-01-05T08:30:00", "2027-01-06T08:30:00"),
    ("capacity = 40", "capacity = 60"),
    ('ends = "10:30"', 'ends = "10:40"'),
    ('code = "4.1.1"', 'code = "4.1.2"'),
    ("date = 2027-02-25", "date = 2027-03-04\n[[days.items]]\nstarts='09:00'\nends='10:00'\ntitle_th='บรรยาย'"),
    ('[[contacts]]\nname_th = "นางสาวตัวอย่าง ดีงาม"\nemail = "sample@example.org"\n', ""),
)
IN_WORDS = [
    "workshop sample: “title (Thai)” changes from “การประชุมตัวอย่าง” to “การประชุมใหม่”.",
    "workshop sample: “published” changes from no to yes.",
    "workshop sample: “who confirms a seat” changes from Confirm at once; the province may decline later"
    " to The province approves first; a pending person holds the seat.",
    "workshop sample: “registration opens” changes from 2027-01-05 08:30 to 2027-01-06 08:30.",
    "contact 2 is removed.",
    "stakeholder group 4.1.1 is removed.",
    "stakeholder group 4.1.2 is added.",
    "day 2027-02-25 is removed.",
    "day 2027-02-18, agenda item 09:30: “ends” changes from 10:30 to 10:40.",
    "day 2027-02-18, agenda item 09:30, track 2: “places to begin with” changes from 40 to 60.",
    "day 2027-03-04 is added.",
    "day 2027-03-04, agenda item 09:00 is added.",
]


def test_a_changed_file_says_what_it_would_change_and_changes_nothing(load):
    load()
    before = everything()
    assert load(CHANGED) == [*IN_WORDS, NOTHING_YET]
    assert everything() == before


def test_with_apply_the_changes_are_made(load):
    load()
    assert load(CHANGED, "--apply") == [*IN_WORDS, "The workshop sample was changed."]
    assert load(CHANGED) == ["The workshop sample is as the file says; nothing changed."]
    workshop = Workshop.objects.get()
    assert (workshop.title_th, workshop.is_published, workshop.decision) == ("การประชุมใหม่", True, "province_first")
    assert [day.date for day in workshop.days.all()] == [dt.date(2027, 2, 18), dt.date(2027, 3, 4)]
    assert [group.code for group in workshop.groups.all()] == ["4.1.2"]
    assert [contact.name_th for contact in workshop.contacts.all()] == ["นายสมมุติ ทดสอบดี"]
    assert block().ends_at == dt.time(10, 40)


def test_a_change_that_is_only_shown_takes_no_step_in_any_calendar(load):
    load()
    load(CHANGED)
    assert set(WorkshopDay.objects.values_list("sequence", flat=True)) == {0}


def test_the_calendar_of_a_changed_day_moves_on_and_that_of_another_does_not(load):
    load()
    load(changed(('ends = "10:30"', 'ends = "10:40"')), "--apply")
    assert list(WorkshopDay.objects.order_by("date").values_list("sequence", flat=True)) == [1, 0]


def test_a_new_track_gets_its_quota_when_the_change_is_applied(load):
    load()
    more = changed(("number = 2\n", 'number = 3\ntitle_th = "ใหม่"\ncapacity = 5\n[[days.items.tracks]]\nnumber = 2\n'))
    assert load(more, "--apply") == ["day 2027-02-18, agenda item 09:30, track 3 is added.", "The workshop sample was changed."]
    assert Quota.objects.get(track__number=3).capacity == 5


def test_what_staff_filled_in_and_the_file_does_not_name_stays(load):
    load()
    WorkshopDay.objects.update(join_url="https://example.org/day")
    Track.objects.filter(number=1).update(join_url="https://example.org/track")
    Workshop.objects.update(chat_url="https://example.org/chat")
    load(changed(("การประชุมตัวอย่าง", "การประชุมใหม่")), "--apply")
    assert set(WorkshopDay.objects.values_list("join_url", flat=True)) == {"https://example.org/day"}
    assert list(Track.objects.order_by("number").values_list("join_url", flat=True)) == [
        "https://example.org/track",
        "https://example.org/join",
    ]
    assert Workshop.objects.get().chat_url == "https://example.org/chat"


def test_a_list_that_the_file_does_not_name_stays(load):
    load()
    only_title = 'slug = "sample"\ntitle_th = "การประชุมตัวอย่าง"\n'
    assert load(only_title) == ["The workshop sample is as the file says; nothing changed."]


def test_a_list_that_the_file_names_empty_is_emptied(load):
    load()
    assert load('slug = "sample"\ntitle_th = "การประชุมตัวอย่าง"\ncontacts = []', "--apply") == [
        "contact 1 is removed.",
        "contact 2 is removed.",
        "The workshop sample was changed.",
    ]


def test_of_a_long_text_the_place_that_differs_is_shown(load):
    long = "ก" * 200
    load(changed(("is_published", f'background_th = "{long}ข{long}"\nis_published')))
    assert load(changed(("is_published", f'background_th = "{long}ค{long}"\nis_published')))[0] == (
        f"workshop sample: “background (Thai)” changes from “…{'ก' * 20}ข{'ก' * 59}…” to “…{'ก' * 20}ค{'ก' * 59}…”."
    )


class TestItems:
    """Which item of the file is which of the database."""

    def test_a_morning_that_moves_as_a_whole_keeps_its_items_and_tracks(self, load):
        load()
        before = dict(AgendaItem.objects.values_list("title_th", "pk"))
        register_someone()
        later = changed(
            ('"09:30"\nkind', '"09:40"\nkind'), ('"09:00"', '"09:10"'), ('starts = "09:30"', 'starts = "09:40"'), ('"10:30"', '"10:40"')
        )
        assert load(later, "--apply") == [
            "day 2027-02-18, agenda item 09:00: “starts” changes from 09:00 to 09:10.",
            "day 2027-02-18, agenda item 09:00: “ends” changes from 09:30 to 09:40.",
            "day 2027-02-18, agenda item 09:30: “starts” changes from 09:30 to 09:40.",
            "day 2027-02-18, agenda item 09:30: “ends” changes from 10:30 to 10:40.",
            "The workshop sample was changed.",
        ]
        assert dict(AgendaItem.objects.values_list("title_th", "pk")) == before

    def test_an_item_that_takes_the_time_of_another_is_still_the_same(self, load):
        load()
        block_key = block().pk
        break_first = 'starts = "09:30"\nends = "09:40"\nkind = "break"\ntitle_th = "พัก"\n[[days.items]]\nstarts = "09:40"'
        assert load(changed(('starts = "09:30"', break_first)), "--apply") == [
            "day 2027-02-18, agenda item 09:30: “starts” changes from 09:30 to 09:40.",
            "day 2027-02-18, agenda item 09:30 is added.",
            "The workshop sample was changed.",
        ]
        assert (block().pk, block().starts_at, block().tracks.count()) == (block_key, dt.time(9, 40), 2)

    def test_an_item_that_got_another_title_is_the_one_of_its_time(self, load):
        load()
        key = AgendaItem.objects.get(kind="opening").pk
        load(changed(("พิธีเปิด", "กล่าวเปิด")), "--apply")
        assert AgendaItem.objects.get(kind="opening").pk == key
        assert AgendaItem.objects.get(pk=key).title_th == "กล่าวเปิด"

    def test_an_item_that_is_parallel_no_more_loses_its_tracks(self, load):
        load()
        text = SMALL[: SMALL.index("[[days.items.tracks]]")].replace('"parallel"', '"lecture"')
        assert load(text, "--apply") == [
            "day 2027-02-25 is removed.",
            "day 2027-02-18, agenda item 09:30: “kind” changes from Parallel tracks to Lecture.",
            "day 2027-02-18, agenda item 09:30, track 1 is removed.",
            "day 2027-02-18, agenda item 09:30, track 2 is removed.",
            "The workshop sample was changed.",
        ]

    def test_tracks_that_the_file_does_not_name_stay(self, load):
        load()
        text = SMALL[: SMALL.index("[[days.items.tracks]]")] + "[[days]]\ndate = 2027-02-25\n"
        assert load(text) == ["The workshop sample is as the file says; nothing changed."]


WITHOUT = {
    "day": (changed(("[[days]]\ndate = 2027-02-25\n", "")), "day 2027-02-25", "participants: 1"),
    "track": (
        SMALL.replace(
            '[[days.items.tracks]]\nnumber = 2\ntitle_th = "หัวข้อที่สอง"\ncapacity = 40\njoin_url = "https://example.org/join"\n', ""
        ),
        "day 2027-02-18, agenda item 09:30, track 2",
        "track choices: 1",
    ),
    "group": (changed(('code = "4.1.1"', 'code = "4.1.2"')), "stakeholder group 4.1.1", "participants: 1"),
}


class TestAnOpenDraft:
    @pytest.mark.parametrize("options", [(), ("--apply",)])
    def test_nothing_is_changed_behind_its_back(self, load, options):
        load()
        open_draft(Workshop.objects.get())
        before = everything()
        with pytest.raises(CommandError) as refused:
            load(SMALL.replace("การประชุมตัวอย่าง", "การประชุมใหม่"), *options)
        assert str(refused.value).splitlines()[0].startswith("A draft of this agenda is open. Release it or discard it first")
        assert everything() == before

    def test_a_file_that_changes_nothing_is_no_matter(self, load):
        load()
        open_draft(Workshop.objects.get())
        assert load(SMALL, "--apply") == ["The workshop sample is as the file says; nothing changed."]


class TestWhatIsInUse:
    @pytest.mark.parametrize("options", [(), ("--apply",)])
    @pytest.mark.parametrize(("text", "what", "holders"), WITHOUT.values(), ids=WITHOUT)
    def test_it_is_not_removed_and_nothing_else_is_changed(self, load, text, what, holders, options):
        load()
        register_someone()
        before = everything()
        with pytest.raises(CommandError) as refused:
            load(text.replace("การประชุมตัวอย่าง", "การประชุมใหม่"), *options)
        assert str(refused.value) == f"{what} cannot be removed. It is in use ({holders}).\nNothing was changed."
        assert everything() == before

    def test_a_day_whose_track_was_chosen_tells_of_both(self, load):
        load()
        register_someone()
        first_day = SMALL[SMALL.index("[[days]]") : SMALL.index("[[days]]\ndate = 2027-02-25")]
        with pytest.raises(CommandError) as refused:
            load(SMALL.replace(first_day, ""))
        assert str(refused.value).splitlines()[0] == "day 2027-02-18 cannot be removed. It is in use (participants: 1, track choices: 1)."

    @pytest.mark.parametrize(("text", "what", "_holders"), WITHOUT.values(), ids=WITHOUT)
    def test_it_is_removed_while_nobody_chose_it(self, load, text, what, _holders):
        load()
        assert f"{what} is removed." in load(text, "--apply")


class TestRefusal:
    def test_a_broken_file_is_refused_with_file_key_and_reason_and_nothing_is_loaded(self, load, tmp_path):
        with pytest.raises(CommandError) as refused:
            load(changed(('"09:00"', '"9"'), ("2027-02-25", "2027-02-18")).replace("capacity = 3", "capacity = -3"))
        file = tmp_path / "workshop.toml"
        assert str(refused.value).splitlines() == [
            f"{file}: province_capacity: Ensure this value is greater than or equal to 0.",
            f'{file}: days[0].items[0].starts: Write a time like "09:30", with quotes.',
            "Nothing was loaded.",
        ]
        assert everything() == [[]] * 7

    def test_a_broken_file_leaves_the_workshop_that_is_there(self, load):
        load()
        before = everything()
        with pytest.raises(CommandError):
            load(changed(("การประชุมตัวอย่าง", "การประชุมใหม่"), ('"parallel"', '"lecture"')), "--apply")
        assert everything() == before

    def test_a_window_that_would_close_before_it_opens_is_refused(self, load):
        load()
        with pytest.raises(CommandError) as refused:
            load(changed(("registration_opens_at = 2027-01-05T08:30:00", "registration_closes_at = 2027-01-04T00:00:00")), "--apply")
        assert "Registration must open before it closes." in str(refused.value)
        assert Workshop.objects.get().registration_closes_at is None

    def test_a_file_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(CommandError) as refused:
            call_command("load_workshop", str(tmp_path / "nowhere.toml"))
        assert str(refused.value) == f"{tmp_path / 'nowhere.toml'}: No such file or directory"

    def test_what_fails_after_the_writing_takes_the_writing_back(self, load, settings):
        settings.AGENDA_AFTER_CHANGE = ["tests.sessions.test_load_workshop.fail"]
        with pytest.raises(RuntimeError):
            load()
        assert everything() == [[]] * 7


def fail(workshop):
    raise RuntimeError(workshop.slug)


def test_a_thai_terminal_is_answered_in_thai(load, monkeypatch):
    monkeypatch.setenv("LC_ALL", "th_TH.UTF-8")
    assert load() == ["โหลดโครงการ sample แล้ว"]
    assert load(changed(("capacity = 40", "capacity = 50"))) == [
        "วันประชุม 2027-02-18, วาระ 09:30, หัวข้อคู่ขนาน 2: “จำนวนที่นั่งตั้งต้น” เปลี่ยนจาก 40 เป็น 50",
        "ยังไม่ได้เปลี่ยนอะไร หากต้องการเปลี่ยนตามนี้ โปรดสั่งอีกครั้งพร้อม --apply",
    ]
