from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    """Who comes: provinces, quotas, participants and the messages sent to them."""

    name = "registration"
    verbose_name = _("Registration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from registration.operations import checks  # noqa: F401 - Django hears of them by this
        from registration.security import session_timeout

        user_logged_in.connect(session_timeout.begin, dispatch_uid="registration.security.session_timeout")
