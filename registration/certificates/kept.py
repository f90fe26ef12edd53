"""What a worker keeps of those who fulfil rules, so that the office's pages read no minutes: every rule can be tried by it exactly."""

from dataclasses import asdict, dataclass
from typing import Any

from registration.certificates.merits import Merits, merits_of, rule_of, waiting_among
from registration.certificates.rules import Reached, Rule, Tried, reached
from registration.models import Certificate, CertificateCandidates, KeptFigures
from sessions.models import Workshop

#: Those who wait for a certificate are looked through by so many.
PAGE = 50


@dataclass(frozen=True, slots=True)
class CountedMerits:
    figures: dict[str, Any]
    #: Keys of those who wait, page by page.
    pages: list[list[int]]


def counted_merits(workshop: Workshop) -> CountedMerits:
    merits, rule = merits_of(workshop), rule_of(workshop)
    waiting = waiting_among(workshop, merits, rule) if rule else []
    figures = {
        "people": len(merits.minutes),
        "programme": sum(merits.programme.values()),
        "reached": [asdict(_reached(merits, days)) for days in range(1, len(merits.programme) + 1)],
        "rule": asdict(rule) if rule else {},
        "waiting": len(waiting),
        "issued": Certificate.objects.filter(workshop=workshop).count(),
    }
    return CountedMerits(figures, [waiting[start : start + PAGE] for start in range(0, len(waiting), PAGE)])


def _reached(merits: Merits, days: int) -> Reached:
    return reached(days, merits.minutes, merits.programme, merits.answered)


def tried(kept: KeptFigures, rule: Rule) -> Tried | None:
    """None where it was never counted, or not for so many days."""
    found = kept.figures.get("reached", [])[rule.days - 1 : rule.days]
    return Reached(**found[0]).tried(rule, kept.figures["people"]) if found else None


def waiting(kept: KeptFigures, rule: Rule | None) -> int:
    """How many would get a certificate by `rule`; 0 where another one was set when they were counted."""
    is_by_it = rule is not None and kept.figures.get("rule") == asdict(rule)
    return int(kept.figures["waiting"]) if is_by_it else 0


def issued(kept: KeptFigures) -> int:
    """How many certificates there are, in all their editions."""
    return int(kept.figures.get("issued", 0))


def candidates(workshop: Workshop, page: int) -> list[int]:
    """Keys of those on the page, from 1 on. One query."""
    row = CertificateCandidates.objects.filter(workshop=workshop, page=page).first()
    return list(row.people) if row else []
