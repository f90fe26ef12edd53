from django.contrib import admin

from registration.models import Agency
from sessions.admin.seen import SeenAdmin


@admin.register(Agency)
class AgencyAdmin(SeenAdmin):
    """Agencies and their abbreviations, which the registration form suggests."""

    list_display = ["name", "abbreviation"]
    search_fields = ["name", "abbreviation"]
