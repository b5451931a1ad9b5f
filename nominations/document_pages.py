"""The documents and photos of a nomination: /usulan/<id>/dokumen/ and /foto/."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.models import StoredFile
from files.rows import file_row
from letters.wording import plain_date

from . import completeness, documents, wizard
from .answer_pages import FROM, breadcrumb, frame
from .guards import Refused
from .models import Document, DocumentKind, Nomination, Requirement
from .proposal_access import by_its_office, while_editable
from .proposal_forms import DocumentForm
from .reading import DOCUMENT_REMARK

# Documents of the holder that are offered to be used again, of each requirement.
OFFERED = 5


@dataclass(frozen=True)
class Place:
    """One requirement (or all the rest) with what is there for it, what could be used, and what can be added."""

    code: str
    title: str
    basis: str
    remark: str
    linked: list[dict[str, Any]]
    offered: list[Document]
    kinds: list[DocumentKind]
    is_filled: bool


@require_safe
@while_editable
def documents_page(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    """One row for each requirement: what is there, and how to add what is missing; then what may be added besides."""
    return _page(request, nomination, "dokumen")


@require_safe
@while_editable
def photos_page(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    return _page(request, nomination, "foto")


def _page(request: HttpRequest, nomination: Nomination, part: str) -> HttpResponse:
    is_photo = part == "foto"
    linked = list(
        Document.objects.filter(links__nomination=nomination, kind__is_photo=is_photo)
        .select_related("kind", "file")
        .order_by("kind__position", "pk")
    )
    held = [
        document
        for document in documents.of_its_holders(nomination).filter(kind__is_photo=is_photo)
        if document.pk not in {each.pk for each in linked}
    ]
    remarks = {remark.field: remark.text for remark in wizard.remarks(nomination)}
    requirements = [
        requirement
        for requirement in completeness.requirements_for(nomination)
        if (kinds := list(requirement.accepts.all())) and all(kind.is_photo for kind in kinds) == is_photo
    ]
    asked = {kind.pk for requirement in requirements for kind in requirement.accepts.all()}
    others = [
        kind
        for kind in DocumentKind.objects.filter(is_photo=is_photo, is_active=True)
        if kind.pk not in asked
    ]
    return render(
        request,
        "nominations/proposal_documents.html",
        {
            **frame(request, nomination, part),
            "title": wizard.BY_SLUG[part].title,
            "is_photo": is_photo,
            "places": [
                _place(requirement, nomination, linked, held, remarks) for requirement in requirements
            ],
            "others": _others(others, nomination, linked, held, is_photo=is_photo),
        },
    )


def _place(
    requirement: Requirement,
    nomination: Nomination,
    linked: list[Document],
    held: list[Document],
    remarks: dict[str, str],
) -> Place:
    kinds = list(requirement.accepts.all())
    codes = {kind.pk for kind in kinds}
    there = [document for document in linked if document.kind_id in codes]
    return Place(
        requirement.pk,
        requirement.name,
        requirement.basis,
        remarks.get(f"{DOCUMENT_REMARK}{requirement.pk}", ""),
        [_row(document, nomination) for document in there],
        [document for document in held if document.kind_id in codes][:OFFERED],
        kinds,
        any(document.file.state != StoredFile.State.REFUSED for document in there),
    )


def _others(
    kinds: list[DocumentKind],
    nomination: Nomination,
    linked: list[Document],
    held: list[Document],
    *,
    is_photo: bool,
) -> Place:
    codes = {kind.pk for kind in kinds}
    return Place(
        "lain",
        "Foto lain" if is_photo else "Dokumen pendukung",
        "Memperkuat usulan pada penilaian. Tidak wajib.",
        "",
        [_row(document, nomination) for document in linked if document.kind_id in codes],
        [document for document in held if document.kind_id in codes][:OFFERED],
        kinds,
        is_filled=True,
    )


def _row(document: Document, nomination: Nomination) -> dict[str, Any]:
    """A document as the partial file_row takes it, with what was typed beside it, and the photo itself."""
    remove = reverse("nomination_document_remove", args=[nomination.pk, document.pk])
    row = file_row(
        document.file, kind=document.kind.name, actions=[{"label": "Lepas dari usulan", "url": remove}]
    )
    facts = " · ".join(f"{label}: {text}" for label, text in _typed_beside(document))
    return {
        **row,
        "detail": row["detail"] or facts,
        "photo": document.kind.is_photo,
        "caption": document.caption,
    }


def _typed_beside(document: Document) -> list[tuple[str, str]]:
    """What was typed beside a file, without what was left empty."""
    typed = (
        ("Nomor", document.number),
        ("Penerbit", document.issuer),
        ("Terbit", plain_date(document.issued_on) if document.issued_on else ""),
        ("Berlaku sampai", plain_date(document.expires_on) if document.expires_on else ""),
    )
    return [(label, text) for label, text in typed if text]


@require_http_methods(["GET", "HEAD", "POST"])
@while_editable
def document_add(request: HttpRequest, nomination: Nomination, kind: str) -> HttpResponse:
    """A new document with its file, for its holder (IKM, sentra, dinas) and for this nomination."""
    found = get_object_or_404(DocumentKind, pk=kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DocumentForm(*sent, kind=found, by=request.user, at=request.received_at)
    if sent and form.is_valid():
        try:
            documents.attach(
                nomination, kind=found, file=form.cleaned_data["file"], details=form.details(), by=request.user,
                at=request.received_at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, f"{found.name}: berkas tersimpan.", extra_tags="toast")
            return redirect(_list_of(found, nomination, request))
    return render(
        request,
        "nominations/proposal_document_form.html",
        {
            "form": form,
            "kind": found,
            "holder": _holder_in_words(found, nomination),
            "nomination": nomination,
            "breadcrumb": [*breadcrumb(nomination), _crumb(found, nomination)],
            "cancel_url": _list_of(found, nomination, request),
        },
    )


@require_POST
@by_its_office
def document_use(request: HttpRequest, nomination: Nomination, document: int) -> HttpResponse:
    """Use a document that its holder has already."""
    found = get_object_or_404(documents.of_its_holders(nomination), pk=document)
    try:
        documents.use(nomination, found, by=request.user, at=request.received_at)
    except Refused as refusal:
        messages.error(request, refusal.for_reader)
        return redirect(nomination)
    messages.success(request, f"{found.kind.name}: dipakai pada usulan ini.", extra_tags="toast")
    return redirect(_list_of(found.kind, nomination, request))


@require_http_methods(["GET", "HEAD", "POST"])
@while_editable
def document_remove(request: HttpRequest, nomination: Nomination, document: int) -> HttpResponse:
    """Asks, then takes a document out of this nomination; its holder keeps it."""
    linked = Document.objects.filter(links__nomination=nomination).select_related("kind", "file")
    # After an earlier press it is its holder's alone: the second one finds nothing more to do.
    found = linked.filter(pk=document).first() or get_object_or_404(
        documents.of_its_holders(nomination), pk=document
    )
    back = _list_of(found.kind, nomination, request)
    if request.method == "POST":
        try:
            documents.detach(nomination, found, by=request.user, at=request.received_at)
        except Refused as refusal:
            messages.error(request, refusal.for_reader)
            return redirect(nomination)
        messages.success(request, f"{found.kind.name}: dilepas dari usulan ini.", extra_tags="toast")
        return redirect(back)
    return render(
        request,
        "confirm.html",
        {
            "title": f"Lepas {found.kind.name} dari usulan ini?",
            "consequence": f"Berkas {found.file.original_name} tidak ikut dikirim. Berkas itu tetap tersimpan dan dapat "
            "dipakai lagi.",
            "confirm_label": "Lepas berkas",
            "cancel_url": back,
            "breadcrumb": [*breadcrumb(nomination), _crumb(found.kind, nomination)],
        },
    )


def _crumb(kind: DocumentKind, nomination: Nomination) -> dict[str, str]:
    page = wizard.BY_SLUG["foto" if kind.is_photo else "dokumen"]
    return {"label": page.title, "url": wizard.address(page.slug, nomination)}


def _list_of(kind: DocumentKind, nomination: Nomination, request: HttpRequest) -> str:
    """The list in which a document of this kind stands, still coming from the check where it was opened there."""
    address = wizard.address("foto" if kind.is_photo else "dokumen", nomination)
    return (
        f"{address}?{FROM}=periksa"
        if "periksa" in (request.GET.get(FROM), request.POST.get(FROM))
        else address
    )


def _holder_in_words(kind: DocumentKind, nomination: Nomination) -> str:
    """Whose document it will be: it can be used again where that holder is."""
    ikm = nomination.product.ikm
    match kind.holder:
        case DocumentKind.Holder.OFFICE:
            return f"Dokumen ini milik {nomination.office} dan dapat dipakai pada usulan lain dari kantor yang sama."
        case DocumentKind.Holder.SENTRA:
            return f"Dokumen ini milik sentra {ikm.sentra} dan dapat dipakai pada usulan lain dari sentra yang sama."
    return f"Dokumen ini milik {ikm} dan dapat dipakai lagi pada periode berikutnya."
