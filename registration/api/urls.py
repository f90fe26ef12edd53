"""The API as a whole: its addresses, what is answered where something is wrong, and its description."""

from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from registration.api.endpoints import people, programme, registrations
from registration.api.faults import in_words
from registration.api.openapi import description_of
from registration.api.problems import OF_STATUS, Code, Problem

api = NinjaAPI(
    title="SDG Localisation – NESDC",
    version="1",
    description="Workshops, their programme and places; with a token their people, attendance, certificates and registrations.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for _router in (programme.router, people.router, registrations.router):
    api.add_router("", _router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return Problem(Code.INVALID, errors=in_words(error.errors)).response()


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(OF_STATUS.get(error.status_code, Code.BAD_REQUEST)).response()


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(Code.NOT_FOUND).response()


@api.exception_handler(Exception)
def _ours(request: HttpRequest, error: Exception) -> NoReturn:
    """For Django to log and to answer: also where DEBUG is on, nothing of it is told."""
    raise error


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(description_of(api), json_dumps_params={"ensure_ascii": False}, headers=headers)


def _patterns() -> list[URLPattern | URLResolver]:
    """Ninja's, without its root, which would only say where its own pages are."""
    found, _app, _namespace = api.urls
    return [pattern for pattern in found if getattr(pattern, "name", None) != "api-root"]


app_name = "api"
urlpatterns = [path("openapi.json", openapi, name="openapi"), *_patterns()]
