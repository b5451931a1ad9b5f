"""/usulan/syarat/: before anybody fills twelve pages, whether the product can meet what is asked. Stores nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import needs
from accounts.roles import Right

from . import eligibility, registry
from .models import CommodityGroup

_BREADCRUMB = [{"label": "Usulan", "url": "/usulan/"}, {"label": "Buat usulan", "url": "/usulan/buat/"}]


@require_safe
@needs(Right.NOMINATE)
def eligibility_page(request: HttpRequest) -> HttpResponse:
    """The group first, then its requirements one by one, then what they come to; every answer is in the address."""
    groups = list(CommodityGroup.objects.filter(is_active=True))
    chosen = next((group for group in groups if group.pk == request.GET.get("komoditas")), None)
    wood = request.GET.get("kayu") == "ya"
    quiz = eligibility.quiz(chosen, wood=wood, said=request.GET.dict()) if chosen else None
    asked = quiz.questions if quiz else ()
    outlook = eligibility.outlook(asked)
    return render(
        request,
        "nominations/eligibility.html",
        {
            "groups": groups,
            "chosen": chosen,
            "asks_for_wood": quiz is not None and quiz.asks_for_wood,
            "wood": wood,
            "questions": asked,
            "choices": [(said.value, label) for said, label in eligibility.SAID.items()],
            "answered": bool(asked) and any(question.said for question in asked),
            "outlook": outlook,
            "on_the_way": quiz.made_on_the_way if quiz else (),
            "may_begin": registry.regencies_kept_by(request.user).exists(),
            "breadcrumb": _BREADCRUMB,
        },
    )
