"""
Taking the demo away: every row of its rounds, its registry, its papers, its mails, its people, and their files.

What refers to a row that goes goes with it, found through the models' own relations, so a room made later is not
forgotten. Foreign keys are checked at commit; the triggers that forbid a deletion are ignored for the rows' own tables,
and for nothing else. The history (audit, and the versions that pghistory keeps) stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts.models import Membership, Office, Person
from audit import history
from audit.models import Entry, Reading
from awards.models import Certificate
from catalogue.models import ShownPhoto
from files.models import StoredFile, Upload
from letters import numbering, pictures
from letters.models import Batch, Counter, Letter, Letterhead, Message, SigningOfficer
from letters.outbox import reference
from nominations.models import Document, Ikm, Nomination, Product, Round, Sentra

from . import facts, people

Rows = dict[type[models.Model], set[Any]]
_MARKED: tuple[type[models.Model], ...] = (Round, Sentra, Ikm, Product)


class CannotRemove(Exception):
    """Something that is no example would go too, or the database role has no right; nothing was taken away."""


def remove() -> dict[str, int]:
    """
    Take the demo away in one transaction, then its files; return how many of what went. Raises CannotRemove.

    An account that the history names is closed, one that nothing names is removed.
    """
    _refuse_without_the_right()
    with transaction.atomic():
        years = list(Round.objects.filter(is_example=True).order_by("pk").values_list("pk", flat=True))
        rows = _everything()
        _refuse_what_is_real(rows)
        paths = list(_files_of(rows))
        _record(rows)
        _delete(rows)
        Counter.objects.filter(
            series__in=[numbering.NOMINATION, numbering.SCREENING_SHEET, numbering.CERTIFICATE],
            year__in=years,
        ).delete()
        _forget_registry_of_demo_people()
        closed, removed = _close_accounts()
        transaction.on_commit(lambda: _unlink(paths))
    return {
        "rounds": len(years),
        "nominations": len(rows[Nomination]),
        "certificates": len(rows[Certificate]),
        "files": len(paths),
        "rows": sum(len(keys) for keys in rows.values()),
        "accounts closed": closed,
        "accounts removed": removed,
    }


# --- What goes -------------------------------------------------------------------------------------------------
def _everything() -> Rows:
    """The rows of the demo with everything that refers to them, by model."""
    rows: Rows = defaultdict(set)
    demo_people = _people()
    for model in _MARKED:
        rows[model] |= _keys(model._default_manager.filter(is_example=True))
    real = Document.objects.filter(links__nomination__round__is_example=False).order_by().values("pk")
    rows[Document] |= _keys(Document.objects.filter(added_by__in=demo_people).exclude(pk__in=real))
    rows[Upload] |= _keys(Upload.objects.filter(owner__in=demo_people))
    _add_what_refers_to(rows)
    named = [reference(model(pk=key)) for model, keys in rows.items() for key in keys]
    rows[Letter] |= _keys(Letter.objects.filter(about__in=named))
    rows[Message] |= _keys(Message.objects.filter(Q(person__in=demo_people) | Q(about__in=named)))
    for kept in (Letterhead, SigningOfficer):
        rows[kept] |= _written_by_the_demo_alone(kept)
    _add_what_refers_to(rows)
    held_by_others = Message.objects.exclude(pk__in=rows[Message]).filter(batch__isnull=False)
    rows[Batch] |= _keys(
        Batch.objects.filter(made_by__in=demo_people).exclude(
            pk__in=held_by_others.order_by().values("batch")
        )
    )
    rows[StoredFile] |= _files_nobody_else_has(rows)
    return rows


def _written_by_the_demo_alone(model: type[models.Model]) -> set[Any]:
    """Letterheads and signing officers that only the demo's people wrote: what an office made its own stays."""
    acts = Entry.objects.filter(subject_type=model._meta.label_lower).order_by()
    own = set(acts.filter(actor__in=_people()).values_list("subject_id", flat=True))
    others = set(acts.exclude(actor__in=_people()).values_list("subject_id", flat=True))
    return _keys(model._default_manager.filter(pk__in=[int(key) for key in own - others]))


def _add_what_refers_to(rows: Rows) -> None:
    """Add, until there is nothing more to add, whatever cannot stay without a row that goes."""
    fresh = {model: set(keys) for model, keys in rows.items()}
    while fresh:
        found: Rows = defaultdict(set)
        for model, keys in fresh.items():
            for child, field in _references_to(model):
                if not field.null or field.remote_field.on_delete is not models.SET_NULL:
                    found[child] |= _keys(child._base_manager.filter(**{f"{field.name}__in": keys}))
        fresh = {model: new for model, keys in found.items() if (new := keys - rows[model])}
        for model, new in fresh.items():
            rows[model] |= new


def _references_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Foreign keys of the database to this model, many-to-many tables included; those without a constraint are history."""
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if (
            relation.auto_created
            and isinstance(field, models.ForeignKey)
            and getattr(field, "db_constraint", True)
        ):
            yield field.model, field


def _files_nobody_else_has(rows: Rows) -> set[Any]:
    """Files of the demo's people, and of rows that go, unless something that stays has them too."""
    candidates = _keys(StoredFile.objects.filter(uploaded_by__in=_people()))
    for child, field in _references_to(StoredFile):
        going = child._base_manager.filter(pk__in=rows[child], **{f"{field.name}__isnull": False})
        candidates |= set(going.order_by().values_list(field.attname, flat=True))
    for child, field in _references_to(StoredFile):
        staying = child._base_manager.exclude(pk__in=rows[child]).filter(**{f"{field.name}__in": candidates})
        candidates -= set(staying.order_by().values_list(field.attname, flat=True))
    return candidates


def _people() -> models.QuerySet[Person]:
    return Person.objects.filter(email__iendswith=f"@{people.DOMAIN}").order_by()


def _keys(rows: models.QuerySet) -> set[Any]:
    return set(rows.order_by().values_list("pk", flat=True))


# --- What must not go ------------------------------------------------------------------------------------------
def _refuse_without_the_right() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, tableowner, 'MEMBER') FROM pg_tables WHERE tablename = %s",
            [Round._meta.db_table],
        )
        found = cursor.fetchone()
    if not (found and found[0]):
        raise CannotRemove(
            "only the owner of the tables takes the demo away: give its address in DATABASE_OWNER_URL"
        )


def _refuse_what_is_real(rows: Rows) -> None:
    """A real product in the demo's sentra, a demo product proposed in a real round: a person has to part them first."""
    real: list[object] = []
    for model in _MARKED:
        real += model._default_manager.filter(pk__in=rows[model], is_example=False).order_by("pk")[:3]
    nominations = Nomination.objects.filter(pk__in=rows[Nomination], round__is_example=False)
    real += nominations.order_by("pk")[:3]
    if real:
        named = ", ".join(
            f"{one._meta.model_name} {one.pk} ({one})" for one in real if isinstance(one, models.Model)
        )
        raise CannotRemove(f"not taken away, because real data rests on the demo's: {named}")


# --- Doing it --------------------------------------------------------------------------------------------------
def _record(rows: Rows) -> None:
    """The last word in the history of each round: what bears its year later is another one."""
    for round_ in Round.objects.filter(pk__in=rows[Round]).order_by("pk"):
        history.record("demo_removed", round_, by=None, at=timezone.now())


def _delete(rows: Rows) -> None:
    going = [model for model, keys in rows.items() if keys]
    with pgtrigger.ignore(*_forbidding(going)):
        for model in going:
            for child, field in _references_to(model):
                if field.null and field.remote_field.on_delete is models.SET_NULL:
                    left = child._base_manager.filter(**{f"{field.name}__in": rows[model]})
                    left.order_by().update(**{field.name: None})
        for model in going:
            doomed = model._base_manager.filter(pk__in=rows[model]).order_by()
            doomed._raw_delete(doomed.db)


def _forbidding(going: Iterable[type[models.Model]]) -> list[str]:
    """The triggers of these tables that are asked when a row is deleted, as pgtrigger names them."""
    return [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if model in set(going) and "DELETE" in str(trigger.operation)
    ]


def _forget_registry_of_demo_people() -> None:
    """What a demo account registered by hand and nothing needs any more, products first."""
    made = Entry.objects.filter(actor__in=_people(), action__endswith="_registered").order_by()
    for model in (Product, Ikm, Sentra):
        keys = made.filter(subject_type=model._meta.label_lower).values_list("subject_id", flat=True)
        for row in model._default_manager.filter(pk__in=[int(key) for key in keys]).order_by("pk"):
            _delete_if_nothing_needs(row)


def _close_accounts() -> tuple[int, int]:
    """Return how many accounts were closed and how many removed; the offices that the demo made go where they can."""
    Membership.objects.filter(person__in=_people()).delete()
    named = {*_keys_named(Entry, "actor"), *_keys_named(Reading, "person")}
    closed = removed = 0
    for person in _people().order_by("pk"):
        if person.pk not in named and _delete_if_nothing_needs(person):
            removed += 1
            continue
        if person.is_active:
            person.is_active = False
            person.set_unusable_password()
            person.save(update_fields=["is_active", "password"])
            closed += 1
    for code, kind, name in facts.OFFICES:
        for office in Office.objects.filter(code=code, kind=kind, name=name):
            _delete_if_nothing_needs(office)
    return closed, removed


def _keys_named(model: type[models.Model], field: str) -> set[Any]:
    return set(model._default_manager.order_by().values_list(field, flat=True).distinct())


def _delete_if_nothing_needs(row: models.Model) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    return True


# --- Files -----------------------------------------------------------------------------------------------------
def _files_of(rows: Rows) -> Iterator[Path]:
    """Every file that only a row that goes knows of: contents, their drawn pages, certificates, letters, parts."""
    folder = Path(settings.MEDIA_ROOT)
    for file in StoredFile.objects.filter(pk__in=rows[StoredFile]).order_by("pk"):
        if file.stored_path:
            yield folder / file.stored_path
        yield from (folder / "pages" / file.pk.hex[:2]).glob(f"{file.pk}-*.png")
    for upload in Upload.objects.filter(pk__in=rows[Upload]).order_by("pk"):
        yield upload.part_path
    for model, keys in rows.items():
        for field in model._meta.get_fields():
            if isinstance(field, models.FileField):
                names = model._base_manager.filter(pk__in=keys).order_by().values_list(field.name, flat=True)
                yield from (folder / name for name in names if name)
    for letter in rows[Letter]:
        yield from (folder / pictures.FOLDER / str(letter)).glob("*.png")
    for photo in ShownPhoto.objects.filter(pk__in=rows[ShownPhoto]).order_by("pk"):
        yield from photo.folder.glob("*.*")
    paths = Certificate.objects.filter(pk__in=rows[Certificate]).exclude(path="").order_by("pk")
    yield from (folder / path for path in paths.values_list("path", flat=True))


def _unlink(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
