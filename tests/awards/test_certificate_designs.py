"""What the certificates of a round look like: chosen on a page, seen first, kept as versions."""

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import history
from awards import certificate_drawing, certificate_page, certificates, designing, designs, reissue
from awards.certificate_looks import COLOURS, FRAMES
from awards.decrees import Refused
from awards.designs import Look
from awards.emblems import Checked
from awards.models import Certificate, CertificateDesign, Decree, Emblem
from tests.awards.test_emblems import SHAPE, svg
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import (
    a_drafted_decree,
    a_sealed_session,
    a_signatory,
    an_issued_decree,
)
from tests.factories.certificate_facts import LONG_NAME, certificate_facts

GIVEN = {
    "frame": "bingkai", "ornament": "batik", "colour": "soga", "words": "Dari desa untuk dunia",
    "words_en": "From the village to the world", "emblem_text": "", "seen": "0",
}  # fmt: skip
EMBLEM = Checked(svg(), "image/svg+xml")


@pytest.fixture
def decree(db: None) -> Decree:
    return a_drafted_decree(a_sealed_session((LONG_NAME, "anyaman", 5), ("UD Mawar", "kain_batik", 3)))


@pytest.fixture
def undrawn(monkeypatch) -> list[certificate_page.Facts]:
    """Nothing is laid out; the facts that would have been."""
    seen: list[certificate_page.Facts] = []
    monkeypatch.setattr(certificate_drawing, "drawn", lambda facts: seen.append(facts) or b"%PDF-1.7")
    return seen


def address(decree: Decree) -> str:
    return f"/penghargaan/{decree.pk}/rupa/"


def write(decree: Decree, look: Look, *, seen: int = 0, **changes) -> CertificateDesign:
    return designing.write(
        decree, look, **{"seen": seen, "by": a_secretary(), "at": timezone.now(), **changes}
    )


# --- The page -------------------------------------------------------------------------------------------------------
def test_the_secretariat_chooses_and_the_certificates_are_numbered_with_it(decree, client, undrawn):
    client.force_login(a_secretary())
    assert "Rupa bawaan portal, belum diubah" in client.get(address(decree)).content.decode()
    assert not CertificateDesign.objects.exists()
    given = {**GIVEN, "emblem_text": "Logo contoh", "emblem": SimpleUploadedFile("logo.svg", svg())}
    assert client.post(address(decree), given).url == decree.get_absolute_url()
    page = client.get(address(decree)).content.decode()
    assert "Versi 1, diatur" in page
    assert "Logo contoh (SVG)" in page
    assert address(decree) in client.get(decree.get_absolute_url()).content.decode()
    assert [entry.action for entry in history.of(decree)][-1] == "design_certificates"
    issued = an_issued_decree(decree)
    for paper in Certificate.objects.filter(award__decree=issued):
        printed = certificates.facts(paper)
        assert (printed.frame, printed.ornament, printed.colour) == ("bingkai", "batik", "soga")
        assert (printed.words, printed.emblem) == ("Dari desa untuk dunia", svg())
        assert printed.emblem_text == "Logo contoh"


def test_it_is_seen_on_the_real_names_before_it_is_kept(decree, client):
    client.force_login(a_secretary())
    answer = client.post(address(decree), {**GIVEN, "act": "lihat"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    said = " ".join(pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range().split())
    assert LONG_NAME in said
    assert "Dari desa untuk dunia / From the village to the world" in said
    assert "PRATINJAU" in said
    assert not CertificateDesign.objects.exists()


def test_a_draft_shows_its_certificate_to_the_signatory_too(decree, client, undrawn):
    client.force_login(a_signatory())
    page = client.get(address(decree)).content.decode()
    assert "Rupa piagam diatur oleh Sekretariat." in page
    assert '<form method="post" enctype' not in page
    assert client.get(f"/penghargaan/{decree.pk}/pratinjau/")["Content-Type"] == "application/pdf"
    assert (undrawn[0].ikm_name, undrawn[0].is_preview) == (LONG_NAME, True)


def test_nobody_else_writes_or_reads(decree, client):
    for role, reads in ((Role.PENETAP, 200), (Role.AUDITOR, 200), (Role.DINAS, 403), (Role.PENILAI, 403)):
        client.force_login(a_person(role))
        assert client.get(address(decree)).status_code == reads
        assert client.post(address(decree), GIVEN).status_code == 403
        with pytest.raises(Refused, match="not_yours"):
            write(decree, Look(frame="polos"), by=a_person(role))
    assert not CertificateDesign.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frame": "emas"}, "Pilih bingkai dari daftar."),
        ({"colour": ""}, "Pilih warna."),
        ({"ornament": "parang"}, "Pilih ragam hias dari daftar."),
        ({"words_en": ""}, "Isi kalimat tambahan dalam kedua bahasa"),
        ({"words": "松", "words_en": "pine"}, "U+677E"),
        ({"words": "W" * 120, "words_en": "W" * 120}, "terlalu panjang"),
        ({"emblem": SimpleUploadedFile("a.svg", svg("<script/>")), "emblem_text": "Logo"}, "tidak diperbolehkan: script"),
        ({"emblem": SimpleUploadedFile("a.svg", svg())}, "Tuliskan apa yang tampak pada lambang."),
        ({"emblem_text": "Logo tanpa berkas"}, ""),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_said_before_anything_is_numbered(decree, client, undrawn, changes, said):
    client.force_login(a_secretary())
    for file in changes.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    answer = client.post(address(decree), {**GIVEN, **changes})
    if said:
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not CertificateDesign.objects.exists()
    else:  # words for an emblem that is not there mean nothing
        assert CertificateDesign.objects.get().emblem_text == ""


def test_a_look_that_does_not_draw_is_refused_with_its_words(decree, client, monkeypatch):
    def not_drawn(_: object) -> bytes:
        raise certificate_drawing.NotDrawn

    monkeypatch.setattr(certificate_drawing, "drawn", not_drawn)
    client.force_login(a_secretary())
    for act in ({}, {"act": "lihat"}):
        answer = client.post(address(decree), {**GIVEN, **act})
        assert answer.status_code == 422
        assert "pakai berkas yang lebih sederhana" in answer.content.decode()
    assert not CertificateDesign.objects.exists()
    assert not Certificate.objects.exists()


def test_a_design_that_no_longer_draws_is_said_at_issue_and_nothing_is_numbered(decree, undrawn, monkeypatch):
    write(decree, Look(frame="polos"))

    def not_drawn(_: object) -> bytes:
        raise certificate_drawing.NotDrawn

    monkeypatch.setattr(certificate_drawing, "drawn", not_drawn)
    with pytest.raises(Refused, match="design_not_drawn") as refused:
        an_issued_decree(decree)
    assert "belum ada yang dinomori" in refused.value.for_reader
    assert not Certificate.objects.exists()


def test_the_verification_page_prints_the_further_sentence_and_who_signed(decree, undrawn, client):
    write(decree, Look(words="Dari desa untuk dunia", words_en="From the village to the world"))
    issued = an_issued_decree(decree)
    Decree.objects.filter(pk=issued.pk).update(published_at=timezone.now())
    page = client.get(f"/verifikasi/{Certificate.objects.first().code}/").content.decode()
    assert "Dari desa untuk dunia" in page
    assert "From the village to the world" in page
    assert "AGUS GUMIWANG" in page


# --- Versions -------------------------------------------------------------------------------------------------------
def test_who_writes_over_another_is_told_and_nothing_is_lost(decree, client, undrawn):
    write(decree, Look(frame="polos"))
    client.force_login(a_secretary())
    answer = client.post(address(decree), GIVEN)
    assert answer.status_code == 409
    assert "Sementara itu ada yang mengubah rupa piagam" in answer.content.decode()
    assert designs.current(decree.round_id).frame == "polos"
    with pytest.raises(Refused, match="nothing_changed"):
        write(decree, Look(frame="polos"), seen=1)


def test_an_emblem_stays_until_it_is_changed_or_taken_off(decree, client, undrawn):
    write(decree, Look(emblem=EMBLEM, emblem_text="Logo contoh"))
    client.force_login(a_secretary())
    given = {**GIVEN, "emblem_text": "Logo contoh"}
    client.post(address(decree), {**given, "seen": "1"})
    assert designs.current(decree.round_id).emblem_id == EMBLEM.sha256
    client.post(address(decree), {**given, "seen": "2", "without_emblem": "on"})
    assert designs.current(decree.round_id).emblem is None
    assert Emblem.objects.count() == 1


def test_a_numbered_paper_keeps_its_look_and_a_reissue_has_that_of_the_old_one(decree, undrawn):
    write(decree, Look(frame="polos", emblem=EMBLEM, emblem_text="Logo contoh"))
    issued = an_issued_decree(decree)
    write(decree, Look(frame="bingkai"), seen=1)
    old = Certificate.objects.get(award__position=1)
    assert certificates.facts(old).frame == "polos"
    Certificate.objects.update(rendered_at=timezone.now(), path="piagam/1.pdf", sha256="0" * 64, size=1)
    issued.published_at = issued.issued_at
    issued.save()
    new = reissue.reissue(
        old.award, cause=reissue.LOST, reason="Hilang saat banjir.", by=a_secretary(), at=timezone.now()
    )
    assert certificates.facts(new).frame == "polos"
    assert certificates.facts(new).emblem == svg()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: CertificateDesign.objects.update(colour="daun"),
        lambda: CertificateDesign.objects.all()._raw_delete("default"),
        lambda: Emblem.objects.update(data=b"<svg/>"),
        lambda: Emblem.objects.all()._raw_delete("default"),
        lambda: Certificate.objects.update(design=None),
        lambda: CertificateDesign.objects.create(
            round_id=2026, version=9, frame="emas", at=timezone.now(), by=a_secretary()
        ),
        lambda: CertificateDesign.objects.create(
            round_id=2026, version=9, words="Hanya satu bahasa", at=timezone.now(), by=a_secretary()
        ),
    ],
    ids=["design", "design gone", "emblem", "emblem gone", "paper", "unknown frame", "one language"],
)
def test_the_database_holds_it(decree, undrawn, spoil):
    write(decree, Look(emblem=EMBLEM, emblem_text="Logo contoh"))
    an_issued_decree(decree)
    with pytest.raises(Error), transaction.atomic():
        spoil()


def test_the_emblem_is_read_once_for_a_batch(decree, undrawn, django_assert_num_queries):
    write(decree, Look(emblem=EMBLEM, emblem_text="Logo contoh"))
    an_issued_decree(decree)
    papers = list(Certificate.objects.select_related("award__decree__round", "award__group", "design"))
    designs._emblem_data.cache_clear()
    certificates.facts(papers[0])
    with django_assert_num_queries(2):  # the session and the decision that name the instrument
        assert certificates.facts(papers[1]).emblem == svg()


# --- The paper ------------------------------------------------------------------------------------------------------
def test_the_frame_and_the_colour_are_on_the_paper():
    def pixel(x: float, y: float, **look) -> tuple[int, ...]:
        data = certificate_page.pdf(certificate_facts(**look))
        drawn = pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("RGB")
        return drawn.getpixel((round(x * 144 / 25.4), round(y * 144 / 25.4)))

    paper = (251, 248, 242)
    band, gold = (20.6, 100), (217, 154, 28)
    assert pixel(*band) == gold
    assert pixel(*band, frame="polos") == paper
    assert pixel(*band, frame="bingkai") == paper
    assert pixel(150, 5.3, frame="bingkai") == gold
    # The ground of a tile between its corner and its lozenge.
    ground = (1.2, 3.6)
    assert pixel(*ground, colour="soga") == (107, 67, 38)
    assert pixel(*ground, colour="daun") == (31, 97, 68)
    assert pixel(*ground) == (36, 66, 122)


def test_every_choice_is_a_class_of_the_style_sheet_or_what_is_shipped():
    style = certificate_page.style()
    for name in [*FRAMES, *COLOURS]:
        assert name in ("pita", "tarum") or f".{name} " in style


def test_what_goes_to_the_drawing_process_comes_out_the_same():
    facts = certificate_facts(emblem=svg(SHAPE), emblem_text="Logo", frame="polos")
    assert certificate_drawing.unpacked(certificate_drawing.packed(facts)) == facts


def test_the_drawing_process_draws_what_the_worker_draws_and_says_what_it_refuses():
    facts = certificate_facts(emblem=svg(), emblem_text="Logo")
    assert certificate_drawing.drawn(facts) == certificate_page.pdf(facts)
    with pytest.raises(certificate_page.Unprintable, match="tidak diperbolehkan: script"):
        certificate_drawing.drawn(certificate_facts(emblem=svg("<script/>"), emblem_text="Logo"))
