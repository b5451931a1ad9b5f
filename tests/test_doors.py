"""Every door gives the same answer: who sees a nomination sees it on each page, file and list, and nobody else does."""

from collections.abc import Callable

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.test import Client

from accounts.models import Person
from accounts.roles import Role
from nominations import reference
from nominations.models import DocumentKind, Nomination, Product, State
from tests.factories.accounts import JAKARTA_PUSAT, TANAH_DATAR, TASIKMALAYA, a_person, a_regency
from tests.factories.assessment import a_panel, assignments_of, declare_free, three_assessors
from tests.factories.awards import AwardFactory, DecreeFactory
from tests.factories.nominations import NominationFactory, link_document
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

# --- Who sees what: written by hand from contract.md and house.md ------------------------------------------------
NEVER_SENT = {"draft", "withdrawn", "lapsed"}
SENT = {
    "submitted", "returned", "not_endorsed", "endorsed", "eligible", "ineligible", "assessed", "awarded",
    "not_awarded",
}  # fmt: skip
FROM_ELIGIBLE_ON = {"eligible", "assessed", "awarded", "not_awarded"}
WHO_SEES_WHAT = {
    "its own dinas": NEVER_SENT | SENT,
    "the dinas of another kabupaten": set(),
    "its province": SENT,
    "another province": set(),
    "the secretariat": SENT,
    "the auditor": SENT,
    "the chair": FROM_ELIGIBLE_ON,
    "the signatory": FROM_ELIGIBLE_ON,
    "an assessor it is assigned to": {"eligible", "assessed"},
    "an assessor who has not declared yet": set(),
    "an assessor of others": set(),
    "the administrator": set(),
    "a stranger": set(),
}
# Whom the registry is open to; for all others an IKM's record is no door at all.
READS_THE_REGISTRY = {"its own dinas", "its province", "the secretariat", "the auditor"}


def the_readers(nominations: list[Nomination]) -> dict[str, Person | None]:
    """A person of each description, in relation to all these nominations; None for somebody not signed in."""
    here = nominations[0]
    declared, undeclared = _assessors_of(nominations)
    return {
        "its own dinas": a_person(Role.DINAS, around=here),
        "the dinas of another kabupaten": a_person(Role.DINAS, around=a_regency(TASIKMALAYA)),
        "its province": a_person(Role.PROVINSI, around=here),
        "another province": a_person(Role.PROVINSI, around=a_regency(TANAH_DATAR)),
        "the secretariat": a_person(Role.SEKRETARIAT),
        "the auditor": a_person(Role.AUDITOR),
        "the chair": a_person(Role.KETUA),
        "the signatory": a_person(Role.PENETAP),
        "an assessor it is assigned to": declared,
        "an assessor who has not declared yet": undeclared,
        "an assessor of others": a_person(Role.PENILAI),
        "the administrator": a_person(Role.ADMIN),
        "a stranger": None,
    }


def _assessors_of(nominations: list[Nomination]) -> tuple[Person, Person]:
    """Two of one panel to which everything that passed screening is assigned: one has declared, one has not yet."""
    people = three_assessors()
    for nomination in nominations:
        if nomination.state in FROM_ELIGIBLE_ON:
            state, nomination.state = nomination.state, State.ELIGIBLE
            nomination.save()
            of_the_first = assignments_of(a_panel(nomination, people))
            declare_free(next(one for one in of_the_first if one.assessor_id == people[0].pk))
            nomination.state = state
            nomination.save()
    return people[0], people[1]


# --- Doors -------------------------------------------------------------------------------------------------------
def the_page(client: Client, nomination: Nomination) -> bool:
    return _opens(client, f"/usulan/{nomination.pk}/")


def the_file_of_its_letter(client: Client, nomination: Nomination) -> bool:
    return _opens(client, f"/berkas/{nomination.document_links.get().document.file_id}/")


def the_record_of_its_ikm(client: Client, nomination: Nomination) -> bool:
    answer = client.get(f"/ikm/{nomination.product.ikm.slug}/")
    return answer.status_code == 200 and f'href="/usulan/{nomination.pk}/"' in answer.content.decode()


def _opens(client: Client, address: str) -> bool:
    """Whether it is shown; what is not yours reads as what is not there, or as the way in."""
    answer = client.get(address)
    b"".join(answer.streaming_content if answer.streaming else [])
    assert answer.status_code in (200, 302, 404), f"{address}: {answer.status_code}"
    assert answer.status_code != 302 or answer["Location"].startswith("/masuk/")
    return answer.status_code == 200


DOORS: list[Callable[[Client, Nomination], bool]] = [
    the_page,
    the_file_of_its_letter,
    the_record_of_its_ikm,
]


@made_once
def nominations() -> list[Nomination]:
    """One nomination in each state, all of one dinas, each with its IKM and the dinas' letter."""
    reference.load()
    letter = DocumentKind.objects.get(pk="surat_usulan")
    made = [NominationFactory(in_state=state, documented=False) for state in State.values]
    for nomination in made:
        link_document(nomination, letter)
    return made


@made_once
def readers(nominations: list[Nomination]) -> dict[str, Person | None]:
    return the_readers(nominations)


def test_the_table_names_every_state_and_every_role():
    assert set(State.values) == NEVER_SENT | SENT
    assert len(WHO_SEES_WHAT) >= len(Role)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_door_gives_the_same_answer(
    door: Callable[[Client, Nomination], bool],
    nominations: list[Nomination],
    readers: dict[str, Person | None],
):
    seen = {}
    for who, reader in readers.items():
        client = Client()
        if reader is not None:
            client.force_login(reader)
        seen[who] = {str(nomination.state) for nomination in nominations if door(client, nomination)}
    closed_to = WHO_SEES_WHAT.keys() - READS_THE_REGISTRY if door is the_record_of_its_ikm else set()
    assert seen == WHO_SEES_WHAT | {who: set() for who in closed_to}


def test_what_was_withdrawn_after_it_was_sent_stays_readable_where_it_was(client):
    nomination = NominationFactory(in_state="submitted", documented=False)
    nomination.state = State.WITHDRAWN
    nomination.save()
    for role, sees in ((Role.PROVINSI, True), (Role.SEKRETARIAT, True), (Role.KETUA, False)):
        client.force_login(a_person(role, around=nomination))
        assert the_page(client, nomination) is sees, role


def test_a_province_that_nominates_itself_sees_its_own_drafts(client):
    draft = NominationFactory(
        in_state="draft", documented=False, product__ikm__regency=a_regency(JAKARTA_PUSAT)
    )
    client.force_login(a_person(Role.PROVINSI, around=draft))
    assert the_page(client, draft)


def test_a_role_that_was_taken_away_opens_nothing_any_more(client, nominations):
    officer = a_person(Role.DINAS, around=nominations[0])
    client.force_login(officer)
    assert all(the_page(client, nomination) for nomination in nominations)
    officer.memberships.update(taken_away_at=nominations[0].created_at)
    assert not any(door(client, nomination) for door in DOORS for nomination in nominations)


# --- The public's doors --------------------------------------------------------------------------------------------
PUBLIC_DOORS = ["/", "/katalog/", "/katalog/?q=anyaman", "/hasil/", "/hasil/2026/", "/api/v1/awards"]


def open_to_the_public(client: Client, name: str) -> set[str]:
    """The public addresses that mention a product of this name."""
    return {address for address in PUBLIC_DOORS if name in client.get(address).content.decode()}


def test_no_public_door_shows_a_nomination_whoever_asks(nominations, client):
    Product.objects.update(name=Concat(Value("Tas anyaman rahasia "), "pk", output_field=CharField()))
    assert open_to_the_public(client, "Tas anyaman rahasia") == set()
    client.force_login(a_person(Role.AUDITOR))
    assert open_to_the_public(client, "Tas anyaman rahasia") == set()


def test_an_award_is_behind_all_public_doors_from_its_publication_on_and_behind_none_before(client):
    awarded = NominationFactory(in_state="awarded", documented=False, product__name="Tas anyaman ketak")
    decree = DecreeFactory(published=False, round=awarded.round)
    award = AwardFactory(decree=decree, nomination=awarded, product=awarded.product)
    own_page, own_row = f"/katalog/{award.slug}/", f"/api/v1/awards/{award.slug}"
    assert open_to_the_public(client, "Tas anyaman ketak") == set()
    assert {client.get(address).status_code for address in (own_page, own_row)} == {404}
    decree.published_at = decree.issued_at
    decree.save()
    # /hasil/ lists the rounds, not what was awarded in them.
    assert open_to_the_public(client, "Tas anyaman ketak") == {*PUBLIC_DOORS} - {"/hasil/"}
    assert {client.get(address).status_code for address in (own_page, own_row)} == {200}
