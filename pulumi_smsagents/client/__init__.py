"""One HTTP client per vendor account: sign, send, retry, limit, decode, redact. The only room that knows httpx.

Retries happen here and nowhere else. What may be sent again is decided by :func:`policy`: a call that may have reached
the vendor is repeated only where the adapter says that repeating it does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
from httpx_retries import RetryTransport

from .. import errors
from ..redaction import Redactor, quiet_loggers
from .answers import refused, words
from .calls import Account, Call, Limits, Reply
from .course import Course, GaveUpError, Shared
from .outcomes import CHECK_URL, Outcomes, with_earlier
from .pace import Pace
from .quota import Quota
from .retries import policy
from .transport import COURSE, MAX_BODY, WholeAnswers, transport_for

__all__ = ["MAX_BODY", "Account", "Call", "Client", "Limits", "Reply", "policy", "refused", "words"]


class Client:
    """Thread-safe; made once per account and process (a new one costs about 20 ms of CPU)."""

    def __init__(
        self,
        account: Account,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.account = account
        self.limits = limits or Limits()
        self.redactor = Redactor(account.secrets)
        self._shared = Shared(self.limits, Pace(self.limits, clock), Quota(self.limits.quota), clock, sleep)
        self._outcomes = Outcomes(account, self.limits, self.redactor)
        quiet_loggers(self.redactor)
        self._http = httpx.Client(
            transport=RetryTransport(WholeAnswers(transport or transport_for(account.base_url))),
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
        course = Course(self._shared)
        try:
            response = self._send(call, course)
        except (httpx.InvalidURL, UnicodeError):
            raise errors.ConfigurationError(f"{asked}: the base URL is not one that can be called. {CHECK_URL}") from None
        except GaveUpError as why:
            raise self._given_up(asked, call, course, str(why)) from None
        except httpx.HTTPError as error:
            raise with_earlier(self._outcomes.of_silence(asked, call, error, late=course.late), call, unsure=course.unsure) from None
        found = self._outcomes.of_answer(asked, call, response)
        if isinstance(found, Reply):
            return found
        raise with_earlier(found, call, unsure=course.unsure)

    def _send(self, call: Call, course: Course) -> httpx.Response:
        request = self._http.build_request(
            call.method,
            self.account.base_url.rstrip("/") + call.path,
            params=dict(call.query) or None,
            json=call.body,
            extensions={"retry": policy(call, self.limits, course), COURSE: course},
        )
        course.begin()
        return self._http.send(request)

    def _given_up(self, asked: str, call: Call, course: Course, why: str) -> errors.VendorError:
        """The error of the last attempt, with the reason why there was none after it."""
        last = course.last
        if last is None:
            return errors.UnreachableError(asked, "not sent: the rate limit gave it no turn", advice=why)
        of_answer, of_silence = self._outcomes.of_answer, self._outcomes.of_silence
        found = of_answer(asked, call, last) if isinstance(last, httpx.Response) else of_silence(asked, call, last)
        assert not isinstance(found, Reply)  # what is tried again has failed
        return with_earlier(found.advise(why), call, unsure=course.unsure)
