"""/surat/ and one letter: its way step by step, its file, who sees and who does what."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from audit import history
from letters import integrity, kinds, official
from letters.models import Letter
from nominations import letter_drafts, letter_rules
from tests.factories.accounts import (
    TANAH_DATAR,
    TASIKMALAYA,
    a_dinas,
    a_ministry,
    a_person,
    a_province_office,
    a_regency,
)
from tests.factories.files import pdf_bytes
from tests.factories.letter_contents import ALL, a_head
from tests.factories.letterheads import ready_to_write
from tests.factories.nominations import NominationFactory
from tests.files.hostile import opening, pdf_with
from tests.made_once import made_once
from tests.nominations.letter_writing import (
    REASON,
    a_proposal,
    a_scan,
    page_of,
    pressed,
    taken_to,
    text_of,
    today,
)

pytestmark = pytest.mark.django_db
NUMBER = "B/214/Disperindag/500.9/XI/2026"


@made_once
def nomination(requirements):
    return NominationFactory(in_state="endorsed")


@made_once
def who_signs(requirements, of_garut):
    a_province_office()
    a_ministry()
    return ready_to_write(a_dinas())


@pytest.fixture
def signs(who_signs, officer):
    return who_signs


@made_once
def draft(who_signs, of_garut):
    NominationFactory(in_state="submitted")
    client = Client()
    client.force_login(of_garut)
    return a_proposal(client, who_signs)


@pytest.fixture
def letter(draft, signs):
    return draft


@made_once
def with_its_file(draft):
    """The same with its PDF, as the worker draws it."""
    assert official.make_preview(draft.pk)
    return Letter.objects.get(pk=draft.pk)


def page(client, letter):
    return text_of(client.get(reverse("letter", args=[letter.pk])))


def read_whole(answer):
    """The answer's status, its content read to the end, as a browser does."""
    b"".join(answer.streaming_content if answer.streaming else [])
    return answer.status_code


def state_of(letter):
    return Letter.objects.get(pk=letter.pk).state


def numbered(client, letter, number=NUMBER):
    pressed(client, letter, "paraf")
    return pressed(client, letter, "nomor", nomor=number, tanggal=today().isoformat())


# --- The way -------------------------------------------------------------------------------------------------------
def test_the_way_from_draft_to_delivery(client, letter, officer):
    assert "Berikutnya: paraf" in page(client, letter)
    pressed(client, letter, "paraf")
    assert "Berikutnya: nomor dan tanggal" in page(client, letter)
    pressed(client, letter, "nomor", nomor=NUMBER, tanggal=today().isoformat())
    assert "Berikutnya: tanda tangan" in page(client, letter)
    scan = pdf_bytes(pages=2)
    pressed(client, letter, "tanda-tangan", berkas=a_scan(content=scan))
    after = page(client, letter)
    assert "Berikutnya: sampaikan" in after
    assert "lima hari kerja sejak tanggal naskah" in after
    pressed(client, letter, "sampaikan")
    letter.refresh_from_db()
    assert (letter.state, letter.number, letter.pages) == ("disampaikan", NUMBER, 2)
    assert official.file_of(letter) == scan
    assert [entry.action for entry in history.of(letter)] == [
        "letter_drafted", "letter_initialled", "letter_numbered", "letter_signed", "letter_delivered",
    ]  # fmt: skip
    assert "Surat sudah disampaikan." in page(client, letter)


def test_each_step_is_offered_only_in_its_turn(client, letter):
    for step, typed in (
        ("nomor", {"nomor": NUMBER, "tanggal": today().isoformat()}),
        ("tanda-tangan", {"berkas": a_scan()}),
        ("sampaikan", {}),
        ("cabut", {"alasan": REASON}),
    ):
        pressed(client, letter, step, **typed)
        assert state_of(letter) == "konsep", step


def test_a_second_press_changes_nothing_and_says_so(client, letter):
    pressed(client, letter, "paraf")
    answer = client.post(reverse("letter_step", args=[letter.pk, "paraf"]), follow=True)
    assert "Naskah ini diparaf, jadi tidak dapat diparaf." in text_of(answer)
    assert history.of(letter).filter(action="letter_initialled").count() == 1


def test_a_number_in_another_shape_is_taken_with_a_warning(client, letter):
    answer = numbered(client, letter, "98/IKM/2026")
    assert state_of(letter) == "bernomor"
    assert "berbeda dari pola yang biasa dipakai" in text_of(client.get(answer.url))


def test_a_number_used_twice_in_the_year_is_refused_and_what_was_typed_stays(client, letter, signs):
    numbered(client, letter)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    second = a_proposal(client, signs)
    pressed(client, second, "paraf")
    answer = pressed(client, second, "nomor", nomor=NUMBER.lower(), tanggal=today().isoformat())
    assert answer.status_code == 422
    assert f"Nomor {NUMBER.lower()} sudah dipakai kantor ini" in text_of(answer)
    assert f'value="{NUMBER.lower()}"' in text_of(answer)
    assert state_of(second) == "diparaf"


def test_a_number_of_61_characters_or_none_is_refused_kindly(client, letter):
    pressed(client, letter, "paraf")
    for number, said in (("B" * 61, "paling panjang 60 karakter"), ("", "Isi nomor naskah dari buku agenda")):
        answer = pressed(client, letter, "nomor", nomor=number, tanggal=today().isoformat())
        assert said in text_of(answer)
    assert state_of(letter) == "diparaf"


def test_a_letter_before_the_invitation_that_it_answers_is_refused_at_its_date(client, letter):
    pressed(client, letter, "paraf")
    answer = pressed(client, letter, "nomor", nomor=NUMBER, tanggal="2026-01-01")
    assert "Tanggal surat lebih awal daripada surat undangan yang dijawabnya." in text_of(answer)


def test_a_letter_dated_ahead_cannot_be_signed_yet(client, letter):
    pressed(client, letter, "paraf")
    pressed(client, letter, "nomor", nomor=NUMBER, tanggal=f"{today().year + 1}-01-02")
    answer = pressed(client, letter, "tanda-tangan", berkas=a_scan())
    assert "belum tiba, jadi naskah belum dapat ditandatangani" in text_of(answer)
    assert state_of(letter) == "bernomor"


# --- The signed file -------------------------------------------------------------------------------------------------
def test_a_hostile_scan_is_refused_with_the_sentence_of_the_files_room(client, letter):
    from pikepdf import Dictionary, Name, String

    numbered(client, letter)
    hostile = pdf_with(opening(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))))()
    answer = pressed(client, letter, "tanda-tangan", berkas=a_scan("jahat.pdf", hostile))
    assert answer.status_code == 422
    assert "memuat program (JavaScript) dan tidak disimpan" in text_of(answer)
    for content, said in ((b"%PDF-1.7 cut off", "rusak"), (b"hello", "bukan PDF")):
        assert said in text_of(pressed(client, letter, "tanda-tangan", berkas=a_scan(content=content)))
    assert "Pilih PDF naskah" in text_of(pressed(client, letter, "tanda-tangan"))
    assert state_of(letter) == "bernomor"


def test_a_picture_is_no_signed_letter(client, letter):
    from tests.factories.files import picture_bytes

    numbered(client, letter)
    answer = pressed(client, letter, "tanda-tangan", berkas=a_scan("foto.jpg", picture_bytes()))
    assert "isian ini menerima PDF" in text_of(answer)


def test_a_scan_that_waits_for_the_scanner_is_kept_and_pressed_again(client, letter, settings):
    numbered(client, letter)
    settings.CLAMAV_SOCKET = "/nowhere"
    answer = pressed(client, letter, "tanda-tangan", berkas=a_scan())
    assert "masih diperiksa dari program berbahaya" in text_of(answer)
    assert state_of(letter) == "bernomor"
    from files.models import StoredFile

    stored = StoredFile.objects.filter(original_name="surat.pdf").get()
    assert f'value="{stored.pk}"' in text_of(answer)
    StoredFile.objects.filter(pk=stored.pk).update(state="accepted")
    pressed(client, letter, "tanda-tangan", **{"berkas-berkas": str(stored.pk)})
    assert state_of(letter) == "ditandatangani"


def test_the_signed_file_is_served_as_it_is_in_a_sandbox_and_never_made_again(client, letter):
    numbered(client, letter)
    scan = pdf_bytes(pages=3)
    pressed(client, letter, "tanda-tangan", berkas=a_scan(content=scan))
    assert not official.make_preview(letter.pk)
    answer = client.get(reverse("letter_file", args=[letter.pk]))
    assert b"".join(answer.streaming_content) == scan
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    again = pressed(client, letter, "tanda-tangan", berkas=a_scan(content=pdf_bytes()))
    assert again.status_code == 422
    assert official.file_of(Letter.objects.get(pk=letter.pk)) == scan
    assert list(integrity.problems()) == []


def test_a_signed_file_that_is_gone_from_the_store_is_said_and_logged(client, letter, caplog):
    numbered(client, letter)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    letter.refresh_from_db()
    letter.file.storage.delete(letter.file.name)
    answer = client.get(reverse("letter_file", args=[letter.pk]))
    assert answer.status_code == 404
    assert "Berkas tidak ditemukan di penyimpanan" in text_of(answer)
    assert f"surat-{letter.pk}" in text_of(answer)
    (record,) = [one for one in caplog.records if one.name == "files.missing"]
    assert (record.levelname, record.file) == ("ERROR", f"surat-{letter.pk}")
    # Its pages cannot be drawn either, and the letter's own page still opens.
    assert client.get(reverse("letter_picture", args=[letter.pk, 1])).status_code == 422
    assert client.get(reverse("letter", args=[letter.pk])).status_code == 200


def test_the_preview_is_pending_until_the_worker_made_it(client, letter):
    before = page(client, letter)
    assert "Pratinjau sedang dibuat." in before
    assert "Muat ulang halaman" in before
    assert client.get(reverse("letter_file", args=[letter.pk])).status_code == 404
    assert client.get(reverse("letter_picture", args=[letter.pk, 1])).status_code == 404
    assert official.make_preview(letter.pk)
    after = page(client, letter)
    assert "sedang dibuat" not in after
    letter.refresh_from_db()
    assert letter.pages == 2
    picture = client.get(reverse("letter_picture", args=[letter.pk, 2]))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    assert picture["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(reverse("letter_picture", args=[letter.pk, 3])).status_code == 404
    saved = client.get(reverse("letter_file", args=[letter.pk]))
    assert read_whole(saved) == 200
    assert "-konsep.pdf" in saved["Content-Disposition"]


# --- Back, away, revoked, replaced -----------------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["konsep", "buang"])
def test_back_and_away_ask_for_a_reason_on_a_page_of_their_own(client, letter, step):
    pressed(client, letter, "paraf")
    address = reverse("letter_step", args=[letter.pk, step])
    assert client.get(address).status_code == 200
    assert state_of(letter) == "diparaf"
    assert "Tuliskan alasannya" in text_of(client.post(address, {"alasan": ""}))
    assert "NIK atau NPWP" in text_of(client.post(address, {"alasan": "Milik 3205010101800001"}))
    client.post(address, {"alasan": REASON})
    if step == "konsep":
        assert state_of(letter) == "konsep"
        assert REASON in page(client, letter)
    else:
        assert not Letter.objects.filter(pk=letter.pk).exists()
        assert history.of(letter).last().reason == REASON


def test_a_signed_letter_is_neither_thrown_away_nor_a_draft_again(client, letter):
    numbered(client, letter)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    shown = page(client, letter)
    assert "Buang konsep ini" not in shown
    for step in ("buang", "konsep", "susun-ulang"):
        pressed(client, letter, step, alasan=REASON)
        assert state_of(letter) == "ditandatangani"


def test_a_revoked_letter_says_why(client, letter):
    numbered(client, letter)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    pressed(client, letter, "cabut", alasan=REASON)
    assert state_of(letter) == "dicabut"
    assert "Surat ini dicabut" in page(client, letter)
    assert REASON in page(client, letter)


def test_a_replaced_letter_leads_to_the_one_that_holds(client, letter, signs):
    numbered(client, letter)
    pressed(client, letter, "tanda-tangan", berkas=a_scan())
    answer = client.get(reverse("letter_step", args=[letter.pk, "ganti"]), follow=True)
    assert "Belum ada surat penggantinya." in text_of(answer)
    second = a_proposal(client, signs)
    numbered(client, second, "B/215/Disperindag/500.9/XI/2026")
    pressed(client, second, "tanda-tangan", berkas=a_scan())
    pressed(client, letter, "ganti", alasan=REASON, pengganti=second.pk)
    assert state_of(letter) == "diganti"
    assert f'href="{reverse("letter", args=[second.pk])}"' in page(client, letter)


# --- Who may what ----------------------------------------------------------------------------------------------------
def test_every_kind_has_one_answer_to_who_writes_it():
    assert set(letter_rules.WHO_WRITES) == set(kinds.KINDS)


# Written by hand from the contract: who drafts what.
DRAFTS = {
    "surat-usulan": {"dinas"},
    "berita-acara-provinsi": {"provinsi"},
    "surat-pengantar": {"provinsi"},
    "lembar-seleksi": {"sekretariat"},
    "permintaan-perbaikan": {"sekretariat"},
    "tidak-lolos": {"sekretariat"},
}


@pytest.mark.parametrize("kind", DRAFTS)
@pytest.mark.parametrize("role", Role.values)
def test_who_may_draft(kind, role, requirements, nomination):
    subject = {"surat-usulan": "2026-3205", "berita-acara-provinsi": 2026, "surat-pengantar": 2026}.get(
        kind, nomination.pk
    )
    client = Client()
    client.force_login(a_person(role, around=nomination))
    answers = {
        client.get(page_of(kind, subject)).status_code,
        client.post(page_of(kind, subject)).status_code,
    }
    if role in DRAFTS[kind]:
        assert answers == {200, 422}
    else:
        assert answers <= {403, 404}
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("who", "opens", "handles"),
    [
        ("its own officer", True, True),
        ("another dinas", False, False),
        ("its province", False, False),
        ("another province", False, False),
        ("the secretariat", True, False),
        ("the auditor", True, False),
        ("the chair", False, False),
        ("an assessor of the ministry", False, False),
        ("the administrator", False, False),
    ],
)
def test_a_draft_is_read_and_handled_by_whom_it_concerns(who, opens, handles, with_its_file):
    letter = with_its_file
    people = {
        "its own officer": lambda: a_person(Role.DINAS, office=letter.office),
        "another dinas": lambda: a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        "its province": lambda: a_person(Role.PROVINSI, office=a_province_office()),
        "another province": lambda: a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)),
        "the secretariat": lambda: a_person(Role.SEKRETARIAT),
        "the auditor": lambda: a_person(Role.AUDITOR),
        "the chair": lambda: a_person(Role.KETUA),
        "an assessor of the ministry": lambda: a_person(Role.PENILAI),
        "the administrator": lambda: a_person(Role.ADMIN),
    }
    client = Client()
    client.force_login(people[who]())
    for name, extra in (("letter", []), ("letter_file", []), ("letter_picture", [1])):
        answer = client.get(reverse(name, args=[letter.pk, *extra]))
        assert read_whole(answer) == (200 if opens else 404)
    listed = client.get(reverse("letters"))
    assert (f"/surat/{letter.pk}/" in text_of(listed)) is opens
    answer = pressed(client, letter, "paraf")
    assert answer.status_code == (302 if handles else 403 if opens else 404)
    assert state_of(letter) == ("diparaf" if handles else "konsep")
    assert "Paraf konsep" not in text_of(client.get(reverse("letter", args=[letter.pk])))


def test_the_addressee_opens_it_once_delivered(client, letter, officer):
    reader = Client()
    reader.force_login(a_person(Role.PROVINSI, office=a_province_office()))
    taken_to("ditandatangani", letter, by=officer)
    assert reader.get(reverse("letter", args=[letter.pk])).status_code == 404
    pressed(client, letter, "sampaikan")
    shown = text_of(reader.get(reverse("letter", args=[letter.pk])))
    assert "Unduh naskah (PDF)" in shown
    assert reverse("letter_step", args=[letter.pk, "cabut"]) not in shown
    assert read_whole(reader.get(reverse("letter_file", args=[letter.pk]))) == 200
    assert pressed(reader, letter, "cabut", alasan=REASON).status_code == 403


@pytest.mark.parametrize("role", ["penilai", "ketua", "penetap", "admin"])
def test_who_stands_in_the_ministry_in_another_role_reads_none_of_its_letters(role):
    from django.utils import timezone

    secretary = a_person(Role.SEKRETARIAT)
    letter = official.draft(
        ALL["tidak_lolos"](), head=a_head(number="", date=None, secrecy="terbatas"), office=a_ministry(),
        by=secretary, at=timezone.now(),
    )  # fmt: skip
    reader = a_person(role, office=a_ministry())
    assert not Letter.objects.visible_to(reader).exists()
    assert Letter.objects.visible_to(secretary).get() == letter


def test_the_domain_refuses_whoever_does_not_write_for_this_office(letter):
    from django.utils import timezone

    stranger = a_person(Role.DINAS, around=a_regency(TASIKMALAYA))
    for person in (stranger, a_person(Role.SEKRETARIAT), a_person(Role.AUDITOR)):
        with pytest.raises(letter_drafts.Refused, match="not_yours"):
            letter_drafts.step(letter, official.initial, by=person, at=timezone.now())
    assert state_of(letter) == "konsep"


def test_a_stranger_is_led_to_the_way_in(letter):
    assert Client().get(reverse("letter", args=[letter.pk])).url.startswith("/masuk/")


def test_reading_writes_nothing(client, letter):
    before = Letter.objects.values().get(), history.of(letter).count()
    for step in (
        "",
        "berkas/",
        "paraf/",
        "nomor/",
        "tanda-tangan/",
        "sampaikan/",
        "konsep/",
        "buang/",
        "cabut/",
    ):
        client.get(f"/surat/{letter.pk}/{step}")
    assert (Letter.objects.values().get(), history.of(letter).count()) == before
    assert client.get(f"/surat/{letter.pk}/terbang/").status_code == 404


# --- The list --------------------------------------------------------------------------------------------------------
def letters_of(office, by, n):
    from django.utils import timezone

    made = []
    for number, (code, content) in zip(range(n), list(ALL.items()) * n, strict=False):
        if code == "jawaban_sanggah":
            continue
        made.append(
            official.draft(
                content(), head=a_head(number="", date=None), office=office, by=by, at=timezone.now()
            )
        )
        assert number < n
    return made


def test_the_list_is_searched_by_its_address(client, officer):
    letters_of(a_dinas(), officer, 6)
    found = text_of(client.get("/surat/?jenis=tidak_lolos&periode=2026"))
    assert "1–1 dari 1" in found
    assert "Tidak ada surat yang cocok." in text_of(client.get("/surat/?keadaan=disampaikan"))
    assert "PT Tama Cokelat Indonesia" in text_of(client.get("/surat/?cari=cokelat"))
    # What is no choice is left out instead of failing.
    assert client.get("/surat/?jenis=lain&periode=abc&halaman=9&cari=%00").status_code == 200


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(client, officer):
    letters_of(a_dinas(), officer, 3)
    client.get("/surat/")
    with CaptureQueriesContext(connection) as few:
        client.get("/surat/")
    letters_of(a_dinas(), officer, 20)
    with CaptureQueriesContext(connection) as many:
        client.get("/surat/")
    assert len(many) == len(few) <= 12


def test_an_empty_list_says_where_letters_come_from(client, officer):
    assert "Surat disusun dari tempatnya" in text_of(client.get("/surat/"))
