from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from nominations.models.nomination import also_visible

        from .access import assigned_nominations

        also_visible(assigned_nominations)
