"""What people fill in."""

from registration.forms.registration import RegistrationForm

__all__ = ["RegistrationForm"]
