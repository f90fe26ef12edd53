"""The programme in Django admin: from the workshop to its days, from a day to its items, from a block to its tracks.

What staff save here is checked as a file is (`sessions.schedule`), and is followed by `changes.after_change`.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.db.models import Prefetch, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from sessions import changes, former_addresses, programme, releases, relied_on
from sessions.admin.days import PAGES as DAY_PAGES
from sessions.admin.filters import OfWorkshopListFilter
from sessions.admin.forms import (
    NARROW_FIELDS,
    WIDE_FIELDS,
    ContactForm,
    DayForm,
    GroupForm,
    ItemForm,
    ItemFormSet,
    ListFormSet,
    SingleItemForm,
    WorkshopForm,
    correction,
)
from sessions.admin.page import addresses
from sessions.admin.pages import PAGES
from sessions.admin.parts import PARTS, PagePart, part_of
from sessions.admin.seen import SeenAdmin, SeenForm
from sessions.formats import date_long, date_short, day_hours, local_digits, moment_short
from sessions.masking import masked
from sessions.models import AgendaItem, Contact, StakeholderGroup, Track, Workshop, WorkshopDay

#: What the portal gives people of a meeting.
LINK_FIELDS = ("join_url", "join_opens_at")
#: So many rows may be typed below one page.
MAX_ROWS = 50


def change_url(row: models.Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link(row: models.Model, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', change_url(row), text)


def is_drafted(workshop: Workshop) -> bool:
    """Whether a draft of its agenda is open: until that is released or discarded, the agenda itself stays as it is."""
    return workshop.pk is not None and releases.draft_of(workshop) is not None


def is_held(request: HttpRequest, workshop: Workshop) -> bool:
    """Whether its agenda is not changed here: a draft is open, or people count on it and this is no correction that was asked for."""
    return is_drafted(workshop) or (relied_on.is_relied_on(workshop) and not corrects(request))


def corrects(request: HttpRequest) -> bool:
    return "correct" in request.GET


class ProgrammeAdmin(SeenAdmin):
    """A part of the programme: what follows a change follows in the same transaction, what is in use stays."""

    formfield_overrides = WIDE_FIELDS

    def workshop_of(self, row: Any) -> Workshop:
        raise NotImplementedError

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        day = self.day_of(obj) if obj else None
        if day is None or not corrects(request) or not relied_on.is_relied_on(day.workshop):
            return form
        question = correction(relied_on.people(day.workshop, day=day))
        return type(form.__name__, (form,), {"standing": (question,)})

    def day_of(self, row: Any) -> WorkshopDay | None:
        """The day that `row` is part of, where a page corrects one."""
        return None

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With what is to be ticked before it is saved, of the page and of its rows, and why something is not changed here."""
        rows = [row for inline in context["inline_admin_formsets"] for row in inline.formset.forms]
        context["asks"] = [ask for form in [context["adminform"].form, *rows] for ask in getattr(form, "asks", [])]
        row = context.get("original")
        day = self.day_of(row) if row else None
        if day and day.workshop.draft_of_id is None:
            relied = relied_on.is_relied_on(day.workshop)
            context |= {
                "day": day,
                "is_drafted": is_drafted(day.workshop),
                "is_relied_on": relied,
                "corrects": relied and corrects(request),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        changes.after_change(self.workshop_of(form.instance))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self._delete([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Model]) -> None:
        self._delete(queryset)

    @transaction.atomic
    def _delete(self, rows: Iterable[models.Model]) -> None:
        concerned = set()
        for row in rows:
            concerned.add(self.workshop_of(row))
            row.delete()
        for workshop in concerned:
            if workshop.pk:
                changes.after_change(workshop)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], dict[str, int], set[Any], list[Any]]:
        """With what Django would let go: memberships. Without the rights to what only hangs on the programme (quotas)."""
        shown, counts, refused, protected = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name for model in self.opts.app_config.get_models()}
        held = [row for row in objs if self.day_of(row) and is_held(request, self.workshop_of(row))]
        if held and not protected:
            protected = [_("%(what)s: people have registered. Take it out in a draft of the agenda.") % {"what": row} for row in held]
        if not protected:
            protected = [f"{row}: {found}" for row in objs if (found := changes.InUse(changes.holders(row))).holders]
        return shown, counts, refused & own, protected


def is_list(request: HttpRequest) -> bool:
    return request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")


def workshop_url(workshop: Workshop) -> str:
    return reverse("admin:agenda_workshop_draft", args=[workshop.draft_of_id]) if workshop.draft_of_id else change_url(workshop)


class MaskedLink:
    """Meeting links are for those who set them; whoever may only look sees how they end. Where Zoom mails its own, there are none."""

    def with_masked_link(self, request: HttpRequest, obj: Any, fields: list[Any], workshop: Workshop | None = None) -> list[Any]:
        if workshop and workshop.zoom_mails_links:
            fields = [name for name in fields if name not in LINK_FIELDS]
        may_set = self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request))  # type: ignore[attr-defined]
        return fields if may_set else ["masked_link" if name == "join_url" else name for name in fields]

    @admin.display(description=gettext_lazy("meeting link"))
    def masked_link(self, row: WorkshopDay | Track) -> str:
        return masked(row.join_url) or "–"


class ShortList(admin.options.InlineModelAdmin):
    """Rows below a page, as many as somebody may type: Django would draw two thousand for whoever asks for them."""

    form = SeenForm
    formset: type[BaseInlineFormSet] = ListFormSet
    max_num = MAX_ROWS

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        """Where nobody may add, Django sets `max_num` to 0: what the page itself holds must be taken back all the same."""
        return super().get_formset(request, obj, **{"absolute_max": 2 * MAX_ROWS, **kwargs})


class DayInline(ShortList, MaskedLink, admin.TabularInline):
    """Dates and meeting links at a glance. A day is removed on its own page, which tells what that means."""

    model = WorkshopDay
    fields = ["date", "agenda", "is_cancelled", "join_url"]
    formfield_overrides = NARROW_FIELDS
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkshopDay]:
        return super().get_queryset(request).prefetch_related("items")

    def get_fields(self, request: HttpRequest, obj: Workshop | None = None) -> list[Any]:
        return self.with_masked_link(request, obj, list(self.fields or []), obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Workshop | None = None) -> list[str]:
        return ["masked_link", *(["date", "agenda", "is_cancelled"] if obj and is_held(request, obj) else ["agenda"])]

    def has_add_permission(self, request: HttpRequest, obj: Workshop | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and is_held(request, obj))

    @admin.display(description=gettext_lazy("agenda"))
    def agenda(self, day: WorkshopDay) -> str:
        if not day.pk:
            return _("Save the day first, then add its agenda.")
        return link(day, _("%(hours)s: see and change") % {"hours": day_hours(day) or _("Still empty")})


class GroupInline(ShortList, admin.TabularInline):
    model = StakeholderGroup
    form = GroupForm
    fields = ["code", "scope", "needs_guardian", "name_th", "name_en", "short_name_th", "short_name_en"]
    formfield_overrides = NARROW_FIELDS
    extra = 0


class ContactInline(ShortList, admin.TabularInline):
    model = Contact
    form = ContactForm
    fields = ["position", "name_th", "name_en", "phone", "phone_extension", "email"]
    formfield_overrides = NARROW_FIELDS
    extra = 0


@admin.register(Workshop)
class WorkshopAdmin(ProgrammeAdmin):
    form = WorkshopForm
    list_display = ["shown_title", "shown_days", "shown_state", "opens", "closes", "is_published"]
    list_filter = ["is_published"]
    search_fields = ["slug", "title_th", "title_en"]
    inlines = [DayInline, GroupInline, ContactInline]

    def part(self, request: HttpRequest, obj: Workshop | None) -> PagePart | None:
        return part_of(request.GET.get("part", "")) if obj else None

    def get_fieldsets(self, request: HttpRequest, obj: Workshop | None = None) -> list[Any]:
        part = self.part(request, obj)
        if part:
            return [(part.label, {"fields": part.fields})] if part.fields else []
        return [(part.label, {"fields": part.fields}) for part in PARTS if part.fields]

    def get_inlines(self, request: HttpRequest, obj: Workshop | None) -> list[Any]:
        part = self.part(request, obj)
        return [inline for inline in self.inlines if part is None or inline.model._meta.model_name in part.inlines]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        parts = {"parts": PARTS, "part": part_of(request.GET.get("part", ""))}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **parts})

    def response_post_save_change(self, request: HttpRequest, obj: Workshop) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"{change_url(obj)}?part={part_of(request.GET.get('part', '')).key}")

    def workshop_of(self, row: Workshop) -> Workshop:
        return row

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.rehearsal_email and "rehearsal_email" in form.changed_data:
            Workshop.objects.filter(pk=obj.pk).update(was_rehearsed=True)
        if change and "slug" in form.changed_data:
            former_addresses.leave(obj, form.initial["slug"])

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, PAGES), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workshop]:
        return super().get_queryset(request).prefetch_related(Prefetch("days", WorkshopDay.objects.with_hours()))

    @admin.display(description=pgettext_lazy("of a day or lecture", "title"))
    def shown_title(self, workshop: Workshop) -> str:
        return _("%(title)s (rehearsal)") % {"title": workshop.title} if workshop.rehearsal_email else workshop.title

    @admin.display(description=gettext_lazy("registration opens"), ordering="registration_opens_at")
    def opens(self, workshop: Workshop) -> str:
        return moment_short(workshop.registration_opens_at) if workshop.registration_opens_at else ""

    @admin.display(description=gettext_lazy("registration closes"), ordering="registration_closes_at")
    def closes(self, workshop: Workshop) -> str:
        return moment_short(workshop.registration_closes_at) if workshop.registration_closes_at else ""

    @admin.display(description=gettext_lazy("days"))
    def shown_days(self, workshop: Workshop) -> str:
        return ", ".join(date_short(day.date) for day in workshop.days.all())

    @admin.display(description=gettext_lazy("where it is in time"))
    def shown_state(self, workshop: Workshop) -> str:
        return str(workshop.standing(days=workshop.days.all()).state.label)

    def view_on_site(self, workshop: Workshop) -> str | None:
        return reverse("workshop", args=[workshop.slug]) if workshop.is_published else None


class ItemInline(ShortList, admin.StackedInline):
    model = AgendaItem
    form = ItemForm
    formset = ItemFormSet
    fields = [
        ("starts_at", "ends_at", "kind"),
        *("title_th", "title_en"),
        *("speaker_th", "speaker_en"),
        ("speaker_confirmed", "tracks"),
    ]
    readonly_fields = ["tracks"]
    formfield_overrides = WIDE_FIELDS
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgendaItem]:
        return super().get_queryset(request).prefetch_related("tracks")

    def has_add_permission(self, request: HttpRequest, obj: WorkshopDay | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and is_held(request, obj.workshop))

    def has_change_permission(self, request: HttpRequest, obj: WorkshopDay | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and is_held(request, obj.workshop))

    def has_delete_permission(self, request: HttpRequest, obj: WorkshopDay | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_held(request, obj.workshop))

    @admin.display(description=gettext_lazy("tracks"))
    def tracks(self, item: AgendaItem) -> str:
        if item.kind != AgendaItem.Kind.PARALLEL or not item.pk:
            return "–"
        count = len(item.tracks.all())
        text = ngettext("%(count)s track", "%(count)s tracks", count) % {"count": local_digits(count)}
        return link(item, _("%(tracks)s: see and change") % {"tracks": text})


@admin.register(WorkshopDay)
class WorkshopDayAdmin(MaskedLink, ProgrammeAdmin):
    """Days of the workshops; those of a draft are reached from the draft and are in no list."""

    form = DayForm
    list_display = ["shown_date", "hours", "shown_title", "workshop", "cancelled", "sequence"]
    list_filter = [("workshop", OfWorkshopListFilter)]
    list_select_related = ["workshop"]
    ordering = ["-date"]
    inlines = [ItemInline]
    fields = ["workshop", "date", "title_th", "title_en", "room_th", "room_en", "is_cancelled", "join_url", "join_opens_at", "sequence"]

    def workshop_of(self, row: WorkshopDay) -> Workshop:
        return row.workshop

    def day_of(self, row: WorkshopDay) -> WorkshopDay:
        return row

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, DAY_PAGES), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkshopDay]:
        days = super().get_queryset(request).prefetch_related("items")
        return days.filter(workshop__draft_of=None) if is_list(request) else days

    def get_fields(self, request: HttpRequest, obj: WorkshopDay | None = None) -> list[Any]:
        dropped = {"join_url", "join_opens_at", "sequence"} if obj and obj.workshop.draft_of_id else set()
        fields = [("workshop_link" if obj and name == "workshop" else name) for name in self.fields or [] if name not in dropped]
        return self.with_masked_link(request, obj, fields, obj.workshop if obj else None)

    def get_readonly_fields(self, request: HttpRequest, obj: WorkshopDay | None = None) -> list[str]:
        held = programme.DAY if obj and is_held(request, obj.workshop) else []
        if obj and corrects(request) and relied_on.is_relied_on(obj.workshop):
            held = [*held, "is_cancelled"]  # calling a day off is a deed of its own
        return ["sequence", "masked_link", *held, *(["workshop_link"] if obj else [])]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "workshop":
            kwargs["queryset"] = Workshop.with_drafts.order_by("-pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: WorkshopDay | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_held(request, obj.workshop))

    def response_post_save_add(self, request: HttpRequest, obj: WorkshopDay) -> HttpResponseRedirect:
        return self._back(obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: WorkshopDay) -> HttpResponseRedirect:
        return self._back(obj) or super().response_post_save_change(request, obj)

    def _back(self, day: WorkshopDay) -> HttpResponseRedirect | None:
        return HttpResponseRedirect(workshop_url(day.workshop)) if day.workshop.draft_of_id else None

    @admin.display(description=gettext_lazy("workshop"))
    def workshop_link(self, day: WorkshopDay) -> str:
        return format_html('<a href="{}">{}</a>', workshop_url(day.workshop), day.workshop)

    @admin.display(description=gettext_lazy("date"), ordering="date")
    def shown_date(self, day: WorkshopDay) -> str:
        return date_long(day.date)

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, day: WorkshopDay) -> str:
        return day_hours(day)

    @admin.display(description=gettext_lazy("cancelled"))
    def cancelled(self, day: WorkshopDay) -> str:
        return _("cancelled") if day.is_cancelled else ""

    @admin.display(description=pgettext_lazy("of a day or lecture", "title"))
    def shown_title(self, day: WorkshopDay) -> str:
        return day.title

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The workshop's own history tells it too: that of the day goes with the day."""
        for day in queryset:
            words = {"name": str(self.opts.verbose_name), "object": date_long(day.date)}
            self.log_change(request, day.workshop, [{"deleted": words}])
        return super().log_deletions(request, queryset)

    def view_on_site(self, day: WorkshopDay) -> str | None:
        return reverse("agenda", args=[day.workshop.slug]) if day.workshop.is_published else None


class TrackInline(ShortList, MaskedLink, admin.StackedInline):
    model = Track
    fields = [
        ("number", "capacity"),
        *("title_th", "title_en", "speaker_th", "speaker_en", "speaker_confirmed", "join_url"),
    ]
    formfield_overrides = WIDE_FIELDS
    extra = 0

    def get_fields(self, request: HttpRequest, obj: AgendaItem | None = None) -> list[Any]:
        fields = [name for name in self.fields or [] if not (obj and obj.day.workshop.draft_of_id and name == "join_url")]
        return self.with_masked_link(request, obj, fields, obj.day.workshop if obj else None)

    def get_readonly_fields(self, request: HttpRequest, obj: AgendaItem | None = None) -> list[str]:
        return ["masked_link", *(programme.TRACK if obj and is_held(request, obj.day.workshop) else [])]

    def has_add_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and is_held(request, obj.day.workshop))

    def has_delete_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_held(request, obj.day.workshop))


@admin.register(AgendaItem)
class AgendaItemAdmin(ProgrammeAdmin):
    """One item, and the tracks of a parallel block. Items are made and put in order on the page of their day."""

    form = SingleItemForm
    list_display = ["__str__", "day", "kind"]
    list_filter = [("day__workshop", OfWorkshopListFilter), "kind"]
    list_select_related = ["day"]
    fields = ["day_link", ("starts_at", "ends_at", "kind"), "title_th", "title_en", "speaker_th", "speaker_en", "speaker_confirmed"]

    def get_readonly_fields(self, request: HttpRequest, obj: AgendaItem | None = None) -> list[str]:
        return ["day_link", *(programme.ITEM if obj and is_held(request, obj.day.workshop) else [])]

    def has_delete_permission(self, request: HttpRequest, obj: AgendaItem | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_held(request, obj.day.workshop))

    def workshop_of(self, row: AgendaItem) -> Workshop:
        return row.day.workshop

    def day_of(self, row: AgendaItem) -> WorkshopDay:
        return row.day

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgendaItem]:
        items = super().get_queryset(request)
        return items.filter(day__workshop__draft_of=None) if is_list(request) else items

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: AgendaItem | None) -> list[Any]:
        return [TrackInline] if obj and obj.kind == AgendaItem.Kind.PARALLEL else []

    @admin.display(description=gettext_lazy("day"))
    def day_link(self, item: AgendaItem) -> str:
        return link(item.day, f"{date_long(item.day.date)} · {item.day.workshop}")

    def response_post_save_change(self, request: HttpRequest, obj: AgendaItem) -> HttpResponseRedirect:
        return HttpResponseRedirect(change_url(obj.day))

    def view_on_site(self, item: AgendaItem) -> str | None:
        return reverse("agenda", args=[item.day.workshop.slug]) if item.day.workshop.is_published else None
