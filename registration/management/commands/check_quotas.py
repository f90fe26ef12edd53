from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registration.actor import SYSTEM
from registration.seats import pool, quotas
from registration.seats.actions.capacities import recount


class Command(BaseCommand):
    help = "Recounts every quota from its participants. Fails where the count kept differs from the recount."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put the counters right that differ, with a line in the audit trail")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        wrong = quotas.mismatches()
        for quota, counted in wrong:
            self.stdout.write(f"Quota {quota.pk} ({quota.name}): {quota.taken} taken, {counted} counted")
        if wrong and repair:
            repaired, _left = recount(by=SYSTEM)
            self.stdout.write(f"{len(repaired)} put right.")
            wrong = quotas.mismatches()
        pools = pool.mismatches()
        for one, booked in pools:
            self.stdout.write(f"Released seats of {one.workshop.slug}: {one.free} free, {booked} by the book")
        if pools:
            raise CommandError("Released seats do not agree with their book.")
        if wrong:
            raise CommandError(f"{len(wrong)} of the quotas do not agree with their participants.")
        self.stdout.write("Every quota agrees with its participants.")
