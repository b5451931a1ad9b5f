"""What an auditor opens is itself recorded."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.roles import Role

from .models import Reading


class RecordReadings:
    """Stands before the guard that keeps reading from writing, because this writing is the point."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = request.user
        if (
            request.method == "GET"
            and response.status_code == 200
            and person.is_authenticated
            and Role.AUDITOR in person.roles()
        ):
            Reading.objects.create(at=timezone.now(), person=person, path=request.get_full_path()[:300])
        return response
