"""`python -m awards.verify`: every change of a certificate is found from the file alone, and said in plain words."""

import io
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone

from awards import certificate_page, certificate_text, signing, signing_authority, verify, verify_facts
from tests.factories.certificate_facts import LONG_NAME, LONG_PLACE, certificate_facts

PROJECT = Path(__file__).resolve().parents[2]
CHANGES = 1000
SEED = 20261130


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "signing"
    signing_authority.make(folder, at=timezone.now())
    return folder


@pytest.fixture(scope="module")
def signed(keys) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(settings, "SIGNING_DIR", keys)
        return signing.sign_pdf(
            certificate_page.pdf(certificate_facts(is_signed=True)), reason="Piagam", at=timezone.now()
        )


@pytest.fixture(scope="module")
def roots(keys):
    return verify.read_roots(keys / "root.pem")


def resigned(data: bytes, keys: Path, monkeypatch) -> bytes:
    from django.conf import settings

    monkeypatch.setattr(settings, "SIGNING_DIR", keys)
    return signing.sign_pdf(data, reason="Piagam", at=timezone.now())


def room_of(data: bytes) -> tuple[int, int, int]:
    """Where the signature's room begins and ends, and where its padding begins."""
    first = data.rindex(b"/Contents <") + len(b"/Contents ")
    last = data.index(b">", first)
    container = bytes.fromhex(data[first + 1 : last].decode())
    length = 4 + int.from_bytes(container[2:4], "big")
    return first, last, first + 1 + 2 * length


# --- The command ---------------------------------------------------------------------------------------------------
def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, without the settings of Django and without a data folder of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "awards.verify", *map(str, words)],
        cwd=PROJECT, env={**kept, **environment}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_a_genuine_file_is_said_to_be_so_with_what_it_prints(signed, keys, tmp_path):
    path = tmp_path / "piagam.pdf"
    path.write_bytes(signed)
    done = run(path, "--trust", keys / "root.pem")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ASLI: berkas ini utuh dan ditandatangani oleh Kementerian Perindustrian")
    for line in ("Nomor piagam: OVOP/2018/0007", "Diberikan kepada: Tenun Antik Hj. Fatimah Sayuthi",
                 "Bintang: 4 dari 5", "Kode verifikasi: 7K3M-Q9XD-2PTA-8WHN"):  # fmt: skip
        assert line in done.stdout


def test_as_json_it_is_one_object(signed, keys, tmp_path):
    path = tmp_path / "piagam.pdf"
    path.write_bytes(signed)
    # The root of the data folder is the usual one.
    done = run(path, "--json", OVOP_DATA_DIR=str(keys.parent))
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], said["facts"]["star"]) == (0, "genuine", 4)


def test_without_a_root_nothing_is_called_genuine(signed, tmp_path):
    path = tmp_path / "piagam.pdf"
    path.write_bytes(signed)
    done = run(path, OVOP_DATA_DIR=str(tmp_path))
    assert done.returncode == 3
    assert done.stdout.startswith("BELUM DAPAT DIPASTIKAN: berkas ini utuh, tetapi penandatangannya")


def test_an_altered_file_and_no_pdf_have_statuses_of_their_own(signed, keys, tmp_path):
    path = tmp_path / "piagam.pdf"
    path.write_bytes(signed[:1000] + b"x" + signed[1001:])
    done = run(path, "--trust", keys / "root.pem")
    assert done.returncode == 1
    assert done.stdout.startswith("TIDAK ASLI: berkas ini telah diubah.")
    assert run(tmp_path / "none.pdf").returncode == 2
    assert run().returncode == 2


def test_neither_django_nor_the_database_is_loaded():
    asked = "import sys, awards.verify; print([n for n in sys.modules if n.split('.')[0] in ('django', 'psycopg2')])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


# --- Every change is found ---------------------------------------------------------------------------------------
def test_a_thousand_random_changes_of_one_byte_are_all_found(signed, roots):
    """Those in the room kept for the signature's container, which no signature can cover, are counted apart."""
    assert verify.verify(signed, roots).verdict == "genuine"
    luck = random.Random(SEED)
    first, last, padding = room_of(signed)
    found: Counter[str] = Counter()
    for _ in range(CHANGES):
        place, change = luck.randrange(len(signed)), luck.randrange(1, 256)
        changed = bytearray(signed)
        changed[place] ^= change
        report = verify.verify(bytes(changed), roots)
        assert report.verdict in ("altered", "unreadable"), f"byte {place} ^ {change}: {report}"
        if padding <= place < last:
            assert report.rule == "padding", f"byte {place} ^ {change}: {report.rule}"
            found["padding"] += 1
        else:
            found["container" if first <= place <= last else "signed"] += 1
    assert sum(found.values()) == CHANGES
    assert found["signed"] > 700, found
    assert found["padding"] > 50, found
    assert found["container"] > 30, found


def test_digits_of_the_container_that_would_decode_are_found_too(signed, roots):
    """A byte xored seldom stays a hexadecimal digit; here it always does, so that the container itself is another."""
    luck = random.Random(SEED)
    first, _, padding = room_of(signed)
    for place in luck.sample(range(first + 1, padding), 12):
        changed = bytearray(signed)
        changed[place] = luck.choice([one for one in b"0123456789ABCDEF" if one != changed[place]])
        assert verify.verify(bytes(changed), roots).verdict == "altered", place


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda data: data + b"\n", "not_whole"),
        (lambda data: data + b"\n%%EOF\n", "not_whole"),
        (lambda data: data[:-1], "not_whole"),
        (lambda data: data.replace(b"/ByteRange [0 ", b"/ByteRange [1 "), "not_whole"),
        (lambda data: data.replace(b"/ByteRange", b"/ByteRanga"), "range"),
    ],
)
def test_bytes_behind_the_signed_range_are_refused_by_a_rule(signed, roots, change, rule):
    report = verify.verify(change(signed), roots)
    assert (report.verdict, report.rule) == ("altered", rule)


def test_content_in_the_padding_is_refused_by_a_rule(signed, roots):
    _, last, padding = room_of(signed)
    hidden = signed[: padding + 2] + b"DEADBEEF" + signed[padding + 10 :]
    assert verify.verify(hidden, roots).rule == "padding"
    # Small letters are the same number, and another file.
    small = signed[: padding - 40] + signed[padding - 40 : padding].lower() + signed[padding:]
    assert small != signed
    assert verify.verify(small, roots).rule == "padding"
    spaces = signed[: last - 2] + b"  " + signed[last:]
    assert verify.verify(spaces, roots).rule == "padding"


def test_a_second_revision_behind_the_signature_is_refused(signed, roots):
    """A later save that hides the page under another, with the signature of the first revision still whole."""
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        saved = io.BytesIO()
        pdf.save(saved)
    assert verify.verify(saved.getvalue(), roots).verdict == "altered"


# --- Whose signature, and which facts ------------------------------------------------------------------------------
def test_a_stranger_who_signs_is_not_known(signed, roots, tmp_path, monkeypatch):
    strange = tmp_path / "signing"
    signing_authority.make(strange, at=timezone.now())
    forged = resigned(certificate_page.pdf(certificate_facts(star=5, is_signed=True)), strange, monkeypatch)
    report = verify.verify(forged, roots)
    assert report.verdict == "unknown_signer"


def test_an_unsigned_certificate_is_not_called_genuine(roots):
    report = verify.verify(certificate_page.pdf(certificate_facts()), roots)
    assert report.verdict == "unsigned"


def test_a_signed_paper_without_a_record_is_said_to_be_no_certificate(keys, roots, monkeypatch):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        written = io.BytesIO()
        pdf.save(written)
    report = verify.verify(resigned(written.getvalue(), keys, monkeypatch), roots)
    assert (report.verdict, report.facts) == ("genuine", None)
    assert "bukan piagam" in report.reasons[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("star", 5), ("ikm", "UD Lain"), ("number", "OVOP/2018/0008"), ("decree_date", "2018-03-14"), ("is_example", True)],
)  # fmt: skip
def test_a_record_that_says_something_else_than_the_page_is_found_even_signed(
    name, value, keys, roots, monkeypatch
):
    facts = certificate_facts(is_signed=True)
    with pikepdf.open(io.BytesIO(certificate_page.pdf(facts))) as pdf:
        pdf.attachments["facts.json"] = pikepdf.AttachedFileSpec(
            pdf, certificate_text.canonical_json({**facts.record, name: value})
        )
        written = io.BytesIO()
        pdf.save(written)
    report = verify.verify(resigned(written.getvalue(), keys, monkeypatch), roots)
    assert (report.verdict, report.rule) == ("altered", "facts")
    assert name in report.reasons[0]


@pytest.mark.parametrize(
    "changes",
    [
        {
            "ikm_name": LONG_NAME,
            "place_name": LONG_PLACE,
            "province_name": "Sulawesi Utara",
            "is_example": True,
        },
        {"ikm_name": "A", "product_name": "B", "star": 1},
        {"decree_number": "98/IKM/PER/9/2013"},
        {"decree_number": "1214 TAHUN 2026", "product_name": "Jus “Segar” – rasa jambu mété"},
    ],
)
def test_long_short_and_unusual_facts_are_read_off_the_page_as_they_are_recorded(changes):
    facts = certificate_facts(**changes)
    assert verify_facts.differences(certificate_page.pdf(facts), dict(facts.record)) == []
