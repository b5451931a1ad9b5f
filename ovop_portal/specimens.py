"""Every partial of templates/partials with the parameters of each of its states: for the gallery and for the tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

CLOSES_AT = datetime(2026, 3, 13, 16, 59, tzinfo=UTC)
LONG_PLACE = "Kabupaten Kepulauan Siau Tagulandang Biaro"
LONG_IKM = "Kelompok Usaha Bersama Industri Rumah Tangga Anyaman Ketak Mekar Sejahtera Lombok Barat Raya"
LONG_PRODUCT = "Dodol cokelat rasa nangka dengan kemasan anyaman bambu isi dua puluh empat"


@dataclass(frozen=True)
class Specimen:
    """One partial with the parameters of one state."""

    partial: str
    state: str
    parameters: dict[str, Any]

    @property
    def drawn(self) -> SafeString:
        """The partial as a page sees it that includes it with `only`."""
        return SafeString(get_template(f"partials/{self.partial}.html").render(self.parameters))


class SpecimenForm(forms.Form):
    nib = forms.CharField(label="NIB", help_text="13 angka, lihat dokumen OSS.")
    product = forms.CharField(label="Nama produk")
    commodity = forms.ChoiceField(
        label="Kelompok komoditas",
        choices=[("", "Pilih kelompok"), ("anyaman", "Anyaman"), ("gerabah", "Gerabah")],
    )
    story = forms.CharField(label="Cerita produk", widget=forms.Textarea, required=False)
    verdict = forms.ChoiceField(
        label="Apakah dokumen ini sesuai?",
        widget=forms.RadioSelect,
        choices=[("ya", "Sesuai"), ("tidak", "Tidak sesuai"), ("ragu", "Belum dapat dipastikan")],
    )
    consent = forms.BooleanField(label="IKM menyetujui datanya ditampilkan kepada masyarakat")
    secret = forms.CharField(label="Kata sandi", widget=forms.PasswordInput)
    paper = forms.FileField(
        label="Berkas SK sentra", required=False, help_text="PDF, JPG, PNG, atau WebP, paling besar 20 MB."
    )

    def clean_nib(self) -> str:
        nib = self.cleaned_data["nib"]
        if len(nib) != 13:
            raise forms.ValidationError(
                f"NIB harus 13 angka; Anda mengisi {len(nib)}. Isian lain tersimpan. Lihat NIB pada dokumen OSS."
            )
        return nib


class FilterForm(forms.Form):
    cari = forms.CharField(label="Cari", required=False)
    komoditas = forms.ChoiceField(
        label="Komoditas", choices=[("", "Semua"), ("batik", "Kain batik")], required=False
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Alasan", widget=forms.Textarea, help_text="Dibaca oleh dinas dan provinsi."
    )


def wrong_form() -> SpecimenForm:
    return SpecimenForm(
        {"nib": "912010203040", "product": LONG_PRODUCT, "commodity": "anyaman", "consent": "on"}
    )


def specimens() -> Iterator[Specimen]:
    """Yield every partial in each of its states."""
    groups = (
        _headings, _states, _tasks, _files, _steps_and_history, _tables, _pages_and_filters, _messages, _scores, _evidence,
        _maps,
        _charts,
    )  # fmt: skip
    for group in groups:
        yield from group()


def _headings() -> Iterator[Specimen]:
    path = [{"label": "Beranda", "url": "/"}, {"label": "Katalog", "url": "/katalog/"}]
    yield Specimen("breadcrumb", "dua tingkat", {"items": path})
    yield Specimen("back_link", "satu tingkat", {"url": "/masuk/", "label": "Masuk"})
    yield Specimen(
        "page_header",
        "lengkap",
        {
            "title": LONG_IKM,
            "lead": f"{LONG_PRODUCT}, {LONG_PLACE}",
            "breadcrumb": path,
            "action": {"label": "Buat usulan", "url": "#"},
            "status": {"state": "returned"},
        },
    )
    yield Specimen("page_header", "judul saja", {"title": "Usulan periode 2026"})


def _states() -> Iterator[Specimen]:
    from nominations.models import State

    for state in State.values:
        yield Specimen("status_badge", state, {"state": state})
    yield Specimen("status_badge", "kata sendiri", {"state": "Terlambat 12 hari", "tone": "galat"})
    for earned, maximum in ((0, 5), (1, 5), (4, 5), (5, 5), (2, 3)):
        yield Specimen("stars", f"{earned} dari {maximum}", {"earned": earned, "maximum": maximum})
    yield Specimen("stars", "24 px dengan tahun", {"earned": 4, "maximum": 5, "size": 24, "year": 2018})
    yield Specimen("stars", "40 px", {"earned": 5, "maximum": 5, "size": 40})
    for name, before in (
        ("hari", timedelta(days=4, hours=3)),
        ("jam", timedelta(hours=31)),
        ("menit", timedelta(seconds=2500)),
    ):
        yield Specimen(
            "deadline",
            name,
            {
                "instant": CLOSES_AT,
                "label": "Pengusulan ditutup",
                "viewer_zone": "",
                "at": CLOSES_AT - before,
            },
        )
    yield Specimen(
        "deadline",
        "pembaca di WIT",
        {
            "instant": CLOSES_AT,
            "label": "Pengusulan ditutup",
            "viewer_zone": "Asia/Jayapura",
            "at": CLOSES_AT - timedelta(days=4),
        },
    )
    yield Specimen(
        "deadline",
        "lewat",
        {
            "instant": CLOSES_AT,
            "label": "Pengusulan ditutup",
            "past_label": "Pengusulan sudah ditutup",
            "past_text": "Draf tetap dapat dibaca, tetapi tidak dapat dikirim.",
            "viewer_zone": "",
            "at": CLOSES_AT,
        },
    )
    for state in ("idle", "saving", "saved", "device", "failed"):
        yield Specimen("save_state", state, {"state": state, "time": CLOSES_AT if state == "saved" else None})


def _tasks() -> Iterator[Specimen]:
    yield Specimen(
        "task_list",
        "formulir usulan",
        {
            "groups": [
                {
                    "title": "Siapkan usulan",
                    "tasks": [
                        {"name": "Sentra dan IKM", "hint": LONG_IKM, "url": "#", "state": "done"},
                        {
                            "name": "Produk",
                            "hint": "",
                            "url": "#",
                            "state": "partial",
                            "text": "Belum lengkap: 2 isian",
                        },
                        {
                            "name": "Dokumen legalitas",
                            "hint": "",
                            "url": "#",
                            "state": "returned",
                            "text": "Perlu perbaikan: 3 catatan",
                        },
                        {"name": "Cerita dan foto", "hint": "", "url": "#", "state": "empty"},
                    ],
                },
                {
                    "title": "Kirim",
                    "tasks": [
                        {"name": "Periksa jawaban", "hint": "", "url": "#", "state": "current"},
                        {
                            "name": "Kirim usulan",
                            "hint": "Setelah semua bagian lengkap",
                            "url": None,
                            "state": "locked",
                        },
                    ],
                },
            ]
        },
    )


def _files() -> Iterator[Specimen]:
    for state in ("waiting", "sending", "stopped", "checking", "accepted", "refused"):
        yield Specimen(
            "file_row",
            state,
            {
                "name": "sk-sentra-anyaman-ketak-kabupaten-lombok-barat-tahun-2019-halaman-lengkap.pdf",
                "kind": "SK sentra",
                "size": 4_613_734,
                "sent": 1_983_905,
                "state": state,
                "url": "#" if state == "accepted" else "",
                "detail": "Berkas ini bukan PDF, JPG, PNG, atau WebP dan tidak disimpan. Pilih berkas lain."
                if state == "refused"
                else "",
                "actions": [{"label": "Lanjutkan unggahan", "url": "#"}] if state == "stopped" else [],
            },
        )


def _steps_and_history() -> Iterator[Specimen]:
    steps = [{"label": text, "url": "#"} for text in ("Sentra dan IKM", "Produk", "Dokumen legalitas")]
    steps += [{"label": text, "url": ""} for text in ("Cerita dan foto", "Periksa jawaban", "Kirim")]
    for current in (1, 3, 6):
        yield Specimen("step_nav", f"bagian {current}", {"current": current, "steps": steps})
    yield Specimen(
        "timeline",
        "dikembalikan, lalu dikirim lagi",
        {
            "visible_to": "Terlihat oleh dinas dan provinsi.",
            "events": [
                {
                    "time": CLOSES_AT,
                    "who": "Dr. Ir. Hj. Siti Aminah, S.E., M.M.",
                    "from": "returned",
                    "to": "submitted",
                    "reason": "",
                },
                {
                    "time": CLOSES_AT - timedelta(days=2),
                    "who": "Made Wirawan, Dinas Perindustrian Provinsi Nusa Tenggara Barat",
                    "from": "submitted",
                    "to": "returned",
                    "reason": "Masa berlaku SPP-IRT tidak terbaca.\n\nUnggah pindaian yang lebih jelas.",
                },
                {"time": CLOSES_AT - timedelta(days=3), "who": "", "from": "", "to": "draft", "reason": ""},
            ],
        },
    )


def _tables() -> Iterator[Specimen]:
    columns = [
        {"label": "IKM", "key": "ikm"},
        {"label": "Kabupaten/kota", "key": "daerah"},
        {"label": "Status"},
        {"label": "Bintang"},
        {"label": "Menunggu (hari)", "key": "hari", "numeric": True},
    ]
    rows = [
        [
            {"text": name, "url": "#", "note": product},
            place,
            {"status": {"state": state}},
            {"stars": {"earned": star, "maximum": 5}},
            days,
        ]
        for name, product, place, state, star, days in (
            (LONG_IKM, "Tas ketak", LONG_PLACE, "submitted", 4, 12),
            ("PT Tama Cokelat Indonesia", "Dodol cokelat", "Kabupaten Garut", "awarded", 5, 1204),
            ("Batik Winotosastro", "Batik tulis", "Kota Yogyakarta", "returned", 3, 0),
        )
    ]
    yield Specimen(
        "data_table",
        "diurutkan, berhalaman, dengan jumlah",
        {
            "caption": "Usulan yang menunggu",
            "columns": columns,
            "rows": rows,
            "sort": {"key": "hari", "descending": True},
            "query": QueryDict("q=batik&halaman=2"),
            "page": Paginator(range(112), 24).page(2),
            "totals": ["Jumlah", "", "", "", format_html("{}", "1.216")],
        },
    )
    yield Specimen(
        "data_table",
        "kosong",
        {"caption": "Usulan", "columns": columns, "rows": [], "empty": "Semua usulan sudah Anda tinjau."},
    )


def _pages_and_filters() -> Iterator[Specimen]:
    yield Specimen("table_cell", "teks", {"cell": {"text": "Kabupaten Garut"}})
    for page, pages, total in ((1, 1, 3), (1, 5, 112), (3, 5, 112), (5, 5, 112), (20, 40, 950)):
        yield Specimen("pagination", f"{page} dari {pages}", {"page": page, "pages": pages, "total": total})
    yield Specimen(
        "filter_bar",
        "dengan dua saringan",
        {
            "fields": FilterForm({"cari": "batik", "komoditas": "batik"}),
            "active": [{"label": "Kain batik", "url": "#"}, {"label": LONG_PLACE, "url": "#"}],
            "clear_url": "#",
            "kept": [("urut", "-hari")],
        },
    )
    yield Specimen("filter_bar", "tanpa saringan", {"fields": FilterForm(), "active": [], "clear_url": "#"})
    options = [
        {"value": "71", "label": "Sulawesi Utara", "count": 12, "active": True},
        {"value": "53", "label": "Nusa Tenggara Timur", "count": 1204, "active": False},
    ]
    yield Specimen(
        "facet",
        "terbuka",
        {"title": "Provinsi", "name": "provinsi", "options": options, "open": True, "clear_url": "#"},
    )
    yield Specimen("facet", "tertutup", {"title": "Tahun", "name": "tahun", "options": options})


def _messages() -> Iterator[Specimen]:
    for tone in ("info", "hati", "baik", "galat", "netral"):
        yield Specimen(
            "notice",
            tone,
            {
                "tone": tone,
                "title": "Penetapan ini dicabut",
                "text": "Dicabut pada 13 Maret 2026 dengan SK 12 Tahun 2026.",
            },
        )
    yield Specimen(
        "notice",
        "tanpa judul",
        {"tone": "info", "title": "", "text": "Tersimpan.", "action": {"label": "Buka usulan", "url": "#"}},
    )
    yield Specimen("toast", "dapat diurungkan", {"text": "Usulan dipindahkan.", "undo_url": "#"})
    yield Specimen("error_summary", "tiga isian", {"form": wrong_form()})
    yield Specimen(
        "empty_state",
        "dengan tindakan",
        {
            "title": "Belum ada usulan untuk periode ini.",
            "text": "Siapkan SK sentra, NIB, izin, dan foto. Sekitar 45 menit, dapat dijeda kapan saja.",
            "action": {"label": "Buat usulan", "url": "#"},
        },
    )
    yield Specimen(
        "empty_state", "selesai", {"title": "Semua usulan sudah Anda tinjau.", "text": "", "action": ""}
    )
    for danger in (False, True):
        yield Specimen(
            "confirm_dialog",
            "berbahaya" if danger else "biasa",
            {
                "id": f"confirm-{danger}".lower(),
                "title": "Cabut penghargaan ini?" if danger else "Teruskan usulan ini ke Kementerian?",
                "consequence": "Halaman produk tetap ada dan menyebut pencabutan ini. Masyarakat langsung melihatnya.",
                "reason_field": ReasonForm()["reason"] if danger else "",
                "confirm_label": "Cabut penghargaan" if danger else "Teruskan ke Kementerian",
                "danger": danger,
                "action": "#",
                "csrf_token": "contoh",
                "cancel_url": "#",
                "full_page": True,
                "hidden": [("version", "3")],
            },
        )
    for done in (0, 47, 112):
        yield Specimen(
            "progress", f"{done} dari 112", {"done": done, "total": 112, "label": "piagam selesai"}
        )


def _scores() -> Iterator[Specimen]:
    yield Specimen("exact_number", "dibulatkan", {"fraction": Fraction(247, 3)})
    yield Specimen("exact_number", "tepat", {"fraction": Fraction(165, 2)})
    indicator = {
        "code": "A1",
        "number": 1,
        "text": "Asal bahan baku utama",
        "hint": "Bandingkan dengan bukti pembelian.",
    }
    levels = [
        {"score": 1, "text": "Kurang dari 80% bahan baku lokal"},
        {"score": 2, "text": "80% bahan baku lokal atau lebih"},
        {"score": 3, "text": "Seluruhnya bahan baku lokal"},
    ]
    yield Specimen(
        "score_ladder",
        "belum diisi",
        {"indicator": indicator, "levels": levels, "value": None, "locked": False},
    )
    yield Specimen(
        "score_ladder",
        "terisi, ditandai",
        {
            "indicator": {**indicator, "code": "A2", "number": 2},
            "levels": levels,
            "value": 3,
            "locked": False,
            "flag": "Penilai berbeda lebih dari setengah",
        },
    )
    yield Specimen(
        "score_ladder",
        "kurang",
        {
            "indicator": {**indicator, "code": "A3", "number": 3},
            "levels": levels,
            "value": None,
            "locked": False,
            "problem": "Indikator 3 belum diisi. Pilih satu tingkat.",
        },
    )
    yield Specimen(
        "score_ladder",
        "terkunci",
        {"indicator": {**indicator, "code": "A4", "number": 4}, "levels": levels, "value": 2, "locked": True},
    )


def _evidence() -> Iterator[Specimen]:
    items = [
        {
            "title": "Nota pembelian kakao, Februari 2026",
            "kind": "Dokumen",
            "url": "#",
            "text": "",
            "image": "",
            "alt": "",
        },
        {
            "title": "Asal bahan baku",
            "kind": "Jawaban",
            "url": "",
            "text": "Kakao dari Garut Selatan, 92%.",
            "image": "",
            "alt": "",
        },
    ]
    yield Specimen("evidence", "dengan sematan", {"items": items, "pinned": items[:1]})
    yield Specimen("evidence", "kosong", {"items": [], "pinned": []})


_PROVINCES = (
    ("19", "Kepulauan Bangka Belitung", 25),
    ("32", "Jawa Barat", 14),
    ("34", "DI Yogyakarta", 11),
    ("52", "Nusa Tenggara Barat", 9),
    ("13", "Sumatera Barat", 6),
    ("51", "Bali", 4),
    ("71", "Sulawesi Utara", 3),
    ("64", "Kalimantan Timur", 2),
    ("94", "Papua", 1),
    ("11", "Aceh", 0),
)


def _maps() -> Iterator[Specimen]:
    yield Specimen(
        "province_map",
        "sepuluh provinsi",
        {
            "values": [
                {"code": code, "label": name, "value": value, "url": "#" if value else ""}
                for code, name, value in _PROVINCES
            ],
            "unit": "produk",
            "caption": "Produk yang ditetapkan, menurut provinsi",
            "table_id": "peta-provinsi",
        },
    )
    lombok = {"code": "5201", "label": "Kabupaten Lombok Barat", "value": 4, "lat": -8.7, "lon": 116.1}
    mataram = {"code": "5271", "label": "Kota Mataram", "value": 1, "lat": -8.6, "lon": 116.1}
    yield Specimen(
        "province_map",
        "dengan kabupaten dan kota",
        {
            "values": [{"code": "52", "label": "Nusa Tenggara Barat", "value": 5, "url": "#"}],
            "places": [{**lombok, "url": "#"}, {**mataram, "url": "#"}],
            "unit": "produk",
            "caption": "Produk yang ditetapkan di satu provinsi",
            "table_id": "peta-kota",
        },
    )


def _charts() -> Iterator[Specimen]:
    yield Specimen(
        "bar_chart",
        "per tahun",
        {
            "values": [
                {"label": "2013", "value": 38},
                {"label": "2015", "value": 110},
                {"label": "2018", "value": 112},
            ],
            "unit": "IKM",
            "caption": "IKM yang ditetapkan, menurut tahun",
            "table_id": "ikm-per-tahun",
            "label_heading": "Tahun",
        },
    )
