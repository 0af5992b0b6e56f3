"""`/sip` and `/sip/{id}`."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC
from urllib.parse import urlencode

from trunkline.api.endpoint import Call
from trunkline.api.endpoints import cursor, formats, moment
from trunkline.api.endpoints.moment import View
from trunkline.api.index import Filter, Page
from trunkline.api.problem import ApiProblem
from trunkline.api.query import LinesQuery
from trunkline.api.reply import Header, Reply

_JSON_PAGE = 100


async def many(call: Call) -> Reply:
    """Give the lines that fit, as they are or as they were."""
    query: LinesQuery = call.query
    view = await moment.view(call)
    format = formats.choose(query.format, call.headers.get(b"accept", b"").decode("latin-1"), query.spreadsheet)
    limit = query.limit or (_JSON_PAGE if format == "json" else None)
    page = view.lines.page(
        Filter(
            provider=query.provider,
            country=query.country,
            agent=query.agent,
            tags=tuple(tag.replace(":", "=", 1) if "=" not in tag else tag for tag in query.tag),
            text=query.text.casefold(),
        ),
        sort=query.sort.removeprefix("-"),
        descending=query.sort.startswith("-"),
        after=cursor.decode(_asked(query), query.cursor) if query.cursor else None,
        limit=limit,
    )
    return view.headed(_reply(call, page, format, view.shown))


def one(call: Call) -> Reply | Awaitable[Reply]:
    """Give the line of this name, E.164 number or vendor's id."""
    return _one(call, moment.now(call)) if call.query.at is None else _one_then(call)


async def _one_then(call: Call) -> Reply:
    return _one(call, await moment.view(call))


def _one(call: Call, view: View) -> Reply:
    id = call.path["id"]
    found = view.lines.find(id)
    if len(found) == 1:
        return view.headed(Reply(body=found[0].json(priced=call.principal.sees_costs)[:-1] + view.shown + b"}"))
    if found:
        names = [row.id for row in found]
        raise ApiProblem("ambiguous", f"{len(names)} lines have this id; ask for one by name", more={"lines": names})
    raise ApiProblem("not-found", "no line has this name, number or vendor's id; see /sip")


def _reply(call: Call, page: Page, format: str, shown: bytes) -> Reply:
    query: LinesQuery = call.query
    following = cursor.encode(_asked(query), page.last) if page.last is not None else None
    priced, media = call.principal.sees_costs, formats.MEDIA[format]
    if format == "json":
        body = formats.json_page(page.rows, priced=priced, total=page.total, following=following)[:-1] + shown + b"}"
        return Reply(body=body, media=media, headers=_link(query, following))
    if format == "ndjson":
        return Reply(body=formats.ndjson(page.rows, priced=priced), media=media, headers=_link(query, following))
    table = formats.csv_table(page.rows, priced=priced, spreadsheet=query.spreadsheet)
    return Reply(body=table, media=media, headers=(_saved_as(query), *_link(query, following)))


def _saved_as(query: LinesQuery) -> Header:
    """Name the file that a browser saves, with the moment that was asked for."""
    then = "" if query.at is None else query.at.astimezone(UTC).strftime("-%Y-%m-%dT%H%M%SZ")
    return b"content-disposition", f'attachment; filename="lines{then}.csv"'.encode()


def _link(query: LinesQuery, following: str | None) -> tuple[Header, ...]:
    if following is None:
        return ()
    parameters = query.model_dump(mode="json", exclude_defaults=True) | {"cursor": following}
    return ((b"link", f'</sip?{urlencode(parameters, doseq=True)}>; rel="next"'.encode()),)


def _asked(query: LinesQuery) -> str:
    """Give what a cursor is bound to: all but the page itself."""
    return query.model_dump_json(exclude={"cursor", "limit", "format", "spreadsheet"})
