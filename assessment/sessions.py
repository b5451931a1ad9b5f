"""A session of the plenary: what is before it, who is there, and what every act in it asks first."""

from accounts.models import Person
from letters.wording import instant_for_reader
from nominations.models import Nomination, NominationQuerySet, Round, State

from . import agenda, rules
from .models import Attendee, Decision, Plenary, PlenaryMember
from .refusals import NOT_YOURS, Refused


def assessed(round_: Round | int) -> NominationQuerySet:
    """The nominations of a round that wait for the plenary."""
    return Nomination.objects.filter(round=round_, state=State.ASSESSED)


def before(plenary: Plenary) -> NominationQuerySet:
    """What an open session decides on: its agenda where it was called for one, else all of the round that is assessed."""
    return agenda.nominations_of(plenary) if plenary.is_called else assessed(plenary.round_id)


def undecided(plenary: Plenary) -> NominationQuerySet:
    """Those before it that neither this session nor (but for a called one) a sealed one has decided."""
    if plenary.is_called:
        return before(plenary).exclude(pk__in=plenary.decisions.values("nomination"))
    decided = Decision.objects.filter(plenary=plenary) | Decision.objects.filter(
        plenary__round=plenary.round_id, plenary__sealed_at__isnull=False
    )
    return assessed(plenary.round_id).exclude(pk__in=decided.values("nomination"))


def present_now(plenary: Plenary) -> dict[int, PlenaryMember]:
    """person -> the member who is there now, by name."""
    there = plenary.seats.filter(presences__isnull=False, presences__left_at=None)
    return {one.person_id: one for one in there.select_related("person").order_by("person__name", "pk")}


def secretary_of(plenary: Plenary) -> Attendee | None:
    """Who writes down what the session decides, and is there now; no vote goes with it."""
    return (
        plenary.attendees.filter(seat=Attendee.Seat.SECRETARY, left_at=None).select_related("person").first()
    )


def is_secretary(person: Person, plenary: Plenary) -> bool:
    there = secretary_of(plenary)
    return there is not None and there.person_id == person.pk and rules.may_assign(person)


# --- What every act asks first ---------------------------------------------------------------------------------
def chair_only(by: Person) -> None:
    if not rules.may_decide(by):
        raise Refused("not_yours", NOT_YOURS)


def open_and_locked(plenary: Plenary) -> Plenary:
    """The session as it stands, locked. Raises Refused where it is sealed."""
    plenary = Plenary.objects.select_for_update(of=("self",), no_key=True).get(pk=plenary.pk)
    if plenary.sealed_at is not None:
        raise Refused(
            "sealed",
            f"Sidang ini disegel {instant_for_reader(plenary.sealed_at)}. Koreksi hanya melalui sidang pleno baru.",
        )
    return plenary


def no_quorum(plenary: Plenary) -> str:
    return f"Sidang belum memenuhi kuorum: {plenary.present} dari {plenary.members} hadir, perlu {plenary.quorum}."


def not_before(plenary: Plenary, nomination: Nomination) -> str:
    if plenary.is_called:
        return f"Usulan {nomination} bukan acara sidang ini. Sidang ini hanya memutus usulan yang dipanggil Sekretariat."
    return f"Usulan {nomination} belum selesai dinilai, sehingga belum dapat diputus."
