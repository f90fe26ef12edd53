from django.urls import path

from sessions import views

urlpatterns = [
    path("w/<slug:slug>/agenda/", views.agenda, name="agenda"),
    path("w/<slug:slug>/agenda.ics", views.agenda_ics, name="agenda_ics"),
]
