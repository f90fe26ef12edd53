"""A province's free seats, where the office lets provinces release them: kept, given up, taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration.desk.forms.seats import GiveUpForm, KeepForm
from registration.models import Quota, SeatIntent, SeatPool
from registration.seats import pool as pools
from registration.seats.actions.pool import PoolRefused, give_up, keep, take_back
from registration.security import access
from registration.security.access import signed_in


@never_cache
@signed_in
def desk_seats(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    pool = pools.pool_of(quota.workshop)
    if pool is None or quota.province is None or quota.capacity is None:
        raise Http404
    intent = SeatIntent.objects.filter(quota=quota).first()
    first = quota.workshop.days.filter(is_cancelled=False).order_by("date").first()
    keeping = KeepForm(last=first.date if first else None, initial={"until": intent.keeps_until if intent else None})
    giving = GiveUpForm(quota=quota)
    if request.method == "POST":
        by = access.decider_or_403(request.user, quota)
        if quota.workshop.standing().is_over:
            messages.warning(request, _("The workshop is over"))
        elif "give_up" in request.POST:
            giving = GiveUpForm(request.POST, quota=quota)
            if giving.is_valid() and _done(request, give_up, pool, quota, giving.cleaned_data["seats"], by):
                return redirect("desk_seats", slug, code)
        elif "back" in request.POST:
            _done(request, take_back, pool, quota, min(pools.outstanding(quota), pool.free), by)
            return redirect("desk_seats", slug, code)
        elif "not_kept" in request.POST:
            keep(quota=quota, until=None, by=by)
            return redirect("desk_seats", slug, code)
        else:
            keeping = KeepForm(request.POST, last=first.date if first else None)
            if keeping.is_valid():
                keep(quota=quota, until=keeping.cleaned_data["until"], by=by)
                messages.success(request, _("The province keeps its free seats until that day."))
                return redirect("desk_seats", slug, code)
    return render(
        request, "registration/desk/desk_seats.html", _context(request, quota, pool, intent) | {"keeping": keeping, "giving": giving}
    )


def _done(request: HttpRequest, verb: Any, pool: SeatPool, quota: Quota, seats: int, by: Any) -> bool:
    try:
        verb(pool=pool, quota=quota, seats=seats, by=by)
    except PoolRefused:
        messages.warning(request, _("The seats have changed. Please check how they stand now."))
        return False
    messages.success(request, _("Saved."))
    return True


def _context(request: HttpRequest, quota: Quota, pool: SeatPool, intent: SeatIntent | None) -> dict[str, Any]:
    due = pools.due_at(pool, intent)
    return {
        "workshop": quota.workshop,
        "quota": quota,
        "intent": intent,
        "due_at": due if due and timezone.now() < due else None,
        "outstanding": pools.outstanding(quota),
        "may_take_back": min(pools.outstanding(quota), pool.free),
        "may_decide": access.actor_at(request.user, quota) is not None and not quota.workshop.standing().is_over,
    }
