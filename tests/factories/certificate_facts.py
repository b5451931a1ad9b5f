"""Facts of certificates: complete, consistent, and obviously of nobody."""

import hashlib
from datetime import date
from typing import Any

from awards.certificate_page import Facts
from awards.certificate_text import canonical_json

RECORDED = {
    "number": "number",
    "code": "code",
    "ikm_name": "ikm",
    "product_name": "product",
    "place_name": "regency",
    "province_name": "province",
    "round_year": "round",
    "star": "star",
    "maximum_star": "maximum_star",
    "decree_number": "decree_number",
    "is_example": "is_example",
}
LONG_NAME = "Koperasi Produsen Perempuan Pengrajin Gerabah dan Keramik Hias Siau Sejahtera Jaya Bersama"
LONG_PLACE = "Kabupaten Kepulauan Siau Tagulandang Biaro"


def certificate_facts(**changes: Any) -> Facts:
    """Facts with `changes`; record, fingerprint and address follow them unless given."""
    facts: dict[str, Any] = {
        "number": "OVOP/2018/0007",
        "code": "7K3MQ9XD2PTA8WHN",
        "ikm_name": "Tenun Antik Hj. Fatimah Sayuthi",
        "product_name": "Kain tenun Pandai Sikek",
        "commodity_name": "Kain tenun",
        "commodity_name_en": "woven fabric",
        "ornament": "tenun",
        "place_name": "Kabupaten Tanah Datar",
        "province_name": "Sumatera Barat",
        "round_year": 2018,
        "star": 4,
        "maximum_star": 5,
        "decree_number": "14",
        "decree_year": 2018,
        "decree_date": date(2018, 3, 13),
        "issued_place": "Jakarta",
        "issued_date": date(2018, 3, 14),
        "signatory_office": "Menteri Perindustrian Republik Indonesia",
        "signatory_name": "NAMA PEJABAT CONTOH",
        "instrument": "Kain tenun versi 3",
        "host": "ovop.example",
        "is_example": False,
        "is_preview": False,
        **changes,
    }
    record = {key: facts[name] for name, key in RECORDED.items()}
    record["decree_date"] = facts["decree_date"].isoformat()
    facts.setdefault("record", record)
    facts.setdefault("fingerprint", hashlib.sha256(canonical_json(facts["record"])).hexdigest())
    facts.setdefault("verify_url", f"https://{facts['host']}/verifikasi/{facts['code']}/")
    return Facts(**facts)
