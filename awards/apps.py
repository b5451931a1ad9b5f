from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"

    def ready(self) -> None:
        from nominations.objections import on_announcement, on_steps

        from .announcing import announced, steps

        on_announcement(announced)
        on_steps(steps)
