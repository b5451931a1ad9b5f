"""/pesan/saya/: each person's own messages. Opening what a message leads to marks it as read, by a POST."""

from datetime import datetime

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.sent_numbers import number_in

from . import inbox
from .models import Message

PER_PAGE = 25
# Parameter of the list's address: the instant at which everything was marked, so that it can be undone.
MARKED = "ditandai"


@require_safe
def inbox_list(request: HttpRequest) -> HttpResponse:
    """The person's messages, the unread ones first, each group the newest first."""
    mine = inbox.of(request.user)
    only_unread = request.GET.get("tampil") == "baru"
    unread, total = inbox.unread(request.user), mine.count()
    shown = mine.filter(read_at=None) if only_unread else mine.unread_first()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("halaman"))
    newest = mine.order_by("-pk").values_list("pk", flat=True).first()
    marked = _instant(request.GET.get(MARKED, ""))
    return render(
        request,
        "letters/inbox.html",
        {
            "page": page,
            "unread": unread,
            "total": total,
            "only_unread": only_unread,
            "newest": newest,
            "marked": marked,
            "marked_count": inbox.marked_at(request.user, marked).count() if marked else 0,
        },
    )


@require_safe
def inbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message of one's own as text, with the page it leads to."""
    found = _own(request, pk)
    return render(
        request,
        "letters/inbox_one.html",
        {
            "mail": found,
            "words": inbox.words_of(found, request.user),
            "breadcrumb": [{"label": "Kotak masuk", "url": reverse("inbox")}],
        },
    )


@require_POST
def inbox_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the message leads; back to the message where that page is not open (any more)."""
    found = _own(request, pk)
    inbox.mark_read(found, by=request.user, at=request.received_at)
    words = inbox.words_of(found, request.user)
    return redirect(words.address if words.is_open else reverse("inbox_message", args=[pk]))


@require_POST
def inbox_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read; inbox.js sends this once its page was seen."""
    inbox.mark_read(_own(request, pk), by=request.user, at=request.received_at)
    return redirect("inbox_message", pk)


@require_POST
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read that the page showed; the next page offers to undo it."""
    up_to = number_in(request.POST.get("up_to"))
    if up_to is None:
        notes.error(request, "Permintaan tidak lengkap. Tidak ada yang ditandai. Coba lagi dari halaman ini.")
        return redirect("inbox")
    if not inbox.mark_all_read(request.user, up_to=up_to, at=request.received_at):
        notes.info(request, "Semua pesan sudah dibaca. Tidak ada yang berubah.")
        return redirect("inbox")
    return redirect(f"{reverse('inbox')}?{urlencode({MARKED: request.received_at.isoformat()})}")


@require_POST
def inbox_undo(request: HttpRequest) -> HttpResponse:
    """Make new again what was marked in one go."""
    marked = _instant(request.POST.get(MARKED, ""))
    count = inbox.undo_mark_all(request.user, marked=marked) if marked else 0
    notes.info(request, f"{count} pesan kembali bertanda baru." if count else "Tidak ada yang diurungkan.")
    return redirect("inbox")


def _own(request: HttpRequest, pk: int) -> Message:
    found: Message = get_object_or_404(inbox.of(request.user), pk=pk)
    return found


def _instant(text: str) -> datetime | None:
    """The instant of a parameter; None for whatever is none, or has no zone."""
    try:
        instant = parse_datetime(text)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None
