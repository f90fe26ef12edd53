"""Released seats in the office: whether and when, what provinces said, and giving seats to reserves in one act with a look ahead."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.models import Participant, PoolRule, Quota, SeatPool
from registration.office.audited import looked_at
from registration.seats import pool as pools
from registration.seats.actions.pool import Gift, PoolRefused, give, release_untold, set_up, take_back
from registration.seats.actions.reserve import line_of
from sessions.admin.page import AdminPage
from sessions.formats import grouped
from sessions.models import Workshop

MOMENT = "%Y-%m-%dT%H:%M"


class PoolForm(forms.Form):
    """Bangkok's time."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Provinces may release seats that nobody uses"), required=False,
        help_text=gettext_lazy("The document’s limit for each province then no longer holds for those that are given more."),
    )  # fmt: skip
    releases_at = forms.DateTimeField(
        label=gettext_lazy("free seats are released at"), required=False, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("Desks are told a week and a day before. Empty: only what provinces give up by themselves."),
    )  # fmt: skip
    rule = forms.ChoiceField(label=gettext_lazy("who is proposed"), choices=PoolRule.choices)

    def __init__(self, *args: Any, workshop: Workshop, before: SeatPool | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.before = workshop, before

    def clean_releases_at(self) -> Any:
        moment = self.cleaned_data["releases_at"]
        if moment is None or (self.before and self.before.releases_at == moment):
            return moment
        days = self.workshop.days.filter(is_cancelled=False)
        if moment < timezone.now() + max(pools.WARN_BEFORE):
            raise ValidationError(_("Choose a moment at least a week ahead, so that desks can be told."))
        if days and moment >= min(day.begins_at() for day in days):
            raise ValidationError(_("Choose a moment before the first day begins."))
        return moment


def may_give(request: HttpRequest) -> bool:
    """The look ahead shows people's names, so that a right to seats alone is not enough."""
    return request.user.has_perms(["registration.change_quota", "registration.view_participant"])


class SeatPoolPage(AdminPage):
    permission = "registration.change_quota"

    def workshop(self, slug: str) -> Workshop:
        return get_object_or_404(Workshop, slug=slug)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def back(self, workshop: Workshop) -> HttpResponse:
        return redirect("admin:registration_quota_pool", workshop.slug)


class PoolPage(SeatPoolPage):
    address, name = "pool/<slug:slug>/", "registration_quota_pool"
    permission = "registration.view_quota"
    template = "admin/registration/seat_pool/pool.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        pool = SeatPool.objects.filter(workshop=workshop).first()
        initial = {"is_on": pool.is_on, "releases_at": pool.releases_at, "rule": pool.rule} if pool else {}
        return self._shown(workshop, pool, PoolForm(initial=initial, workshop=workshop, before=pool))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if not request.user.has_perm("registration.change_quota"):
            raise PermissionDenied
        workshop = self.workshop(slug)
        pool = SeatPool.objects.filter(workshop=workshop).first()
        if request.POST.get("seen", _as_seen(pool)) != _as_seen(pool):
            messages.warning(request, _("Somebody changed it meanwhile. Look at it as it is now."))
            return self.back(workshop)
        form = PoolForm(request.POST, workshop=workshop, before=pool)
        if not form.is_valid():
            return self._shown(workshop, pool, form)
        set_up(workshop=workshop, by=self.by, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return self.back(workshop)

    def _shown(self, workshop: Workshop, pool: SeatPool | None, form: PoolForm) -> HttpResponse:
        rows = pools.rows_of(pool) if pool else []
        now, reached = timezone.now(), pools.reached(workshop)
        left = {quota.pk for quota in pools.left_by_the_clock(pool, now)} if pool else set()
        return self.render(
            _("Seats that nobody uses"),
            workshop=workshop,
            pool=pool,
            form=form,
            seen=_as_seen(pool),
            rows=[(row, row.quota.pk in reached, row.quota.pk in left and row.due_at and row.due_at <= now) for row in rows],
            has_untold=bool(left),
            waiting=[row for row in rows if row.waiting],
            may_change=self.request.user.has_perm("registration.change_quota"),
            may_give=may_give(self.request),
        )


def _as_seen(pool: SeatPool | None) -> str:
    """What the page shows, so that it is noticed where somebody else has changed it since."""
    return f"{pool.is_on} {pool.releases_at and pool.releases_at.isoformat()} {pool.rule}" if pool else ""


class PoolGivePage(SeatPoolPage):
    """Looks ahead at who moves up, by name, then gives: exactly to these, or to nobody."""

    address, name = "pool/<slug:slug>/give/", "registration_quota_pool_give"
    template = "admin/registration/seat_pool/give.html"

    def is_allowed(self, request: HttpRequest) -> bool:
        return may_give(request)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        pool = SeatPool.objects.filter(workshop=workshop).first()
        if pool is None:
            return self.back(workshop)
        chosen = set(request.GET.getlist("province"))
        rows = [row for row in pools.rows_of(pool) if row.waiting and row.quota.code in chosen]
        typed, rule = self._typed(rows), self._rule(pool)
        numbers = typed if rule == PoolRule.BY_HAND else pools.proposed(rows, pool.free, rule)
        wanted = [(row, min(numbers[row.quota.pk], row.waiting)) for row in rows if numbers.get(row.quota.pk)]
        together = sum(number for _row, number in wanted)
        is_too_many = together > pool.free  # then nobody's name is shown
        plan = [] if is_too_many else [(row, _next_in(row.quota, number)) for row, number in wanted]
        people = together if is_too_many else sum(len(given) for _row, given in plan)
        looked_at(request, "released seats", people, workshop=workshop)
        return self.render(
            _("Who moves up"),
            workshop=workshop,
            pool=pool,
            plan=plan,
            people=people,
            left=pool.free - people,
            is_too_many=is_too_many,
            are_typed_unused=any(typed.values()) and typed != numbers,
        )

    def _rule(self, pool: SeatPool) -> str:
        rule = self.request.GET.get("rule", "")
        return rule if rule in PoolRule.values else pool.rule

    def _typed(self, rows: list[pools.PoolRow]) -> dict[int, int]:
        typed = {row.quota.pk: self.request.GET.get(f"seats-{row.quota.code}", "") for row in rows}
        return {key: int(text) for key, text in typed.items() if text.isascii() and text.isdecimal() and len(text) < 5}

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        pool = get_object_or_404(SeatPool, workshop=workshop)
        try:
            moved = give(pool=pool, gifts=_gifts(workshop, request.POST.getlist("person")), by=self.by)
        except PoolRefused:
            messages.warning(
                request, _("Nobody moved up: a waiting list or the released seats have changed meanwhile. Look ahead once more.")
            )
        else:
            words = ngettext("%(n)s person moved up and is told.", "%(n)s people moved up and are told.", len(moved))
            messages.success(request, words % {"n": grouped(len(moved))})
        return self.back(workshop)


def _next_in(quota: Quota, number: int) -> list[Participant]:
    return list(line_of(quota).select_related("workshop", "group")[:number])


def _gifts(workshop: Workshop, seen: list[str]) -> list[Gift]:
    """From "quota-person", in the order in which they were seen. Raises PoolRefused."""
    people: dict[int, list[int]] = {}
    for pair in seen:
        quota, _dash, person = pair.partition("-")
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in (quota, person)):
            raise PoolRefused
        people.setdefault(int(quota), []).append(int(person))
    quotas = Quota.objects.filter(workshop=workshop, kind=Quota.Kind.PROVINCE).in_bulk(people)
    if len(quotas) < len(people):
        raise PoolRefused
    return [Gift(quotas[quota], tuple(keys)) for quota, keys in people.items()]


class OneProvincePage(SeatPoolPage):
    """So many seats of one province, by its code."""

    def of_province(self, slug: str) -> tuple[SeatPool, Quota, int]:
        """404 where there is no such province; no seats where the number is none."""
        pool = get_object_or_404(SeatPool.objects.select_related("workshop"), workshop=self.workshop(slug))
        code, text = self.request.POST.get("province", ""), self.request.POST.get("seats", "")
        if not code.isalnum():  # PostgreSQL refuses NUL with an error
            raise Http404
        quota = get_object_or_404(Quota, workshop=pool.workshop, province__code=code)
        return pool, quota, int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


class PoolBackPage(OneProvincePage):
    """A province's own seats, while they lie in the pool."""

    address, name = "pool/<slug:slug>/back/", "registration_quota_pool_back"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        pool, quota, seats = self.of_province(slug)
        try:
            take_back(pool=pool, quota=quota, seats=seats, by=self.by)
        except PoolRefused:
            messages.warning(request, _("Not so many of its seats are left in the pool."))
        else:
            messages.success(request, _("They are the province’s own again."))
        return self.back(pool.workshop)


class PoolReleasePage(OneProvincePage):
    """Free seats of a province where nobody could be told: the clock leaves them, staff release them."""

    address, name = "pool/<slug:slug>/release/", "registration_quota_pool_release"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        pool, quota, seats = self.of_province(slug)
        try:
            release_untold(pool=pool, quota=quota, seats=seats, by=self.by)
        except PoolRefused:
            messages.warning(request, _("The seats have changed. Please check how they stand now."))
        else:
            messages.success(request, _("They lie in the pool now, and can be taken back as long as nobody has them."))
        return self.back(pool.workshop)


PAGES: list[type[AdminPage]] = [PoolGivePage, PoolBackPage, PoolReleasePage, PoolPage]
