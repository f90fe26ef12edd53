"""Which addresses lead to one mailbox: what stands after a plus sign, and with Google the dots, make no other one."""

GOOGLE = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(email: str) -> str:
    """The address that all of them share (lower case)."""
    name, _at, domain = email.strip().lower().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in GOOGLE:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"
