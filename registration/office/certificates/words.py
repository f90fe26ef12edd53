"""What the office reads about its certificates."""

from django.utils.translation import gettext_lazy

#: Why the key cannot seal (`certificates.sealing.SealKeyFault`), and what to do.
KEY_FAULTS = {
    "missing": gettext_lazy("The program that seals is not installed. Tell the portal’s administrator."),
    "unreadable": gettext_lazy("The file of the key or its password is wrong. Tell the portal’s administrator."),
    "expired": gettext_lazy("The key of the office has expired. Ask for a new one and tell the portal’s administrator."),
    "unstamped": gettext_lazy(
        "The time stamping authority does not answer, or not rightly. It is asked again every few minutes; tell the portal’s administrator."
    ),
}
