"""What is settled before anything reads a request: who only watches, for which host it is, and how much it may bring."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from registration.materials import files
from sdgworkshop.health import healthz, readyz
from sdgworkshop.metrics import metrics

#: Asked for by machines inside our own walls, which know a host by its address alone.
WATCHED: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
#: The longest form that a visitor sends, with room to spare.
MAX_FORM_BYTES = 1_000_000
#: What a system sends to the API: one person, or one decision.
MAX_API_BYTES = 100_000
#: A file, from where files are taken in, by somebody who has signed in.
MAX_FILE_BYTES = 12_000_000
#: A number that the databases can hold, or a UUID.
_KEY = re.compile(r"[0-9]{1,18}|[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
#: A document, from where documents are taken in, with room for the form around it.
MAX_DOCUMENT_BYTES = files.MAX_BYTES + 1_000_000
_DOCUMENTS = re.compile(r"/(?:en/)?admin/registration/document/")
_WORKPLACE = re.compile(r"/(?:en/)?(?:admin|desk)/")
_API = re.compile(r"/api/")


def answer_watchers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        answer = WATCHED.get(request.path_info)
        return answer(request) if answer else get_response(request)

    return middleware


def check_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 to a Host that is none of ours, also where a page that is kept would have been handed out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.get_host()
        return get_response(request)

    return middleware


def refuse_too_large(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 413 before anything of the body is read: the check against forged requests would write its files to the disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdecimal() or int(length[:20]) > max_bytes(request):
            return HttpResponse(
                "ข้อมูลที่ส่งมีขนาดใหญ่เกินกำหนด\nWhat was sent is too large.\n", status=413, content_type="text/plain; charset=utf-8"
            )
        return get_response(request)

    return middleware


def max_bytes(request: HttpRequest) -> int:
    if _API.match(request.path_info):
        return MAX_API_BYTES
    if _DOCUMENTS.match(request.path_info) and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return MAX_DOCUMENT_BYTES
    may_bring_files = _WORKPLACE.match(request.path_info) and settings.SESSION_COOKIE_NAME in request.COOKIES
    return MAX_FILE_BYTES if may_bring_files else MAX_FORM_BYTES


def refuse_what_is_no_key(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 to an action in the admin about rows that no key can name; Django would ask the database for them: a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_work = request.method == "POST" and _WORKPLACE.match(request.path_info)
        if is_work and not all(_KEY.fullmatch(key) for key in request.POST.getlist("_selected_action")):
            return HttpResponseBadRequest("No such row.\n", content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware
