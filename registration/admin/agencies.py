from django.contrib import admin

from registration.models import Agency


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    """Agencies and their abbreviations, which the registration form suggests."""

    list_display = ["name", "abbreviation"]
    search_fields = ["name", "abbreviation"]
