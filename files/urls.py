from django.urls import path

from . import tus, views

urlpatterns = [
    path("berkas/unggah/", tus.upload_begin, name="upload_begin"),
    path("berkas/unggah/<uuid:pk>/", tus.upload, name="upload"),
    path("berkas/<uuid:pk>/", views.file_download, name="file_download"),
    path("berkas/<uuid:pk>/halaman/<int:number>.png", views.file_page, name="file_page"),
]
