"""Attendance in the admin: pages of our own below the three models, no lists of rows."""

from django.contrib import admin

from registration.models import Attendance, AttendanceReport
from registration.office.attendance.board import BoardPage, DoubtPage, EntryPage, GuestsPage, LivePage, PersonAttendancePage, SettingsPage
from registration.office.attendance.reports import AnswerPage, ApplyPage, ConfirmPage, ReportsPage, TakeBackPage, UploadPage
from registration.office.attendance.who import WhoPage
from sessions.admin.own_pages import OwnPagesAdmin


@admin.register(AttendanceReport)
class AttendanceReportAdmin(OwnPagesAdmin):
    front = "registration_attendancereport_reports"
    pages = [WhoPage, AnswerPage, ApplyPage, TakeBackPage, UploadPage, ConfirmPage, ReportsPage]


@admin.register(Attendance)
class AttendanceAdmin(OwnPagesAdmin):
    front = "registration_attendance_board"
    pages = [EntryPage, PersonAttendancePage, DoubtPage, GuestsPage, LivePage, SettingsPage, BoardPage]
