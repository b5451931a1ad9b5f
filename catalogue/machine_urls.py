"""Addresses that are the same whatever the language: for machines, of photos, and of the secretariat's desk."""

from django.urls import path

from . import data_pages, desk_pages, entry_link_pages, entry_pages, entry_review_pages, views

urlpatterns = [
    path("hasil/umpan.atom", data_pages.feed, name="feed"),
    path("sitemap.xml", data_pages.sitemap, name="sitemap"),
    path("robots.txt", data_pages.robots, name="robots"),
    path("foto/<uuid:pk>/<int:width>.<slug:kind>", views.photo, name="photo"),
    path("penghargaan/penerima/<int:pk>/tampilan/", desk_pages.desk, name="award_desk"),
    path("penghargaan/penerima/<int:pk>/tampilan/tempat/", desk_pages.place_add, name="place_add"),
    path("penghargaan/tampilan/foto/<uuid:pk>/turunkan/", desk_pages.photo_take_down, name="photo_take_down"),
    path(
        "penghargaan/penerima/<int:pk>/tampilan/tempat/<int:place>/hapus/",
        desk_pages.place_remove,
        name="place_remove",
    ),
    path("penghargaan/halaman/", entry_review_pages.entry_queue, name="entry_queue"),
    path("penghargaan/penerima/<int:pk>/halaman/", entry_pages.entry_page, name="entry"),
    path("penghargaan/penerima/<int:pk>/halaman/mulai/", entry_pages.entry_begin, name="entry_begin"),
    path("penghargaan/penerima/<int:pk>/halaman/cerita/", entry_pages.entry_words, name="entry_words"),
    path("penghargaan/penerima/<int:pk>/halaman/foto/", entry_pages.entry_photo_add, name="entry_photo_add"),
    path(
        "penghargaan/penerima/<int:pk>/halaman/foto/<int:photo>/", entry_pages.entry_photo, name="entry_photo"
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/foto/<int:photo>/naik/",
        entry_pages.entry_photo_up,
        name="entry_photo_up",
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/foto/<int:photo>/hapus/",
        entry_pages.entry_photo_remove,
        name="entry_photo_remove",
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tempat/", entry_pages.entry_place_add, name="entry_place_add"
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tempat/<int:place>/hapus/",
        entry_pages.entry_place_remove,
        name="entry_place_remove",
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tempat/<int:place>/akhiri/",
        entry_pages.entry_place_end,
        name="entry_place_end",
    ),
    path("penghargaan/penerima/<int:pk>/halaman/kirim/", entry_pages.entry_send, name="entry_send"),
    path("penghargaan/penerima/<int:pk>/halaman/tarik/", entry_pages.entry_take_back, name="entry_take_back"),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tinjau/", entry_review_pages.entry_review, name="entry_review"
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tautan/", entry_pages.entry_link_make, name="entry_link_make"
    ),
    path(
        "penghargaan/penerima/<int:pk>/halaman/tautan/hentikan/",
        entry_pages.entry_link_stop,
        name="entry_link_stop",
    ),
    path("halaman-produk/<str:token>/", entry_link_pages.entry_by_link, name="entry_by_link"),
]
