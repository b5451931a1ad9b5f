"""
Who may open a file. This room knows only who uploaded it; a room that holds files registers a door:

    access.register("nominations", may_open)      # in AppConfig.ready()

`may_open(person, file)` answers True or False where that room holds the file, and None where it does not.
"""

from collections.abc import Callable

from accounts.models import Person

from .models import StoredFile

Door = Callable[[Person, StoredFile], bool | None]

_DOORS: dict[str, Door] = {}


def register(name: str, door: Door) -> None:
    """Let the room `name` answer for the files it holds. ValueError where another door has that name already."""
    if _DOORS.get(name, door) is not door:
        raise ValueError(f"two doors are called {name}")
    _DOORS[name] = door


def unregister(name: str) -> None:
    """Take a door away again, after a test that put one there."""
    _DOORS.pop(name, None)


def may_open(person: Person, file: StoredFile) -> bool:
    """
    Whether `person` may open `file` now: one door that says yes is enough; where doors hold it and none says yes,
    no; where nobody holds it, its uploader alone. Until it is checked, nobody but its uploader; refused, nobody.
    """
    if not person.is_active or file.state == StoredFile.State.REFUSED:
        return False
    is_uploader = file.uploaded_by_id == person.pk
    if file.state == StoredFile.State.WAITING and not is_uploader:
        return False
    answers = [door(person, file) for door in _DOORS.values()]
    if any(answer is True for answer in answers):
        return True
    return is_uploader and all(answer is None for answer in answers)
