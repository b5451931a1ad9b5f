"""What of the product pages waits for whom, for /beranda/."""

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import Person

from . import entry_rules
from .entry_models import EntryVersion

State = EntryVersion.State


def pages_to_review() -> int:
    return EntryVersion.objects.waiting().count()


def pages_to_write(person: Person) -> list[tuple[int, str, str, bool]]:
    """(count, text, address, urgent) of the pages that came back, and of those in which the IKM wrote."""
    mine = EntryVersion.objects.filter(award__in=entry_rules.writable_by(person).order_by().values("pk"))
    returned, written = Q(state=State.RETURNED), Q(state=State.DRAFT, ikm_wrote_at__isnull=False)
    found = mine.aggregate(
        returned=Count("pk", filter=returned), one_returned=Min("award", filter=returned),
        written=Count("pk", filter=written), one_written=Min("award", filter=written),
    )  # fmt: skip
    texts = {
        "returned": ("halaman produk dikembalikan Sekretariat", True),
        "written": ("halaman produk ditulis IKM dan belum dikirim", False),
    }
    return [
        (found[name], text, _address(found[name], found[f"one_{name}"]), urgent)
        for name, (text, urgent) in texts.items()
    ]


def _address(count: int, award: int | None) -> str:
    """The page itself where there is one, else the list of the region's awards."""
    return reverse("entry", args=[award]) if count == 1 else reverse("awards_of_region")
