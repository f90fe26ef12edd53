"""What was told of an accepted offer is the same message as what staff changed: mails still in the queue are kept."""

from django.db import migrations


def name_of(user):
    if user is None:
        return ""
    return " ".join(part for part in (user.first_name, user.last_name) if part) or user.username


def merge(apps, schema_editor):
    Delivery, DeskOffer = apps.get_model("registration", "Delivery"), apps.get_model("registration", "DeskOffer")
    offers = DeskOffer.objects.select_related("user", "asked_by", "in_place_of__user").in_bulk()
    for delivery in Delivery.objects.filter(message="coordinator_changed"):
        if offer := offers.get(delivery.details.get("offer")):
            before = name_of(offer.in_place_of.user) if offer.in_place_of else ""
            delivery.details = {
                "quota": offer.quota_id,
                "who": name_of(offer.user),
                "what": "followed" if before else "joined",
                "before": before,
                "by": name_of(offer.asked_by),
            }
        elif delivery.state == "queued":
            delivery.state = "obsolete"
        delivery.message = "coordinators_changed"
        delivery.save(update_fields=["message", "details", "state"])


class Migration(migrations.Migration):
    dependencies = [("registration", "0051_seat_pool")]

    operations = [migrations.RunPython(merge, migrations.RunPython.noop, elidable=True)]
