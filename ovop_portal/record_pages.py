"""Pages that span rooms: an IKM's whole record (/ikm/<slug>/) and the history (/jejak/)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.gates import needs
from accounts.roles import Right, Role
from audit.models import Entry, Reading
from awards.models import Award
from nominations.models import Ikm, Nomination

from . import acts
from .templatetags.ovop import waktu

PER_PAGE = 50


@require_GET
def ikm_record(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything this person may know of one IKM: its sentra, products, nominations by round, published awards."""
    ikm = get_object_or_404(
        Ikm.objects.visible_to(request.user).select_related("sentra", "regency__province", "merged_into"),
        slug=slug,
    )
    other = ikm.merged_into
    return render(
        request,
        "ikm_record.html",
        {
            "ikm": ikm,
            # Others come by a nomination or an award, and go back there.
            "breadcrumb": [{"label": "Potensi", "url": reverse("registry")}]
            if request.user.roles() & {Role.DINAS, Role.PROVINSI}
            else [],
            "merged_into": {"label": other.name, "url": reverse("ikm_record", args=[other.slug])}
            if other
            else None,
            "may_merge": other is None and request.user.may(Right.SCREEN),
            "products": ikm.products.select_related("group"),
            "nominations": Nomination.objects.visible_to(request.user)
            .with_names()
            .filter(product__ikm=ikm)
            .order_by("-round_id", "pk"),
            "awards": Award.objects.published()
            .with_names()
            .filter(product__ikm=ikm)
            .order_by("-decree__round_id", "pk"),
        },
    )


@require_GET
@needs(Right.READ_ALL, Right.OPERATE)
def trail(request: HttpRequest) -> HttpResponse:
    """/jejak/: every act, newest first, narrowed by action, subject or person; and what auditors opened."""
    entries = Entry.objects.select_related("actor", "link").order_by("-pk")
    action = request.GET.get("tindakan", "")[:60]
    subject = request.GET.get("catatan", "")[:40]
    if action:
        entries = entries.filter(action=action)
    if subject:
        entries = entries.filter(subject_id=subject)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("halaman"))
    # Who runs the portal reads that something happened; the thing itself is for those who read all.
    reads_all = request.user.may(Right.READ_ALL)
    return render(
        request,
        "trail.html",
        {
            "page": page,
            "columns": [
                {"label": label} for label in ("Waktu", "Siapa", "Tindakan", "Catatan", "Perubahan", "Alasan")
            ],
            "rows": [
                [
                    waktu(entry.at),
                    entry.actor.full_name if entry.actor else "Portal",
                    acts.act(entry.action),
                    acts.subject(entry, linked=reads_all),
                    acts.change(entry),
                    entry.reason,
                ]
                for entry in page
            ],
            "actions": acts.choices(
                Entry.objects.order_by("action").values_list("action", flat=True).distinct()
            ),
            "action": action,
            "subject": subject,
            "readings": Reading.objects.select_related("person").order_by("-pk")[:20],
        },
    )
