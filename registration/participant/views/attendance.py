"""What participants do about their attendance: go into a meeting by the button of their page, and say that their minutes are wrong."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registration.attendance.actions import entries
from registration.attendance.own import own_attendance
from registration.links.meetings import visible_links
from registration.models import Participant
from registration.participant.views.personal_page import personal


@require_safe
@personal
def join(request: HttpRequest, person: Participant, meeting: str) -> HttpResponse:
    """Notes that the button was pressed, as a hint and never as attendance, and leads into the meeting `meeting` ("day-3", "track-5")."""
    for link in visible_links(person):
        if meeting == link.key:
            if request.method == "GET":
                entries.note_press(participant=person, day=link.day, track=link.track)
            return redirect(link.url)
    raise Http404


class OwnDoubtForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For example: I sat in the meeting room of our province with three colleagues."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def doubt(request: HttpRequest, person: Participant) -> HttpResponse:
    """Says that the minutes are wrong; the office answers on the personal page."""
    found = own_attendance(person)
    if not found.is_known:
        raise Http404
    form = OwnDoubtForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        entries.doubt(participant=person, text=form.cleaned_data["text"])
        return redirect("participant", person.code)
    context = {"participant": person, "workshop": person.workshop, "form": form, "attendance": found}
    return render(request, "registration/participant/doubt.html", context)
