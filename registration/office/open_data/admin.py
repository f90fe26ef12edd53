"""Open data in the admin: pages of our own, no list of rows."""

from django.contrib import admin

from registration.models import OpenDataSet
from registration.office.open_data.pages import CountOpenDataPage, OpenDataFilePage, OpenDataPage, PublishOpenDataPage, WithdrawPage
from sessions.admin.own_pages import OwnPagesAdmin


@admin.register(OpenDataSet)
class OpenDataSetAdmin(OwnPagesAdmin):
    front = "registration_opendataset_overview"
    pages = [CountOpenDataPage, PublishOpenDataPage, WithdrawPage, OpenDataFilePage, OpenDataPage]
