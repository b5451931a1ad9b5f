"""
The rules that the secretariat keeps as data: commodity groups, kinds of document, and what screening asks for.

What was asked when a round began stays asked until its screening ends: within that time a requirement may be loosened
or worded better, never tightened, because nobody can be measured by what was not announced. Every change stands in the
history with its reason and both values (docs/decisions/0058).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import IntegrityError, models, transaction

from accounts.models import Person
from accounts.roles import Right
from audit import history
from audit.models import Entry

from .guards import REASON_AT_LEAST, Refused, when
from .models import CommodityGroup, DocumentKind, Phase, Requirement, Round

Rule = CommodityGroup | DocumentKind | Requirement
Kept = TypeVar("Kept", CommodityGroup, DocumentKind, Requirement)
_SETS = ("accepts", "groups")


@transaction.atomic
def add(
    model: type[Kept], code: str, values: Mapping[str, Any], *, reason: str, by: Person, at: datetime
) -> Kept:
    """
    Make a row with this code, which never changes afterwards. Raises Refused: not the secretariat, no reason, a code
    that is taken, or a requirement that would hit a running round.
    """
    _refuse(by, reason)
    row = model(code=code)
    own, sets = _split(values)
    if isinstance(row, Requirement) and own.get("is_active", True):
        _refuse_while_running(at)
    for name, value in own.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("code_taken", "Kode atau nama ini sudah dipakai. Tidak ada yang disimpan.") from None
    for name, members in sets.items():
        getattr(row, name).set(members)
    history.record("rule_added", row, by=by, at=at, reason=reason.strip(), values=facts(row))
    return row


@transaction.atomic
def change(row: Kept, values: Mapping[str, Any], *, seen: int, reason: str, by: Person, at: datetime) -> bool:
    """
    Change a row; return whether anything was different. `seen`: `version_of` when its form was opened.

    Raises Refused: not the secretariat, no reason, changed by somebody meanwhile, a name that is taken, or a
    requirement that would ask for more while a round is running.
    """
    locked = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    _refuse(by, reason)
    if version_of(locked) != seen:
        last = story_of(locked)[0]
        who = last.actor.full_name if last.actor else "Rekan Anda"
        raise Refused(
            "overtaken",
            f"{who} baru saja mengubah data ini. Isian Anda belum disimpan. Buka lagi halaman ini.",
        )
    before = facts(locked)
    own, sets = _split(values)
    for name, value in own.items():
        setattr(locked, name, value)
    after = {
        **before,
        **{name: getattr(locked, name) for name in own},
        **{name: sorted(member.pk for member in members) for name, members in sets.items()},
    }
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        return False
    if isinstance(locked, Requirement) and asks_for_more(before, after):
        _refuse_while_running(at)
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError:
        raise Refused("name_taken", "Nama ini sudah dipakai. Tidak ada yang disimpan.") from None
    for name, members in sets.items():
        getattr(locked, name).set(members)
    history.record("rule_changed", locked, by=by, at=at, reason=reason.strip(), changed=changed)
    return True


def facts(row: Rule) -> dict[str, Any]:
    """Everything a row says, as plain values: what the history keeps."""
    found = {
        field.attname: getattr(row, field.attname)
        for field in cast("list[models.Field[Any, Any]]", row._meta.concrete_fields)
    }
    if isinstance(row, Requirement):
        for name in _SETS:
            found[name] = sorted(getattr(row, name).values_list("pk", flat=True))
    return found


def story_of(row: Rule) -> list[Entry]:
    """What was changed, newest first."""
    return list(history.of(row).order_by("-pk"))


def version_of(row: Rule) -> int:
    """How often it was changed: what a form brings along, so that nobody overwrites in silence."""
    return history.of(row).count()


def asks_for_more(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether somebody who met a requirement before might not meet it afterwards (facts of both)."""
    if not after["is_active"]:
        return False
    # No group named means all of them.
    wider = before["groups"] and not set(after["groups"]) <= set(before["groups"])
    to_all = before["groups"] and not after["groups"]
    return bool(
        not before["is_active"]
        or wider
        or to_all
        or set(before["accepts"]) - set(after["accepts"])
        or (not before["accepts"] and after["accepts"])
        or (before["only_for_wood"] and not after["only_for_wood"])
    )


def running_round(at: datetime) -> tuple[Round, datetime] | None:
    """A round that has been opened for nominations and whose screening has not ended, with that end."""
    for round_ in Round.objects.prefetch_related("phases").order_by("-year"):
        opening, screening = round_.phase(Phase.Kind.NOMINATION), round_.phase(Phase.Kind.SCREENING)
        end = screening or opening
        if opening is not None and end is not None and opening.opens_at <= at < end.closes_at:
            return round_, end.closes_at
    return None


def _refuse_while_running(at: datetime) -> None:
    running = running_round(at)
    if running is not None:
        round_, end = running
        raise Refused(
            "round_running",
            f"Periode {round_.year} sedang berjalan sampai seleksi berakhir {when(end)}. Persyaratan boleh dilonggarkan "
            "atau diperjelas, tetapi belum boleh ditambah atau diperketat. Tidak ada yang disimpan.",
        )


def _refuse(by: Person, reason: str) -> None:
    if not by.may(Right.RUN_ROUND):
        raise Refused("not_yours", "Persyaratan dikelola oleh Sekretariat.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused("reason_missing", f"Tuliskan alasannya, paling sedikit {REASON_AT_LEAST} huruf.")


def _split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The columns, and the sets of rows it names."""
    own = {name: value for name, value in values.items() if name not in _SETS}
    return own, {name: list(values[name]) for name in _SETS if name in values}
