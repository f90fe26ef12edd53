"""Every page of the office's own in the admin, tried by somebody who may do everything but what it needs, and only what it needs."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.test_access_matrix import EXPECTED, OF_EACH_MODEL, World, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.asked_before]  # `test_access_matrix` opens these pages

#: What a page needs, any one of these: to change people is to see them. The pages of Django itself are left to Django.
NEEDED = {
    "registration_auditevent_affected": "view_auditevent change_auditevent",
    "registration_coordinator_import": "add_coordinator",
    "registration_coordinator_import_rows": "add_coordinator",
    "registration_delivery_html": "view_delivery change_delivery",
    "registration_delivery_pause": "change_mailflow",
    "registration_delivery_resume": "change_mailflow",
    "registration_mailbox": "view_delivery",
    "registration_mailbox_mail": "view_delivery",
    "registration_mailbox_html": "view_delivery",
    "registration_mailbox_file": "view_delivery",
    "registration_meeting_links": "add_delivery",
    "registration_meeting_links_send": "add_delivery",
    "registration_mailing_review": "view_mailing change_mailing",
    "registration_mailing_html": "view_mailing change_mailing",
    "registration_mailing_test": "send_mailing",
    "registration_mailing_send": "send_mailing",
    "registration_mailing_progress": "view_mailing change_mailing",
    "registration_mailing_stop": "send_mailing",
    "registration_mailing_again": "send_mailing",
    "registration_mailing_schedule": "send_mailing",
    "registration_mailing_unschedule": "send_mailing",
    "registration_mailing_copy": "add_mailing",
    "registration_mailing_continue": "send_mailing",
    "registration_invitation_file": "export_participant",
    "registration_export_add": "export_participant",
    "registration_export_report": "export_participant view_attendance view_evaluation",
    "registration_export_file": "export_participant view_auditevent",
    "registration_participant_add": "add_participant",
    "registration_participant_columns": "view_participant change_participant",
    "registration_participant_compare": "view_participant change_participant",
    "registration_participant_qr_codes": "export_participant",
    "registration_participant_qr_one": "export_participant",
    "registration_participant_qr_provinces": "export_participant",
    "registration_participant_qr_sheet": "export_participant",
    "registration_participant_zoom": "export_participant",
    "registration_participant_zoom_file": "export_participant",
    "registration_participant_zoom_list": "export_participant",
    "registration_participant_zoom_all": "export_participant",
    "registration_participant_zoom_mark": "export_participant",
    "registration_participant_zoom_connection": "export_participant",
    "registration_participant_webinars": "export_participant",
    "registration_participant_webinars_number": "export_participant",
    "registration_participant_webinars_push": "export_participant",
    "registration_participant_webinars_stop": "export_participant",
    "registration_participant_webinars_report": "add_attendancereport",
    "registration_participant_find": "view_participant",
    "registration_participant_send_link": "change_participant",
    "registration_participant_clock": "change_mailflow",
    "registration_participant_anonymise": "delete_participant",
    "registration_participant_rehearsal": "delete_participant",
    "registration_participant_workshops": "view_workshop view_participant",
    "registration_attendance_guests": "export_participant",
    "registration_participant_rehearsal_send": "change_delivery",
    "registration_attendance_changelist": "view_attendance change_attendance",
    "registration_attendance_board": "view_attendance",
    "registration_attendance_live": "view_attendance",
    "registration_attendance_settings": "change_attendance",
    "registration_attendance_person": "view_attendance",
    "registration_attendance_entry": "change_attendance",
    "registration_attendance_doubt": "change_attendance",
    "registration_attendancereport_changelist": "view_attendancereport change_attendancereport",
    "registration_attendancereport_reports": "view_attendancereport",
    "registration_attendancereport_upload": "add_attendancereport",
    "registration_attendancereport_answer": "add_attendancereport",
    "registration_attendancereport_apply": "add_attendancereport",
    "registration_attendancereport_take_back": "add_attendancereport",
    "registration_attendancereport_confirm": "add_attendancereport",
    "registration_attendancereport_who": "add_attendancereport",
    "registration_apitoken_changelist": "view_apitoken issue_apitoken",
    "registration_apitoken_new": "issue_apitoken",
    "registration_apitoken_take_back": "issue_apitoken",
    "registration_document_changelist": "view_document change_document",
    "registration_document_overview": "view_document",
    "registration_document_new": "change_document",
    "registration_document_one": "view_document",
    "registration_document_describe": "change_document",
    "registration_document_replace": "change_document",
    "registration_document_publish": "change_document",
    "registration_document_end": "change_document",
    "registration_document_version": "view_document",
    "registration_document_thanks": "change_document",
    "registration_opendataset_changelist": "view_opendataset change_opendataset",
    "registration_opendataset_overview": "view_opendataset",
    "registration_opendataset_count": "change_opendataset",
    "registration_opendataset_publish": "change_opendataset",
    "registration_opendataset_withdraw": "change_opendataset",
    "registration_opendataset_file": "view_opendataset",
    "registration_webhookendpoint_turn": "change_webhookendpoint",
    "registration_webhookendpoint_test": "change_webhookendpoint",
    "registration_webhookendpoint_again": "change_webhookendpoint",
    "registration_webhookendpoint_secret": "change_webhookendpoint",
    "registration_quota_pool": "view_quota",
    "registration_quota_pool_give": "change_quota",
    "registration_quota_pool_back": "change_quota",
    "registration_quota_pool_release": "change_quota",
    "registration_evaluation_changelist": "view_evaluation change_evaluation",
    "registration_evaluation_overview": "view_evaluation",
    "registration_evaluation_one": "view_evaluation",
    "registration_evaluation_heading": "change_evaluation",
    "registration_evaluation_preview": "view_evaluation",
    "registration_evaluation_plan": "change_evaluation",
    "registration_evaluation_end": "change_evaluation",
    "registration_evaluation_copy": "change_evaluation",
    "registration_evaluation_mail": "change_evaluation",
    "registration_evaluation_qr": "view_evaluation",
    "registration_evaluation_count": "change_evaluation",
    "registration_evaluation_results": "view_evaluation",
    "registration_evaluation_words": "change_evaluation",
    "registration_evaluation_answers": "change_evaluation",
    "registration_evaluation_section": "change_evaluation",
    "registration_evaluation_question": "change_evaluation",
    "registration_evaluation_move": "change_evaluation",
    "registration_evaluation_remove": "change_evaluation",
    "registration_certificate_changelist": "view_certificate change_certificate",
    "registration_certificate_overview": "view_certificate",
    "registration_certificate_rule": "issue_certificate",
    "registration_certificate_layout": "issue_certificate",
    "registration_certificate_preview": "view_certificate",
    "registration_certificate_issue": "issue_certificate",
    "registration_certificate_one": "view_certificate",
    "registration_certificate_pdf": "view_certificate",
    "agenda_workshop_draft": "change_workshop",
    "agenda_workshop_draft_open": "change_workshop",
    "agenda_workshop_draft_discard": "change_workshop",
    "agenda_workshop_draft_release": "add_release",
    "agenda_workshop_next": "add_workshop",
    "agenda_workshop_emblem": "change_workshop",
    "agenda_workshopday_meeting": "change_workshopday",
    "agenda_workshopday_call_off": "add_release",
}
#: Besides what a page needs itself, somebody must see the model that it belongs to, or the people whose names it shows.
BESIDES = {
    "registration_export_report": "view_attendance view_evaluation",
    "registration_quota_pool_give": "view_participant",
    "registration_invitation_file": "view_invitation",
    "registration_mailing_test": "view_mailing",
    "registration_mailing_send": "view_mailing",
    "registration_mailing_stop": "view_mailing",
    "registration_mailing_again": "view_mailing",
    "registration_mailing_schedule": "view_mailing",
    "registration_mailing_unschedule": "view_mailing",
    "registration_mailing_copy": "view_mailing",
    "registration_mailing_continue": "view_mailing",
}
ROUTES = {name.removeprefix("admin:"): (name, route) for name, route in addresses() if name.startswith("admin:")}


@pytest.fixture(scope="module")
def client():
    return Client(headers={"accept-language": "th"})


@pytest.fixture
def world(settings, tmp_path):
    """With mail that is written to files, so that the pages about them are there."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail.files.EmailBackend", tmp_path
    return World()


def answer(client, world, page, permissions):
    """The status of the page, asked as it is meant to be asked, for somebody with `permissions`."""
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(permissions)
    client.cookies.clear()
    client.force_login(user)
    path = world.path(*ROUTES[page], "boss")
    status = client.get(path).status_code
    return client.post(path).status_code if status == 405 else status


def granted():
    return Permission.objects.filter(content_type__app_label__in=["registration", "agenda"])


@pytest.mark.parametrize("page", NEEDED)
def test_without_what_it_needs_a_page_is_refused_whatever_else_one_may_do(client, world, page):
    assert answer(client, world, page, granted().exclude(codename__in=NEEDED[page].split())) == 403


@pytest.mark.parametrize("page", NEEDED)
def test_with_it_alone_a_page_is_not_refused(client, world, page):
    needed = NEEDED[page].split()[:1] + BESIDES.get(page, "").split()
    assert answer(client, world, page, granted().filter(codename__in=needed)) != 403


def test_no_page_is_forgotten():
    """Every page of ours that the access matrix knows has its permission here."""
    ours = {name.removeprefix("admin:") for name in EXPECTED if name.startswith(("admin:registration_", "admin:agenda_"))}
    assert ours - set(NEEDED) == set()
    assert set(NEEDED) - ours - set(OF_EACH_MODEL) == set()
