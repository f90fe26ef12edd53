"""Getting in at the desk."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
    """Who asks for a link."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "class": "form-control"}),
        error_messages={"required": _("Enter your e-mail address."), "invalid": _("Enter the address like name@agency.go.th.")},
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class PasswordForm(AuthenticationForm):
    """Account and password. Staff have a name in place of an address."""

    error_messages = {
        "invalid_login": _("The e-mail address or password is not right. Try again, or ask for a sign-in link."),
        "inactive": _("This account is switched off. Please contact NESDC."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("E-mail or user name")
        self.fields["username"].widget.attrs |= {"class": "form-control", "autofocus": False}
        self.fields["password"].widget.attrs |= {"class": "form-control"}

    def clean_username(self) -> str:
        """Coordinators' names are their addresses in lower case; a staff name is left as it is."""
        name = str(self.cleaned_data["username"]).strip()
        return name.lower() if "@" in name else name


class NewPasswordForm(SetPasswordForm):
    """The password twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
