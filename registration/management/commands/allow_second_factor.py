from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registration.security.actions.second_factor import give_word


class Command(BaseCommand):
    help = "Lets a member of staff set up a second factor without a mailed link, within seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_staff=True).first()
        if user is None:
            raise CommandError(f"No member of staff is called {options['username']}.")
        give_word(user=user)
        self.stdout.write(f"{user.get_username()} may set up a second factor within seven days.")
