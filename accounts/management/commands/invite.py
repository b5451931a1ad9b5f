"""`manage.py invite EMAIL --role ROLE [--office CODE]`: the way into an empty portal."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.invitations import CannotInvite, invite
from accounts.models import Office
from accounts.offices import MINISTRY_CODE
from accounts.roles import HELD_IN, Role


class Command(BaseCommand):
    help = "Make an account and print the link of its invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--office", help="code of the office: 3205, 32, kemenperin (default for ministry roles)"
        )
        parser.add_argument(
            "--name", default="", help="name without titles; the mail's first part where not given"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        role = Role(options["role"])
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']} is not an e-mail address") from error
        code = options["office"] or (MINISTRY_CODE if "ministry" in HELD_IN[role] else "")
        office = Office.objects.filter(code=code).first()
        if office is None:
            raise CommandError(
                f"office {code or '(none given)'} is not known: run load_reference, or give --office CODE"
            )
        try:
            invited = invite(options["email"], role=role, office=office, name=options["name"])
        except CannotInvite as error:
            raise CommandError(error.for_reader) from error
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "email": invited.person.email,
                        "role": role.value,
                        "office": office.code,
                        "link": invited.link,
                        "expires_at": invited.expires_at.isoformat(),
                    }
                )
            )
        else:
            self.stdout.write(f"{invited.person.email}, {role.label}, {office}:\n{invited.link}")
