from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from files import access
        from letters import inbox
        from nominations.models.nomination import also_visible

        from .access import assigned_nominations, may_follow, may_open

        also_visible(assigned_nominations)
        access.register("assessment", may_open)
        inbox.let_through("assessment.assignment", may_follow)
