from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from letters import inbox
        from nominations.models.nomination import also_visible

        from .access import assigned_nominations, may_follow

        also_visible(assigned_nominations)
        inbox.let_through("assessment.assignment", may_follow)
