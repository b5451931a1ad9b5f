from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"

    def ready(self) -> None:
        from nominations.objections import on_announcement

        from .announcing import announced

        on_announcement(announced)
