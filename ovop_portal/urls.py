"""All addresses (contract.md). Public views are marked @login_not_required; tests/test_addresses.py lists them."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("beranda/", views.home_of_role, name="home_of_role"),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("files.urls")),
    path("", include("letters.urls")),
    path("", include("nominations.urls")),
    path("", include("assessment.urls")),
    path("", include("awards.urls")),
    path("", include("catalogue.urls")),
]
