"""Addresses are understood as they are pasted, and a mistyped domain is asked about."""

import pytest

from registration.people.addresses import addresses_in, clean_address, likely_address


@pytest.mark.parametrize(
    "typed",
    [
        "a@example.org", "A@Example.ORG", "a@example.org;", "a@example.org.", "<a@example.org>", "Somchai <a@example.org>",
        "นายสมมุติ ทดสอบ <a@example.org>;", "mailto:a@example.org", "mailto:a@example.org?subject=x", "'a@example.org'",
        "อีเมล: a@example.org",
        "E-mail : a@example.org", "(a@example.org)",
    ],
)  # fmt: skip
def test_one_address_is_understood(typed):
    assert clean_address(typed) == "a@example.org"


@pytest.mark.parametrize("typed", ["", "a@", "a@example.org, b@example.org", "somchai", "a b@example.org"])
def test_what_is_no_address_stays_to_be_refused(typed):
    assert clean_address(typed) == typed.lower()


def test_thai_digits_in_an_address_are_arabic_ones():
    assert clean_address("a๑@example.org") == "a1@example.org"


@pytest.mark.parametrize(
    ("cell", "found", "rest"),
    [
        ("a@example.org / b@example.org", ["a@example.org", "b@example.org"], ""),
        ("a@example.org,B@example.org; a@example.org", ["a@example.org", "b@example.org"], ""),
        ("โทร 081 234 5678 a@example.org", ["a@example.org"], "โทร 081 234 5678"),
        ("Somchai <mailto:a@example.org>", ["a@example.org"], "Somchai"),
        ("ไม่มีอีเมล", [], "ไม่มีอีเมล"),
    ],
)
def test_all_addresses_of_a_cell_are_found_and_the_rest_is_kept(cell, found, rest):
    assert addresses_in(cell) == (found, rest)


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gamil.con", "gmail.com"),
        ("gmailcom", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmal.con", "hotmail.com"),
        ("hotmail.co.yh", "hotmail.co.th"),
        ("yaho.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("nan.example.goth", "nan.example.go.th"),
        ("example.gov.th", "example.go.th"),
        ("example.go.thh", "example.go.th"),
        ("example.g.th", "example.go.th"),
        ("example.go.yh", "example.go.th"),
        ("example.ac.t", "example.ac.th"),
        ("example.con", "example.com"),
    ],
)
def test_a_mistyped_domain_is_asked_about(domain, meant):
    assert likely_address(f"somchai@{domain}") == f"somchai@{meant}"


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com", "ymail.com", "mail.com", "email.com", "hotmail.co.th", "example.go.th", "example.org", "example.co.uk",
        "example.co.tz",
        "example.net", "example.com", "live.co.uk", "moi.go.th", "example.in.th", "example.th", "gmx.net", "me.com",
        "example.co", "hotmail.fr",
    ],
)  # fmt: skip
def test_a_domain_that_there_is_raises_no_question(domain):
    assert likely_address(f"somchai@{domain}") == ""
    assert likely_address("") == likely_address("somchai") == ""
