"""What the next workshop keeps of the one that it was made from: places and coordinators, no people."""

import datetime as dt

from registration.models import Coordinator, Quota
from sessions.models import Track, Workshop


def copy_places(source: Workshop, target: Workshop, tracks: list[tuple[Track, Track]], at: dt.datetime) -> None:
    """Gives the quotas of `target`, which are there and empty, the capacities of those of `source`, and its coordinators.

    `tracks` says which track became which. Nobody is written to: coordinators are invited when the office says so.
    """
    became = {track.pk: new.pk for track, new in tracks}
    new_quotas = {(quota.kind, quota.province_id, quota.track_id): quota for quota in target.quotas.all()}
    pairs = {}
    for quota in source.quotas.all():
        new = new_quotas.get((quota.kind, quota.province_id, became.get(quota.track_id or 0)))
        if new is not None:
            pairs[quota.pk] = new
            new.capacity = quota.capacity
    Quota.objects.bulk_update(pairs.values(), ["capacity"])
    desks = Coordinator.objects.filter(quota__workshop=source, is_active=True)
    Coordinator.objects.bulk_create(
        Coordinator(user_id=desk.user_id, quota=pairs[desk.quota_id], phone=desk.phone, phone_extension=desk.phone_extension, created_at=at)
        for desk in desks
        if desk.quota_id in pairs
    )
