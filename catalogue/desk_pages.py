"""What the secretariat takes down and where one can buy: /penghargaan/penerima/<id>/tampilan/."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import needs
from accounts.roles import Right
from awards.decrees import Refused
from awards.models import Award

from . import photos, selling
from .desk_forms import PlaceForm
from .models import SellingPlace, ShownPhoto

_secretariat = needs(Right.DRAFT_DECREE)


def _award(pk: int) -> Award:
    return get_object_or_404(Award.objects.published().with_names().defer("decree__annex"), pk=pk)


@require_safe
@_secretariat
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shown, and the IKM's agreement behind each place to buy. A photo goes up by a version (entries.py)."""
    return _desk(request, _award(pk))


def _desk(request: HttpRequest, award: Award, refused: PlaceForm | None = None) -> HttpResponse:
    return render(
        request,
        "catalogue/desk/desk.html",
        {
            "award": award,
            "shown": [{"photo": one, "picture": photos.picture(one)} for one in award.shown_photos.all()],
            "places": award.product.ikm.selling_places.all(),
            "place_form": refused or PlaceForm(),
            "refused": refused,
            "breadcrumb": [
                {"label": "Penghargaan", "url": reverse("decrees")},
                {"label": award.ikm_name, "url": reverse("award_kept", args=[award.pk])},
            ],
        },
    )


@require_POST
@_secretariat
def photo_take_down(request: HttpRequest, pk: Any) -> HttpResponse:
    photo = get_object_or_404(ShownPhoto.objects.select_related("award"), pk=pk)
    photos.take_down(photo, by=request.user, at=request.received_at)
    messages.success(request, "Foto diturunkan. Berkas pada usulan tetap tersimpan.")
    return redirect("award_desk", photo.award_id)


@require_POST
@_secretariat
def place_add(request: HttpRequest, pk: int) -> HttpResponse:
    award = _award(pk)
    form = PlaceForm(request.POST)
    if form.is_valid():
        try:
            selling.add(
                award,
                **_given(form),
                by=request.user,
                at=request.received_at,
                today=timezone.localdate(request.received_at),
            )
        except Refused as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, "Tempat membeli tampil pada halaman produk.")
            return redirect("award_desk", award.pk)
    return _desk(request, award, form)


def _given(form: forms.Form) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "kind": data["jenis"],
        "name": data["nama"],
        "url": data["alamat"],
        "agreed_on": data["disetujui"],
    }


@require_POST
@_secretariat
def place_remove(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    award = _award(pk)
    found = get_object_or_404(SellingPlace, pk=place, ikm=award.product.ikm_id)
    selling.remove(found, award, by=request.user, at=request.received_at)
    messages.success(request, "Tempat membeli dihapus.")
    return redirect("award_desk", award.pk)
