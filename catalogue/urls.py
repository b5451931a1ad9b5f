from django.urls import path

from . import data_pages, results_pages, statistics_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("katalog/", views.catalogue, name="catalogue"),
    path("katalog/ikm/<slug:slug>/", views.maker, name="catalogue_maker"),
    path("katalog/<slug:slug>/", views.award, name="catalogue_award"),
    path("hasil/", results_pages.all_results, name="all_results"),
    path("hasil/<int:year>/", results_pages.results, name="results"),
    path("hasil/<int:year>/penghargaan.csv", results_pages.results_file, name="results_file"),
    path("statistik/", statistics_pages.statistics_page, name="statistics"),
    path("statistik/<slug:name>.csv", statistics_pages.statistics_file, name="statistics_file"),
    path("data/", data_pages.data_page, name="data"),
    path("data/penghargaan.<slug:kind>", data_pages.data_file, name="data_file"),
    path("data/katalog.jsonld", data_pages.data_description, name="data_description"),
    path("data/api/", data_pages.api_page, name="api_page"),
]
