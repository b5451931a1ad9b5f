from django.urls import path

from . import certificate_pages, decree_pages

urlpatterns = [
    path("penghargaan/", decree_pages.decree_list, name="decrees"),
    path("penghargaan/pleno/<int:plenary>/susun/", decree_pages.decree_draft, name="decree_draft"),
    path("penghargaan/<int:pk>/", decree_pages.decree_page, name="decree"),
    path("penghargaan/<int:pk>/kemajuan/", certificate_pages.decree_progress, name="decree_progress"),
    path(
        "penghargaan/<int:pk>/piagam/atur/", certificate_pages.certificates_steer, name="certificates_steer"
    ),
    path("penghargaan/<int:pk>/piagam/zip/", certificate_pages.certificates_zip, name="certificates_zip"),
    path(
        "penghargaan/<int:pk>/piagam/cetak/", certificate_pages.certificates_print, name="certificates_print"
    ),
    path("penghargaan/<int:pk>/umumkan/", decree_pages.decree_publish, name="decree_publish"),
    path(
        "penghargaan/<int:pk>/pratinjau/", certificate_pages.certificate_preview, name="certificate_preview"
    ),
    path("penghargaan/piagam/<int:pk>/", certificate_pages.certificate_file, name="certificate_file"),
]
