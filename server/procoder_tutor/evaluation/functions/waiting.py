"""Coroutines."""

import asyncio
import random


async def fetch_with_retry(fetch, url, attempts=3):
    for attempt in range(attempts):
        try:
            return await fetch(url)
        except ConnectionError:
            if attempt == attempts - 1:
                raise
            await asyncio.sleep(2**attempt)


async def gather_pages(session, urls):
    pages = {}
    for url in urls:
        async with session.get(url) as response:
            pages[url] = await response.text()
    return pages


async def drain(queue: asyncio.Queue, handle) -> int:
    done = 0
    while not queue.empty():
        job = await queue.get()
        handle(job)
        done += 1
    return done


async def ticker(interval: float):
    count = 0
    while True:
        await asyncio.sleep(interval + random.uniform(0, 0.1))
        count += 1
        yield count


async def collect(source, limit: int) -> list:
    found = []
    async for item in source:
        found.append(item)
        if len(found) >= limit:
            break
    return found
