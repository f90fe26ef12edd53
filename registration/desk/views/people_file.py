"""The list of a desk as a file."""

from io import BytesIO

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registration import responses
from registration.audit import trail
from registration.desk.forms.people import PeopleForm, ShownList
from registration.desk.views.people import keys_in_order
from registration.exports.desk_list import PLACE, file_name, write_desk_list
from registration.seats import quotas
from registration.security import access
from registration.security.access import signed_in

#: What a column of the list is in a file.
COLUMNS = {column.value: [column.value] for column in ShownList} | {
    ShownList.EMAIL.value: ["email", "passed_on"],
    ShownList.DATE.value: ["registered_at"],
    ShownList.STATE.value: ["state", PLACE],
}


@never_cache
@signed_in
@require_safe
def desk_people_file(request: HttpRequest, slug: str, code: str, kind: str) -> HttpResponseBase:
    quota = access.desk_or_404(request.user, slug, code)
    if kind not in ("xlsx", "csv"):
        raise Http404
    form, file, at = PeopleForm(request.GET, quota), BytesIO(), timezone.now()
    columns = [key for shown in form.shown for key in COLUMNS[shown]]
    count = write_desk_list(file, kind, quota, keys_in_order(quota, form), columns=columns, places=quotas.places_in_line(quota))
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    trail.record_download(by=by, what="desk list", count=count, quota=quota, filters=form.filters, at=at)
    name = file_name(quota, kind, at)
    return responses.csv(file.getvalue(), name) if kind == "csv" else responses.xlsx(file, name)
