"""Contents of official letters as a round would give them; names of the longest kind are on demand."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from letters import kinds

WIB = ZoneInfo("Asia/Jakarta")
LONG_REGENCY = "Kabupaten Kepulauan Siau Tagulandang Biaro"
LONG_IKM = "Kelompok Usaha Bersama Perajin Tenun Ikat Tradisional Karya Bersama Mandiri Sejahtera Abadi"
FRIDAY = date(2026, 3, 13)

_GROUPS = ("Makanan dan minuman", "Kain tenun", "Kain batik", "Anyaman", "Gerabah")


def a_head(**changed: Any) -> kinds.Head:
    """The head of a letter of the dinas of Kabupaten Garut, numbered and dated Friday 13 March 2026."""
    given: dict[str, Any] = {
        "letterhead": (
            "PEMERINTAH KABUPATEN GARUT",
            "DINAS PERINDUSTRIAN, PERDAGANGAN, DAN ENERGI SUMBER DAYA MINERAL",
            "Jalan Merdeka Nomor 72, Garut 44151",
        ),
        "place": "Garut",
        "signatory": kinds.Signatory(
            full_name="Dr. Ir. Hj. Siti Aminah, S.E., M.M.",
            plain_name="Siti Aminah",
            position="Kepala Dinas Perindustrian, Perdagangan, dan Energi Sumber Daya Mineral",
            nip="197001011995032001",
        ),
        "number": "B/214/Disperindag/500.9/III/2026",
        "date": FRIDAY,
        "recipients": (
            "Direktur Jenderal Industri Kecil, Menengah, dan Aneka",
            "Kementerian Perindustrian",
            "melalui Kepala Dinas Perindustrian dan Perdagangan Provinsi Jawa Barat",
            "di Jakarta",
        ),
        "copies": ("Bupati Garut", "Kepala Dinas Perindustrian dan Perdagangan Provinsi Jawa Barat"),
    }
    return kinds.Head(**{**given, **changed})


def a_row(n: int, **changed: Any) -> kinds.ProposalRow:
    given = {
        "number": f"U-2026-3205-{n:03d}",
        "ikm": f"PT Tama Cokelat Indonesia {n}",
        "product": "Dodol cokelat Chocodot",
        "commodity": _GROUPS[n % 5],
        "sentra": f"Sentra Dodol {n % 3 + 1}",
        "sentra_decree": f"530/Kep.{n % 3 + 1}-Disperindag/2021",
        "village": "Desa Sukasenang",
        "district": "Banyuresmi",
        "regency": "Kabupaten Garut",
        "nib": f"9120{n:09d}",
    }
    return kinds.ProposalRow(**{**given, **changed})


def a_proposal(
    n: int = 12, *, rows: tuple[kinds.ProposalRow, ...] | None = None, **changed: Any
) -> kinds.Proposal:
    rows = rows if rows is not None else tuple(a_row(number) for number in range(1, n + 1))
    counted = Counter(row.commodity for row in rows)
    given: dict[str, Any] = {
        "year": 2026,
        "regency": "Kabupaten Garut",
        "regional_head": "Bupati Garut",
        "province_office": "Dinas Perindustrian dan Perdagangan Provinsi Jawa Barat",
        "nominations": len(rows),
        "sentra_count": len({row.sentra for row in rows}),
        "per_commodity": tuple(kinds.Count(name, counted[name]) for name in _GROUPS),
        "rows": rows,
        "invitation": kinds.Invitation(
            position="Sekretaris Direktorat Jenderal Industri Kecil, Menengah, dan Aneka",
            number="B/98/IKMA.1/IND.2/I/2026",
            date=date(2026, 1, 19),
            subject="Pengusulan Penghargaan OVOP Tahun 2026",
        ),
    }
    return kinds.Proposal(**{**given, **changed})


def province_minutes(**changed: Any) -> kinds.ProvinceMinutes:
    given: dict[str, Any] = {
        "year": 2026,
        "province": "Sulawesi Utara",
        "venue": "Kantor Dinas Perindustrian dan Perdagangan Provinsi Sulawesi Utara, Manado",
        "cut_off": datetime(2026, 3, 10, 23, 59, tzinfo=WIB),
        "last_endorsed_on": date(2026, 3, 10),
        "incoming": 7,
        "forwarded": 3,
        "returned": 1,
        "withdrawn": 1,
        "unfinished": 2,
        "regency_count": 2,
        "verifiers": (
            kinds.Verifier("Andi Baso, S.T.", "Kepala Bidang Perindustrian"),
            kinds.Verifier("I Gusti Ayu Putri, S.E., M.Si.", "Analis Perindustrian Ahli Muda"),
        ),
        "regencies": (
            kinds.RegencyResult(LONG_REGENCY, 2, 1, 0, 2),
            kinds.RegencyResult("Kota Manado", 1, 0, 1, 0),
        ),
        "forwarded_rows": tuple(
            kinds.ForwardedRow(f"U-2026-7109-{n:03d}", LONG_IKM, "Anyaman bambu", "Anyaman", LONG_REGENCY)
            for n in (1, 2, 3)
        ),
        "returned_rows": (
            kinds.HeldRow(
                "U-2026-7109-004",
                "UD Mawar",
                "Kain koffo",
                LONG_REGENCY,
                ("NIB tidak terbaca.", "Foto produk belum ada."),
            ),
        ),
    }
    return kinds.ProvinceMinutes(**{**given, **changed})


def a_cover_letter(**changed: Any) -> kinds.CoverLetter:
    given: dict[str, Any] = {
        "year": 2026,
        "province": "Sulawesi Utara",
        "forwarded": 3,
        "regency_count": 2,
        "minutes_number": "BA/12/Disperindag/500.9/III/2026",
        "minutes_date": date(2026, 3, 12),
        "last_endorsed_on": date(2026, 3, 10),
    }
    return kinds.CoverLetter(**{**given, **changed})


THE_NOMINATION = kinds.Subject(
    number="U-2026-3205-001",
    ikm="PT Tama Cokelat Indonesia",
    product="Dodol cokelat Chocodot",
    regency="Kabupaten Garut",
)
_BASIS = "Permenperin 14/2021"


def a_sheet(outcome: str = "tidak_lolos", **changed: Any) -> kinds.ScreeningSheet:
    fits = kinds.SheetRow("NIB berlaku", "9120000000001", "NIB.pdf", "sesuai")
    differs = kinds.SheetRow(
        "SK sentra", "530/Kep.1/2021", "SK.pdf", "tidak_sesuai", "SK tidak memuat sentra ini.", _BASIS
    )
    rows = {
        "lolos": (fits, fits),
        "tidak_lolos": (fits, differs),
        "dikembalikan": (
            fits,
            differs,
            kinds.SheetRow("Izin edar", "P-IRT 2103205010001-26", "", "belum_pasti"),
        ),
    }[outcome]
    given: dict[str, Any] = {
        "year": 2026,
        "nomination": THE_NOMINATION,
        "rows": rows,
        "requirements": len(rows),
        "fitting": sum(row.result == "sesuai" for row in rows),
        "differing": sum(row.result == "tidak_sesuai" for row in rows),
        "outcome": outcome,
        "second_name": "Teuku Umar, S.H." if outcome == "tidak_lolos" else "",
        "second_position": "Pemeriksa kedua" if outcome == "tidak_lolos" else "",
    }
    return kinds.ScreeningSheet(**{**given, **changed})


def a_repair_request(**changed: Any) -> kinds.RepairRequest:
    given: dict[str, Any] = {
        "year": 2026,
        "nomination": THE_NOMINATION,
        "repairs": (
            kinds.Repair("SK sentra", "Halaman kedua tidak terbaca.", "Pindai ulang seluruh halaman."),
            kinds.Repair("Foto produk", "Hanya satu foto.", "Tambahkan dua foto dari sisi lain."),
        ),
        "due": datetime(2026, 3, 27, 23, 59, tzinfo=WIB),
        "lapses": True,
    }
    return kinds.RepairRequest(**{**given, **changed})


def a_refusal(**changed: Any) -> kinds.RefusalNotice:
    given: dict[str, Any] = {
        "year": 2026,
        "nomination": THE_NOMINATION,
        "sheet_number": "LS-2026-0007",
        "sheet_date": date(2026, 3, 12),
        "differing": 2,
        "reasons": (
            kinds.Reason("SK sentra", "sentra tidak ditetapkan dengan keputusan bupati", _BASIS),
            kinds.Reason("NIB", "nomor tidak terdaftar pada OSS", _BASIS),
        ),
        "objection_until": datetime(2026, 3, 27, 23, 59, tzinfo=WIB),
        "answer_days": 5,
    }
    return kinds.RefusalNotice(**{**given, **changed})


def an_answer(**changed: Any) -> kinds.ObjectionAnswer:
    given: dict[str, Any] = {
        "year": 2026,
        "nomination": THE_NOMINATION,
        "objection_number": "S-2026-3205-001",
        "objection_date": date(2026, 3, 11),
        "verdict": "diterima",
        "considerations": (
            kinds.Consideration("SK sentra", "keputusan bupati yang dilampirkan memuat sentra ini"),
        ),
        "becomes_eligible": True,
        "refused_by": 1,
        "answered_by": 2,
    }
    return kinds.ObjectionAnswer(**{**given, **changed})


ALL = {
    "surat_usulan": a_proposal,
    "berita_acara_provinsi": province_minutes,
    "surat_pengantar": a_cover_letter,
    "lembar_seleksi": a_sheet,
    "permintaan_perbaikan": a_repair_request,
    "tidak_lolos": a_refusal,
    "jawaban_sanggah": an_answer,
}
