"""Seats that nobody uses: released, given to others' reserve, taken back; none is lost, made or given twice."""

import datetime as dt
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from registration.actor import PARTICIPANT, Actor, ActorKind
from registration.choices import SEAT_HOLDING, State
from registration.mail import compose
from registration.models import AuditEvent, Coordinator, Delivery, Participant, PoolEntry, Quota, SeatIntent, SeatPool
from registration.seats import pool as pools
from registration.seats import quotas
from registration.seats.actions import pool as verbs
from registration.seats.actions.moves import cancel
from registration.seats.actions.pool import Gift, PoolRefused
from sessions.models import StakeholderGroup
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of
from tests.registration.seats.test_concurrency import at_once, kinds

STAFF = Actor(ActorKind.STAFF)
#: The sample workshop's first day is 18 February 2027.
DATE = NOON + dt.timedelta(days=14)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def make_pool(workshop, *, releases_at=DATE, is_on=True) -> SeatPool:
    return verbs.set_up(workshop=workshop, is_on=is_on, releases_at=releases_at, rule="most_waiting", by=STAFF, at=NOON)


def capacity(code) -> int:
    return Quota.objects.get(province__code=code).capacity


def free() -> int:
    return SeatPool.objects.get().free


def wait(workshop, code, number=1) -> list[Participant]:
    """So many on the waiting list of a province that is full."""
    seat = seats_of(workshop, code)
    seats_of(workshop, code, capacity=seat.taken)
    return [make_participant(workshop, code, email=f"{uuid4().hex}@example.org") for _n in range(number)]


def gift(workshop, code, *people) -> Gift:
    return Gift(seats_of(workshop, code), tuple(person.pk for person in people))


@pytest.mark.django_db
class TestReleasing:
    @pytest.fixture
    def workshop(self):
        """Nan has three seats, one taken; every other province is full."""
        workshop = make_workshop(tracks=0)
        Quota.objects.filter(workshop=workshop, kind="province").update(capacity=0)
        seats_of(workshop, "55", capacity=3)
        make_participant(workshop, "55")
        make_coordinator(workshop, "55", email="nan@example.org")
        return workshop

    def run(self, *moments):
        """A round of the clock at each moment; what was released, and the mails so far."""
        seats = 0
        for at in moments:
            verbs.warn_of_release(at=at)
            seats += verbs.release_due(at=at)
        return seats, list(
            Delivery.objects.filter(message__in=["release_near", "seats_released"]).order_by("pk").values_list("message", flat=True)
        )

    def test_a_desk_is_told_a_week_and_a_day_before_then_its_free_seats_go_into_the_pool(self, workshop):
        make_pool(workshop)
        assert self.run(DATE - 8 * DAY) == (0, [])
        assert self.run(DATE - 7 * DAY, DATE - 6 * DAY) == (0, ["release_near"])
        assert self.run(DATE - DAY, DATE - 2 * HOUR) == (0, ["release_near"] * 2)
        assert self.run(DATE, DATE + HOUR) == (2, ["release_near"] * 2 + ["seats_released"])
        assert (capacity("55"), free()) == (1, 2)

    def test_the_mails_say_how_many_when_and_what_to_do(self, workshop):
        make_pool(workshop)
        self.run(DATE - 7 * DAY, DATE - DAY, DATE)
        near, _again, gone = Delivery.objects.filter(message__in=["release_near", "seats_released"]).order_by("pk")
        mails = [compose.compose(delivery, at=DATE - 7 * DAY) for delivery in (near, gone)]
        assert ["ว่าง ๒ ที่" in mails[0].body, "แล้ว ๒ ที่" in mails[1].body, "มีที่นั่ง ๑ ที่" in mails[1].body] == [False, True, True]
        assert all(f"/desk/{workshop.slug}/55/seats/" in mail.body and mail.alternatives for mail in mails)
        assert not compose.CONDITIONS["release_near"](near, DATE), "there is nothing left to keep"

    def test_off_it_does_nothing(self, workshop):
        assert self.run(DATE) == (0, [])
        make_pool(workshop, is_on=False)
        assert self.run(DATE - DAY, DATE) == (0, [])

    def test_nothing_is_released_before_somebody_had_a_day_to_read_of_it(self, workshop):
        """The clock stood still for a week."""
        make_pool(workshop)
        assert self.run(DATE + HOUR) == (0, ["release_near"])
        assert self.run(DATE + 20 * HOUR) == (0, ["release_near"])
        assert self.run(DATE + 21 * HOUR)[0] == 2

    def test_where_nobody_can_be_told_nothing_is_released_until_somebody_can(self, workshop):
        """Told late they still have a day; without an address, or switched off, nobody is told."""
        Coordinator.objects.all().delete()
        pool = make_pool(workshop)
        assert self.run(DATE - 7 * DAY, DATE - DAY, DATE, DATE + DAY) == (0, [])
        assert [quota.code for quota in pools.left_by_the_clock(pool, DATE)] == ["55"]
        make_coordinator(workshop, "55", is_active=False, email="former@example.org")
        User.objects.filter(pk=make_coordinator(workshop, "55", email="lost@example.org").user_id).update(email="")
        assert self.run(DATE + 2 * DAY) == (0, [])
        make_coordinator(workshop, "55", email="new@example.org")
        assert self.run(DATE + 2 * DAY + HOUR, DATE + 2 * DAY + 20 * HOUR) == (0, ["release_near"])
        assert pools.left_by_the_clock(pool, DATE + 2 * DAY) == []
        assert self.run(DATE + 2 * DAY + 22 * HOUR) == (2, ["release_near", "seats_released"])

    def test_staff_release_what_the_clock_leaves_once_its_date_has_come(self, workshop):
        nan, pool = seats_of(workshop, "55"), make_pool(workshop)

        def release(seats, at):
            verbs.release_untold(pool=pool, quota=nan, seats=seats, by=STAFF, at=at)

        for seats, at in ((2, DATE), (2, DATE - HOUR), (1, DATE), (3, DATE), (0, DATE)):
            with pytest.raises(PoolRefused):  # first because somebody could be told
                release(seats, at)
            Coordinator.objects.all().delete()
        release(2, DATE)
        assert (capacity("55"), free(), quotas.mismatches(), pools.mismatches()) == (1, 2, [], [])
        entry = PoolEntry.objects.get()
        assert (entry.kind, entry.seats, entry.actor_kind) == ("released", 2, ActorKind.STAFF)
        verbs.take_back(pool=pool, quota=nan, seats=2, by=STAFF, at=DATE)
        assert pools.left_by_the_clock(pool, DATE) == [], "it was decided"
        verbs.keep(quota=nan, until=(DATE + 9 * DAY).date(), by=STAFF, at=DATE)
        assert [len(pools.left_by_the_clock(pool, DATE + days * DAY)) for days in (1, 4)] == [0, 1], "its own date comes near"
        with pytest.raises(PoolRefused):
            release(2, DATE + 4 * DAY)

    def test_another_date_warns_anew(self, workshop):
        make_pool(workshop)
        self.run(DATE - 7 * DAY, DATE - DAY)
        make_pool(workshop, releases_at=DATE + 9 * DAY)
        assert self.run(DATE, DATE + HOUR) == (0, ["release_near"] * 2)
        assert self.run(DATE + 2 * DAY)[1] == ["release_near"] * 3

    def test_a_province_that_keeps_them_keeps_them_until_the_day_it_said(self, workshop):
        make_pool(workshop)
        self.run(DATE - 7 * DAY)
        until = (DATE + 3 * DAY).date()
        verbs.keep(quota=seats_of(workshop), until=until, by=STAFF, at=DATE - 2 * DAY)
        assert self.run(DATE - DAY, DATE, DATE + 2 * DAY)[0] == 0
        assert self.run(DATE + 3 * DAY - 2 * HOUR, DATE + 4 * DAY + HOUR)[0] == 2
        assert AuditEvent.objects.filter(what="seats kept").count() == 1

    def test_where_a_province_selects_nothing_goes_before_it_has_announced(self, workshop):
        type(workshop).objects.update(decision="selection")
        make_pool(workshop)
        assert self.run(DATE - DAY, DATE) == (0, [])
        Quota.objects.filter(province__code="55").update(announced_at=NOON)
        assert self.run(DATE + HOUR, DATE + 22 * HOUR)[0] == 2

    def test_what_was_taken_back_is_not_released_again(self, workshop):
        pool = make_pool(workshop)
        self.run(DATE - DAY, DATE)
        verbs.take_back(pool=pool, quota=seats_of(workshop), seats=2, by=STAFF, at=DATE + HOUR)
        assert self.run(DATE + DAY) == (0, ["release_near", "seats_released"])
        assert (capacity("55"), free()) == (3, 0)


@pytest.mark.django_db
class TestGiving:
    @pytest.fixture
    def workshop(self):
        return make_workshop(tracks=0)

    @pytest.fixture
    def pool(self, workshop):
        """Two seats that Nan gave up."""
        pool = make_pool(workshop)
        verbs.give_up(pool=pool, quota=seats_of(workshop, "55"), seats=2, by=STAFF, at=NOON)
        return pool

    def test_exactly_the_next_in_line_move_up(self, workshop, pool):
        first, second, third = wait(workshop, "56", 3)
        moved = verbs.give(pool=pool, gifts=[gift(workshop, "56", first, second)], by=STAFF, at=NOON)
        assert [person.pk for person in moved] == [first.pk, second.pk]
        assert (capacity("55"), capacity("56"), free()) == (23, 2, 0)
        assert list(Participant.objects.waiting()) == [third]
        assert Delivery.objects.filter(message="moved_up").count() == 2

    @pytest.mark.parametrize("wrong", ["overtaking", "too many", "somebody left", "of another province", "nobody"])
    def test_what_is_not_as_it_was_seen_moves_nobody(self, workshop, pool, wrong):
        first, second, third = wait(workshop, "56", 3)
        other = wait(workshop, "57", 1)[0]
        gifts = {
            "overtaking": [gift(workshop, "56", second)],
            "too many": [gift(workshop, "56", first, second), gift(workshop, "57", other)],
            "somebody left": [gift(workshop, "56", first, second)],
            "of another province": [gift(workshop, "57", first)],
            "nobody": [gift(workshop, "56")],
        }[wrong]
        if wrong == "somebody left":
            cancel(participant=first, by=PARTICIPANT, at=NOON)
        with pytest.raises(PoolRefused):
            verbs.give(pool=pool, gifts=gifts, by=STAFF, at=NOON)
        assert (capacity("55"), capacity("56"), free()) == (23, 0, 2)
        assert not Participant.objects.filter(state__in=SEAT_HOLDING).exists()
        assert not PoolEntry.objects.filter(kind="given").exists()

    def test_a_province_gives_up_no_more_than_is_free_and_takes_back_no_more_than_it_gave(self, workshop, pool):
        nan = seats_of(workshop, "55")
        for verb, seats in ((verbs.give_up, 24), (verbs.give_up, 0), (verbs.take_back, 3), (verbs.take_back, 0)):
            with pytest.raises(PoolRefused):
                verb(pool=pool, quota=nan, seats=seats, by=STAFF, at=NOON)
        with pytest.raises(PoolRefused):
            verbs.take_back(pool=pool, quota=seats_of(workshop, "56"), seats=1, by=STAFF, at=NOON)
        assert (capacity("55"), free(), pools.outstanding(nan)) == (23, 2, 2)

    def test_what_was_given_is_not_taken_back(self, workshop, pool):
        verbs.give(pool=pool, gifts=[gift(workshop, "56", *wait(workshop, "56", 2))], by=STAFF, at=NOON)
        with pytest.raises(PoolRefused):
            verbs.take_back(pool=pool, quota=seats_of(workshop, "55"), seats=1, by=STAFF, at=NOON)

    def test_who_came_meanwhile_moves_up_when_a_province_takes_seats_back(self, workshop):
        nan = seats_of(workshop, "55", capacity=1)
        pool = make_pool(workshop)
        verbs.give_up(pool=pool, quota=nan, seats=1, by=STAFF, at=NOON)
        late = make_participant(workshop, "55")
        assert late.state == State.WAITLISTED
        verbs.take_back(pool=pool, quota=nan, seats=1, by=STAFF, at=NOON)
        late.refresh_from_db()
        assert (late.state, free()) == (State.CONFIRMED, 0)

    def test_rules_propose_seat_by_seat_and_never_more_than_there_are(self, workshop, pool):
        Quota.objects.filter(workshop=workshop, kind="province").exclude(province__code__in=["56", "57"]).update(capacity=25)
        wait(workshop, "56", 3)
        (lone,) = wait(workshop, "57", 1)
        wait(workshop, "57", 0)
        others = StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="อำเภอ")
        Participant.objects.filter(pk=lone.pk).update(group=others)
        seats_of(workshop, "56", capacity=1)
        make_participant(workshop, "56")  # waits behind the others, so that one seat stays free
        rows = pools.rows_of(pool)
        by_quota = {row.quota.pk: row.quota.code for row in rows}
        told = {rule: {by_quota[key]: n for key, n in pools.proposed(rows, 2, rule).items()} for rule in ("most_waiting", "missing_groups")}
        assert told["most_waiting"] == {"56": 2}
        assert sum(told["missing_groups"].values()) == 2 and told["missing_groups"]["57"] == 1
        assert sum(pools.proposed(rows, 99, "most_waiting").values()) == sum(row.waiting for row in rows)

    def test_rows_cost_the_same_for_one_and_for_three(self, workshop, pool, django_assert_num_queries):
        for code in ("56", "57", "58"):
            wait(workshop, code, 2)
            with django_assert_num_queries(5):
                pools.rows_of(pool)

    def test_the_check_reads_the_book_too(self, workshop, pool):
        call_command("check_quotas")
        SeatPool.objects.update(free=5)
        with pytest.raises(CommandError):
            call_command("check_quotas")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def last_seat(self):
        workshop = make_workshop(tracks=0)
        pool = make_pool(workshop)
        verbs.give_up(pool=pool, quota=seats_of(workshop, "55"), seats=1, by=STAFF, at=NOON)
        gifts = [gift(workshop, code, *wait(workshop, code)) for code in ("56", "57")]
        return workshop, pool, [lambda one=one: verbs.give(pool=pool, gifts=[one], by=STAFF, at=NOON) for one in gifts]

    def test_the_last_released_seat_goes_to_one_of_two(self):
        workshop, _pool, givers = self.last_seat()
        assert kinds(at_once(*givers)) == {"list": 1, "PoolRefused": 1}
        seated = Participant.objects.filter(state=State.CONFIRMED).count()
        assert (seated, free(), quotas.mismatches(), pools.mismatches()) == (1, 0, [], [])
        assert workshop.quotas.filter(kind="province").aggregate(n=Sum("capacity"))["n"] == 25 * 75

    def test_it_is_given_or_taken_back_and_not_both(self):
        workshop, pool, givers = self.last_seat()
        back = lambda: verbs.take_back(pool=pool, quota=seats_of(workshop, "55"), seats=1, by=STAFF, at=NOON)  # noqa: E731
        outcomes = kinds(at_once(givers[0], back))
        assert outcomes["PoolRefused"] == 1
        assert (free(), quotas.mismatches(), pools.mismatches()) == (0, [], [])

    def test_it_is_given_up_or_registered_on_and_not_both(self):
        workshop = make_workshop(tracks=0)
        pool = make_pool(workshop)
        nan = seats_of(workshop, "55", capacity=1)
        register = lambda: make_participant(workshop, "55", waitlist_ok=False)  # noqa: E731
        outcomes = at_once(register, lambda: verbs.give_up(pool=pool, quota=nan, seats=1, by=STAFF, at=NOON))
        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
        seat = seats_of(workshop, "55")
        assert (seat.capacity + free(), quotas.mismatches(), pools.mismatches()) == (1, [], [])


class Pool(RuleBasedStateMachine):
    """Three provinces with two seats each, and whatever may happen to them. Nobody coordinates the last."""

    CODES = ("55", "56", "57")

    @initialize(mode=st.sampled_from(["at_once", "offer"]))
    def open(self, mode):
        self.now = NOON
        self.workshop = make_workshop(tracks=0, waiting_list=mode)
        Quota.objects.filter(workshop=self.workshop, kind="province").exclude(province__code__in=self.CODES).update(capacity=0)
        for code in self.CODES:
            seats_of(self.workshop, code, capacity=2)
        for code in self.CODES[:2]:
            make_coordinator(self.workshop, code, email=f"{code}@example.org")
        self.all = self.sum()
        self.pool = make_pool(self.workshop)
        self.lines = {code: [] for code in self.CODES}
        self.seats = {code: seats_of(self.workshop, code).pk for code in self.CODES}

    def sum(self):
        held = Quota.objects.filter(workshop=self.workshop).aggregate(n=Sum("capacity"))["n"]
        return held + sum(SeatPool.objects.filter(workshop=self.workshop).values_list("free", flat=True))

    def line(self, code):
        return list(Participant.objects.waiting().filter(quota_id=self.seats[code]).values_list("pk", flat=True))

    @precondition(lambda self: not self.workshop.standing(self.now).is_over)
    @rule(code=st.sampled_from(CODES))
    def register(self, code):
        make_participant(self.workshop, code, at=self.now, email=f"{uuid4().hex}@example.org")

    @rule(data=st.data())
    def leave(self, data):
        live = list(Participant.objects.filter(workshop=self.workshop, state__in=["confirmed", "offered", "waitlisted"]).order_by("pk"))
        if live:
            person = data.draw(st.sampled_from(live))
            for line in self.lines.values():
                line[:] = [pk for pk in line if pk != person.pk]
            cancel(participant=person, by=PARTICIPANT, at=self.now)

    @rule(code=st.sampled_from(CODES), seats=st.integers(0, 3))
    def give_up(self, code, seats):
        self.tried(lambda quota: verbs.give_up(pool=self.pool, quota=quota, seats=seats, by=STAFF, at=self.now), code)

    @rule(code=st.sampled_from(CODES), seats=st.integers(0, 3))
    def take_back(self, code, seats):
        self.tried(lambda quota: verbs.take_back(pool=self.pool, quota=quota, seats=seats, by=STAFF, at=self.now), code)

    @rule(code=st.sampled_from(CODES), number=st.integers(1, 3))
    def give(self, code, number):
        people = tuple(self.line(code)[:number])
        self.tried(lambda quota: verbs.give(pool=self.pool, gifts=[Gift(quota, people)], by=STAFF, at=self.now), code)

    def tried(self, verb, code):
        try:
            with transaction.atomic():
                verb(seats_of(self.workshop, code))
        except PoolRefused:
            pass

    @rule(code=st.sampled_from(CODES), seats=st.integers(0, 3))
    def release_untold(self, code, seats):
        before = PoolEntry.objects.count()
        self.tried(lambda quota: verbs.release_untold(pool=self.pool, quota=quota, seats=seats, by=STAFF, at=self.now), code)
        assert code == self.CODES[2] or PoolEntry.objects.count() == before

    @rule(code=st.sampled_from(CODES), days=st.integers(0, 20))
    def keep(self, code, days):
        until = (self.now + days * DAY).date() if days else None
        verbs.keep(quota=seats_of(self.workshop, code), until=until, by=STAFF, at=self.now)

    @rule(hours=st.sampled_from([12, 24, 72, 168]))
    def time_passes(self, hours):
        self.now += hours * HOUR
        verbs.warn_of_release(at=self.now)
        verbs.release_due(at=self.now)

    @invariant()
    def seats_add_up(self):
        if hasattr(self, "pool"):
            assert self.sum() == self.all
            assert (quotas.mismatches(), pools.mismatches()) == ([], [])

    @invariant()
    def nobody_overtakes_and_nobody_waits_beside_a_free_seat(self):
        if hasattr(self, "pool"):
            for code in self.CODES:
                line = self.line(code)
                gone = [pk for pk in self.lines[code] if pk not in line]
                assert self.lines[code][len(gone) :] == line[: len(self.lines[code]) - len(gone)]
                self.lines[code] = line
                if line:
                    seat = Quota.objects.get(pk=self.seats[code])
                    assert seat.taken == seat.capacity

    @invariant()
    def what_a_province_keeps_is_not_released(self):
        if hasattr(self, "pool"):
            for intent in SeatIntent.objects.filter(quota__workshop=self.workshop, released_for__isnull=False).select_related(
                "quota__province"
            ):
                assert intent.released_for <= self.now
                assert intent.warned_at is not None or intent.quota.code == self.CODES[2]
            by_the_clock = PoolEntry.objects.filter(kind="released", actor_kind=ActorKind.SYSTEM)
            assert not by_the_clock.filter(quota__province__code=self.CODES[2]).exists(), "nobody there was told"


class InOneTransaction(Pool):
    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_released_seats_keep_their_promises():
    run_state_machine_as_test(
        InOneTransaction,
        settings=settings(max_examples=40, stateful_step_count=25),
    )


def _take_whatever_is_free(quota, seats):
    return Quota.objects.filter(pk=quota.pk).update(capacity=F("capacity") - seats) == 1


@pytest.mark.asked_before
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "without"),
    [
        (quotas.shrink, _take_whatever_is_free),
        (quotas.put_into, lambda pool, seats: None),
        (quotas.grow, lambda quota, seats: None),
    ],
)
def test_without_a_guard_the_promises_are_broken(monkeypatch, guard, without):
    """Control: the same walk finds it, by its own sums or by what the database refuses."""
    monkeypatch.setattr(quotas, guard.__name__, without)
    quick = settings(
        max_examples=40, stateful_step_count=25,
        derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip
    with pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(InOneTransaction, settings=quick)
