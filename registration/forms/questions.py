"""What is not certain about a name or an address is asked beside its field, with the proposal: one press answers.

Nothing is changed without that press, and nobody is held up: who sends the form again as it is keeps what they typed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _

from registration.people.addresses import likely_address
from registration.people.names import Name, NameProposal, NameQuestion, propose

#: The code of the error that says that a question is open.
OPEN_QUESTION = "question"
NAME_FIELDS = ("title", "first_name", "last_name")
#: The field behind which each question stands.
LAST_FIELDS = {"name": "last_name", "email": "email", "addresses": "addresses"}
#: Of what is asked here. That a last name is missing is said at its field, where the choice "no family name" stands.
_ASKED = {
    NameQuestion.TITLE_TWICE,
    NameQuestion.TITLES_DIFFER,
    NameQuestion.LAST_NAME_TWICE,
    NameQuestion.LAST_NAME_WITHIN,
    NameQuestion.MORE_THAN_A_NAME,
}
#: A longer answer is none that a page gave.
_LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question beside `field`: what is proposed, and the button that takes it (its `name` and `value`).

    The other button, `keep_name`, keeps what was typed in that field; where `keep` is empty there is none. `left_out` is what the
    proposal does not contain.
    """

    field: str
    words: str
    proposed: str
    use: str
    keep: str
    name: str
    value: str
    keep_name: str
    left_out: str = ""

    @property
    def anchor(self) -> str:
        return f"id_{self.field}_question"


class AskingForm(forms.Form):
    """A form with the fields of a name, or with `email`, that asks what is not certain before it is valid."""

    #: Whether this form asks; rows of long lists are asked about in their own way.
    asks = True

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **options: Any) -> None:
        prefix = options.get("prefix") or self.prefix
        super().__init__(data and _answered(data, f"{prefix}-" if prefix else ""), *args, **options)
        self.open_questions: dict[str, OpenQuestion] = {}
        self._asked_now: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.asks:
            if all(name in data for name in NAME_FIELDS):
                self._ask_about_name(propose(data["title"], data["first_name"], data["last_name"]), data)
            if email := data.get("email"):
                self._ask_about_address(email)
        return data

    def _ask_about_name(self, proposal: NameProposal, data: dict[str, Any]) -> None:
        typed = [data[name] for name in NAME_FIELDS]
        name = proposal.name
        if not _ASKED & set(proposal.questions) and not (name.title and not data["title"]):
            return
        if proposal.rest:
            name = Name(name.title, name.first, f"{name.last} {proposal.rest}")
        question = OpenQuestion(
            "name",
            _("Is this the name?"),
            _("Title %(title)s · first name %(first)s · last name %(last)s")
            % {"title": name.title or "–", "first": name.first, "last": name.last or "–"},
            _("Yes, use this name"),
            _("No, keep it as I typed it"),
            self.add_prefix("use_name"),
            json.dumps([name.title, name.first, name.last], ensure_ascii=False),
            self.add_prefix("keep"),
            proposal.degrees,
        )
        self._ask(question, typed)

    def _ask_about_address(self, email: str) -> None:
        if likely := likely_address(email):
            domain, typed = likely.rpartition("@")[2], email.rpartition("@")[2]
            question = OpenQuestion(
                "email",
                _("Do you mean %(address)s?") % {"address": likely},
                "",
                _("Use %(domain)s") % {"domain": domain},
                _("Keep %(domain)s as typed") % {"domain": typed},
                self.add_prefix("use_email"),
                likely,
                self.add_prefix("keep"),
            )
            self._ask(question, [email])

    def _ask(self, question: OpenQuestion, typed: list[str]) -> None:
        asked = "|".join([question.field, *typed])
        self._asked_now.append(asked)
        if asked not in self._answered_before():
            self.open_questions[question.field] = question
            self.add_error(None, ValidationError(question.words, code=OPEN_QUESTION))

    def _sent(self, name: str) -> list[str]:
        key = self.add_prefix(name)
        return self.data.getlist(key) if isinstance(self.data, QueryDict) else [self.data[key]] if key in self.data else []

    def _answered_before(self) -> list[str]:
        """What needs no answer any more: by its own button, or because the form was sent again as it was."""
        pressed = next((field for field in LAST_FIELDS if self._sent(f"use_{field}") or field in self._sent("keep")), "")
        return [*self._sent("kept"), *(asked for asked in self._sent("asked") if not pressed or asked.startswith(f"{pressed}|"))]

    def non_field_errors(self) -> ErrorList:
        """What is wrong with the form as a whole; a question stands beside its field, with its buttons."""
        others = [error for error in super().non_field_errors().as_data() if error.code != OPEN_QUESTION]
        return self.error_class(others, error_class="nonfield", renderer=self.renderer)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Name and value of what the page sends along, so that nothing is asked twice: what is asked, and what was answered."""
        answered = self._answered_before() if self._asked_now else []
        return [(self.add_prefix("kept" if asked in answered else "asked"), asked) for asked in self._asked_now]

    @property
    def name_question(self) -> OpenQuestion | None:
        return self.open_questions.get("name")

    @property
    def email_question(self) -> OpenQuestion | None:
        return self.open_questions.get("email")


def _answered(data: Mapping[str, Any], prefix: str) -> Mapping[str, Any]:
    """`data` with what the pressed button says in its fields, as if it had been typed there."""
    changed = _of_name(str(data.get(f"{prefix}use_name") or ""))
    if email := str(data.get(f"{prefix}use_email") or ""):
        changed["email"] = email[:_LONGEST_ANSWER]
    if not changed:
        return data
    answered = data.copy() if isinstance(data, QueryDict) else dict(data)
    for name, value in changed.items():
        answered[f"{prefix}{name}"] = value
    return answered


def _of_name(answer: str) -> dict[str, str]:
    if not answer or len(answer) > _LONGEST_ANSWER:
        return {}
    try:
        parts = json.loads(answer)
    except ValueError:
        return {}
    if isinstance(parts, str):  # a form in which the whole name has one field
        return {"name": parts}
    if not isinstance(parts, list) or len(parts) != len(NAME_FIELDS):
        return {}
    return dict(zip(NAME_FIELDS, (str(part) for part in parts), strict=True))
