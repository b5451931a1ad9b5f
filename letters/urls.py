from django.urls import path

from . import office_pages, pages

urlpatterns = [
    path("pesan/", pages.messages, name="messages"),
    path("pesan/<int:pk>/", pages.message, name="message"),
    path("pesan/<int:pk>/kirim-ulang/", pages.message_resend, name="message_resend"),
    path("pesan/<int:pk>/batalkan/", pages.message_cancel, name="message_cancel"),
    path("pesan/kiriman/<int:pk>/", pages.batch, name="message_batch"),
    path("pesan/kiriman/<int:pk>/lepas/", pages.batch_release, name="message_batch_release"),
    path("pesan/kiriman/<int:pk>/batalkan/", pages.batch_cancel, name="message_batch_cancel"),
    path("surat/kantor/", office_pages.letter_office, name="letter_office"),
    path("surat/kantor/kop/", office_pages.letterhead_edit, name="letterhead_edit"),
    path("surat/kantor/pejabat/tambah/", office_pages.signing_officer_add, name="signing_officer_add"),
    path("surat/kantor/pejabat/<int:pk>/", office_pages.signing_officer, name="signing_officer"),
]
