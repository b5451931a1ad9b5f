from django.urls import path

from . import views

urlpatterns = [
    path("penghargaan/", views.decree_list, name="decrees"),
    path("penghargaan/pleno/<int:plenary>/susun/", views.decree_draft, name="decree_draft"),
    path("penghargaan/<int:pk>/", views.decree_page, name="decree"),
    path("penghargaan/<int:pk>/kemajuan/", views.decree_progress, name="decree_progress"),
    path("penghargaan/<int:pk>/umumkan/", views.decree_publish, name="decree_publish"),
    path("penghargaan/<int:pk>/pratinjau/", views.certificate_preview, name="certificate_preview"),
    path("penghargaan/piagam/<int:pk>/", views.certificate_file, name="certificate_file"),
]
