from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    """Who comes: provinces, quotas, participants and the messages sent to them."""

    name = "registration"
    verbose_name = _("Registration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from registration import timeouts

        user_logged_in.connect(timeouts.begin, dispatch_uid="registration.timeouts")
