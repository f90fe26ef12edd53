"""The desk's addresses: signing in first, then each desk by workshop and code ("55", or "central")."""

from django.urls import path

from registration.desk.views import (
    attendance,
    coordinators,
    decisions,
    desk,
    invitations,
    nominations,
    papers,
    people,
    selection,
    sign_in,
    swaps,
)

urlpatterns = [
    path("desk/", desk.desks, name="desks"),
    path("desk/sign-in/", sign_in.desk_sign_in, name="desk_sign_in"),
    path("desk/sign-in/sent/", sign_in.desk_sign_in_sent, name="desk_sign_in_sent"),
    path("desk/sign-in/<str:token>/", sign_in.desk_sign_in_link, name="desk_sign_in_link"),
    path("desk/sign-out/", sign_in.desk_sign_out, name="desk_sign_out"),
    path("desk/password/", sign_in.desk_password, name="desk_password"),
    path("desk/password/<str:uidb64>/<str:token>/", sign_in.SetPassword.as_view(), name="desk_set_password"),
    path("desk/<slug:slug>/<slug:code>/", desk.desk, name="desk"),
    path("desk/<slug:slug>/<slug:code>/decide/", decisions.desk_decide, name="desk_decide"),
    path("desk/<slug:slug>/<slug:code>/decisions/", decisions.desk_decisions, name="desk_decisions"),
    path("desk/<slug:slug>/<slug:code>/selection/", selection.desk_selection, name="desk_selection"),
    path("desk/<slug:slug>/<slug:code>/selection/review/", selection.desk_selection_review, name="desk_selection_review"),
    path("desk/<slug:slug>/<slug:code>/selection/back/", selection.desk_selection_back, name="desk_selection_back"),
    path("desk/<slug:slug>/<slug:code>/selection/mail/<slug:outcome>/", selection.desk_selection_mail, name="desk_selection_mail"),
    path("desk/<slug:slug>/<slug:code>/selection/proposal.<slug:kind>", selection.desk_selection_paper, name="desk_selection_paper"),
    path("desk/<slug:slug>/<slug:code>/people/<slug:person>/seat/", swaps.desk_swap, name="desk_swap"),
    path("desk/<slug:slug>/<slug:code>/people/<slug:person>/", people.desk_person, name="desk_person"),
    path("desk/<slug:slug>/<slug:code>/coordinators/", coordinators.desk_coordinators, name="desk_coordinators"),
    path("desk/<slug:slug>/<slug:code>/invite/", invitations.desk_invite, name="desk_invite"),
    path("desk/<slug:slug>/<slug:code>/invite/many/", invitations.desk_invite_many, name="desk_invite_many"),
    path("desk/<slug:slug>/<slug:code>/invite/<int:pk>/", invitations.desk_invitation, name="desk_invitation"),
    path("desk/<slug:slug>/<slug:code>/link/renew/", invitations.desk_link_renew, name="desk_link_renew"),
    path("desk/<slug:slug>/<slug:code>/link/qr.svg", invitations.desk_qr_svg, name="desk_qr_svg"),
    path("desk/<slug:slug>/<slug:code>/link/qr.png", invitations.desk_qr_png, name="desk_qr_png"),
    path("desk/<slug:slug>/<slug:code>/link/letter.pdf", invitations.desk_letter, name="desk_letter"),
    path("desk/<slug:slug>/<slug:code>/nominations/", nominations.desk_nominations, name="desk_nominations"),
    path("desk/<slug:slug>/<slug:code>/nominations/template.xlsx", nominations.desk_nominations_template, name="desk_nominations_template"),
    path("desk/<slug:slug>/<slug:code>/nominations/<int:pk>/", nominations.desk_nomination, name="desk_nomination"),
    path("desk/<slug:slug>/<slug:code>/nominations/<int:pk>/<int:place>/", nominations.desk_nominee, name="desk_nominee"),
    path("desk/<slug:slug>/<slug:code>/nominations/<int:pk>/apply/", nominations.desk_nominations_apply, name="desk_nominations_apply"),
    path(
        "desk/<slug:slug>/<slug:code>/nominations/<int:pk>/discard/", nominations.desk_nominations_discard, name="desk_nominations_discard"
    ),
    path("desk/<slug:slug>/<slug:code>/attendance/", attendance.desk_attendance, name="desk_attendance"),
    path("desk/<slug:slug>/<slug:code>/attendance/list.xlsx", attendance.desk_attendance_list, name="desk_attendance_list"),
    path("desk/<slug:slug>/<slug:code>/attendance/certificates.pdf", attendance.desk_certificates, name="desk_certificates"),
    path("desk/<slug:slug>/<slug:code>/papers/", papers.desk_papers, name="desk_papers"),
    path("desk/<slug:slug>/<slug:code>/papers/list.xlsx", papers.desk_list, name="desk_list"),
    path("desk/<slug:slug>/<slug:code>/papers/sign-in-<slug:date>.pdf", papers.desk_sign_in_sheet, name="desk_sign_in_sheet"),
]
