"""What assessment.found_late asks about awards whose value holds a sheet that was found tied after the seal."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Person
from accounts.roles import Right
from assessment.found_late import Way
from nominations.models import Nomination

from .models import Award


def revoked() -> QuerySet[Award, Any]:
    """The nominations whose award was revoked: of theirs nothing is left to be asked."""
    gone = Award.objects.filter(revoked_at__isnull=False, nomination__isnull=False)
    return gone.order_by().values("nomination")


def way(nomination: Nomination, person: Person) -> Way | None:
    """The holder is heard before an award is revoked (documents.md 9); None where there is none in force."""
    award = Award.objects.published().filter(nomination=nomination, revoked_at=None).first()
    if award is None:
        return None
    name = "Klarifikasi dan pencabutan"
    asked = award.clarifications.filter(outcome="").first()
    if asked is not None:
        return Way(name, "Penjelasan penerima sudah diminta.", asked.get_absolute_url(), "Buka klarifikasi")
    text = "Sekretariat meminta penjelasan penerima lebih dahulu; pencabutan ditetapkan Penetap."
    if not person.may(Right.DRAFT_DECREE):
        return Way(name, text, reverse("award_kept", args=[award.pk]), "Buka penghargaan")
    return Way(name, text, reverse("clarification_ask", args=[award.pk]), "Minta klarifikasi")
