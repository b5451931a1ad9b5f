"""The decree as PDF: its words for each kind and level, its totals, made once; the salinan public once published."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from accounts.roles import Role
from awards import decree_pdf, decree_text, decrees, tasks
from awards.decree_wording import Words, write
from awards.models import Award, Decree, DecreeFile
from tests.factories.accounts import a_person
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree

pytestmark = pytest.mark.django_db


def words_of(decree: Decree, variant: str = "asli") -> str:
    text = re.sub(r"<[^>]+>", " ", decree_pdf.html(decree, variant))
    return " ".join(text.split())


def an_annex(**stars: int) -> list[dict]:
    """Rows as those of 2018: so many of each star (b5=4: four with five stars)."""
    rows = []
    for name, count in stars.items():
        for _ in range(count):
            n = len(rows) + 1
            rows.append(
                {
                    "nomination": n, "product": n, "ikm": n, "ikm_name": f"UD {n}", "product_name": "Dodol",
                    "group": "anyaman", "group_name": "Anyaman", "regency": "3205",
                    "regency_name": "Kabupaten Garut", "province_name": "Jawa Barat", "star": int(name[1]),
                    "maximum_star": 5, "position": n,
                }
            )  # fmt: skip
    return rows


def test_the_sentence_the_list_and_both_totals_say_the_same_number_as_in_2018():
    decree = a_drafted_decree()
    decree.annex = an_annex(b5=4, b4=10, b3=13, b2=22, b1=63)
    text = decree_text.text_of(decree)
    assert (text.total, len(text.rows), sum(text.recap_totals)) == (112, 112, 112)
    said = words_of(decree)
    assert "Menetapkan 112 (seratus dua belas) penerima" in said
    assert "Jumlah: 112 (seratus dua belas) penerima" in said
    assert "118" not in said


def test_where_the_awards_are_not_as_many_as_the_rows_both_numbers_are_named():
    decree = an_issued_decree()
    decree.annex = [*decree.annex, decree.annex[0]]
    with pytest.raises(decrees.Refused, match="totals_disagree") as refused:
        decree_text.text_of(decree)
    assert "3" in refused.value.for_reader
    assert "2" in refused.value.for_reader


def test_a_draft_says_so_and_the_issued_one_carries_number_date_and_certificates():
    decree = a_drafted_decree(a_sealed_session(("UD Mawar", "anyaman", 4)))
    assert "RANCANGAN" in words_of(decree)
    issued = an_issued_decree(decree)
    said = words_of(Decree.objects.get(pk=issued.pk))
    assert "RANCANGAN" not in said
    for part in (
        "NOMOR 1214 TAHUN 2026",
        "AGUS GUMIWANG",
        "OVOP/2026/0001",
        "bintang empat",
        "KESATU",
        "KEENAM",
    ):
        assert part in said, part
    assert not re.search(r"[{}]|None", said)
    copy = words_of(Decree.objects.get(pk=issued.pk), "salinan")
    assert "SALINAN" in copy
    assert "ttd." in copy
    assert "ttd." not in said


def test_the_term_of_validity_is_set_with_the_decree_and_lies_after_it():
    today = timezone.localdate()
    with pytest.raises(decrees.Refused, match="ends_before_it_begins"):
        an_issued_decree(valid_until=today)
    decree = an_issued_decree(Decree.objects.get(), valid_until=today + timedelta(days=700))
    assert decree.valid_until == today + timedelta(days=700)
    assert "Penghargaan berlaku sampai dengan" in words_of(decree)


def test_the_dicta_run_without_a_gap_with_and_without_a_term_of_validity():
    decree = a_drafted_decree()
    assert [word for word, _ in decree_text.text_of(decree).dicta] == [
        "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM",
    ]  # fmt: skip
    decree.valid_until = timezone.localdate() + timedelta(days=365)
    dicta = decree_text.text_of(decree).dicta
    assert [word for word, _ in dicta][-1] == "KETUJUH"
    assert any("berlaku sampai dengan" in said for _, said in dicta)


@pytest.mark.parametrize(
    ("level", "heading", "block"),
    [
        ("menteri", "KEPUTUSAN MENTERI PERINDUSTRIAN", "MENTERI PERINDUSTRIAN REPUBLIK INDONESIA,"),
        ("dirjen_an_menteri", "KEPUTUSAN MENTERI PERINDUSTRIAN", "a.n. MENTERI PERINDUSTRIAN"),
        ("dirjen", "KEPUTUSAN DIREKTUR JENDERAL", "Keputusan Direktur Jenderal ini mulai berlaku"),
    ],
)
def test_each_level_has_its_heading_and_block(level, heading, block):
    decree = a_drafted_decree()
    decree.level = level
    said = words_of(decree)
    assert heading in said
    assert block in said


def test_the_words_are_data_with_versions_and_an_issued_decree_keeps_its_own():
    decree = a_drafted_decree()
    words = Words(
        ["bahwa {n} IKM memenuhi kriteria;"],
        ["Undang-Undang Nomor 3 Tahun 2014;"],
        [],
        [],
        "Kepala Biro Hukum",
    )
    given = {"by": a_secretary(), "at": timezone.now()}
    assert write(decree, words, **given).version == 1
    assert write(decree, words, **given).version == 2
    with pytest.raises(decrees.Refused, match="not_yours"):
        write(decree, words, **{**given, "by": a_person(Role.PENETAP)})
    decree.refresh_from_db()
    issued = an_issued_decree(decree)
    assert issued.wording.version == 2
    assert "bahwa 2 (dua) IKM memenuhi kriteria;" in words_of(issued)
    with pytest.raises(decrees.Refused, match="already_issued"):
        write(issued, words, **given)


def test_each_paper_is_made_once_and_the_salinan_is_public_only_after_publication(client):
    decree = an_issued_decree()
    tasks.make_decree_files(decree_id=decree.pk)
    made = dict(DecreeFile.objects.values_list("variant", "sha256"))
    tasks.make_decree_files(decree_id=decree.pk)
    assert dict(DecreeFile.objects.values_list("variant", "sha256")) == made
    assert set(made) == {"asli", "salinan"}
    original = decree_pdf.file_of(DecreeFile.objects.get(variant="asli")).read_bytes()
    assert original.startswith(b"%PDF")
    assert b"/StructTreeRoot" in original or b"/ObjStm" in original
    [signature] = PdfFileReader(io.BytesIO(original)).embedded_signatures
    assert signature.sig_object["/Reason"] == str(decree)
    signature.compute_integrity_info()
    assert signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    address = f"/keputusan/{decree.pk}/salinan.pdf"
    assert client.get(address).status_code == 404
    assert address not in client.get("/hasil/2026/").content.decode()
    client.force_login(a_signatory())
    fetched = client.get(f"/penghargaan/{decree.pk}/naskah/asli.pdf")
    assert b"".join(fetched.streaming_content) == original
    client.logout()
    assert client.get(f"/penghargaan/{decree.pk}/naskah/asli.pdf").status_code == 302
    Decree.objects.filter(pk=decree.pk).update(published_at=timezone.now())
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    assert address in client.get("/hasil/2026/").content.decode()
    assert Award.objects.published().count() == 2
