from django.urls import path

from . import pages

urlpatterns = [
    path("pesan/", pages.messages, name="messages"),
    path("pesan/<int:pk>/", pages.message, name="message"),
    path("pesan/<int:pk>/kirim-ulang/", pages.message_resend, name="message_resend"),
    path("pesan/<int:pk>/batalkan/", pages.message_cancel, name="message_cancel"),
    path("pesan/kiriman/<int:pk>/", pages.batch, name="message_batch"),
    path("pesan/kiriman/<int:pk>/lepas/", pages.batch_release, name="message_batch_release"),
    path("pesan/kiriman/<int:pk>/batalkan/", pages.batch_cancel, name="message_batch_cancel"),
]
