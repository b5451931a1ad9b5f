"""
Who is told what when a nomination moves (documents.md 12): queued in the transition's own transaction, each once.

The people of the nominating office are told; what waits for province and secretariat is seen in their queues.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Office, Person
from accounts.roles import Role
from letters import outbox, workdays

from .guards import Act
from .models import Nomination, Phase, Round, State

# An import for more offices than these is a mailing to many.
_OFFICES_AT_ONCE = 20
_Words = Callable[[Nomination, Act], dict[str, object]]


def tell(action: str, nomination: Nomination, act: Act) -> None:
    """
    Queue what this transition has to say to the people of the nominating office; call it inside the transaction.

    A withdrawn or lapsed nomination sends nothing more: what still waited about it is cancelled.
    """
    if nomination.state in (State.WITHDRAWN, State.LAPSED):
        outbox.cancel(nomination, at=act.at)
        return
    if action not in _KINDS:
        return
    kind, words = _KINDS[action]
    context = words(nomination, act) | {"no": str(nomination), "tautan": nomination.get_absolute_url()}
    for person in people_of(nomination.office, at=act.at):
        outbox.queue(
            kind,
            person=person,
            key=f"{nomination.pk}/{action}/{nomination.submissions.count()}",
            context=context,
            at=act.at,
            about=nomination,
        )


def people_of(office: Office, *, at: datetime) -> list[Person]:
    """The active people who nominate for an office: its dinas officers, or the province's where it nominates."""
    return people_of_all([office.pk], at=at)[office.pk]


def people_of_all(offices: Iterable[int], *, at: datetime) -> dict[int, list[Person]]:
    """The same for many offices (by id) in one question; an office without people has an empty list."""
    memberships = (
        Membership.objects.in_force(at=at)
        .filter(
            Q(office__kind=Office.Kind.PROVINCE, role=Role.PROVINSI)
            | (~Q(office__kind=Office.Kind.PROVINCE) & Q(role=Role.DINAS)),
            office__in=list(offices),
            person__is_active=True,
        )
        .select_related("person")
        .order_by("person_id", "pk")
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for membership in memberships:
        if membership.person not in found[membership.office_id]:
            found[membership.office_id].append(membership.person)
    return found


def tell_imported(round_: Round, drafts: Mapping[int, int], *, by: Person | None, at: datetime) -> None:
    """
    Tell each office (by id) how many drafts an import made for it: one message to each of its people; inside the
    import's transaction. What goes to many offices waits until a person has counted and released it.
    """
    many = len(drafts) > _OFFICES_AT_ONCE
    batch = outbox.open_batch(f"Draf diimpor periode {round_.pk}", by=by, at=at) if many else None
    phase = round_.phase(Phase.Kind.NOMINATION)
    people = people_of_all(drafts, at=at)
    names = dict(Office.objects.filter(pk__in=list(drafts)).order_by("pk").values_list("pk", "name"))
    for office, count in sorted(drafts.items()):
        for person in people[office]:
            outbox.queue(
                "drafts_imported",
                person=person,
                key=f"drafts_imported/{round_.pk}/{office}/{at.timestamp():.6f}",
                context={
                    "n": str(count),
                    "tahun": str(round_.pk),
                    "kantor": names[office],
                    "waktu": phase.closes_at if phase else "batas yang akan diumumkan",
                    "tautan": f"{reverse('nominations')}?status={State.DRAFT.value}",
                },
                at=at,
                batch=batch,
            )


def may_follow(person: Person, pk: int) -> bool:
    """Whether a message about this nomination still leads this person to it (letters.inbox)."""
    return Nomination.objects.visible_to(person).filter(pk=pk).exists()


def objection_until(nomination: Nomination, *, decided_at: datetime) -> datetime:
    """Until when an objection to a refusal is in time: 23.59 WIB of the last of the round's working days."""
    return workdays.end_of_workday(decided_at, nomination.round.objection_days)


def _received(nomination: Nomination, act: Act) -> dict[str, object]:
    if nomination.state == State.ENDORSED:
        # What screening returned comes back to screening.
        following = "seleksi administrasi"
    elif nomination.office.kind == Office.Kind.PROVINCE:
        following = "pemeriksaan oleh Sekretariat OVOP"
    else:
        following = "verifikasi provinsi"
    return {"produk": nomination.product.name, "waktu": act.at, "berikutnya": following}


def _returned(nomination: Nomination, act: Act) -> dict[str, object]:
    by_province = act.by is not None and any(
        office.province_id == nomination.office.province_id for office in act.by.offices(Role.PROVINSI)
    )
    sender = f"Dinas Provinsi {nomination.regency.province.name}" if by_province else "Sekretariat OVOP"
    return {
        "produk": nomination.product.name,
        "pengembali": sender,
        "n": max(len(act.remarks), 1),
        "waktu": act.due_at,
    }


def _endorsed(nomination: Nomination, act: Act) -> dict[str, object]:
    return {
        "produk": nomination.product.name,
        "provinsi": f"Provinsi {nomination.regency.province.name}",
    }


def _passed_on(nomination: Nomination, act: Act) -> dict[str, object]:
    return {"produk": nomination.product.name}


def _eligible(nomination: Nomination, act: Act) -> dict[str, object]:
    phase = nomination.round.phase(Phase.Kind.ASSESSMENT)
    return {
        "produk": nomination.product.name,
        "tgl_awal": timezone.localdate(phase.opens_at) if phase else "tanggal yang akan diumumkan",
        "tgl_akhir": timezone.localdate(phase.closes_at) if phase else "tanggal yang akan diumumkan",
    }


def _not_eligible(nomination: Nomination, act: Act) -> dict[str, object]:
    return {"waktu": objection_until(nomination, decided_at=act.at)}


_KINDS: dict[str, tuple[str, _Words]] = {
    "submit": ("received", _received),
    "resubmit": ("received", _received),
    "endorse": ("endorsed", _endorsed),
    "pass_on": ("passed_on", _passed_on),
    "return_to_dinas": ("returned", _returned),
    "return_from_screening": ("returned", _returned),
    "not_endorse": ("not_endorsed", _endorsed),
    "declare_eligible": ("eligible", _eligible),
    "uphold_objection": ("eligible", _eligible),
    "declare_ineligible": ("not_eligible", _not_eligible),
}
