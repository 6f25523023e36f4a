"""A service in trouble is left alone until a look in the background finds it well."""

import asyncio

from procoder_tutor.cache.breaker import Breaker


class Service:
    """Is well from the look `well_at` on."""

    def __init__(self, well_at: int) -> None:
        self.looks = 0
        self.well_at = well_at

    async def look(self) -> bool:
        self.looks += 1
        return self.looks >= self.well_at


async def test_closed_again_after_the_first_good_look() -> None:
    service = Service(well_at=4)
    breaker = Breaker(service.look, rests=(0, 0))
    assert not breaker.open
    breaker.trip()
    breaker.trip()
    assert breaker.open
    await breaker.restored()
    assert not breaker.open
    assert service.looks == 4
    breaker.trip()
    assert breaker.open
    await breaker.restored()
    assert service.looks == 5


async def test_nobody_looks_after_closing() -> None:
    service = Service(well_at=1)
    breaker = Breaker(service.look, rests=(3600,))
    await breaker.restored()
    await breaker.aclose()
    breaker.trip()
    await breaker.aclose()
    assert service.looks == 0
    assert len(asyncio.all_tasks()) == 1
