from django.apps import AppConfig


class NominationsConfig(AppConfig):
    name = "nominations"

    def ready(self) -> None:
        from files import access
        from letters import inbox

        from . import letter_drafts
        from .documents import may_open
        from .notices import may_follow

        access.register("nominations", may_open)
        inbox.let_through("nominations.nomination", may_follow)
        inbox.let_through("letters.letter", letter_drafts.may_follow)
