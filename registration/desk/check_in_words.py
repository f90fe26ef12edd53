"""What the door says of a code: one line of what came of it, one of what to do. Red is what keeps somebody outside for now."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from registration.attendance.check_in import WAIVABLE, CheckInAnswer, CheckInOutcome
from registration.seats.places import place_in_sentence
from sessions.formats import clock_time, date_short, local_digits

_Outcome = CheckInOutcome


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """`kind` is "ok", "known" or "refused"."""

    code: str
    kind: str
    heading: str
    text: str
    name: str = ""
    place: str = ""
    #: They are checked in now, and may be taken back.
    is_in: bool = False
    #: Staff may check them in all the same.
    is_waivable: bool = False


def told(answer: CheckInAnswer) -> ToldAnswer:
    heading, text = _words(answer)
    person = answer.person
    kind = {_Outcome.CHECKED_IN: "ok", _Outcome.ALREADY: "known", _Outcome.STOPPED: "known"}.get(answer.outcome, "refused")
    is_in = answer.outcome in (_Outcome.CHECKED_IN, _Outcome.ALREADY)
    name, place = (person.full_name, f"{place_in_sentence(person.quota)} · {person.organisation}") if person else ("", "")
    return ToldAnswer(answer.code, kind, heading, text, name, place, is_in, answer.outcome in WAIVABLE)


def as_json(answer: CheckInAnswer, sent: str) -> dict[str, object]:
    """`sent` is the code as the phone keeps it."""
    return asdict(told(answer)) | {"code": sent}


def count_in_words(count: int) -> str:
    return _("Checked in so far: %(n)s") % {"n": local_digits(count)}


def _words(answer: CheckInAnswer) -> tuple[str, str]:
    time = {"time": clock_time(answer.at)} if answer.at else {}
    person = answer.person
    match answer.outcome:
        case _Outcome.CHECKED_IN:
            return _("Checked in at %(time)s") % time, ""
        case _Outcome.ALREADY:
            return _("Already checked in at %(time)s") % time, ""
        case _Outcome.TAKEN_BACK:
            return _("Not checked in: taken back at %(time)s") % time, _("If they are here, check them in once more.")
        case _Outcome.STOPPED:
            return _("May come in; nothing is noted"), _("They asked that their attendance is not used.")
        case _Outcome.OTHER_WORKSHOP if person:
            return _("Registered for another meeting"), _("“%(workshop)s”. Please ask NESDC’s staff.") % {"workshop": person.workshop.title}
        case _Outcome.OTHER_DAY if person:
            days = ", ".join(date_short(day.date) for day in person.days.all()) or "–"
            chosen = _("They chose: %(days)s. NESDC’s staff can check them in all the same.") % {"days": days}
            return _("Not registered for this day"), chosen
        case _Outcome.PENDING:
            return _("No seat yet: not decided"), _("Please ask the province’s coordinator to decide, or NESDC’s staff.")
        case _Outcome.RESERVE:
            return _("No seat: on the waiting list"), _("Please ask NESDC’s staff whether there is room.")
        case _Outcome.DECLINED:
            return _("No seat: not selected"), _("Please ask the province’s coordinator or NESDC’s staff.")
        case _Outcome.CANCELLED:
            return _("No seat: the registration was cancelled"), _("Please ask the province’s coordinator or NESDC’s staff.")
        case _Outcome.NOT_TODAY:
            return _("Not checked in: the door is closed"), _("People are checked in on the day itself, until its agenda ends.")
        case _:
            return _("Unknown code"), _("Nobody you may check in has this code. Read it once more, or find the person by name.")
