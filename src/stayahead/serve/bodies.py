"""Reads the JSON body of a request into its type, or refuses it with what would be right."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

BODY_WAIT_S = 10.0

_Body = TypeVar("_Body")


async def read_body(request: Request, kind: type[_Body]) -> _Body:
    """The body; how long it may be the shield has judged.

    Raises:
        HTTPException: 400 when it is no JSON, 408 when it does not come, 422 when it is of another shape.
    """
    try:
        async with asyncio.timeout(BODY_WAIT_S):
            body = await request.body()
        return msgspec.json.decode(body, type=kind)
    except TimeoutError as error:
        raise HTTPException(408, "The body did not come.") from error
    except msgspec.ValidationError as error:
        raise HTTPException(422, f"The body is not as it must be: {error}.") from error
    except msgspec.DecodeError as error:
        raise HTTPException(400, f"The body is no JSON: {error}.") from error
