"""How often something may be asked for, so that a robot cannot fill a province or a mailbox, and an office is never in its own way.

All ceilings stand here. They are generous: an office, a ministry's network and a telephone company's customers share addresses,
and half of the country writes from two or three mail providers. What goes on with an account or a mailbox is counted by that
account or mailbox, never by network address alone.

What strangers have in common (a place, a domain) is a ceiling that one block of addresses reaches a part of only; past it nobody is
refused, but a form must have been open for as long as a person takes to fill it in. Counted is what was written: who is refused, and
what was sent twice, uses nothing up.

One statement counts everything that a request is counted by: a row a (kind, key, stretch of time), raised where it is there.
"""

import datetime as dt
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from registration.errors import TooOften
from registration.models import ApiToken, Participant, Quota, Tally
from registration.security.mailboxes import mailbox_of
from registration.security.sign_in import address_of
from sessions.models import Workshop

WINDOW = dt.timedelta(minutes=10)

#: Registrations in ten minutes from one block of addresses: telephone companies and the state's network put very many behind few.
FROM_BLOCK = 600
#: … with addresses of one e-mail domain, and of one that nobody can simply buy and a whole ministry shares.
OF_DOMAIN, OF_STATE_DOMAIN = 250, 2_000
#: … for one place, and at least so many times its seats: three people came for each seat in the largest rush that is reckoned with.
FOR_PLACE, FOR_PLACE_A_SEAT = 500, 4
#: … of which one block of addresses uses up no more than this part.
SHARE_OF_BLOCK = 0.3
#: Past a ceiling that strangers have in common, how long a form was open at least.
SLOW = dt.timedelta(seconds=60)
#: Registrations and mailed links a day with addresses of one mailbox (`name+1@`, `name+2@`); somebody may write for a colleague or two.
OF_MAILBOX, MAILBOX_WINDOW = 5, dt.timedelta(days=1)
#: What a mail to a known address is counted by: it writes no registration.
OF_MAILS = ("registration-mailbox", "registration-block")
#: Wrong passwords an hour for one account, from all networks together from which it was never opened.
GUESSES_AT_ACCOUNT, GUESSES_WINDOW = 50, dt.timedelta(hours=1)
#: For how long the network is remembered from which somebody signed in.
NETWORK_KNOWN_FOR = dt.timedelta(days=90)
#: Requests for a mail with a link, by mailbox: each of them is answered by a mail there, so whoever asks so often has it.
LINKS_TO_MAILBOX, LINKS_WINDOW = 6, dt.timedelta(hours=1)
#: The same from one block; on the morning of a meeting many have lost their mail.
LINKS_FROM_BLOCK = 600
#: Messages that one desk sends to its people a day, and people it asks to coordinate.
MAILINGS = 10
#: Files that one user uploads.
UPLOADS = 30
#: Certificates that are looked up from one block: an office checks those of a whole seminar on one day.
VERIFICATIONS_FROM_BLOCK = 300
#: Sign-ins with another provider that are begun from one block, whose callers one cannot tell apart before they are back.
OPENID_FROM_BLOCK = 300
#: Requests in ten minutes with one API token: all 1,975 people are twenty pages of a hundred.
API_READS, API_WRITES = 3_000, 600
#: Public answers of the API that had to be made anew, from one block: what is kept is handed out uncounted.
API_FROM_BLOCK = 600
#: … and tokens that were none: who has a right one beside them is never asked.
API_REFUSED_FROM_BLOCK = 120

#: Providers that give a mailbox to anybody. Half of all people are there, so their number says nothing about a robot.
PUBLIC_PROVIDERS = frozenset(
    {
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.th", "outlook.com", "outlook.co.th", "live.com", "msn.com",
        "windowslive.com", "yahoo.com", "yahoo.co.th", "ymail.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com",
        "thaimail.com",
    }
)  # fmt: skip
#: Beneath these, domains are given on proof, to offices, schools, forces and associations.
STATE_DOMAINS = (".go.th", ".ac.th", ".mi.th", ".or.th")


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a request is counted by: its kind, whose it is, and how often that may be in a `window`."""

    kind: str
    whose: str
    most: int
    window: dt.timedelta = WINDOW
    #: Strangers have it in common: past it one is slowed down instead of refused.
    is_common: bool = False

    def ends(self, at: dt.datetime) -> int:
        """The end of the stretch of time that holds `at`, in seconds since 1970."""
        length = int(self.window.total_seconds())
        return (int(at.timestamp()) // length + 1) * length

    @property
    def key(self) -> str:
        return salted_hmac(f"registration.security.rate_limits.{self.kind}", self.whose, algorithm="sha256").hexdigest()[:32]


def of_registration(request: HttpRequest, *, email: str, seats: Quota, guardian: str = "") -> list[Counted]:
    """What a registration is counted by: its mailbox, where it comes from, the domain of `email`, the place, a `guardian`'s mailbox."""
    domain = email.rpartition("@")[2]
    asked = [Counted("registration-mailbox", mailbox_of(email), OF_MAILBOX, MAILBOX_WINDOW)]
    if guardian:
        asked.append(Counted("guardian-mailbox", mailbox_of(guardian), OF_MAILBOX, MAILBOX_WINDOW))
    asked += _in_common("place", str(seats.pk), max(FOR_PLACE, FOR_PLACE_A_SEAT * (seats.capacity or 0)), request)
    if domain not in PUBLIC_PROVIDERS:
        asked += _in_common("domain", domain, OF_STATE_DOMAIN if f".{domain}".endswith(STATE_DOMAINS) else OF_DOMAIN, request)
    return asked + _from_block("registration-block", FROM_BLOCK, request)


def of_link(request: HttpRequest, *, email: str) -> list[Counted]:
    return [Counted("link-mailbox", email, LINKS_TO_MAILBOX, LINKS_WINDOW), *_from_block("link-block", LINKS_FROM_BLOCK, request)]


def link_was_asked(workshop: Workshop, *, email: str, at: dt.datetime | None = None) -> bool:
    """Whether the link of `email` was asked for in these ten minutes already, in which one mail goes out. Counts the asking.

    It knows nothing of who is registered: the answer is the same for an address that nobody has.
    """
    asked = Counted("link-asked", f"{workshop.pk} {email}", 1)
    return _raise([asked], at or timezone.now())[asked.kind] > asked.most


def of_fresh_link(participant: Participant) -> list[Counted]:
    """What the wish for a link that is good for some minutes is counted by: whose it is, wherever they ask from."""
    return [Counted("fresh-link", str(participant.pk), LINKS_TO_MAILBOX, LINKS_WINDOW)]


def of_new_email(participant: Participant, *, email: str) -> list[Counted]:
    """What the wish for another address is counted by: whose it is, and the mailbox that is written to, which may be a stranger's."""
    return [
        Counted("new-email", str(participant.pk), LINKS_TO_MAILBOX, LINKS_WINDOW),
        Counted("new-mailbox", email, LINKS_TO_MAILBOX, LINKS_WINDOW),
    ]


def of_substitute(named_by: str, *, email: str) -> list[Counted]:
    """What the wish to send a substitute is counted by: who names one ("participant-5", "invitation-7"), and the mailbox written to."""
    return [
        Counted("substitute", named_by, LINKS_TO_MAILBOX, LINKS_WINDOW),
        Counted("new-mailbox", email, LINKS_TO_MAILBOX, LINKS_WINDOW),
    ]


def of_sign_in(request: HttpRequest, *, email: str) -> list[Counted]:
    """What the wish for a sign-in link is counted by: account and network together, so that neither locks out the other."""
    return [Counted("sign-in", f"{email} {block_of(address_of(request))}", LINKS_TO_MAILBOX)]


def of_mailing(quota: Quota) -> list[Counted]:
    return [Counted("mailing", str(quota.pk), MAILINGS, MAILBOX_WINDOW)]


def of_desk_offer(quota: Quota) -> list[Counted]:
    return [Counted("desk-offer", str(quota.pk), MAILINGS, MAILBOX_WINDOW)]


def of_upload(user: AbstractBaseUser | AnonymousUser) -> list[Counted]:
    return [Counted("upload", str(user.pk), UPLOADS)]


def of_verification(request: HttpRequest) -> list[Counted]:
    return _from_block("verification-block", VERIFICATIONS_FROM_BLOCK, request)


def of_openid(request: HttpRequest) -> list[Counted]:
    return _from_block("openid-block", OPENID_FROM_BLOCK, request)


def of_api_token(token: ApiToken, *, writes: bool) -> list[Counted]:
    return [Counted("api-write", str(token.pk), API_WRITES) if writes else Counted("api-read", str(token.pk), API_READS)]


def of_api_visitor(request: HttpRequest) -> list[Counted]:
    return _from_block("api-block", API_FROM_BLOCK, request)


def of_api_refusal(request: HttpRequest) -> list[Counted]:
    return _from_block("api-refused", API_REFUSED_FROM_BLOCK, request)


def block_of(address: str | None) -> str:
    """The block in which `address` shares its fate with its neighbours: /24, or /56 of IPv6. Empty for none."""
    if not address:
        return ""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))


def _from_block(kind: str, most: int, request: HttpRequest) -> list[Counted]:
    block = block_of(address_of(request))
    return [Counted(kind, block, most)] if block else []


def _in_common(what: str, whose: str, most: int, request: HttpRequest) -> list[Counted]:
    """The ceiling of all together, and the part of it that the visitor's block may use up."""
    block = block_of(address_of(request))
    share = [Counted(f"{what}-share", f"{whose} {block}", round(most * SHARE_OF_BLOCK))] if block else []
    return [Counted(f"registration-{what}", whose, most, is_common=True), *share]


def count(asked: list[Counted], *, opened: dt.datetime | None = None, at: dt.datetime | None = None) -> None:
    """Counts a request by everything in `asked`: one query. Raises TooOften where there were too many already; then nothing is counted.

    `opened` is when the form was opened, for ceilings that strangers have in common.
    Does nothing where ABUSE_LIMITS is off. Call it outside of a transaction: a refusal must not take the counting back.
    """
    if not settings.ABUSE_LIMITS:
        return
    at = at or timezone.now()
    counted = _raise(asked, at)
    over = [one for one in asked if counted[one.kind] > one.most]
    until = [at + SLOW - min(at - opened if opened else dt.timedelta(), SLOW) if one.is_common else _end(one, at) for one in over]
    if until and max(until) > at:
        give_back(asked, at=at)
        raise TooOften(max(until))


def give_back(asked: list[Counted], *, at: dt.datetime | None = None) -> None:
    if not settings.ABUSE_LIMITS:
        return
    at = at or timezone.now()
    rows = Q(pk__in=())
    for one in asked:
        rows |= Q(ends=one.ends(at), kind=one.kind, key=one.key)
    Tally.objects.filter(rows, count__gt=0).update(count=F("count") - 1)


def _raise(asked: list[Counted], at: dt.datetime) -> dict[str, int]:
    """One more of everything in `asked`; how many there are now, by kind."""
    # In one order, so that no two of these statements wait for each other.
    rows = sorted((one.ends(at), one.kind, one.key) for one in asked)
    table = connection.ops.quote_name(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (ends, kind, key, count) VALUES {', '.join(['(%s, %s, %s, 1)'] * len(rows))}"
            f" ON CONFLICT (ends, kind, key) DO UPDATE SET count = {table}.count + 1 RETURNING kind, count",
            [value for row in rows for value in row],
        )
        return dict(cursor.fetchall())


def _end(one: Counted, at: dt.datetime) -> dt.datetime:
    return dt.datetime.fromtimestamp(one.ends(at), dt.UTC)


def guess_wrong(account: str, address: str | None, *, at: dt.datetime | None = None) -> None:
    """Counts a wrong password for `account`."""
    if not is_known_network(account, address, at=at):
        _raise([Counted("guess", account, GUESSES_AT_ACCOUNT, GUESSES_WINDOW)], at or timezone.now())


def may_guess(account: str, address: str | None, *, at: dt.datetime | None = None) -> bool:
    """False once strangers guessed too often; from a network from which the account was opened before, it is open all the same."""
    asked = Counted("guess", account, GUESSES_AT_ACCOUNT, GUESSES_WINDOW)
    at = at or timezone.now()
    guesses = Tally.objects.filter(ends=asked.ends(at), kind=asked.kind, key=asked.key, count__gte=asked.most)
    return not guesses.exists() or is_known_network(account, address, at=at)


def remember_network(account: str, address: str | None, *, at: dt.datetime | None = None) -> None:
    """`account` was opened from this network, which is kept as a keyed digest alone."""
    if block := block_of(address):
        _raise([_known(account, block)], at or timezone.now())


def is_known_network(account: str, address: str | None, *, at: dt.datetime | None = None) -> bool:
    known = _known(account, block_of(address))
    now = int((at or timezone.now()).timestamp())
    return bool(known.whose) and Tally.objects.filter(kind=known.kind, key=known.key, ends__gt=now).exists()


def _known(account: str, block: str) -> Counted:
    return Counted("known-network", f"{account} {block}" if block else "", 0, NETWORK_KNOWN_FOR)


def forget(at: dt.datetime) -> int:
    """Deletes what was counted in stretches of time that are over. Returns how many rows."""
    return Tally.objects.filter(ends__lte=int(at.timestamp())).delete()[0]
