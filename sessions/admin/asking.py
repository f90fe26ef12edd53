"""What a change means for people is said before it is saved, and wants a tick of its own."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from sessions.admin.seen import SeenForm


def mark_of(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:16]


class ConfirmingForm(SeenForm):
    """A form that asks once more. `questions` are sentences about what saving it would mean; each wants its tick."""

    #: What is asked of every change, whatever it is.
    standing: tuple[str, ...] = ()

    def questions(self) -> list[str]:
        return []

    @property
    def asks(self) -> list[tuple[str, str]]:
        found = [*self.standing, *(self.questions() if self.is_bound and hasattr(self, "cleaned_data") else [])]
        return [(mark_of(question), question) for question in found]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        given = self.data.getlist("understood") if hasattr(self.data, "getlist") else []
        if [mark for mark, _question in self.asks if mark not in given]:
            self.add_error(None, _("Nothing is saved yet. Please read below what this means, tick it, and save again."))
        return self.cleaned_data
