"""The edge of decrees: /penghargaan/, from the draft to publication."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.gates import needs
from accounts.roles import Right
from assessment.models import Plenary
from audit import history
from letters.wording import instant_for_reader
from nominations import rounds

from . import (
    acts,
    batches,
    changing,
    decree_annex,
    decree_asking,
    decrees,
    late_certificates,
    open_figures,
    publication,
    rules,
    signing_secrets,
)
from .certificate_pages import progress_of
from .forms import IssueForm
from .models import Decree

# Before publication decrees are the ministry's; the public reads results on the public pages.
_ministry_only = needs(*rules.MAY_SEE_DECREES)


@require_GET
@_ministry_only
def decree_list(request: HttpRequest) -> HttpResponse:
    """/penghargaan/: the decrees, and sealed plenaries that wait for one."""
    waiting = decrees.sessions_waiting()
    rows = [
        [
            {
                "text": f"{decree.round}{' (data contoh)' if decree.round.is_example else ''}",
                "url": decree.get_absolute_url(),
            },
            f"{decree.number}, {date_format(decree.date, 'j F Y')}" if decree.date else "Belum bernomor",
            decree.get_kind_display(),
            len(decree.annex),
            _stage(decree),
        ]
        for decree in rules.decrees_visible_to(request.user)
    ]
    return render(
        request,
        "awards/decree_list.html",
        {
            "columns": [
                {"label": "Periode"},
                {"label": "Nomor dan tanggal"},
                {"label": "Jenis"},
                {"label": "Penghargaan", "numeric": True},
                {"label": "Tahap"},
            ],
            "rows": rows,
            "waiting": waiting.select_related("round"),
            "may_draft": request.user.may(Right.DRAFT_DECREE),
            "calls_in": rounds.current(at=request.received_at) if request.user.may(Right.RUN_ROUND) else None,
        },
    )


@require_POST
@_ministry_only
def decree_draft(request: HttpRequest, plenary: int) -> HttpResponse:
    try:
        session = get_object_or_404(Plenary, pk=plenary)
        established = Decree.objects.establishing().filter(round=session.round_id, issued_at__isnull=False)
        drafting = changing.draft if established.exists() else decrees.draft
        decree = drafting(session, by=request.user, at=request.received_at)
    except decrees.Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("decrees")
    messages.success(
        request,
        f"Rancangan SK {decree.get_kind_display().lower()} periode {decree.round_id} disusun: "
        f"{len(decree.annex)} {'penghargaan' if decree.kind == Decree.Kind.ESTABLISHING else 'perubahan'}.",
    )
    return redirect(decree)


@_ministry_only
def decree_page(request: HttpRequest, pk: int) -> HttpResponse:
    """/penghargaan/<id>/: from the draft to publication; POST issues it."""
    visible = rules.decrees_visible_to(request.user).select_related("signed_scan__uploaded_by")
    decree = get_object_or_404(visible, pk=pk)
    form = IssueForm(
        request.POST or None,
        initial={
            "signatory_name": decree.signatory_name,
            "valid_until": decree.valid_until,
            # Who comes back from the question finds what was typed.
            **request.GET.dict(),
        },
        decree=decree,
    )
    if request.method == "POST" and form.is_valid():
        if (
            not decree_asking.is_sure(request)
            and decree.issued_at is None
            and request.user.may(Right.SIGN_DECREE)
        ):
            return decree_asking.before_issuing(request, decree, form.cleaned_data)
        try:
            decree = decrees.issue(decree, by=request.user, at=request.received_at, **form.cleaned_data)
        except decrees.Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            made = "" if decree.kind == Decree.Kind.REVOKING else " Piagam sedang dibuat."
            messages.success(request, f"SK ditetapkan dengan Nomor {decree.number}.{made}")
            return redirect(decree)
    return render(
        request,
        "awards/decree.html",
        {
            "decree": decree,
            "form": form,
            **_annex(decree),
            "is_archived": decree.is_taken_over,
            "late": late_certificates.of(decree) if decree.is_taken_over else None,
            "may_issue_late": late_certificates.may_decide(decree, request.user),
            "papers": decree.files.select_related("stored").order_by("variant"),
            "may_sign": request.user.may(Right.SIGN_DECREE),
            "may_draft": request.user.may(Right.DRAFT_DECREE),
            "events": _events(decree),
            "figures": open_figures.figures_of(decree, reader=request.user, at=request.received_at),
            "breadcrumb": [{"label": "Penghargaan", "url": reverse("decrees")}],
            **progress_of(decree, at=request.received_at),
            "may_steer": batches.may_steer(request.user),
            "asks_secret": signing_secrets.are_needed() and request.user.may(Right.SIGN_DECREE),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
@_ministry_only
def decree_publish(request: HttpRequest, pk: int) -> HttpResponse:
    decree = get_object_or_404(rules.decrees_visible_to(request.user), pk=pk)
    if not decree_asking.is_sure(request):
        return decree_asking.before_publishing(request, decree)
    try:
        publication.publish(decree, by=request.user, at=request.received_at)
    except decrees.Refused as refusal:
        messages.error(request, refusal.for_reader)
    else:
        what = (
            f"Hasil periode {decree.round_id}"
            if decree.kind == Decree.Kind.ESTABLISHING
            else f"Keputusan Nomor {decree.number}"
        )
        messages.success(request, f"{what} diumumkan dan dapat dilihat masyarakat.")
    return redirect(decree)


def _stage(decree: Decree) -> str:
    if decree.published_at is not None:
        return f"Diumumkan {date_format(timezone.localtime(decree.published_at), 'j F Y')}"
    if decree.scheduled_at is not None:
        return f"Diumumkan nanti, {instant_for_reader(decree.scheduled_at)}"
    return "Ditetapkan, belum diumumkan" if decree.issued_at is not None else "Rancangan"


def _events(decree: Decree) -> list[dict[str, object]]:
    """The decree's history for the timeline partial, newest first."""
    return [
        {
            "time": entry.at,
            "who": entry.actor.full_name if entry.actor else "",
            "from": "",
            "to": told.happened if (told := acts.OF_A_DECREE.get(entry.action)) else entry.action,
            "reason": entry.reason,
        }
        for entry in history.of(decree).order_by("-pk")
    ]


def _annex(decree: Decree) -> dict[str, object]:
    """What the page shows of the annex: an establishing one with its totals, a changing one old and new side by side."""
    if decree.kind == Decree.Kind.ESTABLISHING:
        totals = decree_annex.totals_of(decree.annex)
        return {
            "totals": totals,
            "revoked_rows": [],
            "disagreement": totals.disagreement(),
            **_tables(decree, totals),
        }
    if decree.kind == Decree.Kind.REVOKING:
        return {"totals": None, "change_rows": [], "change_columns": [], "revoked_rows": decree.annex}
    return {
        "totals": None,
        "revoked_rows": [],
        "change_columns": [
            {"label": "IKM"},
            {"label": "No.", "numeric": True},
            *({"label": label} for label in ("Produk", "Kabupaten/kota", "Perubahan", "Semula", "Menjadi")),
        ],
        "change_rows": [
            [
                row["ikm_name"],
                row["position"],
                row["product_name"],
                row["regency_name"],
                row["words"],
                _star_cell(row["star_before"], row["maximum_star"]),
                _star_cell(row["star"], row["maximum_star"]),
            ]
            for row in changing.rows_told(decree)
        ],
    }


def _star_cell(star: int, maximum: int) -> object:
    return {"stars": {"earned": star, "maximum": maximum}} if star else "Tanpa penghargaan"


def _tables(decree: Decree, totals: decree_annex.Totals) -> dict[str, object]:
    """Lampiran A (commodity by star, both totals) and B (the list), as rows of data_table; published, each leads on."""
    kept = {}
    if decree.published_at is not None:
        for pk, position in decree.awards.values_list("pk", "position"):
            kept[position] = reverse("award_kept", args=[pk])
    return {
        "recap_columns": [
            {"label": "Kelompok komoditas"},
            *({"label": f"Bintang {star}", "numeric": True} for star in totals.by_star),
            {"label": "Jumlah", "numeric": True},
        ],
        "recap_rows": [
            [name, *(counts.get(star, 0) for star in totals.by_star), sum(counts.values())]
            for name, counts in totals.by_group_and_star.items()
        ],
        "recap_totals": ["Jumlah", *totals.by_star.values(), totals.awards],
        "annex_columns": [
            {"label": "IKM"},
            {"label": "No.", "numeric": True},
            *(
                {"label": label}
                for label in ("Produk", "Kelompok komoditas", "Kabupaten/kota", "Provinsi", "Bintang")
            ),
        ],
        "annex_rows": [
            [
                {"text": row["ikm_name"], "url": kept[row["position"]]}
                if row["position"] in kept
                else row["ikm_name"],
                row["position"],
                row["product_name"],
                row["group_name"],
                row["regency_name"],
                row["province_name"],
                {"stars": {"earned": row["star"], "maximum": row["maximum_star"]}},
            ]
            for row in decree.annex
        ],
    }
