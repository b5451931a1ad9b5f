"""The gallery of partials, and the frame around it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from ovop_portal.gallery import component_gallery
from ovop_portal.specimens import CLOSES_AT, specimens, wrong_form


def a_visit(path: str = "/_komponen/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def test_the_gallery_shows_every_partial_with_all_its_states(settings):
    settings.DEBUG = True
    html = component_gallery(a_visit()).content.decode()
    for specimen in specimens():
        assert f'id="k-{specimen.partial}"' in html
        assert f">{specimen.state}</p>" in html


def test_the_gallery_is_not_there_where_the_portal_is_not_being_developed(settings):
    settings.DEBUG = False
    with pytest.raises(Http404):
        component_gallery(a_visit())


def test_the_frame_lets_one_skip_to_the_content_and_holds_nothing_inline(settings):
    settings.DEBUG = True
    html = component_gallery(a_visit()).content.decode()
    assert html.index('href="#isi"') < html.index("<header") < html.index('<main id="isi"')
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    assert '<html lang="id" data-bs-theme="light">' in html
    assert html.rindex("Bantuan") > html.index("Masuk")


def test_pages_of_the_public_have_one_strip_of_cloth_and_working_pages_none(settings):
    settings.DEBUG = True
    working = component_gallery(a_visit()).content.decode()
    public = render_to_string("404.html", {}, request=a_visit("/tidak/ada/"))
    assert working.count('class="textile"') == 0
    assert public.count('class="textile"') == 1


def test_a_page_with_errors_says_so_first_in_its_title_and_above_its_heading():
    html = render_to_string(
        "account/login.html", {"form": _login_with_errors(), "redirect_field": ""}, request=a_visit("/masuk/")
    )
    assert re.search(r"<title>Perlu diperbaiki: Masuk – OVOP Indonesia</title>", html)
    assert html.index("data-takes-focus") < html.index("<h1")


def _login_with_errors():
    from allauth.account.forms import LoginForm

    return LoginForm({"login": "bukan email", "password": "x" * 12}, request=a_visit("/masuk/"))


def test_outside_the_official_host_a_bar_says_that_this_is_a_demonstration(settings):
    settings.OFFICIAL_HOST = "ovop.example"
    settings.ALLOWED_HOSTS = ["*"]
    bar = "Situs peragaan. Bukan layanan resmi."
    elsewhere, official = a_visit(), RequestFactory(HTTP_HOST="ovop.example").get("/tidak/ada/")
    official.user = AnonymousUser()
    assert bar in render_to_string("404.html", {}, request=elsewhere)
    assert bar not in render_to_string("404.html", {}, request=official)


def test_the_page_for_an_unreadable_request_needs_no_request():
    assert "Permintaan tidak dapat dibaca" in render_to_string("400.html")


@pytest.mark.parametrize("page", ["500.html", "503.html"])
def test_the_page_of_a_failure_needs_no_context_at_all(page):
    html = render_to_string(page)
    assert "Tersimpan" in html
    assert "{{" not in html
    assert "7K3M-Q9XD" in render_to_string(page, {"reference": "7K3M-Q9XD"})


def test_a_refusal_names_what_is_needed_and_escapes_it():
    html = render_to_string(
        "403.html", {"exception": "Perlu peran <b>Sekretariat</b>."}, request=a_visit("/panel/")
    )
    assert "Perlu peran &lt;b&gt;Sekretariat&lt;/b&gt;." in html
    assert "Tidak ada yang berubah." in html


def test_a_conflict_shows_both_versions_and_chooses_none():
    html = render_to_string(
        "409.html",
        {
            "who": "Made Wirawan", "changed_at": CLOSES_AT, "action": "/usulan/1/", "cancel_url": "/usulan/1/", "hidden": [],
            "rows": [{"label": "Nama produk", "name": "product", "mine": "Dodol <1>", "theirs": "Dodol cokelat"}],
        },
        request=a_visit("/usulan/1/"),
    )  # fmt: skip
    assert "Made Wirawan mengubah isian ini pukul 23.59 WIB." in html
    assert "Dodol &lt;1&gt;" in html
    assert "Dodol cokelat" in html
    assert " checked" not in html


def test_a_confirmation_has_a_page_of_its_own_for_whoever_has_no_script():
    html = render_to_string(
        "confirm.html",
        {
            "title": "Cabut penghargaan ini?", "consequence": "Masyarakat langsung melihatnya.", "danger": True,
            "confirm_label": "Cabut penghargaan", "cancel_url": "/penghargaan/1/",
        },
        request=a_visit("/penghargaan/1/cabut/"),
    )  # fmt: skip
    assert html.count("<h1") == 1
    assert 'action="/penghargaan/1/cabut/"' in html
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)


def test_the_title_of_the_summary_counts_the_answers():
    assert "Ada 3 isian yang perlu diperbaiki." in render_to_string(
        "partials/error_summary.html", {"form": wrong_form()}
    )
