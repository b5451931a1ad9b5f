"""The project: settings, addresses, the worker, and the pages that span rooms."""

from .celery import app as celery_app

__all__ = ["celery_app"]
