"""What benchmarks work on: many producers, nominations, scores and awards, written in few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import cycle, islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Membership, Office, Person
from accounts.offices import MINISTRY_CODE
from accounts.roles import Role
from assessment.models import Assessment, Assignment, Decision, Instrument, Plenary, Score
from assessment.scoring import evaluate
from awards import codes
from awards.models import Award, Certificate, Decree
from files.models import StoredFile
from nominations import copies
from nominations.models import (
    CommodityGroup,
    Document,
    DocumentKind,
    DocumentLink,
    Ikm,
    Nomination,
    Phase,
    Product,
    Round,
    Sentra,
    State,
    Submission,
)
from regions.models import Regency

YEAR = 2099
_GROUP = "kain_tenun"
_PANEL = 3
# An update of many rows compares each with each of its statement.
_AT_ONCE = 200
_NAMES = (
    "UD Mawar",
    "Tenun Antik Hj. Fatimah Sayuthi",
    "Koperasi Produsen Perempuan Pengrajin Kain Tenun Ikat Siau Sejahtera Jaya Bersama",
    "CV Rasa Priangan",
    "Batik Winotosastro",
)
_GOODS = (
    "Kain tenun songket Pandai Sikek",
    "Dodol cokelat",
    "Anyaman ketak",
    "Batik tulis",
    "Kopi arabika Gayo",
)


def a_round() -> Round:
    """A round whose phases are all open now."""
    round_, is_new = Round.objects.get_or_create(year=YEAR)
    now = timezone.now()
    if is_new:
        Phase.objects.bulk_create(
            Phase(
                round=round_, kind=kind, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9)
            )
            for kind in Phase.Kind
        )
    return round_


def a_person(role: Role, office: Office, number: int) -> Person:
    person, is_new = Person.objects.get_or_create(
        email=f"{role.value}{number}@bench.example", defaults={"name": f"Petugas {number}"}
    )
    if is_new:
        Membership.objects.create(person=person, role=role, office=office, starts_on=date(2018, 1, 1))
    return person


def products(count: int, mark: str) -> list[Product]:
    """Products of as many IKM, spread over the country and the commodity groups; `mark` keeps their addresses apart."""
    regencies = list(Regency.objects.order_by("code").exclude(province="31"))
    groups = list(CommodityGroup.objects.order_by("position"))
    places = list(islice(cycle(regencies), count))
    sentra = {
        regency.pk: Sentra(
            name=f"Sentra {mark}", regency=regency, decree_number="1", decree_date=date(2020, 1, 2)
        )
        for regency in places
    }
    Sentra.objects.bulk_create(sentra.values())
    makers = Ikm.objects.bulk_create(
        Ikm(
            name=_NAMES[n % len(_NAMES)], sort_name=_NAMES[n % len(_NAMES)].casefold(), slug=f"{mark}-{n}",
            regency=place, sentra=sentra[place.pk], started_year=2001,
        )
        for n, place in enumerate(places)
    )  # fmt: skip
    return Product.objects.bulk_create(
        Product(
            ikm=maker,
            name=f"{_GOODS[n % len(_GOODS)]} {n}",
            slug=f"{mark}-{n}",
            group=groups[n % len(groups)],
        )
        for n, maker in enumerate(makers)
    )


@transaction.atomic
def awards(count: int, *, published: bool) -> Decree:
    """A decree with so many awards, each with a numbered certificate without its file."""
    now = timezone.now()
    round_ = Round.objects.create(year=YEAR - 1 - Decree.objects.count())
    chair = a_person(Role.KETUA, Office.objects.get(code=MINISTRY_CODE), 1)
    decree = Decree.objects.create(
        round=round_,
        # Without a plenary it would be one that was taken over from the archive, of which more is asked.
        plenary=Plenary.objects.create(
            round=round_,
            place="Jakarta",
            opened_at=now,
            opened_by=chair,
            members=1,
            present=1,
            minutes_number="1",
            sealed_at=now,
            sealed_by=chair,
            fingerprint="0" * 64,
        ),
        number="1214 TAHUN 2026",
        date=timezone.localdate(now),
        signatory_name="NAMA PEJABAT",
        annex_sha256="0" * 64,
        drafted_at=now,
        issued_at=now,
        published_at=now if published else None,
    )
    made = Award.objects.bulk_create(
        Award(
            decree=decree, product=product, slug=f"{product.slug}-{decree.pk}", position=place, star=1 + place % 5,
            maximum_star=5, ikm_name=product.ikm.name, product_name=product.name, group=product.group,
            group_name=product.group.name, regency=product.ikm.regency, regency_name=product.ikm.regency.full_name,
            province_name=product.ikm.regency.province.name, story="Ditenun dengan tangan di rumah masing-masing.",
        )
        for place, product in enumerate(_with_places(products(count, f"a{decree.pk}")), start=1)
    )  # fmt: skip
    Certificate.objects.bulk_create(
        Certificate(
            award=award,
            number=f"OVOP/{decree.round_id}/{award.position:04d}",
            code=codes.new_code(),
            created_at=now,
        )
        for award in made
    )
    return decree


@transaction.atomic
def drafts(count: int) -> list[tuple[Nomination, Person]]:
    """Complete drafts of many dinas, each with the officer who will send it."""
    round_, now = a_round(), timezone.now()
    group = CommodityGroup.objects.get(pk=_GROUP)
    goods = _with_places(products(count, f"d{Nomination.objects.count()}"))
    Product.objects.filter(pk__in=[product.pk for product in goods]).update(group=group)
    makers = [product.ikm for product in goods]
    first = Ikm.objects.exclude(nib=None).count()
    for number, maker in enumerate(makers, start=first):
        maker.nib = f"{number:013d}"
    Ikm.objects.bulk_update(makers, ["nib"], batch_size=_AT_ONCE)
    offices = {office.regency_id: office for office in Office.objects.filter(kind=Office.Kind.DINAS)}
    people = {
        code: a_person(Role.DINAS, offices[code], int(code))
        for code in {maker.regency_id for maker in makers}
    }
    made = Nomination.objects.bulk_create(
        _nomination(product, round_, offices[product.ikm.regency_id], people[product.ikm.regency_id], now)
        for product in goods
    )
    file = _a_file(made[0].created_by, now)
    for code in ("nib", "sk_sentra", "surat_usulan", "persetujuan", "produk"):
        kind = DocumentKind.objects.get(pk=code)
        papers = Document.objects.bulk_create(
            Document(
                kind=kind, file=file, number="1", added_at=now, added_by=one.created_by, **_holder(kind, one)
            )
            for one in made
        )
        DocumentLink.objects.bulk_create(
            DocumentLink(nomination=one, document=paper) for one, paper in zip(made, papers, strict=True)
        )
    return [(one, one.created_by) for one in made]


@transaction.atomic
def decided(count: int) -> Round:
    """A round with so many nominations, three sheets each, decided by a sealed session as their scores say."""
    instrument = Instrument.objects.filter(group=_GROUP).order_by("-version").first()
    if instrument is None:
        raise LookupError("the reference data has no instrument")
    now, ministry = timezone.now(), Office.objects.get(code=MINISTRY_CODE)
    chair = a_person(Role.KETUA, ministry, 1)
    forms = _assessments(_sent(count, now), instrument, chair, now)
    panel = [a_person(Role.PENILAI, ministry, number) for number in range(_PANEL)]
    # The guards of a sheet that is being written are asked for each of 75 rows: minutes for what nobody measures.
    with _unguarded(Assignment, Score):
        seats = Assignment.objects.bulk_create(
            Assignment(
                assessment=form, assessor=person, office=ministry, assigned_at=now, assigned_by=chair,
                has_conflict=False, declared_at=now, statement_version=1, submitted_at=now,
            )
            for form in forms
            for person in panel
        )  # fmt: skip
        sheets = {seat.pk: _marks(instrument, seat.pk) for seat in seats}
        _copy_scores(sheets, now)
    session = Plenary.objects.create(
        round=forms[0].nomination.round, place="Jakarta", opened_at=now, opened_by=chair, members=9, present=9
    )
    values = [
        evaluate(instrument.parsed(), {str(seat.pk): sheets[seat.pk] for seat in seats[at : at + _PANEL]})
        for at in range(0, len(seats), _PANEL)
    ]
    # Three assessors with a whole round each are nobody: what a decision asks of an assessor's other sheets is not measured.
    with _unguarded(Decision):
        Decision.objects.bulk_create(
            Decision(
                plenary=session, nomination=form.nomination, instrument=instrument, numerator=one.value.numerator,
                denominator=one.value.denominator, computed_star=one.star, star=one.star, maximum_star=5,
                recorded_at=now, recorded_by=chair,
            )
            for form, one in zip(forms, values, strict=True)
        )  # fmt: skip
    session.minutes_number, session.fingerprint = "BA/1/2099", "0" * 64
    session.sealed_at, session.sealed_by = now, chair
    with _unguarded(Plenary):
        session.save()
    return session.round


def _sent(count: int, at: datetime) -> list[Nomination]:
    """Nominations that were sent, and are assessed already."""
    made = [one for one, _ in drafts(count)]
    for number, one in enumerate(made):
        one.state, one.number = State.ASSESSED, f"U-{YEAR}-{number:05d}"
        one.submitted_at, one.submitted_by = at, one.created_by
    Nomination.objects.bulk_update(
        made, ["state", "number", "submitted_at", "submitted_by"], batch_size=_AT_ONCE
    )
    return made


def _assessments(
    nominations: list[Nomination], instrument: Instrument, by: Person, at: datetime
) -> list[Assessment]:
    content = {"round": YEAR}
    copied = Submission.objects.bulk_create(
        Submission(
            nomination=one, sequence=1, at=at, by=by, content=content, sha256=copies.fingerprint(content)
        )
        for one in nominations
    )
    return Assessment.objects.bulk_create(
        Assessment(
            nomination=one,
            submission=copy,
            instrument=instrument,
            created_at=at,
            created_by=by,
            completed_at=at,
        )
        for one, copy in zip(nominations, copied, strict=True)
    )


def _with_places(made: list[Product]) -> list[Product]:
    keys = [product.pk for product in made]
    found = Product.objects.select_related("group", "ikm__sentra", "ikm__regency__province").in_bulk(keys)
    return [found[key] for key in keys]


def _nomination(product: Product, round_: Round, office: Office, by: Person, at: datetime) -> Nomination:
    return Nomination(
        round=round_, product=product, office=office, created_at=at, created_by=by, raw_material="Benang katun",
        local_content=60, value_added="60 persen", capacity="400 lembar sebulan", workers=24,
        environment="Diendapkan", design="Desain sendiri", marketing="Pameran dan daring", story="Ditenun di rumah.",
    )  # fmt: skip


def _holder(kind: DocumentKind, nomination: Nomination) -> dict[str, Any]:
    ikm = nomination.product.ikm
    holders = {"office": nomination.office, "sentra": ikm.sentra, "ikm": ikm}
    return {kind.holder: holders[kind.holder]}


def _a_file(by: Person, at: datetime) -> StoredFile:
    return StoredFile.objects.create(
        original_name="berkas.pdf", media_type="application/pdf", size=1000, sha256="0" * 64, pages=1,
        stored_path=f"stored/00/{Document.objects.count()}.pdf", uploaded_by=by, uploaded_at=at,
        state=StoredFile.State.ACCEPTED,
    )  # fmt: skip


@contextmanager
def _unguarded(*models: type[Model]) -> Iterator[None]:
    """Write into these tables of a benchmark's own database without their triggers; what refers to what is still asked."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _copy_scores(sheets: dict[int, dict[str, int]], at: datetime) -> None:
    lines = (
        f"{seat}\t{code}\t{points}\t\t{at.isoformat()}\n"
        for seat, given in sheets.items()
        for code, points in given.items()
    )
    with connection.cursor() as cursor:
        while piece := "".join(islice(lines, 50_000)):
            cursor.copy_expert(
                "COPY assessment_score (assignment_id, indicator, points, note, at) FROM STDIN",
                StringIO(piece),
            )


def _marks(instrument: Instrument, number: int) -> dict[str, int]:
    """A sheet like many: each line on one of its two highest levels, another mixture for each sheet."""
    return {
        code: ladder[-1 - (number + place) % 2]
        for place, (code, ladder) in enumerate(sorted(instrument.ladders.items()))
    }
