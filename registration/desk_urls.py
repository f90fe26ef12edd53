"""The desk's addresses: signing in first, then each desk by workshop and code ("55", or "central")."""

from django.urls import path

from registration.views.desk import coordinators, deciding, desk, people, signing_in

urlpatterns = [
    path("desk/", desk.desks, name="desks"),
    path("desk/sign-in/", signing_in.desk_sign_in, name="desk_sign_in"),
    path("desk/sign-in/sent/", signing_in.desk_sign_in_sent, name="desk_sign_in_sent"),
    path("desk/sign-in/<str:token>/", signing_in.desk_sign_in_link, name="desk_sign_in_link"),
    path("desk/sign-out/", signing_in.desk_sign_out, name="desk_sign_out"),
    path("desk/password/", signing_in.desk_password, name="desk_password"),
    path("desk/password/<str:uidb64>/<str:token>/", signing_in.SetPassword.as_view(), name="desk_set_password"),
    path("desk/<slug:slug>/<slug:code>/", desk.desk, name="desk"),
    path("desk/<slug:slug>/<slug:code>/decide/", deciding.desk_decide, name="desk_decide"),
    path("desk/<slug:slug>/<slug:code>/people/<slug:person>/", people.desk_person, name="desk_person"),
    path("desk/<slug:slug>/<slug:code>/coordinators/", coordinators.desk_coordinators, name="desk_coordinators"),
]
