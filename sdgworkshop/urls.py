from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from registration.office.zoom_events import zoom_events
from sdgworkshop import health
from sdgworkshop.metrics import metrics
from sdgworkshop.reports import csp_report
from sdgworkshop.security_txt import security_txt
from sessions.views import emblem

handler500 = "registration.participant.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("emblem/<str:digest>.webp", emblem, name="emblem"),
    path("zoom/events/", zoom_events, name="zoom_events"),
    path("csp/", csp_report, name="csp_report"),
    path("api/v1/", include("registration.api.urls")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("registration.urls")),
        path("", include("sessions.urls")),
        prefix_default_language=False,
    ),
]
