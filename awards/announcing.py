"""What the room of nominations asks about a published result: when it was announced, and who took part in deciding it."""

from assessment import agenda
from assessment.models import AgendaItem, Assignment, Decision
from nominations.models import Nomination, Objection
from nominations.objections import Announcement, Step

from .changing import star_now
from .models import Award, AwardChange, Decree


def announced(nomination: Nomination) -> Announcement | None:
    """
    The published result of a nomination; None before its round's decree is published.

    It is announced anew, with a window to object of its own, when a published decree changes it.
    """
    decree = _decree_in_force(nomination)
    if decree is None or decree.published_at is None:
        return None
    sealed = list(
        Decision.objects.filter(nomination=nomination, plenary__sealed_at__isnull=False)
        .select_related("plenary")
        .order_by("plenary__sealed_at", "pk")
    )
    deciders = {decree.drafted_by_id, decree.issued_by_id, decree.published_by_id}
    for decision in sealed:
        deciders |= {decision.recorded_by_id, decision.plenary.opened_by_id, decision.plenary.sealed_by_id}
    scored = Assignment.objects.counted().filter(assessment__nomination=nomination)
    deciders |= set(scored.order_by("pk").values_list("assessor", flat=True))
    return Announcement(
        decree.published_at,
        _said(nomination, decree),
        frozenset(key for key in deciders if key is not None),
        sealed[-1].plenary.sealed_at if sealed else None,
    )


def _decree_in_force(nomination: Nomination) -> Decree | None:
    """The last published decree that says something of this nomination: the changing one, else the establishing one."""
    published = Decree.objects.filter(round=nomination.round_id, published_at__isnull=False)
    changing = published.filter(kind=Decree.Kind.CHANGING, award_changes__award__nomination=nomination)
    return changing.order_by("-published_at", "-pk").first() or published.establishing().first()


def _said(nomination: Nomination, decree: Decree) -> str:
    award = Award.objects.filter(nomination=nomination, decree__published_at__isnull=False).first()
    star = star_now(award)
    result = f"Bintang {star} dari {award.maximum_star}" if award and star else "Tidak menerima penghargaan"
    return f"{result}, Keputusan Nomor {decree.number}"


def steps(objection: Objection) -> list[Step]:
    """What came of an upheld objection: the session called and opened; then that the star stays, or what changed it."""
    if objection.answered_at is None:
        return []
    found = [Step(objection.answered_at, "Sanggah diterima")]
    items = AgendaItem.objects.filter(
        nomination=objection.nomination_id,
        ground=AgendaItem.Ground.OBJECTION,
        called_at__gte=objection.answered_at,
    )
    item = items.select_related("plenary").order_by("pk").first()
    if item is None:
        return []
    found.append(Step(item.called_at, "Sidang pleno baru dipanggil Sekretariat"))
    if item.plenary is None:
        return found
    found.append(Step(item.plenary.opened_at, "Sidang pleno baru dibuka Ketua"))
    if agenda.keeps_its_star(item) and item.plenary.sealed_at:
        said = f"Hasil tetap menurut Berita Acara Nomor {item.plenary.minutes_number}"
        return [*found, Step(item.plenary.sealed_at, said, ends=True)]
    change = (
        AwardChange.objects.filter(
            award__nomination=objection.nomination_id, decree__plenary=item.plenary_id,
            decree__published_at__isnull=False,
        )
        .select_related("decree")
        .first()
    )  # fmt: skip
    if change is not None and change.decree.published_at:
        found.append(Step(change.decree.published_at, _changed(change), ends=True))
    return found


def _changed(change: AwardChange) -> str:
    before = f"bintang {change.star_before}" if change.star_before else "tanpa penghargaan"
    after = f"bintang {change.star_after}" if change.star_after else "tanpa penghargaan"
    return f"Hasil diubah dari {before} menjadi {after} dengan Keputusan Nomor {change.decree.number}"
