"""Groups, kinds of document and requirements are data with a history, and never tightened under a running round."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit import history
from nominations import completeness, ruleset, screening
from nominations.guards import Refused
from nominations.models import CommodityGroup, DocumentKind, Phase, Requirement, State
from tests.factories.accounts import GARUT, a_person, a_regency
from tests.factories.nominations import NominationFactory, ProductFactory, RoundFactory, a_phase, bring_to
from tests.made_once import made_once
from tests.nominations.proposing import main_of, text_of

pytestmark = pytest.mark.django_db
REASON = "Rapat koordinasi persyaratan, 12 Januari."


@made_once
def secretary(requirements):
    return a_person(Role.SEKRETARIAT)


@made_once
def running(requirements):
    """A round in whose time of nominations this is."""
    round_ = RoundFactory()
    round_.phases.all().delete()
    now = timezone.now()
    for kind, start, end in ((Phase.Kind.NOMINATION, -5, 5), (Phase.Kind.SCREENING, 6, 12)):
        a_phase(round_, kind, opens_at=now + timedelta(days=start), closes_at=now + timedelta(days=end))
    return round_


def the(code):
    return Requirement.objects.get(pk=code)


def changed(row, secretary, reason=REASON, seen=None, **values):
    return ruleset.change(
        row,
        values,
        seen=ruleset.version_of(row) if seen is None else seen,
        reason=reason,
        by=secretary,
        at=timezone.now(),
    )


def added(secretary, code="sni_wajib", **values):
    fields = {
        "name": "SNI wajib",
        "basis": "Peraturan Menteri",
        "accepts": DocumentKind.objects.filter(pk="sni"),
        "groups": CommodityGroup.objects.filter(pk="gerabah"),
        "only_for_wood": False,
        "position": 9,
        "is_active": True,
        **values,
    }
    return ruleset.add(Requirement, code, fields, reason=REASON, by=secretary, at=timezone.now())


# --- History -----------------------------------------------------------------------------------------------------
def test_a_change_keeps_both_values_who_when_and_why(secretary):
    row = the("halal")
    assert changed(row, secretary, name="Sertifikat halal BPJPH")
    entry = history.of(row).get(action="rule_changed")
    assert entry.details["changed"] == {"name": ["Sertifikat halal", "Sertifikat halal BPJPH"]}
    assert (entry.actor, entry.reason) == (secretary, REASON)


def test_sets_of_rows_are_part_of_the_history_too(secretary):
    changed(
        the("izin_pangan"),
        secretary,
        accepts=DocumentKind.objects.filter(pk__in=["spp_irt", "bpom_md", "sni"]),
    )
    entry = history.of(the("izin_pangan")).get(action="rule_changed")
    assert entry.details["changed"]["accepts"] == [["bpom_md", "spp_irt"], ["bpom_md", "sni", "spp_irt"]]


def test_the_database_keeps_its_own_versions(secretary):
    changed(the("halal"), secretary, name="Sertifikat halal BPJPH")
    names = list(the("halal").events.order_by("pgh_id").values_list("name", flat=True))
    assert names[-2:] == ["Sertifikat halal", "Sertifikat halal BPJPH"]


def test_what_changes_nothing_leaves_no_trace(secretary):
    assert not changed(the("halal"), secretary, name=the("halal").name)
    assert not history.of(the("halal")).exists()


def test_whoever_opened_the_form_before_somebody_else_saved_is_told(secretary):
    colleague = a_person(Role.SEKRETARIAT)
    changed(the("halal"), colleague, name="Sertifikat halal BPJPH", seen=0)
    with pytest.raises(Refused) as refusal:
        changed(the("halal"), secretary, name="Halal", seen=0)
    assert refusal.value.code == "overtaken"
    assert colleague.full_name in refusal.value.for_reader
    assert the("halal").name == "Sertifikat halal BPJPH"


def test_a_reason_is_needed_and_the_secretariat_alone_changes(secretary):
    with pytest.raises(Refused, match="reason_missing"):
        changed(the("halal"), secretary, name="Halal", reason="ganti")
    for role in (Role.AUDITOR, Role.ADMIN):
        with pytest.raises(Refused, match="not_yours"):
            changed(the("halal"), a_person(role), name="Halal")


def test_a_code_or_a_name_that_is_taken_is_refused(secretary):
    with pytest.raises(Refused, match="code_taken"):
        added(secretary, code="halal")
    with pytest.raises(Refused, match="name_taken"):
        changed(CommodityGroup.objects.get(pk="gerabah"), secretary, name="Kain batik")


# --- A running round -----------------------------------------------------------------------------------------------
def test_between_rounds_a_requirement_may_be_added_and_is_asked_from_then_on(secretary):
    row = added(secretary)
    asked = completeness.requirements_of("gerabah", wood=False)
    assert row in asked
    assert row not in completeness.requirements_of("kain_batik", wood=False)


def test_while_a_round_runs_nothing_is_added(secretary, running):
    with pytest.raises(Refused) as refusal:
        added(secretary)
    assert refusal.value.code == "round_running"
    assert f"Periode {running.year}" in refusal.value.for_reader
    assert not Requirement.objects.filter(pk="sni_wajib").exists()


def test_one_that_is_added_but_not_in_force_hurts_nobody(secretary, running):
    assert not added(secretary, is_active=False).is_active


@pytest.mark.parametrize(
    "tightening",
    [
        {"accepts": ["spp_irt"]},
        {"groups": ["makanan_minuman", "gerabah"]},
        {"groups": []},
    ],
)
def test_while_a_round_runs_nothing_is_tightened(secretary, running, tightening):
    models = {"accepts": DocumentKind, "groups": CommodityGroup}
    values = {name: models[name].objects.filter(pk__in=codes) for name, codes in tightening.items()}
    with pytest.raises(Refused, match="round_running"):
        changed(the("izin_pangan"), secretary, **values)
    assert not history.of(the("izin_pangan")).exists()


def test_a_dropped_requirement_is_not_brought_back_while_a_round_runs(secretary, running):
    Requirement.objects.filter(pk="halal").update(is_active=False)
    with pytest.raises(Refused, match="round_running"):
        changed(the("halal"), secretary, is_active=True)


def test_while_a_round_runs_wood_alone_does_not_become_everybody(secretary, running):
    with pytest.raises(Refused, match="round_running"):
        changed(the("svlk"), secretary, only_for_wood=False)


def test_loosening_and_better_words_are_welcome_at_any_time(secretary, running):
    assert changed(the("halal"), secretary, is_active=False)
    assert changed(the("nib"), secretary, basis="Peraturan Pemerintah Nomor 28 Tahun 2025")
    wider = DocumentKind.objects.filter(pk__in=["spp_irt", "bpom_md", "sni"])
    assert changed(the("izin_pangan"), secretary, accepts=wider)


def test_a_round_runs_from_its_opening_to_the_end_of_screening(running):
    opening, screening_ = running.phase(Phase.Kind.NOMINATION), running.phase(Phase.Kind.SCREENING)
    instant = timedelta(microseconds=1)
    assert ruleset.running_round(opening.opens_at - instant) is None
    assert ruleset.running_round(opening.opens_at) == (running, screening_.closes_at)
    assert ruleset.running_round(screening_.closes_at - instant) == (running, screening_.closes_at)
    assert ruleset.running_round(screening_.closes_at) is None


def test_what_was_decided_keeps_the_lines_it_was_decided_on(secretary):
    nomination = bring_to(NominationFactory(), State.ELIGIBLE)
    before = [line.requirement.pk for line in screening.checklist(nomination, on=timezone.localdate())]
    Requirement.objects.filter(pk="nib").update(is_active=False)
    Phase.objects.all().delete()
    added(secretary, groups=[])
    after = [line.requirement.pk for line in screening.checklist(nomination, on=timezone.localdate())]
    assert after == before
    assert "nib" in after


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_the_three_tables_are_read_on_one_page(client, secretary, django_assert_max_num_queries):
    client.force_login(secretary)
    with django_assert_max_num_queries(14):
        page = client.get("/periode/aturan/")
    text = text_of(page)
    assert "SPP-IRT, Izin edar BPOM MD" in text
    assert "Makanan dan minuman" in text
    assert "Tambah persyaratan" in text


def test_a_requirement_is_changed_on_its_page_and_the_page_tells_the_story(client, secretary):
    client.force_login(secretary)
    address = "/periode/aturan/persyaratan/halal/"
    sent = {
        "seen": "0", "name": "Sertifikat halal BPJPH", "basis": "UU 33/2014", "accepts": ["halal"],
        "groups": ["makanan_minuman"], "position": "6", "is_active": "on", "reason": REASON,
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    text = text_of(client.get(address))
    assert "Sertifikat halal BPJPH" in text
    assert secretary.full_name in text
    assert REASON in text


def test_what_is_wrong_stands_in_the_form_with_what_was_typed(client, secretary, running):
    client.force_login(secretary)
    sent = {
        "seen": "0", "name": "Izin pangan saja", "basis": "", "accepts": ["spp_irt"], "groups": ["makanan_minuman"],
        "position": "5", "is_active": "on", "reason": REASON,
    }  # fmt: skip
    page = client.post("/periode/aturan/persyaratan/izin_pangan/", sent)
    assert "belum boleh ditambah atau diperketat" in text_of(page)
    assert "Izin pangan saja" in main_of(page)
    assert the("izin_pangan").name == "Izin edar pangan: SPP-IRT atau BPOM MD"


def test_a_group_is_added_and_offered_to_the_officers(client, secretary):
    client.force_login(secretary)
    sent = {
        "code": "kulit", "name": "Kerajinan kulit", "name_en": "Leather goods", "ornament": "lainnya",
        "position": "6", "is_active": "on", "reason": REASON,
    }  # fmt: skip
    assert client.post("/periode/aturan/komoditas/baru/", sent).status_code == 302
    client.force_login(a_person(Role.DINAS, around=a_regency(GARUT)))
    assert "Kerajinan kulit" in text_of(client.get("/usulan/syarat/"))


def test_a_group_that_is_no_longer_used_is_not_offered_and_stays_where_it_was(client, secretary):
    product = ProductFactory(ikm__regency=a_regency(GARUT), group=CommodityGroup.objects.get(pk="gerabah"))
    changed(CommodityGroup.objects.get(pk="gerabah"), secretary, is_active=False)
    client.force_login(a_person(Role.DINAS, around=product.ikm.regency))
    new = main_of(client.get(f"/potensi/ikm/{product.ikm.slug}/produk/"))
    assert 'value="gerabah"' not in new
    assert 'value="gerabah" selected' in main_of(client.get(f"/potensi/produk/{product.slug}/"))


def test_the_auditor_reads_and_changes_nothing(client, secretary):
    client.force_login(a_person(Role.AUDITOR))
    page = client.get("/periode/aturan/persyaratan/halal/")
    assert page.status_code == 200
    assert "Simpan perubahan" not in text_of(page)
    assert client.post("/periode/aturan/persyaratan/halal/", {"name": "x"}).status_code == 403
    assert client.get("/periode/aturan/persyaratan/baru/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/periode/aturan/warna/halal/", "/periode/aturan/persyaratan/tidak-ada/"]
)
def test_what_is_not_there_is_not_found(client, secretary, address):
    client.force_login(secretary)
    assert client.get(address).status_code == 404


def test_others_have_no_such_pages(client, secretary):
    client.force_login(a_person(Role.DINAS, around=a_regency(GARUT)))
    assert client.get("/periode/aturan/").status_code in (403, 404)
