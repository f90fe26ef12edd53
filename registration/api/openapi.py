"""The API's own description (OpenAPI 3.1): what django-ninja knows of it, and what holds for every address."""

import copy
from functools import cache
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from registration.api.problems import CONTENT_TYPE, Code
from registration.api.tokens import Scope

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457. `code` stays the same in every version; `title` is in the language that was asked for.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": Code.values},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
#: What may be answered, beside what went well, by what an address is like.
ALWAYS = {
    400: "The request cannot be read",
    401: "No token, or none that works",
    405: "Not this method",
    429: "Too many requests: come again after Retry-After",
    500: "Our fault",
    503: "Out of reach: come again after Retry-After",
}
WITH_TOKEN = {403: "The token does not allow it"}
WITH_NAME = {404: "There is no such thing, or not for this token"}
WITH_QUERY = {422: "Something in the request is not as it should be"}
WITH_BODY = {409: "It cannot be done as things are", 413: "Too large", 415: "Not JSON", **WITH_QUERY}
LANGUAGE = {
    "name": "Accept-Language", "in": "header", "required": False, "schema": {"type": "string", "examples": ["th", "en"]},
    "description": "The language of messages",
}  # fmt: skip
SEEN = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of an earlier answer: 304 where nothing has changed",
}  # fmt: skip
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,100}$"},
    "description": "Drawn by you, for this request alone: sent again with it, the same is answered and nothing is done twice",
}  # fmt: skip
WHERE = {"schema": {"type": "string"}, "description": "Where what was made is found; the same where it is answered again"}


@cache
def description_of(api: NinjaAPI) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix="/api/v1/")))
    found["servers"] = [{"url": settings.SITE_URL}]
    components = found.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components.setdefault("securitySchemes", {})["Token"] = {
        "type": "http",
        "scheme": "bearer",
        "description": "sdgp_<id>_<secret>, made by the office's staff. Scopes: " + ", ".join(Scope.values),
    }
    for address, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, address)
    return found


def _complete(operation: dict[str, Any], method: str, address: str) -> None:
    """Says what ninja does not know: problems, headers, and that some addresses ask for no token."""
    needs_token = bool(operation.get("security"))
    statuses = ALWAYS | (WITH_TOKEN if needs_token else {}) | (WITH_NAME if "{" in address else {})
    parameters = operation.setdefault("parameters", [])
    if method == "get":
        parameters += [LANGUAGE, SEEN]
        statuses |= WITH_QUERY if any(each["in"] == "query" for each in parameters) else {}
    else:
        parameters += [LANGUAGE, KEY]
        statuses |= WITH_BODY
    operation["security"] = [{"Token": []}] if needs_token else [{}, {"Token": []}]
    answers = operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
    if "201" in answers:
        answers["201"]["headers"] = {"Location": WHERE}
    if method == "get":
        answers["304"] = {"description": "Not changed"}
    for status, words in sorted(statuses.items()):
        answers[str(status)] = {
            "description": words,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
