"""Addresses that are the same whatever the language: for machines, of photos, and of the secretariat's desk."""

from django.urls import path

from . import data_pages, desk_pages, views

urlpatterns = [
    path("hasil/umpan.atom", data_pages.feed, name="feed"),
    path("sitemap.xml", data_pages.sitemap, name="sitemap"),
    path("robots.txt", data_pages.robots, name="robots"),
    path("foto/<uuid:pk>/<int:width>.<slug:kind>", views.photo, name="photo"),
    path("penghargaan/penerima/<int:pk>/tampilan/", desk_pages.desk, name="award_desk"),
    path("penghargaan/penerima/<int:pk>/tampilan/foto/", desk_pages.photo_show, name="photo_show"),
    path("penghargaan/penerima/<int:pk>/tampilan/tempat/", desk_pages.place_add, name="place_add"),
    path("penghargaan/tampilan/foto/<uuid:pk>/turunkan/", desk_pages.photo_take_down, name="photo_take_down"),
    path(
        "penghargaan/penerima/<int:pk>/tampilan/tempat/<int:place>/hapus/",
        desk_pages.place_remove,
        name="place_remove",
    ),
]
