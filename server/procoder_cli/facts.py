"""`procoder facts`: what is known about a piece of code, as JSON."""

from typing import Annotated

import typer

from procoder_cli.options import Line, Lines, Source, SymbolName


def facts(
    path: Source,
    line: Line = None,
    lines: Lines = None,
    symbol: SymbolName = None,
    budget: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds to wait for inferred types and full names."),
    ] = None,
) -> None:
    """Print what the code proves about itself: signature, returns, raises, changes, calls."""
    import asyncio
    import json
    from dataclasses import asdict

    from procoder_cli.source import Where, load_document, select
    from procoder_tutor.errors import InputError, describe
    from procoder_tutor.facts.build import instant_facts
    from procoder_tutor.facts.model import Facts
    from procoder_tutor.resolver import Resolver

    async def complete() -> Facts:
        document = load_document(path)
        chosen = select(document, Where(line, lines, symbol))
        known = instant_facts(document, chosen)
        if budget == 0:
            return known
        resolver = Resolver()
        try:
            return await resolver.complete(document, chosen, known, budget=budget)
        finally:
            await resolver.aclose()

    try:
        found = asyncio.run(complete())
    except InputError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(asdict(found), indent=2))
