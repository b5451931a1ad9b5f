from django.apps import AppConfig


class NominationsConfig(AppConfig):
    name = "nominations"

    def ready(self) -> None:
        from files import access

        from .documents import may_open

        access.register("nominations", may_open)
