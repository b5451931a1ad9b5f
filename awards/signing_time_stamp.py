"""Time stamps from a server (RFC 3161), asked over HTTP with the standard library."""

import asyncio
import urllib.request

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10


class TimeStampServer(TimeStamper):
    """`url`: where OVOP_TSA_URL points. A server that does not answer is an OSError of the caller's."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("OVOP_TSA_URL is no address of the web")
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await asyncio.get_running_loop().run_in_executor(None, self._ask, req.dump())

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self._url, data=question, headers={"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read(200_000))
