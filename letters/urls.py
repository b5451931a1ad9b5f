from django.urls import path

from . import inbox_pages, office_pages, pages, words_pages

urlpatterns = [
    path("pesan/", pages.messages, name="messages"),
    path("pesan/<int:pk>/", pages.message, name="message"),
    path("pesan/<int:pk>/kirim-ulang/", pages.message_resend, name="message_resend"),
    path("pesan/<int:pk>/batalkan/", pages.message_cancel, name="message_cancel"),
    path("pesan/kiriman/<int:pk>/", pages.batch, name="message_batch"),
    path("pesan/kiriman/<int:pk>/lepas/", pages.batch_release, name="message_batch_release"),
    path("pesan/kiriman/<int:pk>/batalkan/", pages.batch_cancel, name="message_batch_cancel"),
    path("pesan/kata/", words_pages.kinds, name="mail_words_list"),
    path("pesan/kata/<slug:code>/", words_pages.kind, name="mail_words"),
    path("pesan/kata/<slug:code>/versi/<int:number>/", words_pages.version, name="mail_words_version"),
    path("pesan/kata/<slug:code>/versi/<int:number>/pakai/", words_pages.use_again, name="mail_words_again"),
    path("pesan/saya/", inbox_pages.inbox_list, name="inbox"),
    path("pesan/saya/dibaca/", inbox_pages.inbox_read_all, name="inbox_read_all"),
    path("pesan/saya/urungkan/", inbox_pages.inbox_undo, name="inbox_undo"),
    path("pesan/saya/<int:pk>/", inbox_pages.inbox_message, name="inbox_message"),
    path("pesan/saya/<int:pk>/buka/", inbox_pages.inbox_open, name="inbox_open"),
    path("pesan/saya/<int:pk>/dibaca/", inbox_pages.inbox_read, name="inbox_read"),
    path("surat/kantor/", office_pages.letter_office, name="letter_office"),
    path("surat/kantor/kop/", office_pages.letterhead_edit, name="letterhead_edit"),
    path("surat/kantor/pejabat/tambah/", office_pages.signing_officer_add, name="signing_officer_add"),
    path("surat/kantor/pejabat/<int:pk>/", office_pages.signing_officer, name="signing_officer"),
]
