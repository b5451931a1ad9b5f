"""
The portal's settings for the last-minute benchmark: each answer says when its request was received.

The stamp is the one that decides on deadlines (ovop_portal/received.py); everything else is as in earnest.
"""

from ovop_portal.settings import *  # noqa: F403
from ovop_portal.settings import MIDDLEWARE

MIDDLEWARE = [MIDDLEWARE[0], "ovop_portal.bench.watched.TellReceipt", *MIDDLEWARE[1:]]
