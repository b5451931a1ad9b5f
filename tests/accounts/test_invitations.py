import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import invitations, offices
from accounts.models import Invitation, Membership, Office, Person
from accounts.roles import Role
from regions import loading
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

GOOD_PASSWORD = "Kain-Lurik-Pedan-77"


@made_once
def garut():
    loading.load()
    offices.load()
    return Office.objects.get(code="3205")


def _secret(link):
    return link.rstrip("/").rsplit("/", 1)[1]


def test_an_invited_officer_sets_a_password_and_is_signed_in(client, garut):
    invited = invitations.invite(
        "Siti.Aminah@garutkab.example", role=Role.DINAS, office=garut, name="Siti Aminah"
    )
    page = client.get(f"/undangan/{_secret(invited.link)}/")
    assert page.status_code == 200
    answer = client.post(
        f"/undangan/{_secret(invited.link)}/",
        {"new_password1": GOOD_PASSWORD, "new_password2": GOOD_PASSWORD},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/beranda/"
    person = Person.objects.get(email="siti.aminah@garutkab.example")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.roles() == {Role.DINAS}


def test_a_link_works_once(client, garut):
    secret = _secret(invitations.invite("a@b.example", role=Role.DINAS, office=garut).link)
    passwords = {"new_password1": GOOD_PASSWORD, "new_password2": GOOD_PASSWORD}
    client.post(f"/undangan/{secret}/", passwords)
    client.logout()
    assert client.post(f"/undangan/{secret}/", passwords).status_code == 404


def test_a_late_link_an_unknown_one_and_a_replaced_one_look_alike(client, garut):
    first = invitations.invite("a@b.example", role=Role.DINAS, office=garut)
    second = invitations.invite("a@b.example", role=Role.DINAS, office=garut)
    replaced = client.get(f"/undangan/{_secret(first.link)}/")
    Invitation.objects.filter(accepted_at=None).update(
        created_at=timezone.now() - timedelta(days=30), expires_at=timezone.now()
    )
    late = client.get(f"/undangan/{_secret(second.link)}/")
    unknown = client.get("/undangan/AAAAAAAAAAAAAAAAAAAAAAAA/")
    assert {replaced.status_code, late.status_code, unknown.status_code} == {404}
    bodies = {
        response.content.split(b"<main")[1].split(b"</main>")[0] for response in (replaced, late, unknown)
    }
    assert len(bodies) == 1


def test_a_weak_password_is_refused_and_says_why(client, garut):
    secret = _secret(invitations.invite("a@b.example", role=Role.DINAS, office=garut).link)
    answer = client.post(f"/undangan/{secret}/", {"new_password1": "password", "new_password2": "password"})
    assert answer.status_code == 200
    assert "12" in answer.content.decode()
    assert not Person.objects.get(email="a@b.example").has_usable_password()


def test_the_secret_itself_is_not_stored(garut):
    secret = _secret(invitations.invite("a@b.example", role=Role.DINAS, office=garut).link)
    assert secret not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize(
    ("role", "office"), [(Role.PENETAP, "3205"), (Role.DINAS, "kemenperin"), (Role.PROVINSI, "3205")]
)
def test_a_role_is_only_held_in_its_kind_of_office(garut, role, office):
    with pytest.raises(invitations.CannotInvite):
        invitations.invite("a@b.example", role=role, office=Office.objects.get(code=office))
    assert not Person.objects.exists()


def test_the_command_opens_an_empty_portal(garut, client):
    out = StringIO()
    call_command("invite", "kepala@kemenperin.example", role="sekretariat", json=True, stdout=out)
    said = json.loads(out.getvalue())
    assert said["office"] == "kemenperin"
    assert client.get("/undangan/" + _secret(said["link"]) + "/").status_code == 200
    assert Membership.objects.get().role == "sekretariat"


def test_the_command_names_an_unknown_office(garut):
    with pytest.raises(CommandError, match="9999"):
        call_command("invite", "a@b.example", role="dinas", office="9999")


def test_nobody_signs_up(client, garut):
    assert client.post(
        "/masuk/akun-baru/", {"email": "x@y.example", "password1": GOOD_PASSWORD}
    ).status_code in (
        403,
        404,
        405,
    )
    assert not Person.objects.exists()
