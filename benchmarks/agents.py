"""The agents that every side makes: the same fields with the same values."""

from __future__ import annotations

from typing import TypedDict

ORGANIZATION = "1763070568417x631086913669115287"
USER = "1763070568417x100000000000000001"
LINES = 8  # of a prompt, which makes about 600 characters


class Agent(TypedDict):
    """The inputs, as the vendor names them."""

    organization_id: str
    user_id: str
    agent_name: str
    starting_message: str
    prompt: str


def agent(number: int, revision: int = 1) -> Agent:
    """One agent's fields; a later revision differs in its prompt."""
    line = "Be brief and friendly, answer in the language of the question, and promise no price."
    return {
        "organization_id": ORGANIZATION,
        "user_id": USER,
        "agent_name": f"Agent {number}",
        "starting_message": "Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out.",
        "prompt": f"Revision {revision} of agent {number}.\n" + "\n".join([line] * LINES),
    }


def agents(count: int, revision: int = 1) -> list[Agent]:
    """So many of them."""
    return [agent(number, revision) for number in range(count)]
