"""
The changing decree (Keputusan perubahan): what a new session decided otherwise about a published result, old and new
side by side. Issued it makes awards and certificates that nobody sees; published it takes effect at one instant. The
award as first decreed is never overwritten (docs/decisions/0067).
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Person
from accounts.roles import Right
from assessment.models import Plenary
from audit import history
from nominations import lifecycle
from nominations.models import Nomination, State

from . import codes, designs, scans
from .decree_annex import in_order, row_of, sha256_of
from .decrees import Refused, make_award, number_for
from .models import Award, AwardChange, Certificate, CertificateDesign, Decree

NEW, STAR, ENDED = "baru", "bintang", "berakhir"
# Behind the decree's name, why a paper is replaced; read again by verification_words.
CHANGES_THE_STAR = " mengubah bintang"
WORDS = {NEW: "Ditetapkan sebagai penerima", STAR: "Bintang berubah", ENDED: "Tidak lagi ditetapkan"}


def annex_of(plenary: Plenary) -> list[dict[str, Any]]:
    """
    The rows of a changing decree: only the decisions of this session whose star is not the one in force.

    As the rows of an establishing decree, with `star_before` (0: no award) and `change` (NEW, STAR, ENDED); `star` is 0
    where the award ends. Raises Refused where the award was revoked by a decree of its own.
    """
    decisions = plenary.decisions.select_related(
        "nomination__product__group", "nomination__product__ikm__regency__province"
    )
    awards = {
        award.nomination_id: award
        for award in Award.objects.filter(nomination__in=plenary.decisions.values("nomination"))
    }
    rows: list[dict[str, Any]] = []
    for decision in decisions:
        award = awards.get(decision.nomination_id)
        before = star_now(award)
        if decision.star == before:
            continue
        if award is not None and is_revoked_by_itself(award):
            raise Refused(
                "revoked",
                f"Penghargaan {award.ikm_name} sudah dicabut dengan {award.revocation_decree}, sehingga tidak dapat diubah.",
            )
        row = row_of(decision)
        if award is not None:
            # An award keeps the names that were decreed.
            row |= {
                "award": award.pk,
                "ikm_name": award.ikm_name,
                "product_name": award.product_name,
                "regency_name": award.regency_name,
                "province_name": award.province_name,
                "group_name": award.group_name,
            }
        change = NEW if before == 0 else STAR if decision.star else ENDED
        rows.append({**row, "star_before": before, "change": change})
    return in_order(rows)


def star_now(award: Award | None) -> int:
    """The star in force; 0 where there is none, or none any more."""
    if award is None or award.revoked_at is not None:
        return 0
    return award.changed_star or award.star


def is_revoked_by_itself(award: Award) -> bool:
    """Whether it was taken away by a revoking decree, not by what a session decided."""
    if award.revoked_at is None:
        return False
    last = award.changes.filter(decree__published_at__isnull=False).order_by("-pk").first()
    return last is None or last.star_after != 0


@transaction.atomic
def draft(plenary: Plenary, *, by: Person, at: datetime) -> Decree:
    """
    Draft the changing decree of a session that decided on published results, or draft it anew while not issued.

    Raises Refused: not the secretariat's right, not sealed, nothing published to change, nothing changed, issued.
    """
    if not by.may(Right.DRAFT_DECREE):
        raise Refused("not_yours", "Rancangan SK disusun oleh Sekretariat.")
    plenary = Plenary.objects.select_for_update().get(pk=plenary.pk)
    if plenary.sealed_at is None:
        raise Refused(
            "not_sealed", "Sidang pleno belum disegel. Rancangan SK disusun dari hasil yang sudah disegel."
        )
    establishing = Decree.objects.establishing().filter(round=plenary.round_id).first()
    if establishing is None or not establishing.is_published(at=at):
        raise Refused("nothing_published", f"Hasil periode {plenary.round_id} belum diumumkan.")
    decree = Decree.objects.select_for_update().filter(plenary=plenary).first()
    if decree is not None and (decree.issued_at is not None or decree.kind != Decree.Kind.CHANGING):
        raise Refused("already_issued", "SK dari sidang ini sudah ditetapkan dan tidak dapat disusun ulang.")
    annex = annex_of(plenary)
    if not annex:
        raise Refused(
            "nothing_changes",
            f"Sidang dengan Berita Acara Nomor {plenary.minutes_number} tidak mengubah bintang mana pun. "
            "Sanggah selesai dengan berita acara itu, tanpa SK perubahan.",
        )
    decree = decree or Decree(round_id=plenary.round_id, kind=Decree.Kind.CHANGING, plenary=plenary)
    decree.changes, decree.level = establishing, establishing.level
    decree.signatory_office, decree.place = establishing.signatory_office, establishing.place
    decree.valid_until = establishing.valid_until
    decree.annex, decree.annex_sha256 = annex, sha256_of(annex)
    decree.drafted_at, decree.drafted_by = at, by
    decree.save()
    scans.detach(decree)
    history.record(
        "draft_changing_decree", decree, by=by, at=at, changes=len(annex), annex_sha256=decree.annex_sha256
    )
    return decree


def carry_out(decree: Decree, *, at: datetime) -> None:
    """
    What issuing makes, in the caller's transaction: awards newly made and papers for changed stars, all invisible.

    A changed star gets a paper with the next number of the round's series: /P1 is for what never changes a star.
    """
    other = Decree.objects.filter(round=decree.round_id, kind=Decree.Kind.CHANGING, published_at=None)
    if pending := other.exclude(issued_at=None).exclude(pk=decree.pk).first():
        raise Refused(
            "another_first",
            f"Keputusan Nomor {pending.number} sudah ditetapkan dan belum diumumkan. Umumkan SK itu lebih dahulu.",
        )
    design = designs.current(decree.round_id)
    for row in decree.annex:
        if "award" not in row:
            award = make_award(decree, row, design=design, at=at)
        else:
            award = Award.objects.select_for_update(no_key=True).get(pk=row["award"])
            if star_now(award) != row["star_before"]:
                raise Refused(
                    "annex_stale",
                    "Bintang yang berlaku sudah berubah. Susun ulang rancangan SK lebih dahulu.",
                )
            if row["star"]:
                _paper(decree, award, row["star"], design, at=at)
        AwardChange.objects.create(
            award=award,
            decree=decree,
            position=row["position"],
            star_before=row["star_before"],
            star_after=row["star"],
        )


def _paper(
    decree: Decree, award: Award, star: int, design: CertificateDesign | None, *, at: datetime
) -> None:
    last = award.certificates.order_by("-version").first()
    Certificate.objects.create(
        award=award,
        version=last.version + 1 if last else 1,
        decree=decree,
        star=star,
        ikm_name=last.ikm_name if last else "",
        design=design,
        number=number_for(decree),
        code=codes.new_code(),
        created_at=at,
    )


def take_effect(decree: Decree, *, by: Person | None, at: datetime) -> list[Nomination]:
    """
    What publication does, in its transaction: the stars in force, old papers replaced, nominations awarded or no longer.

    Returns the nominations whose result changed.
    """
    said = f"Keputusan Nomor {decree.number}"
    changed = list(decree.award_changes.select_related("award__nomination").order_by("position"))
    nominations = lifecycle.lock(
        change.award.nomination_id for change in changed if change.award.nomination_id is not None
    )
    for change in changed:
        award = Award.objects.select_for_update(no_key=True).get(pk=change.award_id)
        if change.star_after == 0:
            award.revoked_at, award.revoked_by = at, by
            award.revocation_decree = said
            award.revocation_reason = "Sidang pleno baru memutuskan tanpa bintang."
        elif award.decree_id != decree.pk:
            award.changed_star = change.star_after
            award.revoked_at, award.revoked_by = None, None
            award.revocation_decree = award.revocation_reason = ""
            _replace_papers(award, decree, said, at=at)
        award.save()
    awarded = {change.award.nomination_id for change in changed if change.star_after}
    for nomination in nominations:
        _settle(nomination, is_awarded=nomination.pk in awarded, by=by, at=at)
    return nominations


def _replace_papers(award: Award, decree: Decree, said: str, *, at: datetime) -> None:
    for certificate in award.certificates.filter(replaced_at=None).exclude(decree=decree).order_by("pk"):
        certificate.replaced_at = at
        certificate.replacement_reason = f"{said}{CHANGES_THE_STAR}"
        certificate.save(update_fields=["replaced_at", "replacement_reason"])


def _settle(nomination: Nomination, *, is_awarded: bool, by: Person | None, at: datetime) -> None:
    target = State.AWARDED if is_awarded else State.NOT_AWARDED
    if nomination.state != target:
        lifecycle.follow("award" if is_awarded else "not_award", nomination, by=by, at=at)


def rows_told(decree: Decree) -> list[dict[str, Any]]:
    """The annex for a page, each row with its change in words."""
    return [{**row, "words": WORDS[row["change"]]} for row in decree.annex]
