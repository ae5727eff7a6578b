"""What came of a call: a reply, or an error with what was asked, what was said, and whether it may have been carried out.

Three outcomes, for whoever has to decide whether to send a create again. *Not done*: no connection, a redirect, 4xx, or a 2xx that
says it failed. *Unknown* (``may_have_arrived``): everything that broke after the request was on its way, 5xx, and a 2xx that is not
what the vendor documents. 408 is unknown too: gateways say it when the vendor was slow, whatever the standard says. 409 is not done:
what is in the way was there before.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from .. import errors
from ..redaction import Redactor
from .answers import WEB_PAGE, decoded, half_done, plain_text, refused, request_id, words
from .calls import Account, Call, Limits, Reply
from .course import NEVER_SENT
from .transport import UnreadableError

CHECK_URL = "Check the base URL"


class Outcomes:
    """What came of the calls of one account."""

    def __init__(self, account: Account, limits: Limits, redactor: Redactor) -> None:
        self._account = account
        self._limits = limits
        self._redactor = redactor

    def of_answer(self, asked: str, call: Call, response: httpx.Response) -> Reply | errors.VendorError:
        """The reply, where it is a 2xx that can be used."""
        status = response.status_code
        body, broken = decoded(response)
        body = self._redactor.clear(body, response.content)
        named = self._redactor.show(request_id(response, body))
        if not 200 <= status < 300:
            said = self._redactor.show(words(body) or plain_text(response, broken))
            said = said or broken or self._redactor.show(response.reason_phrase) or "no explanation"
            return self._refusal(asked, call, status, said, named)
        if broken and not (call.any_answer and broken != WEB_PAGE):
            return errors.UnexpectedBodyError(asked, f"expected JSON, got {broken}", status=status, request_id=named, advice=CHECK_URL)
        if refused(body):
            said = self._redactor.show(words(body)) or "the answer says that it failed"
            return _unknown(errors.ResponseError(asked, said, status=status, request_id=named), half_done(body))
        return Reply(asked, status, body, named)

    def _refusal(self, asked: str, call: Call, status: int, said: str, request_id: str) -> errors.ResponseError:
        advice = ""
        if status in (401, 403):
            advice = self._account.key_advice
        elif 300 <= status < 400:
            said, advice = "a redirect, which is not followed", CHECK_URL
        elif status == 429 and status not in call.final:
            advice = f"Run it again later, or set smsagents:{self._account.vendor}RequestsPerSecond to what the vendor allows"
        made = errors.for_status(status)(asked, said, status=status, request_id=request_id, advice=advice)
        # Where a 429 is final, no page says that it is a refusal and not an outcome.
        return _unknown(made, status == 408 or (status == 429 and status in call.final))

    def of_silence(self, asked: str, call: Call, error: Exception, *, late: bool = False) -> errors.VendorError:
        """No answer, or none that was read; `late`: the time for the whole call is over."""
        host = urlsplit(self._account.base_url).netloc
        if isinstance(error, UnreadableError):
            return errors.UnexpectedBodyError(asked, str(error))
        if isinstance(error, (*NEVER_SENT, httpx.ProxyError, httpx.UnsupportedProtocol)):
            said = f"no connection to {host}: {self._words(error)}"
            return errors.UnreachableError(asked, said, advice="Check the network and the base URL, then run it again")
        if isinstance(error, httpx.TimeoutException) and late:
            said = f"no whole answer from {host} in the {self._limits.operation:g} s that a call may take"
        elif isinstance(error, httpx.TimeoutException):
            said = f"no answer from {host} within {self._limits.read:g} s"
        else:
            said = f"the connection to {host} broke: {self._words(error)}"
        if call.method == "GET":
            return errors.UnreachableError(asked, said, advice="Nothing was changed; run it again")
        return errors.LostReplyError(asked, f"{said}; it may have been carried out")

    def _words(self, error: Exception) -> str:
        return self._redactor.show(str(error)) or type(error).__name__


def with_earlier(error: errors.VendorError, call: Call, *, unsure: bool) -> errors.VendorError:
    """The error of the last attempt, where one before it may have been carried out."""
    if not unsure or error.may_have_arrived or call.method == "GET":
        return error
    error.said += "; an attempt before this one may have been carried out"
    error.may_have_arrived = True
    return error.advise(error.advice)


def _unknown(error: errors.ResponseError, unknown: bool) -> errors.ResponseError:
    if unknown:
        error.may_have_arrived = True
    return error
