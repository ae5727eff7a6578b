"""The floor: asyncio and aiohttp, nothing but the calls. Nothing that keeps a state can be quicker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from benchmarks.agents import ORGANIZATION, Agent, agents
from benchmarks.sides.base import Job, Verbs
from benchmarks.vendor import KEY

IN_FLIGHT = 32


class Floor:
    """`checked`: with the calls that we make, which read back what they have written."""

    def __init__(self, *, checked: bool) -> None:
        self._checked = checked

    @contextmanager
    def verbs(self, job: Job) -> Iterator[Verbs]:
        """All but a preview, which needs no call."""
        run = _Run(job, checked=self._checked)
        yield {
            name: _at_once(verb)
            for name, verb in (("up", run.up), ("update", run.update), ("refresh", run.refresh), ("destroy", run.destroy))
        }


class _Run:
    def __init__(self, job: Job, *, checked: bool) -> None:
        self._job = job
        self._checked = checked
        self._ids: Sequence[str] = ()

    async def up(self) -> None:
        async with _session() as session:

            async def create(fields: Agent) -> str:
                id = str((await self._ask(session, "POST", "", {"agent_type": "sms", **fields}))["agent_id"])
                await self._check(session, id)
                return id

            self._ids = await asyncio.gather(*map(create, agents(self._job.count)))

    async def update(self) -> None:
        async with _session() as session:

            async def change(id: str, fields: Agent) -> None:
                await self._ask(session, "PATCH", f"/{id}", {"prompt": fields["prompt"]})
                await self._check(session, id)

            await asyncio.gather(*map(change, self._ids, agents(self._job.count, revision=2)))

    async def refresh(self) -> None:
        async with _session() as session:
            await self._ask(session, "GET", f"?organization_id={ORGANIZATION}&is_admin=true")

    async def destroy(self) -> None:
        async with _session() as session:
            await asyncio.gather(*(self._ask(session, "DELETE", f"/{id}") for id in self._ids))

    async def _check(self, session: aiohttp.ClientSession, id: str) -> None:
        if self._checked:
            await self._ask(session, "GET", f"/{id}")

    async def _ask(self, session: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> Any:
        async with session.request(method, f"{self._job.vendor.url}/v1/agents{path}", json=body) as reply:
            reply.raise_for_status()
            return await reply.json()


@asynccontextmanager
async def _session() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    async with aiohttp.ClientSession(connector=connector, headers={"x-api-key": KEY}, timeout=aiohttp.ClientTimeout(600)) as session:
        yield session


def _at_once(verb: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    async def main() -> None:
        await verb()

    return lambda: asyncio.run(main())
