"""All addresses (contract.md). Public views are marked @login_not_required; tests/test_addresses.py lists them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from catalogue import api

from . import handbook_pages, people_pages, record_pages, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("beranda/", views.home_of_role, name="home_of_role"),
    path("akun/", people_pages.people_list, name="people"),
    path("akun/undang/", people_pages.person_invite, name="person_invite"),
    path("akun/<int:pk>/hentikan/", people_pages.membership_take_away, name="membership_take_away"),
    path("ikm/<slug:slug>/", record_pages.ikm_record, name="ikm_record"),
    path("jejak/", record_pages.trail, name="trail"),
    path("panduan/", handbook_pages.handbook_index, name="handbook"),
    *i18n_patterns(
        path("panduan/masyarakat/", handbook_pages.public_guide, name="public_guide"),
        prefix_default_language=False,
    ),
    path("panduan/<slug:slug>/", handbook_pages.handbook_guide, name="handbook_guide"),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("files.urls")),
    path("", include("letters.urls")),
    path("", include("nominations.urls")),
    path("", include("assessment.urls")),
    path("", include("awards.urls")),
    path("", include("catalogue.machine_urls")),
    *api.urlpatterns,
    # The public's pages, in English too under /en/; without the prefix a page is Indonesian, whatever the browser asks.
    *i18n_patterns(
        path("", include("awards.public_urls")),
        path("", include("catalogue.urls")),
        prefix_default_language=False,
    ),
]
