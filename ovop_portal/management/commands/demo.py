"""`manage.py demo`: example data, made or completed through the same functions as the pages; `--remove` takes it away."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from ovop_portal.demo import facts, making, people, removal

# What `make run` keeps of this command's output and prints at every start.
TOLD = "demo-accounts.txt"


class Command(BaseCommand):
    help = "Make or complete the demo rounds and accounts (never in production); --remove takes them away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="take the demo data away; the history stays"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        with _without_a_line_for_each_step():
            answer = self._remove() if options["remove"] else self._make()
        _tell_make_run(answer)
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else _in_words(answer))

    def _make(self) -> dict[str, Any]:
        if settings.IS_PRODUCTION:
            raise CommandError(
                "the demo is not made with OVOP_ENV=production: its accounts share one password"
            )
        secret = people.password()
        try:
            making.make(secret, say=self._say)
        except making.CannotMake as problem:
            raise CommandError(str(problem)) from problem
        return {
            "address": settings.PORTAL_URL,
            "password": secret,
            "accounts": [
                {"email": account.email, "role": account.role.value, "office": account.office}
                for account in people.accounts()
            ],
            "rounds": [facts.FINISHED_ROUND, facts.RUNNING_ROUND],
            "awards": [
                {
                    "number": certificate.number,
                    "ikm": award.ikm_name,
                    "star": award.star,
                    "code": certificate.code,
                    "url": settings.PORTAL_URL + reverse("verify_code", args=[certificate.code]),
                }
                for award in making.awards()
                for certificate in award.certificates.order_by("version")
            ],
        }

    def _remove(self) -> dict[str, Any]:
        try:
            gone = removal.remove()
        except removal.CannotRemove as problem:
            raise CommandError(str(problem)) from problem
        people.password_file().unlink(missing_ok=True)
        return {"removed": gone}

    def _say(self, what: str) -> None:
        self.stderr.write(f"making {what}")
        self.stderr.flush()


def _tell_make_run(answer: dict[str, Any]) -> None:
    """What `make run` prints at each start stays true; it makes the demo anew only where it finds no such file."""
    told = Path(settings.DATA_DIR) / TOLD
    if told.exists():
        gone = "The demo data was taken away; manage.py demo makes it anew."
        people.write_privately(told, f"{gone if 'removed' in answer else _in_words(answer)}\n")


def _in_words(answer: dict[str, Any]) -> str:
    if "removed" in answer:
        gone = [f"{count} {name}" for name, count in answer["removed"].items() if count]
        return f"demo data taken away: {', '.join(gone)}" if gone else "there is no demo data"
    lines = [
        # Without the portal's address: what is printed at a later start may be another port's.
        f"Demo accounts, data contoh, to sign in at {reverse('account_login')}",
        f"  password     {answer['password']}",
    ]
    for role, accounts in groupby(answer["accounts"], key=lambda account: account["role"]):
        addresses = [account["email"] for account in accounts]
        some = f"{addresses[0]} to {addresses[-1]}" if len(addresses) > 4 else ", ".join(addresses)
        if role in ("dinas", "provinsi"):
            codes = ", ".join(address.split("@")[0].split(".")[1] for address in addresses)
            some = f"{role}.<kode>@{people.DOMAIN} with {codes}"
        lines.append(f"  {role:12} {some}")
    return "\n".join(lines)


@contextmanager
def _without_a_line_for_each_step() -> Iterator[None]:
    """Some hundred acts follow one another here; what goes wrong is still logged."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)
