from django.urls import include, path

from registration.views import changes, invitations, my_link, participant, register, workshop

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
    path("p/<str:token>/edit/", changes.edit, name="edit"),
    path("p/<str:token>/cancel/", changes.cancel, name="cancel"),
    path("p/<str:token>/accept/", changes.accept, name="accept"),
    path("p/<str:token>/email/", changes.new_email, name="new_email"),
    path("p/<str:token>/link/", changes.renew_link, name="renew_link"),
    path("email/<str:token>/", changes.confirm_new_email, name="confirm_new_email"),
    path("w/<slug:slug>/my-link/", my_link.my_link, name="my_link"),
    path("c/<str:token>/calendar.ics", participant.calendar_feed, name="calendar_feed"),
    path("i/<str:token>/", invitations.invitation, name="invitation"),
    path("", include("registration.desk_urls")),
]
