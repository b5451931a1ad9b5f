"""From words to a message: the kinds, their fields, and what is never let through."""

import re

import pytest

from letters import mails
from letters.mail_kinds import KINDS

TWELVE = (
    "account_invited", "draft_due", "received", "returned", "endorsed", "eligible", "not_eligible", "assigned",
    "scoring_due", "result_published", "certificate_ready", "reevaluation_due",
)  # fmt: skip
LONGEST = "Kelompok Usaha Bersama Perajin Tenun Ikat Tradisional Kabupaten Kepulauan Siau Tagulandang Biaro"


def written(kind, **changed):
    return mails.render(
        kind,
        subject=kind.subject,
        body=kind.body,
        recipient="Dr. Ir. Hj. Siti Aminah, S.E., M.M.",
        context={**kind.example, **changed},
        link="https://portal.example/usulan/1/",
        contact="sekretariat@ovop.example",
    )


def test_all_twelve_kinds_of_the_specification_are_there():
    assert set(TWELVE) <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_kind_has_a_subject_and_both_bodies_with_every_field_filled(kind):
    mail = written(kind)
    assert mails.problems_in(kind, subject=kind.subject, body=kind.body) == {}
    assert 0 < len(mail.subject) <= 78
    assert mail.text.startswith("Yth. Dr. Ir. Hj. Siti Aminah, S.E., M.M.,\n\n")
    assert f"{kind.link}: https://portal.example/usulan/1/" in mail.text
    assert mail.text.endswith("Pesan otomatis portal OVOP. Pertanyaan: sekretariat@ovop.example.\n")
    assert '<a href="https://portal.example/usulan/1/">' in mail.html
    for part in (mail.subject, mail.text, mail.html):
        assert not re.search(r"[{}]|None|  |!|Silahkan", part)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_field_of_a_kind_is_used_in_its_words(kind):
    assert set(re.findall(r"\{(\w+)\}", kind.subject + kind.body)) == kind.fields.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_the_longest_names_fit_and_only_the_subject_is_cut(kind):
    mail = written(kind, **dict.fromkeys(kind.fields, LONGEST))
    assert len(mail.subject) <= 78
    if re.search(r"\{", kind.subject):
        assert mail.subject.endswith("…")
    if re.search(r"\{", kind.body):
        assert LONGEST in mail.text


def test_awarded_and_not_awarded_read_the_same_words():
    words = KINDS["result_published"].subject + KINDS["result_published"].body
    assert not re.search(r"bintang|nilai|skor|selamat|ditetapkan sebagai", words, re.IGNORECASE)


@pytest.mark.parametrize(
    "trick", ["Dodol\r\nBcc: semua@contoh.example", "Dodol\nX: y", "Dodol\r", "A\u2028B", "A\x85B"]
)
def test_a_value_cannot_add_a_header(trick):
    with pytest.raises(mails.LineBreakInHeader):
        written(KINDS["received"], no=trick)


def test_markup_in_a_name_stays_text():
    mail = written(KINDS["received"], produk='<script>alert(1)</script> & "x"')
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "<script>" in mail.text


def test_braces_in_a_name_are_not_read_as_fields():
    assert "{waktu}" in written(KINDS["received"], produk="Tas {waktu}").text


@pytest.mark.parametrize(
    "number",
    [
        "3205010101800001",
        "3205-0101-0180-0001",
        "32.050.101.8-00.0001",
        "012345678901000",
        "3205 0101 0180 0001",
    ],
)
def test_a_nik_or_npwp_is_not_let_through(number):
    with pytest.raises(mails.PersonalNumber):
        written(KINDS["received"], produk=f"Batik {number}")


@pytest.mark.parametrize(
    "harmless", ["9120001234567", "198001012005011001", "U-2026-3205-001", "12345678901234567"]
)
def test_other_numbers_are_let_through(harmless):
    assert harmless in written(KINDS["received"], produk=harmless).text


def test_a_caller_who_forgets_a_field_hears_which():
    kind = KINDS["received"]
    with pytest.raises(mails.FieldsMissing, match="produk, waktu"):
        mails.render(
            kind, subject=kind.subject, body=kind.body, recipient="", context={"no": "1"}, link="", contact=""
        )


@pytest.mark.parametrize("value", [None, 1.5, True, b"x", ["a"]])
def test_a_field_is_text_or_a_whole_number(value):
    with pytest.raises(TypeError, match="produk"):
        written(KINDS["received"], produk=value)


@pytest.mark.parametrize(
    ("subject", "body", "named"),
    [
        ("Usulan {nomer}", "Isi", "{nomer}"),
        ("Usulan {no}", "Isi {waktu} {nib}", "{nib}"),
        ("Usulan {no", "Isi", "kurung kurawal"),
        ("Usulan", "Isi {{no}}", "kurung kurawal"),
        ("Usulan", "Isi {no|safe}", "kurung kurawal"),
        ("Usulan", "Isi { no }", "kurung kurawal"),
        ("", "Isi", "kosong"),
        ("Usulan", "  ", "kosong"),
        ("Usulan\r\nBcc: x", "Isi", "satu baris"),
    ],
)
def test_a_template_that_could_fail_at_sending_is_refused_in_the_editor(subject, body, named):
    problems = mails.problems_in(KINDS["received"], subject=subject, body=body)
    assert named in " ".join(text for texts in problems.values() for text in texts)


def test_a_template_needs_not_use_every_field():
    assert mails.problems_in(KINDS["received"], subject="Usulan diterima", body="Terima kasih.") == {}
