"""What a decree orders, KESATU onwards, by its kind (documents.md 7 and 9)."""

from letters import wording

from .decree_names import named, of
from .models import Decree


def dicta_of(decree: Decree) -> list[tuple[str, str]]:
    """Return (the diktum's word, what it says), without a gap."""
    said = _BY_KIND[Decree.Kind(decree.kind)](decree, of(decree.level).short)
    return [(wording.diktum(n), words) for n, words in enumerate(said, start=1)]


def _of_establishing(decree: Decree, short: str) -> list[str]:
    return [
        f"Menetapkan {wording.counted(len(decree.annex))} penerima Penghargaan One Village One Product Tahun "
        f"{decree.round_id} beserta klasifikasi bintangnya sebagaimana tercantum dalam Lampiran yang merupakan bagian "
        f"tidak terpisahkan dari {short} ini.",
        "Penerima sebagaimana dimaksud dalam Diktum KESATU diberi piagam penghargaan.",
        "Penerima dengan bintang tiga atau lebih dapat mencantumkan bintang pada kemasan produk yang ditetapkan.",
        "Pembinaan dilaksanakan oleh a. Kementerian Perindustrian untuk bintang empat dan bintang lima; b. pemerintah "
        "provinsi untuk bintang tiga; dan c. pemerintah kabupaten/kota untuk bintang satu dan bintang dua.",
        "Penghargaan dievaluasi pada periode berikutnya dan dapat dicabut sesuai dengan ketentuan peraturan "
        "perundang-undangan.",
        *([_valid(decree)] if decree.valid_until else []),
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


def _valid(decree: Decree) -> str:
    assert decree.valid_until is not None  # noqa: S101 - asked by the caller
    return f"Penghargaan berlaku sampai dengan {wording.plain_date(decree.valid_until)}."


def _of_changing(decree: Decree, short: str) -> list[str]:
    first = named(decree.changes) if decree.changes else ""
    return [
        f"Mengubah {wording.counted(len(decree.annex))} penetapan dalam Lampiran {first} sebagaimana tercantum dalam "
        f"Lampiran yang merupakan bagian tidak terpisahkan dari {short} ini.",
        "Piagam atas bintang yang berubah diganti, dan piagam yang lama dinyatakan tidak berlaku sejak hasil ini diumumkan.",
        f"Penetapan lain dalam {first} tetap berlaku.",
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


def _of_revoking(decree: Decree, short: str) -> list[str]:
    row, first = decree.annex[0], named(decree.changes) if decree.changes else ""
    numbers = ", ".join(row["numbers"])
    return [
        f"Mencabut Penghargaan One Village One Product Tahun {decree.round_id} atas nama {row['ikm_name']} dengan produk "
        f"{row['product_name']} sebagaimana tercantum dalam Lampiran nomor urut {row['position']} {first}.",
        *([f"Piagam Nomor {numbers} dinyatakan tidak berlaku."] if numbers else []),
        "Penerima menghentikan pencantuman bintang pada kemasan paling lambat "
        f"{wording.counted(row['packaging_days'])} hari kalender sejak {short} ini ditetapkan.",
        f"{short} ini mulai berlaku pada tanggal ditetapkan.",
    ]


_BY_KIND = {
    Decree.Kind.ESTABLISHING: _of_establishing,
    Decree.Kind.CHANGING: _of_changing,
    Decree.Kind.REVOKING: _of_revoking,
}
