from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "ovop_portal"
    verbose_name = "Portal OVOP"
