from django.urls import path

from registration.views import workshop

urlpatterns = [
    path("", workshop.home, name="home"),
    path("w/<slug:slug>/", workshop.workshop, name="workshop"),
]
