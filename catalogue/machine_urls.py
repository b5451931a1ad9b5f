"""Addresses for machines: the same whatever the language."""

from django.urls import path

from . import data_pages

urlpatterns = [
    path("hasil/umpan.atom", data_pages.feed, name="feed"),
    path("sitemap.xml", data_pages.sitemap, name="sitemap"),
    path("robots.txt", data_pages.robots, name="robots"),
]
