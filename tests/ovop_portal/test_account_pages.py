"""The pages of signing in, as allauth fills them: every one opens, speaks Indonesian, and leads on."""

import re

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from accounts.models import Person

PASSWORD = "tiga-ekor-kambing-di-ladang"
ENGLISH = re.compile(
    r"\b(sign|password|your|please|code|codes|recovery|authenticator app|email address)\b", re.IGNORECASE
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    Person.objects.create_user("siti@ovop.example", PASSWORD, name="Siti Aminah")
    answer = client.post("/masuk/", {"login": "siti@ovop.example", "password": PASSWORD})
    assert answer.status_code == 302
    # What guards the account asks for the password once more.
    assert client.post("/masuk/ulang/?next=/beranda/", {"password": PASSWORD}).status_code == 302
    return client


def opened(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get('Location', '')}"
    html = answer.content.decode()
    words = re.sub(r"<[^>]*>", " ", html[html.index("<main") : html.index("</main>")])
    assert not ENGLISH.search(words), ENGLISH.search(words)
    assert html.count("<h1") == 1
    return html


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/masuk/", "Akun dibuat oleh admin provinsi atau Kementerian."),
        ("/masuk/lupa/", "Kirim tautan"),
        ("/masuk/lupa/terkirim/", "Periksa juga folder spam."),
        ("/masuk/lupa/selesai/", "Masuk dengan kata sandi yang baru."),
        ("/masuk/lupa/x-tidak-ada/", "Minta tautan baru"),
        ("/masuk/tidak-aktif/", "Data yang pernah Anda kirim tetap tersimpan."),
    ],
)
def test_a_page_for_whoever_is_not_in_opens(client, address, words):
    assert words in opened(client, address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/keluar/", "Keluar dari portal?"),
        ("/masuk/kata-sandi/", "Kata sandi sekarang"),
        ("/masuk/ulang/", "Pastikan ini Anda"),
        ("/masuk/faktor-kedua/atur/", "Belum aktif."),
        ("/masuk/faktor-kedua/atur/aplikasi/", "Pindai kode QR ini"),
    ],
)
def test_a_page_of_the_own_account_opens(signed_in, address, words):
    assert words in opened(signed_in, address)


def test_a_working_page_knows_when_the_sign_in_ends(signed_in):
    html = opened(signed_in, "/beranda/")
    session = signed_in.session.model.objects.get()
    assert f'data-session-ends="{int(session.expire_date.timestamp())}"' in html
    assert 'id="session-dialog"' in html


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(client):
    Person.objects.create_user("siti@ovop.example", PASSWORD, name="Siti Aminah")
    answer = client.post("/masuk/lupa/", {"email": "siti@ovop.example"}, follow=True)
    assert "Periksa email Anda" in answer.content.decode()
    (address,) = re.findall(r"(/masuk/lupa/\S+-\S+/)", mail.outbox[0].body)
    answer = client.get(address, follow=True)
    html = answer.content.decode()
    assert "Kata sandi baru, sekali lagi" in html
    assert html.count("data-password") == 2
    fresh = "empat-ekor-sapi-di-sawah"
    answer = client.post(answer.redirect_chain[-1][0], {"password1": fresh, "password2": fresh}, follow=True)
    assert "Kata sandi tersimpan" in answer.content.decode()
    assert Person.objects.get().check_password(fresh)


def test_a_second_factor_is_set_up_used_and_backed_by_codes(signed_in):
    html = opened(signed_in, "/masuk/faktor-kedua/atur/aplikasi/")
    secret = re.search(r'<code class="angka">([A-Z2-7]+)</code>', html)[1]
    code = _code_now(secret)
    answer = signed_in.post("/masuk/faktor-kedua/atur/aplikasi/", {"code": code}, follow=True)
    assert answer.status_code == 200
    assert "10 dari 10 kode belum dipakai" in opened(signed_in, "/masuk/faktor-kedua/kode-cadangan/")
    assert "Kode yang lama tidak berlaku lagi." in opened(
        signed_in, "/masuk/faktor-kedua/kode-cadangan/baru/"
    )
    assert "Aktif." in opened(signed_in, "/masuk/faktor-kedua/atur/")
    assert "Lepaskan aplikasi" in opened(signed_in, "/masuk/faktor-kedua/atur/aplikasi/lepas/")
    assert "Kode 6 angka" in opened(signed_in, "/masuk/faktor-kedua/ulang/")
    signed_in.post("/keluar/")
    answer = signed_in.post("/masuk/", {"login": "siti@ovop.example", "password": PASSWORD}, follow=True)
    assert "Buka aplikasi autentikator di ponsel Anda" in answer.content.decode()
    wrong = signed_in.post("/masuk/faktor-kedua/", {"code": "000000"}).content.decode()
    assert "data-takes-focus" in wrong


def _code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"
