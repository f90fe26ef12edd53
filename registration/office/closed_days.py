from django.contrib import admin

from registration.models import ClosedDay
from sessions.admin.seen import SeenAdmin


@admin.register(ClosedDay)
class ClosedDayAdmin(SeenAdmin):
    """What the cabinet adds to Thailand's holidays, which are known: no digest goes out and no working day is counted then."""

    list_display = ["date", "name"]
    search_fields = ["name"]
