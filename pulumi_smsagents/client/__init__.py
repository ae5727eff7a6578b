"""One HTTP client per vendor account: sign, send, retry, limit, decode, redact. The only room that knows httpx.

Retries happen here and nowhere else. What may be sent again is decided by :func:`.retries.policy`: a call that may have reached
the vendor is repeated only where the adapter says that repeating it does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..redaction import Redactor, quiet_loggers
from .calls import MAX_BODY, MAX_LIST, Account, Call, Limits, Reply

if TYPE_CHECKING:
    import httpx

__all__ = ["MAX_BODY", "MAX_LIST", "Account", "Call", "Client", "Limits", "Reply"]


class Client:
    """Thread-safe; made once per account and process. The first loads httpx."""

    def __init__(
        self,
        account: Account,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # Here and not above: Pulumi starts the provider several times in a run, mostly for no call.
        from .sending import Sender  # noqa: PLC0415

        self.account = account
        self.limits = limits or Limits()
        self.redactor = Redactor(account.secrets)
        quiet_loggers(self.redactor)
        self._sender = Sender(account, self.limits, self.redactor, transport, sleep, clock)

    def __repr__(self) -> str:
        return f"Client({self.account.vendor}, {self.account.base_url})"

    def close(self) -> None:
        """Close the kept connections."""
        self._sender.close()

    def send(self, call: Call) -> Reply:
        """Send `call`, again where the policy allows it; the answer decoded, or a `VendorError`."""
        return self._sender.send(call)
