"""/seleksi/<id>/: the document beside the checklist; what the machine points at, what a person decides, line by line."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import history
from files.models import StoredFile
from nominations import lifecycle, reading, screening
from nominations.models import Check, DocumentKind, Nomination, RefusalProposal, Requirement
from tests.factories.accounts import a_person
from tests.factories.nominations import (
    NominationFactory,
    ProductFactory,
    a_group,
    a_refusal_proposal,
    check_everything,
    link_document,
    submission_of,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@made_once
def nomination(requirements):
    return NominationFactory(in_state="endorsed")


@pytest.fixture
def secretary(client):
    person = a_person(Role.SEKRETARIAT, name="Rahmawati Nasution")
    client.force_login(person)
    return person


def page(nomination):
    return reverse("screening", args=[nomination.pk])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def typed(code, verdict, note="", *, seen=("", "")):
    """One line as the form sends it: what is chosen, and what the page showed when it was opened."""
    return {
        f"{code}-hasil": verdict,
        f"{code}-catatan": note,
        f"initial-{code}-hasil": seen[0],
        f"initial-{code}-catatan": seen[1],
    }


def saved(client, nomination, *lines, **headers):
    data = {"tindakan": "save_lines"}
    for line in lines:
        data |= line
    return client.post(page(nomination), data, **headers)


def verdicts():
    return {check.requirement_id: (check.verdict, check.note) for check in Check.objects.all()}


# --- What the machine points at ----------------------------------------------------------------------------------
def lines_of(nomination, *, on=TODAY):
    return {line.requirement.pk: line for line in screening.checklist(nomination, on=on)}


def changed_copy(nomination, change):
    """The same nomination, sent again with a content that was changed."""
    submission = submission_of(nomination)
    change(submission.content)
    submission.pk, submission.sequence = None, submission.sequence + 1
    submission.save()
    return nomination


def number_of(kind, number):
    def change(content):
        next(item for item in content["documents"] if item["kind"] == kind)["number"] = number

    return change


def test_there_is_a_line_for_each_requirement_with_what_the_dinas_typed(nomination):
    lines = lines_of(nomination)
    assert list(lines) == ["nib", "sk_sentra", "surat_usulan", "persetujuan", "foto_produk"]
    assert lines["nib"].entries == (("NIB pada isian", nomination.product.ikm.nib),)
    assert ("Tanggal SK pada isian", "2 April 2019") in lines["sk_sentra"].entries
    assert [document["kind"] for document in lines["foto_produk"].documents] == ["produk"]


def test_a_nib_that_differs_from_its_document_is_found(nomination):
    nib = nomination.product.ikm.nib
    assert "berbeda dari nomor pada berkas" in lines_of(nomination)["nib"].findings[0]
    grouped = f"{nib[:4]} {nib[4:8]} {nib[8:]}"
    line = lines_of(changed_copy(nomination, number_of("nib", grouped)))["nib"]
    assert (line.findings, line.suggested) == ((), "")


def test_a_nib_that_is_too_short_is_found(nomination):
    def shorten(content):
        content["ikm"]["nib"] = "91200000"

    line = lines_of(changed_copy(nomination, shorten))["nib"]
    assert "NIB pada isian 8 angka; NIB terdiri atas 13 angka." in line.findings
    assert line.suggested == "not_met"


def test_the_number_of_the_decree_is_compared_without_spaces_and_case(nomination):
    assert (
        "Nomor SK pada isian (800/Kep.112-Disperin/2019) berbeda"
        in lines_of(nomination)["sk_sentra"].findings[0]
    )
    same = changed_copy(nomination, number_of("sk_sentra", "800 / KEP.112-DISPERIN / 2019"))
    assert lines_of(same)["sk_sentra"].findings == ()


def test_an_ikm_outside_a_sentra_is_found(nomination):
    def outside(content):
        content["sentra"] = None

    assert lines_of(changed_copy(nomination, outside))["sk_sentra"].findings == (
        "IKM ini tidak berada di sentra.",
    )


@pytest.mark.parametrize(
    ("expires_on", "is_found"), [("2026-03-01", True), ("2026-03-02", False), (None, False)]
)
def test_a_licence_is_in_force_on_its_last_day_and_not_after(nomination, expires_on, is_found):
    def change(content):
        content["documents"][0]["expires_on"] = expires_on

    findings = lines_of(changed_copy(nomination, change))["nib"].findings
    assert any("kedaluwarsa 1 Maret 2026" in finding for finding in findings) == is_found


def test_a_requirement_without_a_file_is_found(requirements):
    nomination = NominationFactory(in_state="endorsed", documented=False)
    findings = [line.findings[0] for line in lines_of(nomination).values()]
    assert findings == ["Tidak ada berkas untuk persyaratan ini."] * 5


def test_wood_or_rattan_and_food_have_lines_of_their_own(requirements):
    rattan = NominationFactory(in_state="endorsed", wood_or_rattan=True)
    assert "svlk" in lines_of(rattan)
    food = NominationFactory(
        in_state="endorsed", round=rattan.round, product=ProductFactory(group=a_group("makanan_minuman"))
    )
    assert {"izin_pangan", "halal"} <= set(lines_of(food))


def test_what_was_found_before_is_shown_where_nothing_changed_since(nomination, secretary):
    check_everything(nomination, by=secretary)
    changed_copy(nomination, number_of("nib", nomination.product.ikm.nib))
    lines = lines_of(nomination)
    assert all(line.check is None for line in lines.values()), "a repaired nomination is looked at anew"
    assert lines["nib"].earlier is None, "this one was repaired"
    assert lines["surat_usulan"].earlier.by == secretary


def test_what_was_never_sent_has_no_lines(requirements):
    assert screening.checklist(NominationFactory(), on=TODAY) == []


# --- The page ----------------------------------------------------------------------------------------------------
def test_the_page_shows_entries_findings_and_the_document_of_the_first_open_line(
    client, nomination, secretary
):
    answer = client.get(page(nomination))
    text = text_of(answer)
    assert "Temuan otomatis" in text
    assert "<b data-decided>0 dari 5</b> diputuskan" in text
    assert answer.context["shown"].kind == "nib"
    document = submission_of(nomination).content["documents"][0]
    assert reverse("file_page", args=[document["file_id"], 1]) in text
    assert text.split("</main>")[0].count("btn-primary") == 1


def test_another_document_is_shown_by_its_address(client, nomination, secretary):
    attached = submission_of(nomination).content["documents"]
    photo = next(item for item in attached if item["kind"] == "produk")
    answer = client.get(page(nomination), {"dokumen": photo["id"]})
    assert answer.context["shown"].kind == "produk"
    assert f'src="{reverse("file_download", args=[photo["file_id"]])}"' in text_of(answer)
    for strange in ("999999", "x", ""):
        assert client.get(page(nomination), {"dokumen": strange}).context["shown"].kind == "nib"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (StoredFile.State.WAITING, "Berkas ini masih diperiksa"),
        (StoredFile.State.REFUSED, "Berkas ini ditolak pemindai"),
        (None, "Berkas ini sudah tidak tersimpan."),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(nomination, state, said):
    content = submission_of(nomination).content
    document = content["documents"][0]
    if state is None:
        document["file_id"] = "00000000-0000-4000-8000-000000000000"
    else:
        is_gone = state == StoredFile.State.REFUSED
        gone = {"stored_path": None, "refusal": "Ditolak."} if is_gone else {}
        StoredFile.objects.filter(pk=document["file_id"]).update(state=state, **gone)
    first, *others = reading.attachments(content)
    assert first.trouble.startswith(said)
    assert not any(other.trouble for other in others)


def test_a_long_document_is_drawn_in_part(nomination):
    content = submission_of(nomination).content
    content["documents"][0]["pages"] = 45
    attachment = reading.attachments(content)[0]
    assert (len(attachment.pictures), attachment.is_cut_short) == (reading.PAGES_DRAWN, True)


# --- Deciding ----------------------------------------------------------------------------------------------------
def test_every_changed_line_is_saved_at_once_and_the_next_open_one_comes(client, nomination, secretary):
    answer = saved(
        client,
        nomination,
        typed("nib", "met"),
        typed("sk_sentra", "not_met", "Nomor SK berbeda."),
        typed("persetujuan", ""),
    )
    document = next(
        item for item in submission_of(nomination).content["documents"] if item["kind"] == "surat_usulan"
    )
    assert answer.url == f"{page(nomination)}?dokumen={document['id']}#baris-surat_usulan"
    assert verdicts() == {"nib": ("met", ""), "sk_sentra": ("not_met", "Nomor SK berbeda.")}
    text = text_of(client.get(page(nomination)))
    assert "<b data-decided>2 dari 5</b> diputuskan" in text
    assert "Tersimpan pukul" in text


def test_a_line_that_is_wrong_does_not_hold_the_others_back_and_keeps_what_was_typed(
    client, nomination, secretary
):
    answer = saved(
        client,
        nomination,
        typed("nib", "met"),
        typed("sk_sentra", "not_met", ""),
        typed("persetujuan", "", "Belum saya baca."),
    )
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Tuliskan catatan: apa yang tidak sesuai" in text
    assert "Pilih salah satu hasil." in text
    assert "Belum saya baca." in text
    assert verdicts() == {"nib": ("met", "")}


def test_a_note_may_not_hold_a_personal_number(client, nomination, secretary):
    text = text_of(saved(client, nomination, typed("nib", "not_met", "NIK 3205 0112 3456 7890 tidak cocok")))
    assert "deretan angka seperti NIK atau NPWP" in text
    assert verdicts() == {}
    with pytest.raises(lifecycle.Refused) as refusal:
        screening.decide(
            nomination,
            Requirement.objects.get(pk="nib"),
            "met",
            "NIK 3205011234567890",
            by=secretary,
            at=timezone.now(),
        )
    assert refusal.value.code == "personal_number"


def test_a_second_press_changes_nothing(client, nomination, secretary):
    saved(client, nomination, typed("nib", "met"))
    before = Check.objects.get()
    saved(client, nomination, typed("nib", "met", seen=("met", "")))
    assert Check.objects.get().at == before.at


def test_a_line_that_a_colleague_decided_meanwhile_is_not_overwritten_in_silence(
    client, nomination, secretary
):
    colleague = a_person(Role.SEKRETARIAT, name="Bambang Prasetyo")
    requirement = Requirement.objects.get(pk="nib")
    screening.decide(
        nomination, requirement, "not_met", "Angka terakhir salah.", by=colleague, at=timezone.now()
    )
    text = text_of(saved(client, nomination, typed("nib", "met"), typed("persetujuan", "met")))
    assert (
        "Bambang Prasetyo baru saja mengubah baris ini menjadi Tidak sesuai (Angka terakhir salah.)" in text
    )
    assert 'name="initial-nib-hasil" value="not_met"' in text
    assert verdicts() == {"nib": ("not_met", "Angka terakhir salah."), "persetujuan": ("met", "")}
    saved(client, nomination, typed("nib", "met", seen=("not_met", "Angka terakhir salah.")))
    assert verdicts()["nib"] == ("met", "")


def test_an_untouched_line_of_an_old_page_leaves_a_colleagues_verdict_alone(client, nomination, secretary):
    colleague = a_person(Role.SEKRETARIAT)
    screening.decide(
        nomination, Requirement.objects.get(pk="nib"), "met", "", by=colleague, at=timezone.now()
    )
    answer = saved(client, nomination, typed("nib", ""), typed("persetujuan", "met"))
    assert answer.status_code == 302, "nobody is asked about a line they did not touch"
    assert verdicts() == {"nib": ("met", ""), "persetujuan": ("met", "")}
    assert Check.objects.get(requirement="nib").by == colleague


def test_a_changed_line_takes_a_proposed_refusal_off_the_table_and_says_so(nomination, secretary):
    check_everything(nomination, by=secretary, not_met="nib")
    a_refusal_proposal(nomination, by=secretary)
    screening.decide(
        nomination, Requirement.objects.get(pk="nib"), "met", "", by=secretary, at=timezone.now()
    )
    assert not RefusalProposal.objects.exists()
    assert history.of(nomination).last().action == "drop_ineligible"


def test_a_line_is_saved_alone_for_the_script(client, nomination, secretary):
    answer = saved(client, nomination, typed("nib", "met"), headers={"accept": "application/json"})
    said = answer.json()
    assert (said["decided"], said["total"]) == (1, 5)
    assert said["saved"].startswith("pukul")
    refused = saved(client, nomination, typed("sk_sentra", "not_met"), headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "Tuliskan catatan" in refused.json()["refused"]
    overtaken = saved(
        client, nomination, typed("nib", "uncertain", "Angka buram."), headers={"accept": "application/json"}
    )
    assert overtaken.status_code == 422
    assert overtaken.json()["seen"] == {"initial-nib-hasil": "met", "initial-nib-catatan": ""}
    assert (
        "Tersimpan" not in text_of(client.get(page(nomination))).split("<main")[1].split("Daftar periksa")[0]
    )


def test_what_is_not_being_screened_is_not_decided_and_the_typed_note_stays(client, requirements, secretary):
    nomination = NominationFactory(in_state="eligible")
    before = verdicts()
    text = text_of(saved(client, nomination, typed("nib", "not_met", "Ternyata salah.", seen=("met", ""))))
    assert "sudah berstatus Lolos seleksi administrasi" in text
    assert "Ternyata salah." in text
    assert verdicts() == before


def test_the_auditor_reads_the_checklist_and_decides_nothing(client, nomination):
    check_everything(nomination, by=a_person(Role.SEKRETARIAT), not_met="nib")
    client.force_login(a_person(Role.AUDITOR))
    text = text_of(client.get(page(nomination)))
    assert "Tidak cocok dengan berkas." in text
    assert "<textarea" not in text
    assert (
        saved(
            client, nomination, typed("nib", "met", seen=("not_met", "Tidak cocok dengan berkas."))
        ).status_code
        == 403
    )
    assert verdicts()["nib"][0] == "not_met"


@pytest.mark.parametrize("role", [Role.DINAS, Role.PROVINSI, Role.AUDITOR])
def test_only_the_secretariat_decides_proposes_and_notes_samples(nomination, role):
    stranger, now = a_person(role, around=nomination), timezone.now()
    requirement = Requirement.objects.get(pk="nib")
    for attempt in (
        lambda: screening.decide(nomination, requirement, "met", "", by=stranger, at=now),
        lambda: screening.propose_ineligible(
            nomination, by=stranger, at=now, reason="Alasan yang cukup panjang."
        ),
        lambda: screening.drop_proposal(nomination, by=stranger, at=now, reason="Alasan yang cukup panjang."),
        lambda: screening.receive_sample(
            nomination, code="C-1", received_on=TODAY, condition="Utuh", by=stranger, at=now
        ),
    ):
        with pytest.raises(lifecycle.Refused) as refusal:
            attempt()
        assert refusal.value.code == "not_yours"


def test_the_form_of_the_checklist_is_that_of_the_copy_not_of_today(client, nomination, secretary):
    link_document(nomination, DocumentKind.objects.get(pk="merek"))
    Nomination.objects.filter(pk=nomination.pk).update(story="Diubah sesudah dikirim.")
    text = text_of(client.get(page(nomination)))
    assert "Diubah sesudah dikirim." not in text
    assert [item.kind for item in client.get(page(nomination)).context["attachments"]] == [
        item["kind"] for item in submission_of(nomination).content["documents"]
    ]
