"""
The published as open data: one row for each award, the same fields in the API and in every file.

FIELDS is the whole of it. Nothing personal is among them, and a test holds every way out against this list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.sent_numbers import number_in
from awards.models import Award, AwardQuerySet

from . import figures, tallies
from .models import LastChange

LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
PUBLISHER = "Kementerian Perindustrian Republik Indonesia"

FIELDS: dict[str, Promise] = {
    "id": gettext_lazy("Pengenal tetap penghargaan; tidak pernah dipakai ulang."),
    "product": gettext_lazy("Nama produk seperti ditetapkan."),
    "ikm": gettext_lazy("Nama IKM seperti ditetapkan."),
    "commodity": gettext_lazy("Kode kelompok komoditas."),
    "regency_code": gettext_lazy("Kode kabupaten/kota (Kepmendagri)."),
    "regency": gettext_lazy("Nama kabupaten/kota seperti ditetapkan."),
    "province_code": gettext_lazy("Kode provinsi (Kepmendagri)."),
    "province": gettext_lazy("Nama provinsi seperti ditetapkan."),
    "round": gettext_lazy("Tahun periode."),
    "star": gettext_lazy("Bintang yang berlaku."),
    "star_as_decreed": gettext_lazy("Bintang menurut SK penetapan."),
    "changed_by": gettext_lazy("Nomor SK terakhir yang mengubahnya; kosong bila tidak ada."),
    "maximum_star": gettext_lazy("Bintang tertinggi pada periode itu."),
    "decree_number": gettext_lazy("Nomor SK penetapan."),
    "decree_date": gettext_lazy("Tanggal SK penetapan."),
    "revoked": gettext_lazy("Benar bila penetapannya dicabut."),
    "example": gettext_lazy("Benar untuk data contoh: bukan penghargaan resmi."),
    "note": gettext_lazy("Catatan; “data contoh” untuk data contoh."),
    "url": gettext_lazy("Alamat halaman produk."),
}
# What a row is made of: a decree carries its whole annex, and an award the reason for which it was revoked.
_READ = (
    "slug", "product_name", "ikm_name", "group", "regency_name", "province_name", "star", "star_in_force",
    "maximum_star", "revoked_at", "regency__province", "regency__lat", "regency__lon", "decree__number",
    "decree__date", "decree__round__is_example",
)  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """Which of the published awards: by province, commodity group, round and star in force; "" or None for all."""

    province: str = ""
    commodity: str = ""
    round: int | None = None
    star: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Selection:
        """What cannot be read is a value that no award has, so that a mistyped filter never gives more than asked for."""
        return cls(
            province=_code(query.get("provinsi", "")),
            commodity=_code(query.get("komoditas", "")),
            round=_number(query.get("tahun", "")),
            star=_number(query.get("bintang", "")),
        )

    def count(self) -> int:
        """How many awards these are: those that stand from what is kept of them (tallies.py), the few revoked counted."""
        kept = tallies.standing(province=self.province, group=self.commodity, year=self.round, star=self.star)
        return kept + self.awards().filter(revoked_at__isnull=False).count()

    def awards(self) -> AwardQuerySet:
        chosen = {
            "regency__province": self.province or None,
            "group": self.commodity or None,
            "decree__round": self.round,
            "star_in_force": self.star,
        }
        found = Award.objects.published().select_related("regency", "decree__round").only(*_READ)
        return found.filter(**{name: value for name, value in chosen.items() if value is not None}).order_by(
            "pk"
        )


_NOBODYS = "-"


def _code(text: str) -> str:
    text = text.strip()
    return (
        text
        if text.replace("_", "").isalnum() and text.isascii() and len(text) <= 40
        else _NOBODYS
        if text
        else ""
    )


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    return number_in(text, at_most=9999) or 0


def row(award: Award, changed_by: Mapping[int, str]) -> dict[str, Any]:
    """One award in the fields of FIELDS, in their order."""
    return {
        "id": award.slug,
        "product": award.product_name,
        "ikm": award.ikm_name,
        "commodity": award.group_id,
        "regency_code": award.regency_id,
        "regency": award.regency_name,
        "province_code": award.regency.province_id,
        "province": award.province_name,
        "round": award.decree.round_id,
        "star": award.star_in_force,
        "star_as_decreed": award.star,
        "changed_by": changed_by.get(award.pk, ""),
        "maximum_star": award.maximum_star,
        "decree_number": award.decree.number,
        "decree_date": award.decree.date,
        "revoked": award.revoked_at is not None,
        "example": award.is_example,
        "note": "data contoh" if award.is_example else "",
        "url": f"{settings.PORTAL_URL}/katalog/{award.slug}/",
    }


def rows(awards: Iterable[Award]) -> list[dict[str, Any]]:
    """All of them, the decrees that changed them asked for once."""
    listed = list(awards)
    changed_by = figures.last_changes(listed)
    return [row(award, changed_by) for award in listed]


def as_lines(awards: Iterable[Award]) -> Iterator[list[Any]]:
    """The rows of the CSV file: yes and no in words, dates as they are stored."""
    for one in rows(awards):
        yield [
            {True: "ya", False: "tidak"}.get(value, value) if isinstance(value, bool) else value
            for value in one.values()
        ]


def as_features(awards: Iterable[Award]) -> dict[str, Any]:
    """GeoJSON (RFC 7946): each award at the point inside its kabupaten or kota."""
    listed = list(awards)
    return {
        "type": "FeatureCollection",
        "licence": LICENCE_URL,
        "features": [
            {
                "type": "Feature",
                "id": properties["id"],
                "geometry": {
                    "type": "Point",
                    "coordinates": [float(award.regency.lon), float(award.regency.lat)],
                },
                "properties": properties,
            }
            for award, properties in zip(listed, rows(listed), strict=True)
        ],
    }


def changed_at() -> datetime:
    """When anything published last changed."""
    at: datetime = LastChange.objects.values_list("at", flat=True).get(pk=1)
    return at


def description(
    *, at: datetime, files: Mapping[str, str], page: str, api: str, first: date | None
) -> dict[str, Any]:
    """
    The data set as DCAT 3 (JSON-LD). files: media type -> path; page, api: paths; first: the day of the oldest decree.
    """
    whole = settings.PORTAL_URL
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"{whole}{page}",
        "@type": "dcat:Catalog",
        "dct:title": _in_both("Data terbuka OVOP Indonesia", "Open data of OVOP Indonesia"),
        "dct:publisher": _publisher(),
        "dcat:dataset": {
            **_dataset(f"{whole}{page}", at=at, first=first),
            "dcat:distribution": [
                *(_download(whole + path, kind) for kind, path in files.items()),
                _service(f"{whole}{api}"),
            ],
        },
    }


def _dataset(landing_page: str, *, at: datetime, first: date | None) -> dict[str, Any]:
    return {
        "@id": f"{landing_page}#penghargaan",
        "@type": "dcat:Dataset",
        "dct:identifier": "ovop-penghargaan",
        "dct:title": _in_both(
            "Penerima penghargaan One Village One Product",
            "Recipients of the One Village One Product award",
        ),
        "dct:description": {
            "@language": "id",
            "@value": "Penghargaan yang sudah diumumkan, satu baris tiap produk.",
        },
        "dct:license": {"@id": LICENCE_URL},
        "dct:publisher": _publisher(),
        "dct:language": "id",
        "dct:spatial": {"@id": "https://www.geonames.org/1643084/"},
        "dct:modified": {"@type": "xsd:dateTime", "@value": at.isoformat()},
        **({"dct:issued": {"@type": "xsd:date", "@value": first.isoformat()}} if first else {}),
        "dcat:keyword": ["OVOP", "IKM", "penghargaan", "sentra"],
        "dcat:landingPage": {"@id": landing_page},
    }


def _download(address: str, media_type: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
        "dct:license": {"@id": LICENCE_URL},
    }


def _service(address: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": address},
        "dcat:accessService": {"@type": "dcat:DataService", "dcat:endpointURL": {"@id": address}},
        "dct:license": {"@id": LICENCE_URL},
    }


def _in_both(indonesian: str, english: str) -> list[dict[str, str]]:
    return [{"@language": "id", "@value": indonesian}, {"@language": "en", "@value": english}]


def _publisher() -> dict[str, Any]:
    return {"@type": "foaf:Organization", "foaf:name": PUBLISHER}
