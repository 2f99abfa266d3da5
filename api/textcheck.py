"""Check a text over HTTP: ask a service that answers as WeChat's msgSecCheck does."""

import logging

import httpx

from tenants.boards.service.check import Verdict

log = logging.getLogger("linli.textcheck")
_SECONDS = 3.0
_VERDICTS = {"pass": Verdict.PASS, "review": Verdict.REVIEW, "risky": Verdict.RISKY}


class HttpTextCheck:
    """It POSTs `{"content": …}` to a URL and reads `{"result": {"suggest": "pass"|"review"|"risky"}}`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.AsyncClient(timeout=_SECONDS)

    async def check(self, text: str) -> Verdict:
        """Return the service's verdict.

        If it fails or its answer is unknown, that is REVIEW: the text is held for review, not
        lost.
        """
        try:
            answer = await self._client.post(self._url, json={"content": text})
            answer.raise_for_status()
            return _VERDICTS[answer.json()["result"]["suggest"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            log.warning("the text check failed: held for review")
            return Verdict.REVIEW

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
