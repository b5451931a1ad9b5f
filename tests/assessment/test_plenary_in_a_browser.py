"""A plenary in real browsers: the screens follow the chair, one member is out, a star is changed, and it is sealed."""

import re

from django.db import transaction
from playwright.sync_api import expect

from assessment import interests
from assessment.models import Decision, Plenary
from tests.factories.assessment import (
    a_chair,
    a_secretary,
    an_assessed_nomination,
    full_marks_but,
    members_of_a_session,
)
from tests.factories.nominations import an_hour_ago
from tests.portal import sign_in

REASON = "Sidang menilai pasar ekspor belum berlanjut."


def test_a_plenary_with_a_recusal_an_override_and_its_minutes(open_page, live_portal):
    with live_portal.orm(), transaction.atomic():
        nomination = an_assessed_nomination(full_marks_but({"A.I.1": 2}))
        chair, member, tied = members_of_a_session(3)
        ikm = nomination.product.ikm
        interests.record(tied, "family", ikm=ikm, regency=None, by=a_secretary(), at=an_hour_ago())
    led = sign_in(open_page("/masuk/", width=1280), live_portal, chair)
    led.goto("/pleno/")
    # Those whose sheets count are ticked as members already; whoever is there has a vote.
    for person in (member, tied):
        led.get_by_label(f"Hadir {person.full_name}").check()
    for box in led.locator('[name="members"]:checked').all():
        led.locator(f'[name="present"][value="{box.get_attribute("value")}"]').check()
    led.get_by_label("Tempat sidang").fill("Jakarta")
    led.get_by_role("button", name="Buka sidang").click()
    expect(led.locator("main")).to_contain_text("6 dari 6 anggota hadir, kuorum paling sedikit 4: terpenuhi")
    with live_portal.orm():
        session = Plenary.objects.get()
        screen = f"/pleno/{session.pk}/ikuti/"

    seen = sign_in(open_page("/masuk/", width=360, height=740), live_portal, member)
    seen.goto(screen)
    expect(seen.locator("main")).to_contain_text("Belum ada butir yang dibahas.")
    out = sign_in(open_page("/masuk/", width=820), live_portal, tied)
    out.goto(screen)

    led.get_by_role("button", name="Bahas usulan berikutnya").click()
    expect(led.get_by_role("heading", name="Catat keputusan")).to_be_visible()
    expect(led.locator("main")).to_contain_text(f"Tidak ikut pada butir ini: {tied.full_name}")
    # Nobody reloads: the screens follow by themselves.
    expect(seen.locator("#butir")).to_contain_text(ikm.name)
    expect(seen.locator("#butir")).to_contain_text("99,67")
    assert seen.evaluate("document.documentElement.scrollWidth") == 360
    expect(out.locator("#butir")).to_contain_text("Anda tidak ikut pada butir ini.")
    assert ikm.name not in out.content()
    assert "99,67" not in out.content()

    led.get_by_label("Bintang 4").check()
    led.locator("#id_reason").fill(REASON)
    led.locator("#id_in_favour").fill("4")
    led.locator("#id_against").fill("1")
    led.get_by_role("button", name="Catat keputusan").click()
    expect(led.locator("main")).to_contain_text("Keputusan dicatat")
    expect(seen.locator("#butir")).to_contain_text("Berbeda dari hitungan")
    expect(out.locator("#butir")).to_contain_text("Anda tidak ikut pada butir ini.")

    led.get_by_role("link", name="Segel sidang").click()
    led.get_by_label("Nomor berita acara").fill("BA/12/IKMA/V/2026")
    led.get_by_role("button", name=re.compile("Segel")).click()
    expect(led.locator("main")).to_contain_text("Keputusan tidak berubah lagi")
    expect(seen.locator("#butir")).to_contain_text("Sidang sudah ditutup.")
    led.get_by_role("link", name="Berita acara").click()
    minutes = led.locator("article.minutes")
    expect(minutes).to_contain_text(
        f"{tied.full_name} menyatakan benturan kepentingan atas usulan Nomor {nomination.number}"
    )
    expect(minutes).to_contain_text(f"sidang memutuskan bintang empat karena: {REASON.removesuffix('.')}")
    expect(minutes).to_contain_text("setuju 4, tidak setuju 1, abstain 0")
    with led.expect_download() as download:
        led.get_by_role("link", name="Unduh PDF berita acara").click()
    assert download.value.suggested_filename.startswith("berita-acara-pleno-2026-")
    with live_portal.orm():
        decision = Decision.objects.get()
        assert (decision.star, decision.computed_star, decision.recused, decision.recorded_by) == (
            4,
            5,
            1,
            a_chair(),
        )
