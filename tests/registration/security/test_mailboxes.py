import pytest

from registration.security.mailboxes import mailbox_of


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("somsri@example.org", "somsri@example.org"),
        ("Somsri+1@Example.org", "somsri@example.org"),
        ("som.sri@example.org", "som.sri@example.org"),
        ("s.o.msri+nan@gmail.com", "somsri@gmail.com"),
        ("somsri@googlemail.com", "somsri@gmail.com"),
        ("+1@example.org", "+1@example.org"),
    ],
)
def test_what_makes_no_other_mailbox_is_left_out(email, mailbox):
    assert mailbox_of(email) == mailbox
