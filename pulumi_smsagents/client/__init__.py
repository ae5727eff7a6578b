"""One HTTP client per vendor account: sign, send, retry, limit, decode, redact. The only room that knows httpx.

Retries happen here and nowhere else. What may be sent again is decided by :func:`policy`: a call that may have reached
the vendor is repeated only where the adapter says that repeating it does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
from httpx_retries import RetryTransport

from .. import errors
from ..redaction import Redactor, quiet_loggers
from .answers import WEB_PAGE, decoded, plain_text, refused, request_id, words
from .calls import Account, Call, Limits, Reply
from .retries import NEVER_SENT, policy
from .transport import MAX_BODY, NoTimeLeftError, UnreadableError, WholeAnswers, limiter, transport_for

__all__ = ["MAX_BODY", "Account", "Call", "Client", "Limits", "Reply", "policy", "refused", "words"]

_CHECK_URL = "Check the base URL"


class Client:
    """Thread-safe; made once per account and process (a new one costs about 20 ms of CPU)."""

    def __init__(
        self,
        account: Account,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account = account
        self.limits = limits or Limits()
        self.redactor = Redactor(account.secrets)
        self._sleep = sleep
        quiet_loggers(self.redactor)
        inner = transport or transport_for(account.base_url)
        self._http = httpx.Client(
            transport=RetryTransport(WholeAnswers(inner, limiter(self.limits))),
            headers={**account.headers, "accept": "application/json", "accept-encoding": "identity"},
            follow_redirects=False,
            timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect),
        )

    def __repr__(self) -> str:
        return f"Client({self.account.vendor}, {self.account.base_url})"

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def send(self, call: Call) -> Reply:
        """Send `call`, again where :func:`policy` allows it; the answer decoded, or a `VendorError`."""
        asked = f"{self.account.vendor}: {call.method} {self.redactor.hide(call.path)}"
        try:
            response = self._http.request(
                call.method,
                self.account.base_url.rstrip("/") + call.path,
                params=dict(call.query) or None,
                json=call.body,
                extensions=self._extensions(call),
            )
        except (httpx.InvalidURL, UnicodeError):
            raise errors.ConfigurationError(f"{asked}: the base URL is not one that can be called. {_CHECK_URL}") from None
        except httpx.HTTPError as error:
            raise self._no_answer(asked, call, error) from None
        return self._decode(asked, response, call)

    def _extensions(self, call: Call) -> dict[str, Any]:
        deadline = time.monotonic() + self.limits.operation

        def pause(seconds: float) -> None:
            if seconds >= deadline - time.monotonic():
                raise NoTimeLeftError(f"gave up: the whole operation may take {self.limits.operation:g} s")
            self._sleep(seconds)

        return {"retry": policy(call, self.limits, pause), "smsagents.deadline": deadline}

    def _no_answer(self, asked: str, call: Call, error: httpx.HTTPError) -> errors.VendorError:
        host = urlsplit(self.account.base_url).netloc
        if isinstance(error, UnreadableError):
            return errors.UnexpectedBodyError(asked, str(error))
        if isinstance(error, NoTimeLeftError) and not call.repeatable:
            # What was tried before was surely not carried out, or it would not have been tried again.
            return errors.UnreachableError(asked, str(error), advice="Nothing was changed; run it again later")
        if isinstance(error, (*NEVER_SENT, httpx.ProxyError, httpx.UnsupportedProtocol)):
            said = f"no connection to {host}: {self._words(error)}"
            return errors.UnreachableError(asked, said, advice="Check the network and the base URL, then run it again")
        if isinstance(error, NoTimeLeftError):
            said = str(error)
        elif isinstance(error, httpx.TimeoutException):
            said = f"no answer from {host} within {self.limits.read:g} s"
        else:
            said = f"the connection to {host} broke: {self._words(error)}"
        if call.method == "GET":
            return errors.UnreachableError(asked, said, advice="Nothing was changed; run it again")
        return errors.LostReplyError(asked, f"{said}; it may have been carried out")

    def _words(self, error: Exception) -> str:
        return self.redactor.show(str(error)) or type(error).__name__

    def _decode(self, asked: str, response: httpx.Response, call: Call) -> Reply:
        status = response.status_code
        body, broken = decoded(response)
        named = self.redactor.show(request_id(response, body))
        if not 200 <= status < 300:
            said = self.redactor.show(words(body) or plain_text(response, broken))
            said = said or broken or self.redactor.show(response.reason_phrase) or "no explanation"
            raise self._refusal(asked, status, said, named)
        if broken and not (call.any_answer and broken != WEB_PAGE):
            raise errors.UnexpectedBodyError(asked, f"expected JSON, got {broken}", status=status, request_id=named, advice=_CHECK_URL)
        if refused(body):
            said = self.redactor.show(words(body)) or "the answer says that it failed"
            raise errors.ResponseError(asked, said, status=status, request_id=named)
        return Reply(asked, status, body, named)

    def _refusal(self, asked: str, status: int, said: str, request_id: str) -> errors.ResponseError:
        advice = ""
        if status in (401, 403):
            advice = self.account.key_advice
        elif 300 <= status < 400:
            said, advice = "a redirect, which is not followed", _CHECK_URL
        return errors.for_status(status)(asked, said, status=status, request_id=request_id, advice=advice)
