from django.urls import include, path

from registration.views import participant, register, workshop

urlpatterns = [
    path("", workshop.home, name="home"),
    path("w/<slug:slug>/", workshop.workshop, name="workshop"),
    path("w/<slug:slug>/register/", register.register, name="register"),
    path("w/<slug:slug>/register/check-mail/", register.check_mail, name="check_mail"),
    path("w/<slug:slug>/seats/", register.seats, name="seats"),
    path("privacy/", register.privacy, name="privacy"),
    path("p/<str:token>/", participant.participant, name="participant"),
    path("p/<str:token>/qr.svg", participant.participant_qr, name="participant_qr"),
    path("p/<str:token>/chat-qr.svg", participant.participant_chat_qr, name="participant_chat_qr"),
    path("p/<str:token>/calendar.ics", participant.participant_calendar, name="participant_calendar"),
    path("", include("registration.desk_urls")),
]
