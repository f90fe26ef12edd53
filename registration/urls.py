from django.urls import include, path, re_path

from registration.office import second_factor
from registration.participant.views import changes, fresh_links, invitations, links, my_link, own_data, personal_page, register, workshop

urlpatterns = [
    path("", workshop.home, name="home"),
    path("w/<slug:slug>/", workshop.workshop, name="workshop"),
    path("w/<slug:slug>/register/", register.register, name="register"),
    path("w/<slug:slug>/register/check-mail/", register.check_mail, name="check_mail"),
    path("w/<slug:slug>/seats/", register.seats, name="seats"),
    path("privacy/", register.privacy, name="privacy"),
    path("privacy/<slug:version>/", register.privacy_version, name="privacy_version"),
    # A token has a dot, a reference code has none.
    re_path(r"^p/(?P<token>[^/]+\.[^/]*)/(?P<rest>.*)$", links.personal_link, name="personal_link"),
    path("p/<slug:code>/", personal_page.participant, name="participant"),
    path("p/<slug:code>/registered/", personal_page.registered, name="registered"),
    path("p/<slug:code>/qr.svg", personal_page.participant_qr, name="participant_qr"),
    path("p/<slug:code>/chat-qr.svg", personal_page.participant_chat_qr, name="participant_chat_qr"),
    path("p/<slug:code>/calendar.ics", personal_page.participant_calendar, name="participant_calendar"),
    path("p/<slug:code>/close/", personal_page.close, name="close"),
    path("closed/", personal_page.closed, name="closed"),
    path("p/<slug:code>/edit/", changes.edit, name="edit"),
    path("p/<slug:code>/cancel/", changes.cancel, name="cancel"),
    path("p/<slug:code>/accept/", changes.accept, name="accept"),
    path("p/<slug:code>/email/", changes.new_email, name="new_email"),
    path("p/<slug:code>/link/", changes.renew_link, name="renew_link"),
    path("f/<slug:purpose>/<str:token>/", fresh_links.fresh_link, name="fresh_link"),
    path("p/<slug:code>/data/", own_data.my_data, name="my_data"),
    path("p/<slug:code>/objection/", own_data.objection, name="objection"),
    path("p/<slug:code>/erase/", own_data.erase, name="erase"),
    path("erased/", own_data.erased, name="erased"),
    path("email/<str:token>/", changes.confirm_new_email, name="confirm_new_email"),
    path("w/<slug:slug>/my-link/", my_link.my_link, name="my_link"),
    path("c/<str:token>/calendar.ics", personal_page.calendar_feed, name="calendar_feed"),
    path("i/<int:pk>/", invitations.invitation, name="invitation"),
    path("i/<str:token>/", links.invitation_link, name="invitation_link"),
    path("second-factor/", second_factor.second_factor_code, name="second_factor_code"),
    path("second-factor/new/", second_factor.second_factor_new, name="second_factor_new"),
    path("second-factor/new/qr.svg", second_factor.second_factor_qr, name="second_factor_qr"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery_codes"),
    path("", include("registration.desk.urls")),
]
