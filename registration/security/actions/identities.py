"""Linking a sign-in at the provider to a user, once, and taking that away. Its owner is told of both."""

import datetime as dt

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.audit import trail
from registration.choices import MessageName
from registration.errors import IdentityTaken
from registration.mail import outbox
from registration.models import LinkedIdentity
from registration.security.openid import may_sign_in


def sign_in(*, subject: str, at: dt.datetime | None = None) -> User | None:
    """Who signs in as `subject` of the provider; None where nobody is linked to it, or may work here no more."""
    known = LinkedIdentity.objects.filter(issuer=settings.OPENID_ISSUER, subject=subject)
    if not known.filter(user__in=may_sign_in()).update(last_used_at=at or timezone.now()):
        return None
    return known.select_related("user").get().user


def link(*, user: User, subject: str, language: str = "th", at: dt.datetime | None = None) -> None:
    """Raises IdentityTaken where `subject` is linked to another user, or `user` to another subject."""
    at = at or timezone.now()
    identity = {"issuer": settings.OPENID_ISSUER, "subject": subject}
    if LinkedIdentity.objects.filter(user=user, **identity).exists():
        return
    try:
        with transaction.atomic():
            linked = LinkedIdentity.objects.create(user=user, linked_at=at, **identity)
            trail.record_identity(by=_actor(user), what="identity linked", at=at)
            _tell(user, f"linked-{linked.pk}", "linked", language, at)
    except IntegrityError as error:
        raise IdentityTaken from error


def unlink(*, user: User, by: User, language: str = "th", at: dt.datetime | None = None) -> bool:
    """Whether there was a link of `user` to take away."""
    at = at or timezone.now()
    with transaction.atomic():
        linked = LinkedIdentity.objects.filter(user=user, issuer=settings.OPENID_ISSUER).first()
        if linked is None or not LinkedIdentity.objects.filter(pk=linked.pk).delete()[0]:
            return False
        trail.record_identity(by=_actor(by), what="identity unlinked", at=at)
        if by.pk != user.pk:
            LogEntry.objects.log_actions(by.pk, [user], CHANGE, [{"changed": {"fields": ["linked identity"]}}], single_object=True)
        _tell(user, f"unlinked-{linked.pk}", "unlinked" if by.pk == user.pk else "unlinked by staff", language, at)
    return True


def _actor(user: User) -> Actor:
    return Actor(ActorKind.STAFF if user.is_staff else ActorKind.COORDINATOR, user)


def _tell(user: User, occasion: str, what: str, language: str, at: dt.datetime) -> None:
    if user.email:
        outbox.post_to_user(MessageName.IDENTITY_CHANGED, user, occasion=occasion, at=at, details={"language": language, "what": what})
