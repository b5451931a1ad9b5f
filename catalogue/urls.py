from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("katalog/", views.catalogue, name="catalogue"),
    path("katalog/<slug:slug>/", views.award, name="catalogue_award"),
    path("hasil/", views.all_results, name="all_results"),
    path("hasil/<int:year>/", views.results, name="results"),
]
