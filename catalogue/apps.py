from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self) -> None:
        from files import access

        from .entry_rules import may_open

        access.register("catalogue", may_open)
