"""
`python -m awards.verify FILE.pdf [--trust root.pem] [--json]`: is this PDF genuine? Without the portal: no database,
no network, no framework.

It answers three questions: is every byte as it was signed, does the signer's certificate lead to a trusted root, does
the page print what the embedded record says. Exit status 0: all three; 1: one does not hold; 2: it was asked wrongly;
3: the file is whole and agrees with itself, but its signer leads to no given root.
Whether a certificate was revoked or replaced since is not in the file: the portal says so under its code.
"""

import argparse
import hashlib
import json
import logging
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509

from . import codes, verify_facts, verify_signature

LARGEST = 20 * 1024 * 1024
GENUINE, ALTERED, UNSIGNED, UNREADABLE = "genuine", "altered", "unsigned", "unreadable"
UNKNOWN_SIGNER = "unknown_signer"
STATUS = {GENUINE: 0, UNKNOWN_SIGNER: 3}
_WORDS = {
    GENUINE: "ASLI: berkas ini utuh dan ditandatangani oleh {signer}.",
    ALTERED: "TIDAK ASLI: berkas ini telah diubah.",
    UNSIGNED: "TIDAK DAPAT DIPASTIKAN: berkas ini tidak memuat tanda tangan elektronik.",
    UNREADABLE: "TIDAK DAPAT DIPERIKSA: berkas ini tidak terbaca sebagai PDF.",
    UNKNOWN_SIGNER: "BELUM DAPAT DIPASTIKAN: berkas ini utuh, tetapi penandatangannya ({signer}) tidak dikenal.",
}


@dataclass(frozen=True)
class Report:
    """
    verdict: one of the names above. rule: which check failed (`padding`: the room of the signature, which no signature
    can cover). facts: the embedded record, None where there is none.
    """

    verdict: str
    sha256: str
    rule: str = ""
    reasons: list[str] = field(default_factory=list)
    signer: str = ""
    signed_at: str = ""
    has_time_stamp: bool = False
    facts: dict[str, Any] | None = None


def verify(data: bytes, roots: list[x509.Certificate]) -> Report:
    """Judge the bytes of one file by the trusted roots. Never raises."""
    sha256 = hashlib.sha256(data).hexdigest()
    if b"%PDF-" not in data[:1024]:
        return Report(UNREADABLE, sha256)
    try:
        signature = verify_signature.check(data, roots)
        record = verify_facts.record_of(data)
        wrong = verify_facts.differences(data, record) if record is not None else []
    except verify_signature.Altered as problem:
        return Report(ALTERED, sha256, problem.code, [problem.for_reader])
    except verify_facts.NotWhole as problem:
        return Report(ALTERED, sha256, "facts", [str(problem)])
    if wrong:
        reason = f"Yang tercetak tidak sama dengan data di dalam berkas: {', '.join(wrong)}."
        return Report(ALTERED, sha256, "facts", [reason], facts=record)
    if signature is None:
        return Report(UNSIGNED, sha256, facts=record)
    reasons = [] if record is not None else ["Berkas ini bukan piagam: hanya tanda tangannya yang diperiksa."]
    return Report(
        GENUINE if signature.is_trusted else UNKNOWN_SIGNER,
        sha256,
        reasons=reasons,
        signer=signature.signer,
        signed_at=signature.at.isoformat() if signature.at else "",
        has_time_stamp=signature.has_time_stamp,
        facts=record,
    )


def read_roots(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises OSError, ValueError."""
    content = path.read_bytes()
    if not pem.detect(content):
        raise ValueError("no PEM")
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(content, multiple=True)]


def usual_root() -> Path:
    """Where a portal on this machine keeps its root (docs/settings.md)."""
    data = os.environ.get("OVOP_DATA_DIR") or str(Path(__file__).resolve().parent.parent / "var")
    return Path(os.environ.get("OVOP_SIGNING_DIR") or Path(data) / "signing").expanduser() / "root.pem"


def main(arguments: list[str]) -> int:
    options = _asked(arguments)
    # The libraries would say on standard error what is said here in the reader's words.
    logging.disable(logging.CRITICAL)
    root = options.trust or usual_root()
    try:
        roots = read_roots(root) if options.trust or root.exists() else []
        with options.file.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        print(f"Berkas tidak dapat dibuka: {error}", file=sys.stderr)
        return 2
    if len(data) > LARGEST:
        print("Berkas lebih besar dari 20 MB, jadi bukan berkas piagam.", file=sys.stderr)
        return 2
    report = verify(data, roots)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print("\n".join(_lines(report, root if roots else None)))
    return STATUS.get(report.verdict, 1)


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m awards.verify",
        description="Memeriksa keaslian berkas piagam atau SK tanpa portal: tanda tangan, isi, dan data di dalamnya.",
        epilog="Status keluar: 0 asli; 1 tidak asli; 2 pemakaian salah; 3 utuh, penandatangan tidak dikenal.",
    )
    parser.add_argument("file", type=Path, metavar="BERKAS.pdf")
    parser.add_argument(
        "--trust",
        type=Path,
        metavar="akar.pem",
        help="sertifikat akar yang dipercaya; tanpa ini: root.pem dari OVOP_SIGNING_DIR, bila ada",
    )
    parser.add_argument("--json", action="store_true", help="hasil sebagai satu objek JSON")
    return parser.parse_args(arguments)


_LABELS = {
    "number": "Nomor piagam",
    "code": "Kode verifikasi",
    "ikm": "Diberikan kepada",
    "product": "Produk",
    "regency": "Tempat",
    "round": "Tahun",
    "star": "Bintang",
    "decree_number": "Nomor keputusan",
    "decree_date": "Tanggal keputusan",
}


def _lines(report: Report, root: Path | None) -> list[str]:
    lines = [_WORDS[report.verdict].format(signer=report.signer), *report.reasons]
    if report.signed_at:
        clock = "stempel waktu" if report.has_time_stamp else "jam penanda tangan"
        lines.append(f"Ditandatangani: {report.signed_at} (menurut {clock})")
    if report.verdict == GENUINE:
        lines.append(f"Dipercaya menurut: {root}")
    if report.verdict == UNKNOWN_SIGNER:
        lines.append("Ambil sertifikat akar dari Kementerian dan sebutkan dengan --trust.")
    if report.facts is not None and report.verdict in (GENUINE, UNKNOWN_SIGNER):
        shown = {**report.facts, "code": codes.printed(str(report.facts["code"]))}
        shown["regency"] = f"{shown['regency']}, {shown['province']}"
        shown["star"] = f"{shown['star']} dari {shown['maximum_star']}"
        lines += [f"{label}: {shown[name]}" for name, label in _LABELS.items()]
        lines.append("Apakah piagam ini dicabut atau diganti sejak itu: periksa kodenya pada portal.")
    return [*lines, f"SHA-256: {report.sha256}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
