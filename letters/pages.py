"""/pesan/: the outbox by state, mailings that wait for a person, the log, and one message's words."""

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.gates import needs
from accounts.models import Person
from accounts.roles import Right
from files import exporting
from files.lists import Listing

from . import message_lists, outbox
from .mail_kinds import KINDS
from .message_forms import ReleaseForm, ResendForm
from .message_lists import MessageFilter, kind_name, recipient
from .models import Batch, Message
from .wording import instant_for_reader

PER_PAGE = 50
# The tone of each state, for status_badge: what a person must see to is marked.
TONES = {
    Message.State.HELD: "hati",
    Message.State.WAITING: "info",
    Message.State.SENDING: "info",
    Message.State.SENT: "baik",
    Message.State.UNSURE: "hati",
    Message.State.FAILED: "galat",
    Message.State.REFUSED: "galat",
    Message.State.CANCELLED: "netral",
}
_COLUMNS: list[dict[str, Any]] = [
    {"label": "Perihal", "key": "perihal"},
    {"label": "Penerima", "key": "penerima"},
    {"label": "Jenis", "key": "jenis"},
    {"label": "Keadaan", "key": "keadaan"},
    {"label": "Diantrekan", "key": "waktu", "orders": message_lists.BY_TIME},
]
READERS = (Right.KEEP_MESSAGES, Right.READ_ALL)
_NOT_YOURS = "Pesan dilepas, dikirim ulang, dan dibatalkan oleh Sekretariat."


def _may_act(person: Person) -> bool:
    return person.may(Right.KEEP_MESSAGES)


def _only_who_may_act(request: HttpRequest) -> None:
    if not _may_act(request.user):
        raise PermissionDenied(_NOT_YOURS)


# --- Reading -----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@needs(*READERS)
def messages(request: HttpRequest) -> HttpResponse:
    """
    What waits for a person first, then the counts of each state, then the log, newest first. A POST takes the log along.
    """
    narrowed = MessageFilter(
        request.GET, Message.objects.select_related("person"), jenis=message_lists.kinds()
    )
    listing = Listing(request, narrowed, usual=message_lists.NEWEST_FIRST, per_page=PER_PAGE)
    if request.method == "POST":
        return exporting.download(request, listing, message_lists.COLUMNS, name="pesan")
    counts = dict(Message.objects.order_by().values_list("state").annotate(count=Count("pk")))
    context = listing.context()
    return render(
        request,
        "letters/messages.html",
        {
            "batches": Batch.objects.filter(released_at=None, cancelled_at=None)
            .select_related("made_by")
            .annotate(held=Count("messages", filter=Q(messages__state=Message.State.HELD)))
            .order_by("made_at", "pk")[:PER_PAGE],
            "states": [
                {
                    "state": state,
                    "tone": TONES[state],
                    "count": counts.get(state, 0),
                    "url": f"?keadaan={state}",
                }
                for state in Message.State
            ],
            "total": sum(counts.values()),
            **context,
            "columns": _COLUMNS,
            "caption": listing.caption("Pesan", "yang terbaru lebih dahulu", _COLUMNS),
            "rows": [_row(message) for message in context["page"]],
        },
    )


def _row(message: Message) -> list[object]:
    return [
        {"text": message.subject, "url": reverse("message", args=[message.pk])},
        {"text": recipient(message), "note": message.to_address},
        kind_name(message),
        {
            "status": {"state": message.get_state_display(), "tone": TONES[Message.State(message.state)]},
            "note": message.last_error,
        },
        instant_for_reader(message.queued_at),
    ]


@require_GET
@needs(*READERS)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of one message, what became of it, and what can still be done with it."""
    found = get_object_or_404(Message.objects.select_related("person", "batch", "resend_of"), pk=pk)
    resends = list(found.resends.order_by("pk"))
    may_act = _may_act(request.user)
    return render(
        request,
        "letters/messages_one.html",
        {
            "mail": found,
            "kind_name": kind_name(found),
            "tone": TONES[Message.State(found.state)],
            "resends": resends,
            "times_before": len(resends),
            "cancelling": _cancelling(found) if may_act and found.can_be_cancelled else None,
            "may_resend": may_act and found.can_be_resent and not _is_private(found),
            "is_private": _is_private(found),
            "breadcrumb": [{"label": "Pesan", "url": reverse("messages")}],
        },
    )


def _is_private(found: Message) -> bool:
    return found.kind in KINDS and KINDS[found.kind].private_link


@require_GET
@needs(*READERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A mailing to many: one message to read, how many there are, to whom; then it is released, or dropped."""
    return _batch_page(
        request, get_object_or_404(Batch.objects.select_related("made_by", "released_by"), pk=pk)
    )


def _batch_page(
    request: HttpRequest, found: Batch, *, form: ReleaseForm | None = None, status: int = 200
) -> HttpResponse:
    to_all = found.messages.select_related("person").order_by("pk")
    page = Paginator(to_all, PER_PAGE).get_page(request.GET.get("halaman"))
    is_open = found.released_at is None and found.cancelled_at is None
    return render(
        request,
        "letters/messages_batch.html",
        {
            "batch": found,
            "sample": to_all.exclude(state=Message.State.REFUSED).first(),
            "held": found.messages.filter(state=Message.State.HELD).count(),
            "total": page.paginator.count,
            "page": page,
            "columns": [{"label": label} for label in ("Penerima", "Perihal", "Keadaan")],
            "rows": [
                [
                    {
                        "text": recipient(one),
                        "note": one.to_address,
                    },
                    {"text": one.subject, "url": reverse("message", args=[one.pk])},
                    {"status": {"state": one.get_state_display(), "tone": TONES[Message.State(one.state)]}},
                ]
                for one in page
            ],
            "form": (form or ReleaseForm()) if is_open and _may_act(request.user) else None,
            "cancelling": _cancelling(found),
            "is_open": is_open,
            "breadcrumb": [{"label": "Pesan", "url": reverse("messages")}],
        },
        status=status,
    )


def _cancelling(thing: Batch | Message) -> dict[str, object]:
    """The words of the question before something is dropped, for confirm_dialog."""
    is_batch = isinstance(thing, Batch)
    name = "message_batch" if is_batch else "message"
    return {
        "title": "Batalkan kiriman ini?" if is_batch else "Batalkan pesan ini?",
        "consequence": "Semua pesannya tidak dikirim dan tidak dapat dilepas lagi."
        if is_batch
        else "Pesan ini tidak dikirim kepada penerima, dan pembatalannya tidak dapat diurungkan.",
        "confirm_label": "Batalkan kiriman" if is_batch else "Batalkan pesan",
        "danger": True,
        "action": reverse(f"{name}_cancel", args=[thing.pk]),
        "cancel_url": reverse(name, args=[thing.pk]),
    }


# --- Acting ------------------------------------------------------------------------------------------------
@require_POST
@needs(*READERS)
def batch_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a mailing go out, where the number that was typed is the number that waits."""
    _only_who_may_act(request)
    found = get_object_or_404(Batch, pk=pk)
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            released = outbox.release(
                found, by=request.user, at=request.received_at, counted=form.cleaned_data["counted"]
            )
        except outbox.Refused as refusal:
            form.add_error("counted", refusal.for_reader)
        else:
            notes.success(request, f"{released} pesan dilepas. Pengiriman berjalan di server.")
            return redirect("message_batch", pk)
    found.refresh_from_db()
    if found.released_at or found.cancelled_at:
        notes.info(request, "Kiriman ini sudah dilepas atau dibatalkan. Tidak ada yang berubah.")
        return redirect("message_batch", pk)
    return _batch_page(request, found, form=form, status=422)


@require_http_methods(["GET", "POST"])
@needs(*READERS)
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a mailing before it goes out; asked once more before it is."""
    _only_who_may_act(request)
    found = get_object_or_404(Batch, pk=pk)
    if request.method == "GET":
        return render(request, "confirm.html", _cancelling(found))
    try:
        dropped = outbox.cancel_batch(found, by=request.user, at=request.received_at)
    except outbox.Refused as refusal:
        notes.info(request, refusal.for_reader)
    else:
        notes.success(request, f"Kiriman dibatalkan. {dropped} pesan tidak dikirim.")
    return redirect("message_batch", pk)


@require_http_methods(["GET", "POST"])
@needs(*READERS)
def message_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel one message that has not gone out; asked once more before it is."""
    _only_who_may_act(request)
    found = get_object_or_404(Message, pk=pk)
    if request.method == "GET":
        return render(request, "confirm.html", _cancelling(found))
    try:
        outbox.cancel_one(found, by=request.user, at=request.received_at)
    except outbox.Refused as refusal:
        notes.info(request, refusal.for_reader)
    else:
        notes.success(request, "Pesan dibatalkan dan tidak dikirim.")
    return redirect("message", pk)


@require_POST
@needs(*READERS)
def message_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the same words once more, to the address the person has today."""
    _only_who_may_act(request)
    found = get_object_or_404(Message, pk=pk)
    form = ResendForm(request.POST)
    if not form.is_valid():
        notes.error(request, "Permintaan tidak lengkap. Tidak ada yang dikirim. Coba lagi dari halaman ini.")
        return redirect("message", pk)
    try:
        again = outbox.resend(found, by=request.user, at=request.received_at, **form.cleaned_data)
    except outbox.Refused as refusal:
        notes.info(request, refusal.for_reader)
        return redirect("message", pk)
    notes.success(request, f"Pesan dikirim ulang ke {again.to_address}.")
    return redirect("message", again.pk)
