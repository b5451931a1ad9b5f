"""
The bulk path of the secretariat: a table of nominations becomes drafts of their dinas, all of it or nothing.

What the pages check one by one is checked here for all rows at once, and each act stands in the history as the pages
write it (decision 0054).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import slugify

from accounts.models import Person
from accounts.roles import Right
from audit import history
from audit.models import Entry

from . import import_columns, import_table, notices
from .drafts import refuse_when_closed
from .guards import Refused
from .import_plan import Outcome, Plan
from .import_table import Table
from .models import Ikm, Nomination, Phase, Product, Round, Sentra, State

# Who began a draft that was imported on the machine itself; nobody can sign in as this.
PORTAL_EMAIL = "impor-usulan@portal.invalid"


def read(content: bytes, name: str) -> Table:
    """The table in a file. Raises import_table.Unreadable."""
    return import_table.read(content, name, columns=import_columns.COLUMNS, required=import_columns.REQUIRED)


def check(table: Table, *, round_: Round, at: datetime) -> Outcome:
    """What an import of this table would do; reads only. Raises Refused where the round takes none."""
    _refuse_round(round_, at)
    return Plan(table, round_).outcome()


@transaction.atomic
def run(table: Table, *, round_: Round, by: Person | None, at: datetime, token: str = "") -> Outcome:
    """
    Make a draft of every row; with a problem in any of them, nothing. `by`: of the secretariat; None on the machine.

    token: names one upload, which is imported once. Raises Refused: not_yours, demo_round, phase_closed,
    already_imported, and changed_meanwhile where somebody registered the same in this very moment.
    """
    if by is not None and not by.may(Right.RUN_ROUND):
        raise Refused("not_yours", "Impor usulan dilakukan oleh Sekretariat.")
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if token and _of_round(round_).filter(details__token=token).exists():
        raise Refused("already_imported", "Berkas ini sudah diimpor. Tidak ada yang ditambahkan lagi.")
    _refuse_round(round_, at)
    plan = Plan(table, round_)
    outcome = plan.outcome()
    if outcome.problems:
        return outcome
    try:
        with transaction.atomic(), pghistory.context(user=by.pk if by else None):
            _write(plan, by=by, at=at)
    except IntegrityError:
        raise Refused(
            "changed_meanwhile",
            "Sementara itu ada yang mendaftarkan data yang sama, jadi tidak ada yang diimpor. Periksa berkas ini lagi.",
        ) from None
    details: dict[str, Any] = {
        **outcome.new,
        "rows": outcome.rows,
        "token": token,
        "sha256": _fingerprint(table),
    }
    history.record("nominations_imported", round_, by=by, at=at, **details)
    outcome.imported = True
    return outcome


def _fingerprint(table: Table) -> str:
    """Which table it was, whatever file it came in."""
    return hashlib.sha256(repr([sorted(row.values.items()) for row in table.rows]).encode()).hexdigest()


def _of_round(round_: Round) -> Any:
    return Entry.objects.filter(
        action="nominations_imported", subject_type=Round._meta.label_lower, subject_id=str(round_.pk)
    )


def _refuse_round(round_: Round, at: datetime) -> None:
    """
    A demo round takes no real nominations: taking the demo away would take them too. Before the phase is dated drafts
    can be prepared; once it is over nobody could send them.
    """
    demo = Nomination.objects.filter(round=round_, product__ikm__is_example=True)
    if round_.is_example or demo.exists():
        raise Refused(
            "demo_round",
            f"{round_} berisi data contoh, jadi tidak ada yang diimpor. Hapus data contoh (demo --remove) lebih dahulu.",
        )
    if round_.phase(Phase.Kind.NOMINATION) is not None:
        refuse_when_closed(round_, at)


def _write(plan: Plan, *, by: Person | None, at: datetime) -> None:
    """Make everything, in as many statements for 5,000 rows as for five (by thousands)."""
    register(plan, by=by, at=at)
    author = by or _the_portal()
    drafts = Nomination.objects.bulk_create(
        (
            Nomination(
                round=plan.round, product=one.product, office_id=one.office_id, created_at=at, created_by=author,
                **one.answers,
            )
            for one in plan.planned
        ),
        batch_size=1000,
    )  # fmt: skip
    notices.tell_imported(plan.round, Counter(draft.office_id for draft in drafts), by=by, at=at)
    begun = ((draft, {"copy_of": None, "bulk": True}) for draft in drafts)
    history.record_all("begin", begun, by=by, at=at, to_state=State.DRAFT.value)


def register(plan: Plan, *, by: Person | None, at: datetime) -> None:
    """Register what the plan names and the registry has not, and record it; inside the caller's transaction."""
    Sentra.objects.bulk_create(plan.new_sentra.values(), batch_size=1000)
    makers = [ikm for _, ikm in plan.new_ikm]
    for ikm, slug in zip(makers, free_slugs(Ikm, [ikm.name for ikm in makers], 100), strict=True):
        ikm.slug = slug
    Ikm.objects.bulk_create(makers, batch_size=1000)
    for ikm in plan.completed.values():
        ikm.version += 1
    Ikm.objects.bulk_update(plan.completed.values(), ["nib", "sentra", "version"], batch_size=500)
    goods = plan.new_products
    names = [f"{product.name} {product.ikm.name}" for product in goods]
    for product, slug in zip(goods, free_slugs(Product, names, 120), strict=True):
        product.slug = slug
    Product.objects.bulk_create(goods, batch_size=1000)
    sentra = ((one, {"regency": one.regency_id}) for one in plan.new_sentra.values())
    registered = ((ikm, {"regency": ikm.regency_id}) for _, ikm in plan.new_ikm)
    history.record_all("sentra_registered", sentra, by=by, at=at)
    history.record_all("ikm_registered", registered, by=by, at=at)
    history.record_all("ikm_completed", ((ikm, {}) for ikm in plan.completed.values()), by=by, at=at)
    products = ((product, {"ikm": product.ikm_id}) for product in goods)
    history.record_all("product_registered", products, by=by, at=at)


def free_slugs(model: type[Model], names: list[str], longest: int) -> Iterator[str]:
    """A slug for each name that no row has, nor another of these: registry.free_slug for many at once."""
    taken = set(model._default_manager.order_by().values_list("slug", flat=True)) if names else set()
    counts: Counter[str] = Counter()
    for name in names:
        base = slugify(name)[: longest - 5].strip("-") or "tanpa-nama"
        slug = base if base not in taken else ""
        while not slug or slug in taken:
            counts[base] += 1
            slug = f"{base}-{counts[base] + 1}"
        taken.add(slug)
        yield slug


def _the_portal() -> Person:
    person = Person.objects.filter(email=PORTAL_EMAIL).first()
    return person or Person.objects.create_user(PORTAL_EMAIL, name="Impor usulan", is_active=False)
