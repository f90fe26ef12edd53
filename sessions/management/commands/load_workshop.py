"""Loads a workshop from its file (docs/workshop-file.md)."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sessions import loading, workshop_file
from sessions.demonstration import SLUG, round_of
from sessions.models import Workshop

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "sdg-localisation-2565.toml"


class Command(BaseCommand):
    help = "Loads a workshop from its file. A new one is loaded at once; of one that is there, it shows what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT, help="default: the workshop that comes with the portal")
        parser.add_argument("--apply", action="store_true", help="make the changes to a workshop that is there")
        parser.add_argument("--demonstration", action="store_true", help="a round of it to try things with, from three weeks ahead")

    def handle(self, *, file: Path, apply: bool, demonstration: bool, verbosity: int, **options: Any) -> None:
        with override(terminal_language()):
            try:
                entry = workshop_file.read(file.read_bytes())
                if demonstration:
                    if Workshop.objects.filter(slug=SLUG).exists():
                        raise CommandError(_("The demonstration round is there already. It stays as it is."))
                    entry = round_of(entry, today=timezone.localdate())
                outcome = loading.load(entry, apply=apply)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}") from error
            except workshop_file.Refused as error:
                problems = "\n".join(f"{file}: {problem.key}: {problem.reason}" for problem in error.problems)
                raise CommandError(_("%(problems)s\nNothing was loaded.") % {"problems": problems}) from error
            if verbosity:
                self.report(outcome, apply)
            if outcome.refusals:
                raise CommandError(_("%(refusals)s\nNothing was changed.") % {"refusals": "\n".join(outcome.refusals)})

    def report(self, outcome: loading.LoadOutcome, apply: bool) -> None:
        slug = outcome.workshop.slug
        for words in outcome.changes:
            self.stdout.write(words)
        if outcome.refusals:
            return
        if outcome.is_new:
            self.stdout.write(self.style.SUCCESS(_("The workshop %(slug)s was loaded.") % {"slug": slug}))
        elif not outcome.changes:
            self.stdout.write(_("The workshop %(slug)s is as the file says; nothing changed.") % {"slug": slug})
        elif apply:
            self.stdout.write(self.style.SUCCESS(_("The workshop %(slug)s was changed.") % {"slug": slug}))
        else:
            self.stdout.write(self.style.WARNING(_("Nothing was changed yet. Run it again with --apply to make these changes.")))


def terminal_language() -> str:
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "th" if locale.startswith("th") else "en"
