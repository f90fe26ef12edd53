"""Which addresses lead to one mailbox: what stands after a plus sign, and with Google the dots, make no other one."""

from collections import defaultdict

from registration.choices import ENDED
from registration.models import Participant, Quota

GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """The address that all of them share (lower case)."""
    name, _at, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in GOOGLE:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"


def shared_mailboxes(quota: Quota) -> dict[int, list[int]]:
    """Everybody of `quota` into whose mailbox the mail of others comes too, with all of these (by key). One query.

    Not whose mail somebody passes on: that was said. Of one place there are some hundreds.
    """
    people: dict[str, list[int]] = defaultdict(list)
    own = Participant.objects.known().with_own_address().filter(quota=quota).exclude(state__in=ENDED).order_by("pk")
    for key, email in own.values_list("pk", "email"):
        people[mailbox_of(email)].append(key)
    return {key: keys for keys in people.values() if len(keys) > 1 for key in keys}
