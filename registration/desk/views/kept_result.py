"""What came of a deed, kept in the session until the page that follows has told it."""

from dataclasses import asdict

from django.http import HttpRequest

from registration.decisions.results import Result

SESSION_KEY = "desk_result"


def keep_result(request: HttpRequest, result: Result) -> None:
    request.session[SESSION_KEY] = asdict(result)


def take_result(request: HttpRequest) -> Result | None:
    kept = request.session.pop(SESSION_KEY, None)
    return Result(**kept) if kept else None
