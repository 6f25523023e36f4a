"""Many streams at once, and what is left of them when their clients leave."""

import asyncio
from collections.abc import Awaitable, Callable

from running_api import Api, events_of
from scripted_model import Scripted

Start = Callable[..., Awaitable[Api]]
STREAMS = 200


def _code(number: int) -> dict[str, str]:
    """Code of its own for each stream: equal questions would share one run."""
    return {"code": f"def area{number}(a):\n    return a * {number}\n", "symbol": f"area{number}"}


async def test_200_streams_at_once(start: Start) -> None:
    """All are open before the first one ends."""
    model = Scripted("Returns a product.")
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client(connections=STREAMS + 1)

    async def follow(number: int) -> list[tuple[str, str]]:
        async with ada.stream("POST", "/v1/explanations/stream", json=_code(number)) as reply:
            assert reply.status_code == 200
            return events_of((await reply.aread()).decode())

    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        streams = [group.create_task(follow(number)) for number in range(STREAMS)]
        await model.asked(STREAMS)
        assert (await ada.get("/v1/lessons/closure")).status_code == 200
        model.gate.set()
    for stream in streams:
        assert stream.result()[-1][0] == "done"
    assert len(model.jobs) == STREAMS


async def test_200_streams_that_are_left_stop_the_model(start: Start) -> None:
    model = Scripted("Returns a product.")
    model.gate.clear()
    api = await start(model=model)
    ada = await api.client(connections=STREAMS)

    async def leave(number: int) -> None:
        async with ada.stream("POST", "/v1/explanations/stream", json=_code(number)):
            await model.asked(STREAMS)

    async with asyncio.timeout(120):
        await asyncio.gather(*(leave(number) for number in range(STREAMS)))
        await api.door.close(60)
    assert model.running == 0


async def test_one_question_of_many_clients_is_asked_once(start: Start) -> None:
    model = Scripted("Returns a product.")
    model.gate.clear()
    api = await start(model=model)
    clients = [await api.client(f"user{number}") for number in range(10)]
    asked = [
        asyncio.create_task(client.post("/v1/explanations", json=_code(0))) for client in clients
    ]
    async with asyncio.timeout(120):
        await model.asked(1)
        model.gate.set()
        answers = await asyncio.gather(*asked)
    assert {answer.json()["markdown"] for answer in answers} == {"Returns a product."}
    assert len(model.jobs) == 1
