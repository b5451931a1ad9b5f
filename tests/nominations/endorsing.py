"""The province's pages as its officer presses them: for the tests of its queue and of its decision."""

from django.urls import reverse

from nominations.models import Nomination, ProvinceAnswer

QUEUE = "/verifikasi-provinsi/"
REASON = "Nomor SK sentra pada isian berbeda dari nomor pada berkas."


def page(nomination):
    return reverse("endorsement", args=[nomination.pk])


def answers(**changed):
    """The five questions answered "Sesuai", but for those given: `answers(sentra=("not_met", "…"))`."""
    given = dict.fromkeys(ProvinceAnswer.Question.values, ("met", "")) | changed
    typed = {}
    for question, (verdict, note) in given.items():
        typed |= {f"{question}-hasil": verdict, f"{question}-catatan": note}
    return typed


def pressed(client, nomination, action, **typed):
    return client.post(page(nomination), {"tindakan": action, **typed})


def state_of(nomination):
    return Nomination.objects.get(pk=nomination.pk).state


def text_of(answer):
    return " ".join(answer.content.decode().split())
