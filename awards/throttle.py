"""How often one visitor may ask for codes: enough for people, too little for guessing 80 bits anyway."""

import hashlib
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

PER_MINUTE = 30
logger = logging.getLogger(__name__)


def too_many(request: HttpRequest) -> bool:
    """
    Count this request; True beyond PER_MINUTE from one address. The address is kept for a minute, hashed.

    With Redis away nobody is turned away: a paper must be checkable then too.
    """
    key = "verify:" + hashlib.sha256(_address_of(request).encode()).hexdigest()[:32]
    try:
        cache.add(key, 0, timeout=60)
        return cache.incr(key) > PER_MINUTE
    except (RedisError, OSError, ValueError):
        logger.warning("verification is not counted: the cache does not answer")
        return False


def _address_of(request: HttpRequest) -> str:
    """
    Where the request comes from. Behind the portal's own proxy every request comes from that: there the address is
    the last one of X-Forwarded-For, which the proxy itself has written; what stands before it anybody may claim.
    """
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if last := forwarded.rpartition(",")[2].strip():
            return last
    return str(request.META.get("REMOTE_ADDR", ""))
