"""The adapter of the national signature service, against a small real HTTP server that speaks as the service does."""

import io
import json
import logging
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pytest

from awards.signing_bsre import Secret, Service
from awards.signing_refusals import CannotSign, SecretNeeded

SECRET = Secret(nik="3201999999999999", passphrase="rahasia-sekali-pakai")  # noqa: S106
SIGNED = b"%PDF-1.7\n/ByteRange [0 1 2 3]\n"


class Speaking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        given = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in parts
        }
        self.server.asked.append((self.path, self.headers["Authorization"], given))
        status, kind, answer = self.server.answers(given)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def refused(status: int, error: str):
    return status, "application/json", json.dumps({"error": error, "status_code": status}).encode()


@pytest.fixture
def server():
    """The service; `answers` is what it says to the parts it was given."""
    there = HTTPServer(("127.0.0.1", 0), Speaking)
    there.asked = []
    there.answers = lambda given: (200, "application/pdf", SIGNED)
    thread = threading.Thread(target=there.serve_forever)
    thread.start()
    yield there
    there.shutdown()
    thread.join()
    there.server_close()


@pytest.fixture
def service(server) -> Service:
    return Service(f"http://127.0.0.1:{server.server_port}", "portal-ovop", "kata-sandi-aplikasi")


@pytest.fixture(scope="module")
def paper() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def test_it_sends_the_paper_and_the_secret_once_and_takes_the_signed_paper(server, service, paper):
    assert service.sign(paper, SECRET, reason="Piagam") == SIGNED
    [(path, authorization, given)] = server.asked
    assert (path, authorization[:6]) == ("/api/sign/pdf", "Basic ")
    assert given["file"] == paper
    assert (given["nik"], given["passphrase"]) == (SECRET.nik.encode(), SECRET.passphrase.encode())
    assert given["tampilan"] == b"invisible"


@pytest.mark.parametrize("error", ["Passphrase anda salah", "TOTP expired"])
def test_a_secret_that_is_no_longer_taken_asks_for_a_new_one(error, server, service, paper):
    server.answers = lambda given: refused(400, error)
    with pytest.raises(SecretNeeded) as needed:
        service.sign(paper, SECRET, reason="Piagam")
    assert needed.value.code == "secret_refused"
    # A new one goes through.
    server.answers = lambda given: (
        (200, "application/pdf", SIGNED) if given["passphrase"] == b"baru" else refused(400, error)
    )
    assert service.sign(paper, Secret(SECRET.nik, "baru"), reason="Piagam") == SIGNED


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refused(500, "internal"), "service_refused"),
        (refused(403, "aplikasi tidak terdaftar"), "service_refused"),
        ((200, "application/json", b"{}"), "not_signed"),
        ((200, "application/pdf", b"%PDF-1.7 unsigned"), "not_signed"),
    ],
)
def test_other_answers_are_refusals_that_ask_for_no_secret(answer, code, server, service, paper):
    server.answers = lambda given: answer
    with pytest.raises(CannotSign) as refusal:
        service.sign(paper, SECRET, reason="Piagam")
    assert refusal.value.code == code
    assert not isinstance(refusal.value, SecretNeeded)


def test_a_service_that_is_away_is_told_apart(paper):
    with pytest.raises(CannotSign) as refusal:
        Service("http://127.0.0.1:9", "a", "b").sign(paper, SECRET, reason="Piagam")
    assert refusal.value.code == "service_away"


def test_no_secret_is_printed_logged_or_repeated_in_a_refusal(server, service, paper, caplog):
    caplog.set_level(logging.DEBUG)
    server.answers = lambda given: refused(400, f"passphrase {SECRET.passphrase} salah")
    with pytest.raises(SecretNeeded) as needed:
        service.sign(paper, SECRET, reason="Piagam")
    said = f"{SECRET!r} {service!r} {needed.value} {needed.value.for_reader} {caplog.text}"
    for hidden in (SECRET.nik, SECRET.passphrase, "kata-sandi-aplikasi"):
        assert hidden not in said
