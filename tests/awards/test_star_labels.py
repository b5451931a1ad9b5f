"""Star labels for packaging: who gets one, what it says, and when it is gone."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.roles import Role
from awards import codes, star_labels
from awards.models import Award, Decree
from awards.star_labels import Label
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import AwardFactory, DecreeFactory, a_certificate, a_regency

pytestmark = pytest.mark.django_db


def an_award(star: int = 4, **fields) -> Award:
    """An award of a published decree with its paper made."""
    award = AwardFactory(star=star, **fields)
    a_certificate(award, rendered_at=timezone.now(), sha256="0" * 64, path="x", size=1)
    return award


def address(award: Award, ending: str = "/") -> str:
    return f"/penghargaan/penerima/{award.pk}/label{ending}"


def the_dinas(award: Award):
    return a_person(Role.DINAS, around=award.regency)


def test_the_dinas_finds_certificate_and_label_of_its_region_and_only_those(client):
    award, lower = an_award(4), an_award(2)
    elsewhere = an_award(5, regency=a_regency("3206", "Tasikmalaya"))
    client.force_login(the_dinas(award))
    page = client.get("/penghargaan/daerah/").content.decode()
    assert address(award) in page
    assert f"/penghargaan/piagam/{award.certificates.get().pk}/" in page
    assert lower.product_name in page
    assert address(lower) not in page
    assert elsewhere.product_name not in page
    assert client.get(address(award)).status_code == 200
    assert client.get(address(elsewhere)).status_code == 404
    assert client.get(address(elsewhere, ".svg")).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_as_for_one(client, django_assert_num_queries):
    award = an_award()
    client.force_login(the_dinas(award))
    client.get("/penghargaan/daerah/")
    with CaptureQueriesContext(connection) as one:
        client.get("/penghargaan/daerah/")
    for _ in range(5):
        an_award()
    with django_assert_num_queries(len(one)):
        client.get("/penghargaan/daerah/")


def test_the_page_shows_the_rules_and_the_product_that_they_are_about(client):
    award = an_award(3)
    client.force_login(a_secretary())
    page = client.get(address(award)).content.decode()
    assert f"kemasan {award.product_name} buatan {award.ikm_name}" in page
    assert "tidak menggantikan izin edar" in page
    for kind in ("svg", "pdf", "png"):
        assert f"{address(award, '.' + kind)}?unduh" in page
    assert address(award) in client.get(f"/penghargaan/penerima/{award.pk}/").content.decode()


def test_the_svg_is_one_drawing_without_fonts_scripts_or_addresses(client):
    award = an_award(4)
    client.force_login(the_dinas(award))
    answer = client.get(address(award, ".svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    assert "bintang empat dari lima" in drawn
    assert (drawn.count("#D99A1C"), drawn.count('fill="#FFFFFF" d="M12 2')) == (4, 1)
    assert not re.search(r"<(script|text|image|style|a|use)\b|href|url\(|font", drawn)
    assert "attachment" in client.get(address(award, ".svg") + "?unduh")["Content-Disposition"]


def test_the_code_on_every_file_leads_to_the_paper_in_force():
    label = Label(2026, 4, 5, codes.new_code(), is_example=True)
    png = star_labels.png(label)
    picture = Image.open(io.BytesIO(png))
    assert picture.mode == "RGBA"
    assert abs(picture.width - star_labels.PNG_WIDTH) <= 1
    assert picture.getpixel((0, 0))[3] == 0
    on_white = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    # As small as the rules of use allow, printed with 300 dots an inch.
    smallest = round(star_labels.SMALLEST_WIDTH / 25.4 * 300)
    small = on_white.resize((smallest, round(smallest * picture.height / picture.width)))
    assert [found.text for found in zxingcpp.read_barcodes(small)] == [label.verify_url]
    with pikepdf.open(io.BytesIO(star_labels.pdf(label))) as document:
        [page] = document.pages
        size = [float(side) * 25.4 / 72 for side in page.MediaBox[2:]]
        assert size == pytest.approx([star_labels.WIDTH, star_labels.HEIGHT], abs=0.1)
        assert list(page.Resources.Font.keys()) == []


def test_example_data_says_so_on_the_label():
    marked, real = (star_labels.svg(Label(2026, 4, 5, "0" * 16, mark)) for mark in (True, False))
    assert '#7A5200"><path' in marked
    assert len(marked) > len(real)


@pytest.mark.parametrize("star", [1, 2])
def test_below_three_stars_there_is_none(client, star):
    award = an_award(star)
    client.force_login(a_secretary())
    assert {client.get(address(award, end)).status_code for end in ("/", ".svg", ".pdf", ".png")} == {404}


def test_before_publication_there_is_none_for_anybody(client):
    award = an_award(decree=DecreeFactory())
    for person in (a_secretary(), the_dinas(award)):
        client.force_login(person)
        assert client.get(address(award)).status_code == 404
        assert client.get(address(award, ".svg")).status_code == 404


def test_an_award_without_a_paper_of_the_portal_has_none(client):
    award = AwardFactory(star=5)
    client.force_login(a_secretary())
    assert client.get(address(award)).status_code == 404
    assert address(award) not in client.get(f"/penghargaan/penerima/{award.pk}/").content.decode()


def test_a_revoked_award_answers_that_its_label_is_gone(client):
    award = an_award()
    Award.objects.update(
        revoked_at=timezone.now(),
        revocation_decree="Keputusan Nomor 9",
        revocation_reason="Izin edar dicabut.",
    )
    client.force_login(the_dinas(award))
    for end in ("/", ".svg", ".png"):
        answer = client.get(address(award, end))
        assert answer.status_code == 410
        assert "dicabut pada" in answer.content.decode()
    assert "Dicabut" in client.get("/penghargaan/daerah/").content.decode()


def test_it_is_gone_the_day_after_the_last_day_of_validity():
    award, today = an_award(), timezone.localdate()
    # An issued decree keeps its words; its term is not among what the trigger holds.
    Decree.objects.update(valid_until=today)
    award = Award.objects.get(pk=award.pk)
    assert star_labels.label_of(award, at=timezone.now()).star == 4
    with pytest.raises(star_labels.Gone, match="berlaku sampai"):
        star_labels.label_of(award, at=timezone.now() + timedelta(days=1))


def test_a_changed_star_and_a_replaced_paper_give_another_label():
    award = an_award(2)
    Award.objects.filter(pk=award.pk).update(changed_star=5)
    old = award.certificates.get()
    old.replaced_at = timezone.now()
    old.save()
    new = a_certificate(award, version=2, number=f"{old.number}/P1")
    label = star_labels.label_of(Award.objects.get(pk=award.pk), at=timezone.now())
    assert (label.star, label.code) == (5, new.code)


def test_strangers_and_those_without_a_region_get_nothing(client):
    award = an_award()
    assert client.get(address(award)).status_code == 302
    client.force_login(a_person(Role.PENILAI))
    assert client.get(address(award)).status_code == 404
    assert client.get("/penghargaan/daerah/").status_code == 403
