from django.urls import path

from . import pages

urlpatterns = [path("pesan/", pages.messages, name="messages")]
