"""
The signatory types the one-time secret in a browser, a signing process of its own holds it, a small real HTTP server
speaks as the national service: the batch waits when the secret is over, goes on with a new one, and nothing keeps it.
"""

import logging

import pytest
from django.conf import settings as portal
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Page, expect

from awards import certificates, decree_pdf, tasks
from awards.models import CertificatePause, DecreeFile
from tests.awards.test_signing_bsre import refused
from tests.awards.test_signing_secret import (
    APPLICATION_PASSWORD,
    NIK,
    PASSPHRASE,
    made,
    server,
    started,
    work,
)
from tests.factories.awards import a_drafted_decree, a_sealed_session, a_signatory, an_issued_decree
from tests.portal import PATIENCE

__all__ = ["server"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "rahasia-yang-kedua"


@pytest.fixture
def sent(monkeypatch) -> list[dict[str, object]]:
    """What would have gone through the broker."""
    found: list[dict[str, object]] = []
    for task in (tasks.render_certificate, tasks.render_decree, tasks.make_decree_files):
        monkeypatch.setattr(task, "delay", lambda **given: found.append(given))
    return found


@pytest.fixture
def page(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, locale="id-ID", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_the_secret_is_typed_runs_out_is_typed_again_and_stays_nowhere(
    server, settings, tmp_path, page: Page, live_server, sent, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(
        certificates.certificate_page, "pdf", lambda facts: b"%PDF-1.7 " + facts.number.encode()
    )
    monkeypatch.setattr(decree_pdf.letters_pdf, "archived", lambda page: b"%PDF-1.7")
    takes = server.answers
    server.answers = lambda given: takes(given) if len(server.asked) < 2 else refused(400, "TOTP expired")
    process = started(server, settings, tmp_path)
    try:
        with transaction.atomic():
            decree = a_drafted_decree(a_sealed_session(*((f"UD {n}", "anyaman", 4) for n in range(3))))
            an_issued_decree(decree)
        came_in(page, live_server)
        page.goto(f"/penghargaan/{decree.pk}/kode/")
        expect(page.get_by_text("3 dari 3 belum ditandatangani")).to_be_visible()
        handed_over(page, PASSPHRASE)
        work(decree)
        assert made(decree) == 1
        assert CertificatePause.objects.get().waits_for == "secret"

        page.goto(decree.get_absolute_url())
        expect(page.get_by_text("Berhenti: menunggu kode rahasia penanda tangan.")).to_be_visible()
        page.get_by_role("link", name="Serahkan kode rahasia").first.click()
        expect(page.get_by_text("2 dari 3 belum ditandatangani")).to_be_visible()
        server.answers = lambda given: takes({**given, "passphrase": PASSPHRASE.encode()})
        handed_over(page, NEW)
        assert not CertificatePause.objects.exists()
        work(decree)
        tasks.make_decree_files(decree_id=decree.pk)
        assert made(decree) == 3
        assert DecreeFile.objects.filter(decree=decree, variant="asli").exists()
        page.goto(f"/penghargaan/{decree.pk}/kode/")
        expect(page.get_by_text("belum ada yang dipegang")).to_be_visible()
        seen = page.content()
    finally:
        process.kill()
        process.wait(10)
    # The service was given both, so they were really used.
    assert {given["passphrase"].decode() for _, _, given in server.asked} == {PASSPHRASE, NEW}
    log = (tmp_path / "signer.log").read_text()
    kept = {
        "the page": seen,
        "the log": caplog.text,
        "the signer's log": log,
        "messages": repr(sent),
        **tables(),
    }
    for where, text in kept.items():
        for hidden in (NIK, PASSPHRASE, NEW, APPLICATION_PASSWORD):
            assert hidden not in text, where


def came_in(page: Page, live_server) -> None:
    client = Client()
    client.force_login(a_signatory())
    session = client.cookies[portal.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def handed_over(page: Page, passphrase: str) -> None:
    page.get_by_label("NIK").fill(NIK)
    page.get_by_label("Kode rahasia", exact=False).last.fill(passphrase)
    page.get_by_role("button", name="Serahkan kode").click()
    expect(page.get_by_text("Kode rahasia diserahkan.")).to_be_visible()


def tables() -> dict[str, str]:
    """Every row of every table, as text."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{name}\" AS t")  # noqa: S608
            found[f"the table {name}"] = cursor.fetchone()[0]
    return found
