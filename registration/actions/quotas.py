"""Making quotas, and changing how many places they have."""

from registration.models import Province, Quota
from sessions.models import Track, Workshop


def provide_quotas(workshop: Workshop) -> None:
    """Gives `workshop` the quotas it lacks: one a province, one for central agencies, one a track.

    Quotas that are there are left alone, so it may be called after every change of the programme.
    """
    has = set(workshop.quotas.seats().values_list("province_id", flat=True))
    seats = [
        Quota(workshop=workshop, kind=Quota.Kind.PROVINCE, province=province, capacity=workshop.province_capacity)
        for province in Province.objects.all()
        if province.pk not in has
    ]
    if None not in has:
        seats.insert(0, Quota(workshop=workshop, kind=Quota.Kind.CENTRAL, capacity=workshop.central_capacity))
    Quota.objects.bulk_create(seats)
    Quota.objects.bulk_create(
        Quota(workshop=workshop, kind=Quota.Kind.TRACK, track=track, capacity=track.capacity)
        for track in Track.objects.filter(item__day__workshop=workshop, quota=None)
    )
