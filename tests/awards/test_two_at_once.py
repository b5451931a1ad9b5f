"""Two people, or two workers, at the same moment: one of them is told, and what stands is what one of them did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person
from awards import decree_pdf, decree_wording, scans, taking_over
from awards.decree_wording import Words
from awards.decrees import Refused
from awards.models import Award, Decree, DecreeFile, DecreeWording
from files import intake
from tests.factories.accounts import GARUT, a_regency
from tests.factories.assessment import a_secretary
from tests.factories.awards import a_drafted_decree, a_signatory, an_issued_decree
from tests.factories.files import pdf_bytes
from tests.factories.nominations import a_group
from tests.nominations.importing import GOOD, HEAD, a_csv

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of them was told, in no order: the code of its refusal, or "done"."""

    def one(act: Callable[[], object]) -> str:
        try:
            act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def test_of_two_who_write_the_same_draft_the_second_is_told():
    with transaction.atomic():
        decree, secretary = a_drafted_decree(), a_secretary()

    def write(words: str) -> Callable[[], object]:
        text = Words([words], ["Undang-Undang;"], [], [], "Kepala Biro Hukum")
        return lambda: decree_wording.write(
            decree, text, seen=0, by=Person.objects.get(pk=secretary.pk), at=timezone.now()
        )

    assert at_once(write("bahwa A;"), write("bahwa B;")) == ["changed_meanwhile", "done"]
    assert DecreeWording.objects.count() == 1
    assert Decree.objects.get().wording.version == 1


def test_a_scan_that_comes_while_the_decree_is_issued_is_either_its_ground_or_refused():
    with transaction.atomic():
        decree, secretary, signatory = a_drafted_decree(), a_secretary(), a_signatory()
        first, second = (
            intake.accept(ContentFile(pdf_bytes(pages=n), name="SK.pdf"), by=secretary, at=timezone.now())
            for n in (1, 2)
        )
        scans.attach(decree, first, by=secretary, at=timezone.now())
    told = at_once(
        lambda: an_issued_decree(
            Decree.objects.get(), rests_on="pindaian", by=Person.objects.get(pk=signatory.pk)
        ),
        lambda: scans.attach(
            Decree.objects.get(), second, by=Person.objects.get(pk=secretary.pk), at=timezone.now()
        ),
    )
    assert told in (["already_issued", "done"], ["done", "done"])
    issued = Decree.objects.get()
    assert DecreeFile.objects.get(variant="pindaian").sha256 == issued.signed_scan.sha256


def test_two_who_take_the_same_round_over_take_it_over_once():
    with transaction.atomic():
        a_regency(GARUT)
        a_group("anyaman")
        secretary = a_secretary()
    source = taking_over.Source(2018, "1214 TAHUN 2018", date(2018, 12, 5))
    table = taking_over.read(a_csv((*GOOD, "4"), head=(*HEAD, "star")), "x.csv")

    def take() -> object:
        return taking_over.run(table, source, by=Person.objects.get(pk=secretary.pk), at=timezone.now())

    told = at_once(take, take)
    assert told[1] == "done"
    assert told[0] in ("changed_meanwhile", "decree_exists")
    assert (Decree.objects.count(), Award.objects.count()) == (1, 1)


def test_two_workers_make_a_decrees_paper_once_and_nobody_waits_for_its_layout(monkeypatch):
    with transaction.atomic():
        decree = an_issued_decree()

    def laid_out(page: str) -> bytes:
        # Whoever publishes now takes the decree's row at once.
        with transaction.atomic():
            Decree.objects.select_for_update(nowait=True).get(pk=decree.pk)
        return b"%PDF-1.7"

    monkeypatch.setattr(decree_pdf.letters_pdf, "archived", laid_out)

    def make() -> object:
        return decree_pdf.make(decree.pk, "salinan", at=timezone.now())

    make()
    assert at_once(make, make) == ["done", "done"]
    assert DecreeFile.objects.count() == 1
