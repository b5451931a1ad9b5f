from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from files import access
        from letters import inbox
        from nominations import reading
        from nominations.models.nomination import also_visible

        from . import found_late
        from .access import assigned_nominations, explanation_link, may_follow, may_open

        also_visible(assigned_nominations)
        reading.also_read(explanation_link)
        reading.also_read(found_late.link)
        access.register("assessment", may_open)
        inbox.let_through("assessment.assignment", may_follow)
