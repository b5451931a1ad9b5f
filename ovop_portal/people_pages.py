"""/akun/: offices and people, for those who keep accounts. Spans accounts, history and mail."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, people
from accounts.forms import InvitationForm
from accounts.gates import needs
from accounts.roles import Right, Role
from audit import history
from files import exporting
from files.lists import Listing
from letters import outbox
from nominations.lists import provinces

from . import people_lists

PER_PAGE = 50
_COLUMNS = [
    {"label": "Nama", "key": "nama"},
    {"label": "Peran", "key": "peran"},
    {"label": "Kantor", "key": "kantor"},
    {"label": "Berlaku", "key": "sejak"},
    {"label": "Tindakan"},
]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.KEEP_ACCOUNTS, Right.REGISTER_DINAS, Right.READ_ALL)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody whom this person keeps, narrowed and sorted; the form to invite beside it. A POST takes it along."""
    at = request.received_at
    sees_all = request.user.may(Right.KEEP_ACCOUNTS) or request.user.may(Right.READ_ALL)
    narrowed = people_lists.MembershipFilter(
        request.GET,
        people_lists.listed(request.user, at=at),
        provinsi=provinces() if sees_all else None,
        peran=Role.choices if sees_all else None,
    )
    listing = Listing(request, narrowed, usual=people_lists.USUAL, per_page=PER_PAGE)
    if request.method == "POST":
        return exporting.download(request, listing, people_lists.COLUMNS, name="akun")
    context = listing.context()
    may_end = people.ends_to_give(request.user, list(context["page"]))
    rows = [
        [
            {"template": "accounts/person_cell.html", "person": membership.person},
            membership.get_role_display(),
            membership.office.name,
            people_lists.since(membership),
            {
                "template": "accounts/take_away_cell.html",
                "membership": membership,
                "allowed": membership.is_in_force(at=at) and membership.pk in may_end,
                "token": get_token(request),
            },
        ]
        for membership in context["page"]
    ]
    return render(
        request,
        "accounts/people.html",
        {
            **context,
            "columns": _COLUMNS,
            "caption": listing.caption("Peran dan kantor", "menurut kode kantor", _COLUMNS),
            "rows": rows,
            "invite": {"label": "Undang petugas", "url": reverse("person_invite")}
            if people.roles_to_give(request.user)
            else "",
        },
    )


@needs(Right.KEEP_ACCOUNTS, Right.REGISTER_DINAS)
def person_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: the account, the role, and a link that is mailed and shown once."""
    form = InvitationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                invited = invitations.invite(
                    data["email"], role=data["role"], office=data["office"], name=data["name"],
                    by=request.user, at=request.received_at,
                )  # fmt: skip
                invited.person.title_before = invited.person.title_before or data["title_before"]
                invited.person.title_after = invited.person.title_after or data["title_after"]
                invited.person.save(update_fields=["title_before", "title_after"])
                history.record(
                    "invite", invited.membership, by=request.user, at=request.received_at, role=data["role"].value,
                    office=data["office"].code,
                )  # fmt: skip
                outbox.queue(
                    "account_invited",
                    person=invited.person,
                    key=f"account_invited:{invited.membership.pk}:{invited.expires_at.timestamp():.0f}",
                    context={
                        "peran": data["role"].label,
                        "kantor": data["office"].name,
                        "waktu": invited.expires_at,
                        "tautan": invited.link,
                    },
                    at=request.received_at,
                )
        except invitations.CannotInvite as refusal:
            form.add_error("office", refusal.for_reader)
        else:
            return render(request, "accounts/invited.html", {"invited": invited, "role": data["role"]})
    return render(request, "accounts/invite.html", {"form": form})


@require_POST
@needs(Right.KEEP_ACCOUNTS, Right.REGISTER_DINAS)
def membership_take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role at once; the account stays, and what it did stays in the history."""
    membership = get_object_or_404(people.memberships_kept_by(request.user), pk=pk)
    if not people.may_take_away(request.user, membership):
        raise PermissionDenied("Peran ini dihentikan oleh yang mengelola akun kantornya.")
    with transaction.atomic():
        if people.take_away(membership, at=request.received_at):
            history.record(
                "take_away_role", membership, by=request.user, at=request.received_at, role=membership.role
            )
            messages.success(
                request, f"Peran {membership.get_role_display()} untuk {membership.person} dihentikan."
            )
        else:
            messages.info(request, "Peran ini sudah berakhir. Tidak ada yang berubah.")
    return redirect("people")
