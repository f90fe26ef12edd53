"""The ledger: whatever happens to people, the three lists, done in Zoom, give exactly who should be in."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from registration.zoom.ledger import Attendee, DeedKind, LedgerLine, WorkLeft, difference, known_after, lines_of


def attendee(email, first="นครปฐม พช.", last="นายมั่งมั่ง", key=None):
    return Attendee(email, (first, last), key)


def imported(*people):
    return [LedgerLine(added=person) for person in people]


class TestOneByOne:
    def test_who_is_new_is_added(self):
        person = attendee("a@example.org", key=1)
        assert difference([person], {}) == WorkLeft([person], [], [], [])

    def test_who_cancelled_is_removed_and_who_came_back_before_that_is_left_alone(self):
        known = known_after([imported(attendee("a@example.org", key=1))])
        assert [one.email for one in difference([], known).remove] == ["a@example.org"]
        assert not difference([attendee("a@example.org", key=2)], known)

    def test_who_was_removed_and_came_back_is_added_again(self):
        person = attendee("a@example.org", key=1)
        known = known_after([imported(person), [LedgerLine(removed=person)]])
        assert difference([person], known).add == [person]

    def test_another_name_and_another_address_are_changes_that_name_both(self):
        known = known_after([imported(attendee("a@example.org", key=1), attendee("b@example.org", key=2))])
        after = [attendee("a@example.org", last="นายมั่นมั่น", key=1), attendee("new@example.org", key=2)]
        found = difference(after, known)
        assert [(each.before.email, each.after.email) for each in found.change] == [
            ("a@example.org", "a@example.org"),
            ("b@example.org", "new@example.org"),
        ]
        assert (found.add, found.remove) == ([], [])

    def test_two_who_exchange_their_addresses(self):
        first, second = attendee("a@example.org", last="นายหนึ่ง", key=1), attendee("b@example.org", last="นายสอง", key=2)
        known = known_after([imported(first, second)])
        swapped = [attendee("b@example.org", last="นายหนึ่ง", key=1), attendee("a@example.org", last="นายสอง", key=2)]
        lines = lines_of(DeedKind.CHANGE, difference(swapped, known))
        assert known_after([imported(first, second), lines]) == {one.email: one for one in swapped}

    def test_a_name_that_nobody_kept_agrees_with_every_name(self):
        assert not difference([attendee("a@example.org", key=1)], {"a@example.org": Attendee("a@example.org", None, 1)})

    def test_people_with_one_address_stand_apart_and_whom_zoom_knows_of_them_stays(self):
        both = [attendee("office@example.org", key=1), attendee("office@example.org", last="นางสาวสมมุติ", key=2)]
        known = known_after([imported(both[0])])
        assert difference(both, known) == WorkLeft([], [], [], both)

    def test_whom_zoom_does_not_let_in_under_a_new_address_stays_under_the_old_one(self):
        person = attendee("new@example.org", key=1)
        known = {"old@example.org": Attendee("old@example.org", None, 1)}
        assert difference([person], known, {"new@example.org"}) == WorkLeft([], [], [], [], [person])


class Zoom:
    """Zoom, as far as the ledger goes: each address once; who is registered already is not registered anew."""

    def __init__(self):
        self.registered: dict[str, tuple[str, str]] = {}

    def do(self, lines: list[LedgerLine]) -> None:
        for line in lines:
            if line.removed:
                self.registered.pop(line.removed.email, None)
        for line in lines:
            if line.added:
                self.registered.setdefault(line.added.email, line.added.name)


EMAILS, NAMES = [f"{letter}@example.org" for letter in "abcdef"], ["นายหนึ่ง", "นางสอง", "นายสาม"]


class People(RuleBasedStateMachine):
    """People of two tracks of one day, staff who work off lists (late, or not at all), and wrong marks that are taken back."""

    people = Bundle("people")

    def __init__(self):
        super().__init__()
        self.persons: dict[int, dict] = {}
        self.marks = {meeting: [] for meeting in ("day", "one", "two")}
        self.zooms = {meeting: Zoom() for meeting in self.marks}
        self.files: list[tuple[str, list[LedgerLine]]] = []

    def should(self, meeting):
        coming = [(key, person) for key, person in self.persons.items() if person["comes"]]
        return [
            Attendee(person["email"], ("น่าน พช.", person["name"]), key)
            for key, person in coming
            if meeting == "day" or person["track"] == meeting
        ]

    def known(self, meeting):
        return known_after(self.marks[meeting])

    def is_free(self, email):
        return all(person["email"] != email for person in self.persons.values() if not person["ended"])

    @rule(target=people, email=st.sampled_from(EMAILS), name=st.sampled_from(NAMES), track=st.sampled_from(["one", "two"]))
    def register(self, email, name, track):
        key = len(self.persons) + 1
        if self.is_free(email):
            self.persons[key] = {"email": email, "name": name, "track": track, "comes": True, "ended": False}
        return key

    @rule(key=people)
    def cancel(self, key):
        if key in self.persons:
            self.persons[key] |= {"comes": False, "ended": True}

    @rule(key=people)
    def come_back(self, key):
        if key in self.persons and self.persons[key]["ended"] and self.is_free(self.persons[key]["email"]):
            self.persons[key] |= {"comes": True, "ended": False}

    @rule(key=people)
    def drop_or_take_the_day(self, key):
        if key in self.persons and not self.persons[key]["ended"]:
            self.persons[key]["comes"] = not self.persons[key]["comes"]

    @rule(key=people, name=st.sampled_from(NAMES))
    def rename(self, key, name):
        if key in self.persons:
            self.persons[key]["name"] = name

    @rule(key=people, email=st.sampled_from(EMAILS))
    def change_address(self, key, email):
        if key in self.persons and self.is_free(email):
            self.persons[key]["email"] = email

    @rule(key=people, track=st.sampled_from(["one", "two"]))
    def switch_track(self, key, track):
        if key in self.persons:
            self.persons[key]["track"] = track

    @rule(meeting=st.sampled_from(["day", "one", "two"]), kind=st.sampled_from(DeedKind))
    def download(self, meeting, kind):
        self.files.append((meeting, lines_of(kind, difference(self.should(meeting), self.known(meeting)))))

    @rule(data=st.data())
    def hand_over_and_mark(self, data):
        if self.files:
            meeting, lines = self.files.pop(data.draw(st.integers(0, len(self.files) - 1)))
            self.zooms[meeting].do(lines)
            self.marks[meeting].append(lines)

    @rule(data=st.data())
    def mark_wrongly_and_take_it_back(self, data):
        """Nothing was done in Zoom."""
        if self.files:
            meeting, lines = self.files[data.draw(st.integers(0, len(self.files) - 1))]
            self.marks[meeting].append(lines)
            self.marks[meeting].pop()

    @invariant()
    def what_is_known_is_what_zoom_has(self):
        for meeting, zoom in self.zooms.items():
            assert {email: one.name for email, one in self.known(meeting).items()} == zoom.registered

    @invariant()
    def the_three_lists_give_exactly_who_should_be_in(self):
        for meeting, zoom in self.zooms.items():
            should, copy = self.should(meeting), Zoom()
            copy.registered = dict(zoom.registered)
            found = difference(should, self.known(meeting))
            for kind in (DeedKind.REMOVE, DeedKind.CHANGE, DeedKind.ADD):
                copy.do(lines_of(kind, found))
            assert copy.registered == {one.email: one.name for one in should}


People.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestPeople = People.TestCase
