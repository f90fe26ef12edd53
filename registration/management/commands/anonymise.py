"""Makes people anonymous whose time is over; the clock does the same by itself every round."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registration.actor import SYSTEM
from registration.models import Participant
from registration.privacy import retention
from registration.privacy.actions.anonymisation import anonymise
from sessions.models import Workshop


class Command(BaseCommand):
    help = "Shows whose people would be made anonymous, and with --apply does it. What is lost is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it; without this nothing is changed")
        parser.add_argument("--workshop", metavar="SLUG", help="this workshop alone, once its last day is over")

    def handle(self, *args: Any, **options: Any) -> None:
        for workshop in self._chosen(options["workshop"]):
            until = retention.kept_until(workshop)
            if options["apply"] and not retention.is_over(workshop, timezone.now()):
                raise CommandError(f"{workshop.slug} is not over: nobody is made anonymous before the last day.")
            if options["apply"]:
                count = anonymise(workshop=workshop, by=SYSTEM)
                self.stdout.write(f"{workshop.slug}: {count} people were made anonymous.")
            else:
                count = Participant.objects.known().filter(workshop=workshop).count()
                self.stdout.write(f"{workshop.slug}: {count} people, known until {until}. Nothing was changed; use --apply.")

    def _chosen(self, slug: str | None) -> list[Workshop]:
        if slug is None:
            return retention.due(timezone.now())
        found = Workshop.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no workshop {slug}.")
        return [found]
