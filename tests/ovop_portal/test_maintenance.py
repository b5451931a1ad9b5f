"""A portal under repair says so on every page, and to machines too."""

import pytest
from django.test import Client

from ovop_portal import maintenance


@pytest.fixture
def sign(monkeypatch, tmp_path):
    at = maintenance.Maintenance.__init__

    def here(self, get_response):
        at(self, get_response)
        self.sign = tmp_path / "perawatan"

    monkeypatch.setattr(maintenance.Maintenance, "__init__", here)
    return tmp_path / "perawatan"


@pytest.mark.django_db
def test_while_the_sign_is_up_every_page_says_so_and_asks_to_come_back(sign):
    client = Client()
    assert client.get("/").status_code == 200
    sign.write_text("Selesai pukul 21.00 WIB. <b>Terima kasih</b>", encoding="utf-8")
    for address in ("/", "/en/katalog/", "/masuk/", "/api/v1/awards", "/tidak/ada/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
            503,
            "300",
            "no-store",
        )
        html = answer.content.decode()
        assert "Portal sedang tidak dapat dipakai" in html
        assert "Selesai pukul 21.00 WIB. &lt;b&gt;" in html
    sign.unlink()
    assert client.get("/").status_code == 200


def test_it_asks_no_server_and_the_health_addresses_go_on(sign):
    sign.touch()
    client = Client()
    assert client.get("/katalog/").status_code == 503  # without the database: this test has none
    assert client.get("/healthz").status_code == 200
