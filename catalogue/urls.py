from django.urls import path

from . import results_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("katalog/", views.catalogue, name="catalogue"),
    path("katalog/<slug:slug>/", views.award, name="catalogue_award"),
    path("hasil/", results_pages.all_results, name="all_results"),
    path("hasil/<int:year>/", results_pages.results, name="results"),
    path("hasil/<int:year>/penghargaan.csv", results_pages.results_file, name="results_file"),
]
