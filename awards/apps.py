from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"

    def ready(self) -> None:
        from assessment import found_late
        from assessment.recompute import register_not_computable
        from files import access
        from nominations.objections import on_announcement, on_steps

        from . import clarifications, scans, tied_results
        from .announcing import announced, steps
        from .taking_over import not_computable

        access.register("awards", scans.may_open)
        access.register("clarifications", clarifications.may_open)
        on_announcement(announced)
        on_steps(steps)
        register_not_computable(not_computable)
        found_late.register(tied_results.revoked, tied_results.way)
