"""Every address of the portal, tried as everybody. The cases come from the URL conf: an address without a line here fails.

Who tries, in the order of the columns:

    anon   a visitor without anything
    link   who opened the personal links of a participant of province A
    A, B   the coordinators of two provinces; whatever an address names belongs to A
    bare   somebody of the office who signs in to the admin and has no right there
    staff  one with every right of the app `registration`
    boss   a superuser

And what comes of it: ok (200), go (led on), in (asked to sign in), no (403), bad (400), or the status.
Nothing that is answered to one of a province may hold a word about the other.
"""

import re
from contextlib import ExitStack
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4
from zipfile import ZipFile, is_zipfile

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from registration.actor import SYSTEM
from registration.api.tokens import Scope
from registration.audit import trail
from registration.certificates.layout import snapshot
from registration.choices import DecisionName, State, WebhookEvent
from registration.coordinators.actions import Appointee, ask
from registration.decisions.actions import decide
from registration.evaluation.actions import drafts, runs
from registration.links import fresh, signed
from registration.mail.actions.mailings import write_mailing
from registration.models import (
    ApiToken,
    Attendance,
    AttendanceDoubt,
    AttendanceReport,
    Certificate,
    CertificateLayout,
    ClosedDay,
    DelayedDecision,
    Export,
    Invitation,
    Mailing,
    NominationFile,
    Nominee,
    Objection,
    OpenDataFile,
    OpenDataSet,
    Participant,
    ReportRow,
    Sighting,
)
from registration.operations import tasks
from registration.seats.actions.pool import set_up
from registration.webhooks.actions.endpoints import add as add_endpoint
from sessions.models import Workshop
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of
from tests.registration.api.making import System, make_token
from tests.registration.materials.making import make_document

pytestmark = pytest.mark.django_db

ROLES = ("anon", "link", "A", "B", "bare", "staff", "boss")

#: Nobody can guess these words: where they are read, somebody of that province was shown.
OF_A, OF_B = "ลับเฉพาะน่าน", "ลับเฉพาะพะเยา"
#: What is read of a row in a list of nominees.
READ = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "group", "email", "phone", "province")
#: Whose words nobody but NESDC's staff may read, by role.
FORBIDDEN = {"anon": (OF_A, OF_B), "link": (OF_B,), "A": (OF_B,), "B": (OF_A,), "bare": (OF_A, OF_B), "staff": (), "boss": ()}

MATRIX = """
#                                           anon    link    A       B       bare    staff   boss
healthz                                     ok      ok      ok      ok      ok      ok      ok
readyz                                      ok      ok      ok      ok      ok      ok      ok
emblem                                      404/405 404/405 404/405 404/405 404/405 404/405 404/405
security_txt                                ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
registered                                  404/405 ok/405  404/405 404/405 404/405 404/405 404/405
zoom_events                                 405/404 405/404 405/404 405/404 405/404 405/404 405/404
csp_report                                  405/204 405/204 405/204 405/204 405/204 405/204 405/204
api:openapi                                 ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
api:workshops                               ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
api:workshop                                ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
api:programme                               ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
api:places                                  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
api:people                                  401/405 401/405 401/405 401/405 401/405 401/405 401/405
api:person                                  401/405 401/405 401/405 401/405 401/405 401/405 401/405
api:attendance                              401/405 401/405 401/405 401/405 401/405 401/405 401/405
api:certificates                            401/405 401/405 401/405 401/405 401/405 401/405 401/405
api:registrations                           405/401 405/401 405/401 405/401 405/401 405/401 405/401
api:decisions                               405/401 405/401 405/401 405/401 405/401 405/401 405/401
api:accept                                  405/401 405/401 405/401 405/401 405/401 405/401 405/401
api:take_backs                              405/401 405/401 405/401 405/401 405/401 405/401 405/401
metrics                                     404/405 404/405 404/405 404/405 404/405 404/405 404/405
admin:index                                 in      in      in      in      ok      ok      ok
admin:login                                 ok      ok      ok      ok      go/ok   go/ok   go/ok
admin:logout                                go      go      go      go      405/ok  405/ok  405/ok
admin:password_change                       in      in      in      in      ok      ok      ok
admin:password_change_done                  in      in      in      in      ok/405  ok/405  ok/405
admin:autocomplete                          in      in      in      in      no/405  no/405  no/405
admin:jsi18n                                in      in      in      in      ok/405  ok/405  ok/405
admin:view_on_site                          in      in      in      in      404     404     404
admin:registration_auditevent_affected      in      in      in      in      no      ok      ok
admin:registration_coordinator_import       in      in      in      in      no      ok      ok
admin:registration_coordinator_import_rows  in      in      in      in      no      go      go
admin:registration_delivery_html            in      in      in      in      no      ok/405  ok/405
admin:registration_delivery_pause           in      in      in      in      no      405/go  405/go
admin:registration_delivery_resume          in      in      in      in      no      405/go  405/go
admin:registration_mailbox                  in      in      in      in      404     404     404
admin:registration_mailbox_mail             in      in      in      in      404     404     404
admin:registration_mailbox_html             in      in      in      in      404     404     404
admin:registration_mailbox_file             in      in      in      in      404     404     404
admin:registration_meeting_links            in      in      in      in      no      ok/405  ok/405
admin:registration_meeting_links_send       in      in      in      in      no      go      go
admin:registration_mailing_review           in      in      in      in      no      ok/405  ok/405
admin:registration_mailing_html             in      in      in      in      no      ok/405  ok/405
admin:registration_mailing_test             in      in      in      in      no      405/go  405/go
admin:registration_mailing_send             in      in      in      in      no      405/go  405/go
admin:registration_mailing_progress         in      in      in      in      no      go/405  go/405
admin:registration_mailing_stop             in      in      in      in      no      405/go  405/go
admin:registration_mailing_again            in      in      in      in      no      405/go  405/go
admin:registration_mailing_schedule         in      in      in      in      no      405/ok  405/ok
admin:registration_mailing_unschedule       in      in      in      in      no      405/go  405/go
admin:registration_mailing_copy             in      in      in      in      no      405/go  405/go
admin:registration_mailing_continue         in      in      in      in      no      405/go  405/go
admin:registration_invitation_file          in      in      in      in      no      405/go  405/go
admin:registration_export_file              in      in      in      in      no      405/go  405/go
admin:registration_export_report            in      in      in      in      no      ok/go   ok/go
admin:registration_participant_qr_codes     in      in      in      in      no      ok/405  ok/405
admin:registration_participant_qr_one       in      in      in      in      no      ok/405  ok/405
admin:registration_participant_qr_provinces  in      in      in      in      no      ok/405  ok/405
admin:registration_participant_qr_sheet     in      in      in      in      no      ok/405  ok/405
admin:registration_participant_columns      in      in      in      in      no      405/go  405/go
admin:registration_participant_compare      in      in      in      in      no      go      go
admin:registration_participant_zoom         in      in      in      in      no      ok/405  ok/405
admin:registration_participant_zoom_list    in      in      in      in      no      405/go  405/go
admin:registration_participant_zoom_all     in      in      in      in      no      405/go  405/go
admin:registration_participant_zoom_file    in      in      in      in      no      404/405 404/405
admin:registration_participant_zoom_mark    in      in      in      in      no      405/404 405/404
admin:registration_participant_zoom_connection in   in      in      in      no      ok      ok
admin:registration_participant_webinars     in      in      in      in      no      ok/405  ok/405
admin:registration_participant_webinars_number in   in      in      in      no      405/404 405/404
admin:registration_participant_webinars_push in     in      in      in      no      405/404 405/404
admin:registration_participant_webinars_stop in     in      in      in      no      405/404 405/404
admin:registration_participant_webinars_report in   in      in      in      no      405/404 405/404
admin:registration_participant_find         in      in      in      in      no      go/405  go/405
admin:registration_participant_send_link    in      in      in      in      no      405/go  405/go
admin:registration_participant_clock        in      in      in      in      no      ok/go   ok/go
admin:registration_participant_anonymise    in      in      in      in      no      ok      ok
admin:registration_participant_workshops    in      in      in      in      no      ok/405  ok/405
preview                                     404/405 404/405 404/405 404/405 404/405 404/405 ok/405
preview_register                            404/405 404/405 404/405 404/405 404/405 404/405 ok/405
preview_agenda                              404/405 404/405 404/405 404/405 404/405 404/405 ok/405
admin:registration_participant_rehearsal    in      in      in      in      no      ok      ok
admin:registration_participant_rehearsal_send  in   in      in      in      no      405/go  405/go
admin:registration_attendance_changelist    in      in      in      in      no      go      go
admin:registration_attendancereport_changelist in      in      in      in      no      go      go
admin:registration_certificate_changelist   in      in      in      in      no      go      go
admin:registration_attendance_board         in      in      in      in      no      ok/405  ok/405
admin:registration_attendance_live          in      in      in      in      no      ok/405  ok/405
admin:registration_attendance_settings      in      in      in      in      no      ok      ok
admin:registration_attendance_person        in      in      in      in      no      ok/go   ok/go
admin:registration_attendance_entry         in      in      in      in      no      ok      ok
admin:registration_attendance_doubt         in      in      in      in      no      405/go  405/go
admin:registration_attendance_guests        in      in      in      in      no      405/go  405/go
admin:registration_attendancereport_reports in      in      in      in      no      ok/405  ok/405
admin:registration_attendancereport_upload  in      in      in      in      no      405/go  405/go
admin:registration_attendancereport_answer  in      in      in      in      no      405/go  405/go
admin:registration_attendancereport_apply   in      in      in      in      no      405/go  405/go
admin:registration_attendancereport_take_back in      in      in      in      no      ok/go   ok/go
admin:registration_attendancereport_confirm in      in      in      in      no      405/go  405/go
admin:registration_attendancereport_who     in      in      in      in      no      ok/go   ok/go
admin:registration_certificate_overview     in      in      in      in      no      ok/405  ok/405
admin:registration_certificate_rule         in      in      in      in      no      ok      ok
admin:registration_certificate_layout       in      in      in      in      no      ok      ok
admin:registration_certificate_preview      in      in      in      in      no      404/405 404/405
admin:registration_certificate_issue        in      in      in      in      no      ok      ok
admin:registration_certificate_one          in      in      in      in      no      ok/go   ok/go
admin:registration_certificate_pdf          in      in      in      in      no      ok/405  ok/405
admin:registration_document_changelist      in      in      in      in      no      go      go
admin:registration_document_overview        in      in      in      in      no      ok/405  ok/405
admin:registration_document_new             in      in      in      in      no      ok      ok
admin:registration_document_one             in      in      in      in      no      ok/405  ok/405
admin:registration_document_describe        in      in      in      in      no      ok      ok
admin:registration_document_replace         in      in      in      in      no      ok      ok
admin:registration_document_publish         in      in      in      in      no      go      go
admin:registration_document_end             in      in      in      in      no      405/go  405/go
admin:registration_document_version         in      in      in      in      no      ok/405  ok/405
admin:registration_document_thanks          in      in      in      in      no      ok/go   ok/go
admin:registration_opendataset_changelist   in      in      in      in      no      go      go
admin:registration_opendataset_overview     in      in      in      in      no      ok/405  ok/405
admin:registration_opendataset_count        in      in      in      in      no      405/go  405/go
admin:registration_opendataset_publish      in      in      in      in      no      405/go  405/go
admin:registration_opendataset_withdraw     in      in      in      in      no      405/404 405/404
admin:registration_opendataset_file         in      in      in      in      no      ok/405  ok/405
admin:registration_apitoken_changelist      in      in      in      in      no      ok      ok
admin:registration_apitoken_new             in      in      in      in      no      ok      ok
admin:registration_apitoken_take_back       in      in      in      in      no      405/go  405/go
admin:registration_webhookendpoint_turn     in      in      in      in      no      405/404 405/404
admin:registration_webhookendpoint_test     in      in      in      in      no      405/go  405/go
admin:registration_webhookendpoint_again    in      in      in      in      no      405/404 405/404
admin:registration_webhookendpoint_secret   in      in      in      in      no      405/404 405/404
admin:registration_quota_pool               in      in      in      in      no      ok      ok
admin:registration_quota_pool_give          in      in      in      in      no      ok/go   ok/go
admin:registration_quota_pool_back          in      in      in      in      no      405/404 405/404
admin:registration_quota_pool_release       in      in      in      in      no      405/404 405/404
admin:registration_evaluation_changelist    in      in      in      in      no      go      go
admin:registration_evaluation_overview      in      in      in      in      no      ok/go   ok/go
admin:registration_evaluation_one           in      in      in      in      no      ok/405  ok/405
admin:registration_evaluation_heading       in      in      in      in      no      ok      ok
admin:registration_evaluation_preview       in      in      in      in      no      ok/405  ok/405
admin:registration_evaluation_plan          in      in      in      in      no      ok      ok
admin:registration_evaluation_end           in      in      in      in      no      405/go  405/go
admin:registration_evaluation_copy          in      in      in      in      no      405/go  405/go
admin:registration_evaluation_mail          in      in      in      in      no      ok/go   ok/go
admin:registration_evaluation_qr            in      in      in      in      no      ok/405  ok/405
admin:registration_evaluation_count         in      in      in      in      no      ok      ok
admin:registration_evaluation_results       in      in      in      in      no      ok/405  ok/405
admin:registration_evaluation_words         in      in      in      in      no      ok/go   ok/go
admin:registration_evaluation_answers       in      in      in      in      no      405/go  405/go
admin:registration_evaluation_section       in      in      in      in      no      ok      ok
admin:registration_evaluation_question      in      in      in      in      no      ok      ok
admin:registration_evaluation_move          in      in      in      in      no      405/go  405/go
admin:registration_evaluation_remove        in      in      in      in      no      ok/go   ok/go
admin:agenda_workshop_draft                 in      in      in      in      no      no      ok/405
admin:agenda_workshop_draft_open            in      in      in      in      no      no      405/go
admin:agenda_workshop_draft_discard         in      in      in      in      no      no      405/go
admin:agenda_workshop_draft_release         in      in      in      in      no      no      405/go
admin:agenda_workshopday_meeting            in      in      in      in      no      no      ok/go
admin:agenda_workshopday_call_off           in      in      in      in      no      no      ok
admin:agenda_workshop_emblem                in      in      in      in      no      no      ok
admin:agenda_workshop_next                  in      in      in      in      no      no      ok
admin:auth_user_password_change             in      in      in      in      no      no      ok
admin:app_list                              in      in      in      in      404     ok      ok
home                                        ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
workshop                                    ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
register                                    ok      ok      ok      ok      ok      ok      ok
check_mail                                  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
seats                                       ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
privacy                                     ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
privacy_version                             ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
personal_link                               404     go      404     404     404     404     404
participant                                 404/405 ok/405  404/405 404/405 404/405 404/405 404/405
participant_qr                              404/405 ok/405  404/405 404/405 404/405 404/405 404/405
participant_chat_qr                         404/405 404/405 404/405 404/405 404/405 404/405 404/405
participant_calendar                        404/405 ok/405  404/405 404/405 404/405 404/405 404/405
close                                       404     ok/go   404     404     404     404     404
closed                                      ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
edit                                        404     ok      404     404     404     404     404
change_group                                404     ok      404     404     404     404     404
change_place                                404     ok      404     404     404     404     404
cancel                                      404     ok/go   404     404     404     404     404
substitute                                  404     ok      404     404     404     404     404
accept                                      404     go      404     404     404     404     404
new_email                                   404     ok      404     404     404     404     404
my_data                                     404     ok      404     404     404     404     404
objection                                   404     ok      404     404     404     404     404
erase                                       404     ok      404     404     404     404     404
erased                                      ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
renew_link                                  404     ok/go   404     404     404     404     404
fresh_link                                  410/405 go/405  410/405 410/405 410/405 410/405 410/405
confirm_new_email                           404     ok/go   404     404     404     404     404
guardian                                    404     ok      404     404     404     404     404
my_link                                     ok      ok      ok      ok      ok      ok      ok
calendar_feed                               404/405 ok/405  404/405 404/405 404/405 404/405 404/405
invitation_link                             404/405 go/405  404/405 404/405 404/405 404/405 404/405
invitation                                  404     ok      404     404     404     404     404
invitation_refuse                           404     ok      404     404     404     404     404
invitation_substitute                       404     ok      404     404     404     404     404
second_factor_code                          in      in      in      in      go      go      go
second_factor_new                           in      in      in      in      ok      ok      ok
second_factor_link                          in      in      in      in      ok      ok      ok
second_factor_qr                            in/405  in/405  in/405  in/405  404/405 404/405 404/405
recovery_codes                              in      in      in      in      go      go      go
desks                                       in      in      go      go      ok      ok      ok
openid                                      404     404     404     404     404     404     404
openid_sign_in                              404     404     404     404     404     404     404
openid_callback                             404     404     404     404     404     404     404
openid_link                                 404     404     404     404     404     404     404
desk_sign_in                                ok      ok      go/ok   go/ok   go/ok   go/ok   go/ok
desk_sign_in_sent                           ok      ok      ok      ok      ok      ok      ok
desk_sign_in_link                           410     410     410     410     410     410     410
desk_sign_out                               405/in  405/in  405/in  405/in  405/in  405/in  405/in
desk_password                               in      in      405/go  405/go  405/go  405/go  405/go
desk_set_password                           ok      ok      ok      ok      ok      ok      ok
desk_check_ins                              in      in      ok/405  ok/405  ok/405  ok/405  ok/405
desk_check_in                               in      in      ok/go   ok/go   404     ok/go   ok/go
desk_check_in_send                          in      in      405/bad 405/bad 405/404 405/bad 405/bad
desk_check_in_back                          in      in      405/go  405/404 405/404 405/go  405/go
desk                                        in      in      ok      404     404     ok      ok
desk_seats                                  in      in      ok      404     404     ok      ok
desk_decide                                 in      in      405/go  405/404 405/404 405/go  405/go
desk_decisions                              in      in      405/go  405/404 405/404 405/go  405/go
desk_selection                              in      in      ok/go   404     404     ok/go   ok/go
desk_selection_review                       in      in      ok      404     404     ok      ok
desk_selection_back                         in      in      405/go  405/404 405/404 405/go  405/go
desk_selection_mail                         in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_selection_paper                        in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_swap                                   in      in      ok      404     404     ok      ok
desk_person                                 in      in      ok/404  404     404     ok/404  ok/404
desk_coordinators                           in      in      ok      404     404     ok/404  ok/404
desk_notices                                in      in      ok/go   404     404     404     404
desk_invite                                 in      in      ok      404     404     ok      ok
desk_invite_many                            in      in      405/ok  405/404 405/404 405/ok  405/ok
desk_invitation                             in      in      405/go  405/404 405/404 405/go  405/go
desk_link_renew                             in      in      405/go  405/404 405/404 405/go  405/go
desk_qr_svg                                 in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_qr_png                                 in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_letter                                 in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_nominations                            in      in      ok      404     404     ok      ok
desk_nominations_template                   in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_nomination                             in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_nominee                                in      in      405/go  405/404 405/404 405/go  405/go
desk_nomination_columns                     in      in      go      404     404     go      go
desk_nominees                               in      in      405/go  405/404 405/404 405/go  405/go
desk_nominations_take_back                  in      in      405/go  405/404 405/404 405/go  405/go
desk_nominations_apply                      in      in      405/go  405/404 405/404 405/go  405/go
desk_nominations_discard                    in      in      405/go  405/404 405/404 405/go  405/go
desk_person_link                            in      in      405/go  405/404 405/404 405/go  405/go
desk_offer                                  410     410     410     410     410     410     410
desk_offer_back                             in      in      405/go  405/404 405/404 405/go  405/go
desk_write                                  in      in      ok      404     404     ok      ok
desk_mailing                                in      in      ok/go   404     404     ok/go   ok/go
desk_register                               in      in      ok      404     404     ok      ok
desk_people_file                            in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_papers                                 in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_list                                   in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_sign_in_sheet                          in      in      ok/405  404/405 404/405 ok/405  ok/405
join                                        404/405 404/405 404/405 404/405 404/405 404/405 404/405
doubt                                       404     ok      404     404     404     404     404
evaluation                                  404     ok      404     404     404     404     404
evaluation_here                             ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
document                                    ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
open_data                                   ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
own_document                                404/405 ok/405  404/405 404/405 404/405 404/405 404/405
certificate                                 404/405 ok/405  404/405 404/405 404/405 404/405 404/405
certificate_picture                         404/405 ok/405  404/405 404/405 404/405 404/405 404/405
verify                                      404/405 ok/405  404/405 404/405 404/405 404/405 404/405
desk_attendance                             in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_report                                 in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_attendance_list                        in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_certificates                           in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_certificates_zip                       in      in      405/ok  405/404 405/404 405/ok  405/ok
desk_rooms                                  in      in      ok/405  404/405 404/405 ok/405  ok/405
desk_room                                   in      in      ok      404     404     ok      ok
agenda                                      ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
agenda_ics                                  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405  ok/405
(an object's old address)                   in      in      in      in      go      go      go
(anything else in the admin)                in      in      in      in      404     404     404
"""

#: The pages that Django makes for each model, for bare, staff and boss. The others are asked to sign in.
PAGES = ("changelist", "add", "change", "delete", "history")
MODELS = """
agenda_workshop                             no no ok       | no no ok       | no no ok       | no no ok       | no no ok
agenda_workshopday                          no no ok       | no no ok       | no no ok       | no no no       | no no ok
agenda_agendaitem                           no no ok       | no no no       | no no ok/go    | no no no       | no no ok
registration_agency                         no ok ok       | no ok ok       | no ok ok       | no ok ok       | no ok ok
registration_auditevent                     no ok ok       | no no no       | no ok/no ok/no | no no no       | no ok ok
registration_closedday                      no ok ok       | no ok ok       | no ok ok       | no ok ok       | no ok ok
registration_coordinator                    no ok ok       | no ok ok       | no ok ok       | no ok ok       | no ok ok
registration_delivery                       no ok ok       | no no no       | no ok/no ok/no | no no no       | no ok ok
registration_export                         no ok ok       | no ok ok       | no ok ok       | no ok ok       | go ok ok
registration_exportprofile                  no ok ok       | no ok ok       | no ok ok       | no ok ok       | no ok ok
registration_invitation                     no ok ok       | no no no       | no ok/no ok/no | no no no       | no ok ok
registration_mailing                        no ok ok       | no ok ok       | no ok ok       | no ok ok       | no ok ok
registration_objection                      no ok ok       | no no no       | no ok/go ok/go | no no no       | no ok ok
registration_participant                    no ok ok       | no ok ok       | no ok/404 ok/404 | no no no       | no ok ok
registration_province                       no ok ok       | no no no       | no ok/go ok/go | no no no       | no ok ok
registration_webhookendpoint                no ok ok       | no ok ok       | no ok ok       | no no no       | no ok ok
registration_quota                          no ok ok       | no no no       | no ok ok       | no no no       | no ok ok
auth_group                                  no no ok       | no no ok       | no no ok       | no no ok       | no no ok
auth_user                                   no no ok       | no no ok       | no no ok       | no no ok       | no no ok
django_tasks_database_dbtaskresult          no no ok       | no no no       | no no ok/no    | no no no       | no no ok
"""


def addresses(patterns=None, route="", namespace=""):
    """Every (name, route) of the URL conf; the name is empty where a pattern has none."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else "", here


def by_role(words, roles=ROLES):
    """What each of `roles` gets, by GET and by POST: "ok/405" where they differ."""
    pairs = [(word.split("/") * 2)[:2] for word in words.split()]
    gets, posts = zip(*pairs, strict=True)
    return {"get": dict(zip(roles, gets, strict=True)), "post": dict(zip(roles, posts, strict=True))}


def lines(text):
    return [line for line in text.strip().splitlines() if not line.startswith("#")]


EXPECTED = {name.strip(): by_role(" ".join(words)) for name, *words in (line.rsplit(maxsplit=len(ROLES)) for line in lines(MATRIX))}
OF_EACH_MODEL = {
    f"{model}_{page}": by_role(f"in in in in {words}")
    for model, columns in (line.split(maxsplit=1) for line in lines(MODELS))
    for page, words in zip(PAGES, columns.split("|"), strict=True)
}


def expected(name, route):
    """What each role gets at an address."""
    if not name:
        return EXPECTED["(an object's old address)" if "object_id" in route else "(anything else in the admin)"]
    return OF_EACH_MODEL.get(name.removeprefix("admin:")) or EXPECTED[name]


class World:
    """Two provinces with a participant, an invited person and a coordinator each, and NESDC's staff."""

    def __init__(self):
        self.workshop = make_workshop(decision_minutes=5)
        self.workshop.days.update(room_th="ห้องประชุม")
        self.signed_in = {}
        self.people, self.invited, self.lists, self.users = {}, {}, {}, {}
        for side, code, words in (("A", "55", OF_A), ("B", "56", OF_B)):
            known = {"last_name": words, "organisation": f"หน่วยงาน{words}"}
            self.people[side] = make_participant(self.workshop, code, tracks=tracks_of(self.workshop)[:1], guardian_name="นางสมมุติ", **known)
            quota = seats_of(self.workshop, code)
            self.invited[side] = Invitation.objects.create(
                workshop=self.workshop, quota=quota, email=f"{side}@example.org", created_at=NOON, expires_at=NOON, **known
            )
            self.lists[side] = NominationFile.objects.create(quota=quota, name=f"{words}.xlsx", created_at=NOON)
            values = dict.fromkeys(READ, "") | known
            Nominee.objects.create(file=self.lists[side], place=1, line=2, values=values, state=Nominee.State.READY)
            self.users[side] = make_coordinator(self.workshop, code, name=f"นาง{words}").user
        self.users["bare"] = User.objects.create_user("bare", is_staff=True)
        self.users["staff"] = User.objects.create_user("staff", is_staff=True)
        self.users["staff"].user_permissions.set(Permission.objects.filter(content_type__app_label="registration"))
        self.users["boss"] = User.objects.create_superuser("boss")
        Group.objects.create(name="สมมุติ")
        trail.record_view(by=SYSTEM, what="desk", count=0)
        Objection.objects.create(participant=self.people["A"], text="ข้อคัดค้าน", sent_at=NOON)
        Export.objects.create(workshop=self.workshop, kind="csv", created_by=self.users["boss"], created_at=NOON, leased_until=NOON)
        self._attend(self.people["A"])
        ClosedDay.objects.create(date=NOON.date(), name="วันหยุดพิเศษ")
        self.evaluation = drafts.begin(workshop=self.workshop, day=None, by=SYSTEM, at=NOON)
        runs.plan(evaluation=self.evaluation, opens_at=NOON.replace(year=2020), closes_at=NOON.replace(year=2099), by=SYSTEM)
        self.document = make_document(self.workshop)
        set_up(workshop=self.workshop, is_on=True, releases_at=None, rule="most_waiting", by=SYSTEM, at=NOON)
        self.draft = make_document(self.workshop, is_published=False)
        add_endpoint(name="ระบบสมมุติ", url="https://receiver.example.org/", workshop=None, events=[WebhookEvent.REGISTERED], by=SYSTEM)
        Mailing.objects.create(workshop=self.workshop, subject_th="เรื่อง", body_th="ข้อความ", created_at=NOON)
        tasks.beat.enqueue()
        numbers = OpenDataSet.objects.create(
            workshop=self.workshop, number=1, state="published", created_at=NOON, counted_at=NOON, published_at=NOON
        )
        ApiToken.objects.create(name="ระบบสมมุติ", submission=uuid4(), digest="0" * 64, created_at=NOON, expires_at=NOON.replace(year=2099))
        OpenDataFile.objects.create(data_set=numbers, name="participation.csv", content=b"date", size=4, digest="0" * 64)

    def _attend(self, person):
        """Rows under one key, so that it names each of them in an address."""
        day = self.workshop.days.first()
        report = AttendanceReport.objects.create(
            pk=person.pk, workshop=self.workshop, name="x.csv", digest="x", uploaded_at=NOON, state="applied", day=day
        )
        seen = Sighting.objects.create(pk=person.pk, day=day, key="x", name=OF_A, verdict="address", participant=person)
        ReportRow.objects.create(report=report, sighting=seen)
        Attendance.objects.create(pk=person.pk, participant=person, day=day, minutes=60, seen_minutes=60, source="report")
        AttendanceDoubt.objects.create(pk=person.pk, participant=person, text=OF_A, sent_at=NOON)
        layout = CertificateLayout(workshop=self.workshop, title_th="ได้เข้าร่วม", signer_th="นายสมมุติ", post_th="เลขาธิการ")
        printed = snapshot(layout, name=person.full_name, number=1, token="nobodys", language="th", days=[day.date], given=day.date)
        self.certificate = Certificate.objects.create(
            pk=person.pk, workshop=self.workshop, participant=person, number=1, snapshot=printed, issued_at=NOON
        )

    def send(self, client, role, method, path, **options):
        """The answer to `role`, who comes anew, or signed in as before if that still holds."""
        client.cookies.clear()
        if role in self.users:
            self.sign_in(client, role)
        if role == "link":
            client.cookies["personal-th"] = signed.page_token(self.people["A"])
            client.cookies["invitation-th"] = signed.personal_invitation_token(self.invited["A"])
        return getattr(client, method)(path, **options)

    def sign_in(self, client, role):
        cookie = self.signed_in.get(role)
        if cookie and Session.objects.filter(session_key=cookie).exists():
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        else:
            client.force_login(self.users[role])
            self.signed_in[role] = client.session.session_key

    def prepare(self, name):
        """Brings both provinces to where the address `name` has something to show."""
        people = Participant.objects.filter(pk__in=[person.pk for person in self.people.values()])
        if (name or "").startswith("desk_selection"):
            Workshop.objects.update(decision="selection")
            people.update(state=State.APPLIED)
        elif name == "desk_swap":
            people.update(state=State.WAITLISTED, ticket=1)
        elif name == "desk_decisions":
            for person in people.select_related("workshop"):
                decide(command=DecisionName.DECLINE, participant=person, by=SYSTEM)

    def sent(self, name, method):
        """What a form sends, where an address does nothing without it: about A."""
        if name == "desk_check_in_back" and method == "post":
            return {"data": {"code": self.people["A"].code}}
        if name != "desk_decisions" or method != "post":
            return {}
        return {"data": {"decision": DelayedDecision.objects.get(participant=self.people["A"]).pk}}

    def token(self, name):
        """The link of A's participant (or invited person) that belongs to the address `name`."""
        person = self.people["A"]
        special = {
            "verify": lambda: self.certificate.token,
            "fresh_link": lambda: fresh.token(person, "new_email"),
            "calendar_feed": lambda: signed.calendar_token(person),
            "confirm_new_email": lambda: signed.new_email_token(person, "new@example.org"),
            "guardian": lambda: signed.guardian_path(person).split("/")[-2],
            "invitation_link": lambda: signed.personal_invitation_token(self.invited["A"]),
        }
        return special.get(name, lambda: signed.personal_token(person))()

    def object(self, name):
        """The key of a row of the model that the admin's address `name` is about: A's, where provinces differ."""
        known = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in apps.get_models()}
        model = next(model for label, model in known.items() if f"{name}_".startswith(f"admin:{label}_"))
        rows = model._default_manager.order_by("pk")
        own = {"participant": {"last_name": OF_A}, "delivery": {"participant__last_name": OF_A}, "coordinator": {"user": self.users["A"]}}
        return rows.filter(**own.get(model._meta.model_name, {})).values_list("pk", flat=True).first() or 1

    def of_desk(self, name):
        """The key of what the desk's address `name` is about, of A."""
        if name == "desk_offer_back":
            return ask(quota=seats_of(self.workshop, "55"), appointee=Appointee("นายรับช่วง สมมุติ", "next@example.org"), by=SYSTEM).pk
        if name == "desk_mailing":
            quota, people = seats_of(self.workshop, "55"), [self.people["A"]]
            text = {"subject_th": OF_A, "body_th": OF_A}
            return write_mailing(quota=quota, people=people, text=text, by=SYSTEM, at=NOON).pk
        return (self.lists if name.startswith("desk_nomin") else self.invited)["A"].pk

    def path(self, name, route, role):
        """The address with A's values; the links of A's people are known to "link" alone."""
        values = {
            "slug": lambda: self.workshop.slug,
            "code": lambda: self.people["A"].code if route.startswith(("p/", "api/")) else "55",
            "person": lambda: self.people["A"].code,
            "token": lambda: self.token(name) if role == "link" else "nobodys.token",
            "rest": lambda: "",
            "purpose": lambda: "new_email",
            "uidb64": lambda: "MQ",
            "object_id": lambda: self.object(re.sub(r"admin/(\w+)/(\w+)/.*", r"admin:\1_\2", route)) if "/r/" not in route else 1,
            "id": lambda: self.users["A"].pk,
            "pk": lambda: (
                self.people["A"].pk
                if name == "desk_room"
                else self.of_desk(name)
                if name.startswith(("desk", "invitation"))
                else self.object(name)
            ),
            "place": lambda: 1,
            "meeting": lambda: f"day-{self.workshop.days.first().pk}",
            "document_id": lambda: self.document.pk,
            "evaluation_id": lambda: self.evaluation.pk,
            "section_id": lambda: self.evaluation.sections.first().pk,
            "question_id": lambda: self.evaluation.sections.first().questions.first().pk,
            "what": lambda: "question",
            "row_id": lambda: self.evaluation.sections.first().questions.first().pk,
            "language": lambda: "th",
            "outcome": lambda: "reserve",
            "kind": lambda: {"desk_people_file": "xlsx", "admin:registration_document_new": "file"}.get(name, "docx"),
            "reader": lambda: self.people["A"].pk,
            "date": lambda: self.workshop.days.first().date,
            "day_id": lambda: self.workshop.days.first().pk,
            "content_type_id": lambda: 1,
            "name": lambda: "no-such-file.eml",
            "number": lambda: 1,
            "file_name": lambda: "participation.csv",
            "app_label": lambda: "registration",
            "key": lambda: "register",
            "suffix": lambda: "svg",
            "version": lambda: "1",
            "digest": lambda: "0" * 64,
            "url": lambda: "nonsense/",
        }
        route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]()), route)


def outcome(response):
    if response.status_code in (301, 302):
        where = urlsplit(response.headers["Location"]).path
        return "in" if where in ("/desk/sign-in/", "/admin/login/") else "go"
    return {200: "ok", 400: "bad", 403: "no"}.get(response.status_code, str(response.status_code))


def content(response):
    """All that was answered, as text; what is packed, unpacked."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    return data.decode(errors="replace")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One world for all tests, each of which takes back what it did: making it takes longer than asking it."""
    with ExitStack() as open_world:
        with django_db_blocker.unblock():
            open_world.enter_context(transaction.atomic())
            world = World()
        yield world
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            open_world.close()


@pytest.fixture
def world(built, db):
    built.signed_in.clear()
    return built


@pytest.fixture(scope="module")
def client():
    """One for all tests: making it sets up the middleware, which takes longer than most answers."""
    return Client(headers={"accept-language": "th"})


@pytest.mark.parametrize(("name", "route"), [pytest.param(*address, id=address[0] or address[1]) for address in addresses()])
def test_everybody_gets_what_is_theirs(client, world, name, route):
    world.prepare(name)
    got = {"get": {}, "post": {}}
    for role in ROLES:
        if role in world.users:
            world.sign_in(client, role)
        for method, outcomes in got.items():
            with transaction.atomic():
                response = world.send(client, role, method, world.path(name, route, role), **world.sent(name, method))
                outcomes[role] = outcome(response)
                shown = content(response)
                transaction.set_rollback(True)
            assert [words for words in FORBIDDEN[role] if words in shown] == [], f"{method} as {role} shows the other province"
    assert got == expected(name, route)


def test_what_has_a_line_has_an_address():
    """A line whose address is gone would say what nobody proves."""
    names = {name.removeprefix("admin:") for name, _route in addresses()}
    told = {name.removeprefix("admin:") for name in EXPECTED if not name.startswith("(")} | set(OF_EACH_MODEL)
    assert told - names == set()


@pytest.mark.parametrize(("name", "route"), [pytest.param(*address, id=address[0]) for address in addresses() if "desk" in address[0]])
def test_a_search_by_script_finds_nobody_of_another_province(client, world, name, route):
    world.prepare(name)
    for role in ROLES:
        path = world.path(name, route, role) + "?q=ลับเฉพาะ&state=confirmed"
        shown = content(world.send(client, role, "get", path, headers={"HX-Request": "true", "HX-Target": "people"}))
        assert [words for words in FORBIDDEN[role] if words in shown] == []


def test_the_words_that_are_looked_for_are_there_to_be_found(client, world):
    """The search for leaks finds them where they may be read."""
    desk = content(world.send(client, "A", "get", f"/desk/{world.workshop.slug}/55/"))
    assert (OF_A in desk, OF_B in desk) == (True, False)
    page = content(world.send(client, "link", "get", world.path("participant", "p/<slug:code>/", "link")))
    assert OF_A in page


#: The API by token. With each scope alone for A's province; with all of them for B's, for A's workshop, for another workshop, for all.
API = """
#                   none programme people contacts attendance certificates registrations B   workshop other all
api:openapi         ok   ok        ok     ok       ok         ok           ok            ok  ok       ok    ok
api:workshops       ok   ok        ok     ok       ok         ok           ok            ok  ok       ok    ok
api:workshop        ok   ok        ok     ok       ok         ok           ok            ok  ok       ok    ok
api:programme       ok   ok        ok     ok       ok         ok           ok            ok  ok       ok    ok
api:places          ok   ok        ok     ok       ok         ok           ok            ok  ok       ok    ok
api:people          401  no        ok     no       no         no           no            ok  ok       404   ok
api:person          401  no        ok     no       no         no           no            404 ok       404   ok
api:attendance      401  no        no     no       ok         no           no            ok  ok       404   ok
api:certificates    401  no        no     no       no         ok           no            ok  ok       404   ok
api:registrations   401  no        no     no       no         no           201           404 201      404   201
api:decisions       401  no        no     no       no         no           ok            404 ok       404   ok
api:accept          401  no        no     no       no         no           409           404 409      404   409
api:take_backs      401  no        no     no       no         no           ok            404 ok       404   ok
"""
SYSTEMS = ("none", *(scope.value for scope in Scope), "B", "workshop", "other", "all")
OF_SYSTEMS = {name: dict(zip(SYSTEMS, words, strict=True)) for name, *words in map(str.split, lines(API))}
WRITING = {"api:registrations", "api:decisions", "api:accept", "api:take_backs"}


def tokens_of(world):
    """What each system sends."""
    where = {scope.value: {"place_code": "55"} for scope in Scope} | {
        "B": {"place_code": "56"}, "workshop": {"workshop": world.workshop}, "other": {"workshop": make_workshop(days=0)}, "all": {},
    }  # fmt: skip
    given = {name: make_token(*([Scope(name)] if name in set(Scope) else Scope), **reach)[1] for name, reach in where.items()}
    return {"none": ""} | given


def written(world, name):
    """What is sent where something is done: about A."""
    if name == "api:decisions":
        return {"command": "cancel", "seen": "confirmed"}
    if name != "api:registrations":
        return {}
    days = [day.date.isoformat() for day in world.workshop.days.all()]
    person = {"title": "นาย", "first_name": "สมมุติ", "last_name": "ทดสอบดี", "organisation": "สำนักงาน", "email": "new@example.org"}
    return person | {"place": "55", "group": "4.1.1", "phone": "0812345678", "days": days, "privacy_notice_read": True}


@pytest.mark.parametrize(
    ("name", "route"), [pytest.param(*address, id=address[0]) for address in addresses() if address[0].startswith("api:")]
)
def test_every_system_gets_what_its_token_is_for(world, name, route):
    got = {}
    with transaction.atomic():
        path = world.path(name, route, "anon")
        if name == "api:take_backs":
            decision = decide(command=DecisionName.CANCEL, participant=world.people["A"], by=SYSTEM)
            path = path.replace("/1/", f"/{decision.pk}/")
        for kind, token in tokens_of(world).items():
            with transaction.atomic():
                system = System(token)
                response = system.post(path, written(world, name), content_type="application/json") if name in WRITING else system.get(path)
                got[kind] = outcome(response)
                shown = content(response)
                forbidden = {"B": (OF_A,), "none": (OF_A, OF_B), "workshop": (), "all": ()}.get(kind, (OF_B,))
                assert [words for words in forbidden if words in shown] == [], f"{kind} reads of another province"
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    assert got == OF_SYSTEMS[name]
