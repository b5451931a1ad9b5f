from django.urls import path

from . import credential_pages, verification_pages

urlpatterns = [
    path("verifikasi/", verification_pages.verify, name="verify"),
    path("verifikasi/berkas/", verification_pages.verify_file, name="verify_file"),
    path(
        "verifikasi/sertifikat-akar.<slug:kind>", verification_pages.root_certificate, name="root_certificate"
    ),
    path("verifikasi/<str:code>/kredensial.jwt", credential_pages.credential, name="credential"),
    path("verifikasi/<str:code>/", verification_pages.verify_code, name="verify_code"),
]
