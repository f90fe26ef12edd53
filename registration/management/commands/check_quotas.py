from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registration.seats import quotas


class Command(BaseCommand):
    help = "Recounts every quota from its participants. Fails where the count kept differs from the recount."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = quotas.mismatches()
        for quota, counted in wrong:
            self.stdout.write(f"Quota {quota.pk} ({quota.name}): {quota.taken} taken, {counted} counted")
        if wrong:
            raise CommandError(f"{len(wrong)} of the quotas do not agree with their participants.")
        self.stdout.write("Every quota agrees with its participants.")
