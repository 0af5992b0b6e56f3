"""`/sip` and `/sip/{id}`, and `/explain`: what happens to a call over these lines."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable, Mapping
from datetime import UTC
from urllib.parse import urlencode

from trunkline.api.endpoint import Call
from trunkline.api.endpoints import cursor, formats, moment
from trunkline.api.endpoints.moment import View
from trunkline.api.problem import ApiProblem
from trunkline.api.query import ExplainQuery, LinesQuery, WantedQuery
from trunkline.api.reply import Header, Reply
from trunkline.api.served.index import Filter, Page
from trunkline.api.served.past import Past
from trunkline.state.row import Row

_JSON_PAGE = 100


async def many(call: Call) -> Reply:
    """Give the lines that fit, as they are or as they were."""
    query: LinesQuery = call.query
    view = await moment.view(call)
    format = formats.choose(query.format, call.headers.get(b"accept", b"").decode("latin-1"), query.spreadsheet)
    limit = query.limit or (_JSON_PAGE if format == "json" else None)
    page = view.lines.page(
        wanted(query) if query.agent is None else wanted(query).knowing(_names(call, view)),
        sort=query.sort.removeprefix("-"),
        descending=query.sort.startswith("-"),
        after=position(query),
        limit=limit,
    )
    return view.headed(reply(call, page, format, view.shown))


def _names(call: Call, view: View) -> Mapping[str, str]:
    return view.lines.names if isinstance(view.lines, Past) else call.snapshot.names


def wanted(query: WantedQuery) -> Filter:
    """Give what lines a query asks for."""
    return Filter(
        provider=query.provider,
        country=query.country,
        agent=query.agent,
        tags=tuple(tag.replace(":", "=", 1) if "=" not in tag else tag for tag in query.tag),
        text=query.text.casefold(),
    )


def position(query: WantedQuery) -> tuple[str, str] | None:
    """Give the position that a query continues from. Raises ApiProblem where its cursor is of another query."""
    return cursor.decode(_asked(query), query.cursor) if query.cursor else None


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


async def explain(call: Call) -> Reply:
    """Follow a call through the lines as they are, or were."""
    query: ExplainQuery = call.query
    if call.service.explain is None:
        raise ApiProblem("not-configured", "this server was started without the call model")
    view = await moment.view(call)
    lines = [json.loads(row.full) for row in _called(view, query.to)]
    return view.told(dict(call.service.explain(lines, query.to, query.caller)))


def _called(view: View, to: str) -> Iterable[Row]:
    """Give the lines that have a number; with its plus or without, for LiveKit finds a trunk by the digits."""
    spelled = (to, to[1:] if to.startswith("+") else f"+{to}")
    return {row.id: row for each in spelled for row in view.lines.find(each) if row.number in spelled}.values()


def reply(call: Call, page: Page, format: str, more: bytes, *, stacked: bool = False) -> Reply:
    """Answer with a page of lines. `more` are further members of a JSON object; `stacked`: each line with its stack."""
    query: WantedQuery = call.query
    following = cursor.encode(_asked(query), page.last) if page.last is not None else None
    priced, media = call.principal.sees_costs, formats.MEDIA[format]
    link = _link(call, following)
    if format == "json":
        page_json = formats.json_page(page.rows, priced=priced, total=page.total, following=following, stacked=stacked)
        return Reply(body=page_json[:-1] + more + b"}", media=media, headers=link)
    if format == "ndjson":
        return Reply(body=formats.ndjson(page.rows, priced=priced, stacked=stacked), media=media, headers=link)
    table = formats.csv_table(page.rows, priced=priced, spreadsheet=query.spreadsheet, stacked=stacked)
    return Reply(body=table, media=media, headers=(_saved_as(query), *link))


def _saved_as(query: WantedQuery) -> Header:
    """Name the file that a browser saves, with the moment that was asked for."""
    at = query.at if isinstance(query, LinesQuery) else None
    then = "" if at is None else at.astimezone(UTC).strftime("-%Y-%m-%dT%H%M%SZ")
    return b"content-disposition", f'attachment; filename="lines{then}.csv"'.encode()


def _link(call: Call, following: str | None) -> tuple[Header, ...]:
    if following is None:
        return ()
    parameters = call.query.model_dump(mode="json", exclude_defaults=True) | {"cursor": following}
    return ((b"link", f'<{call.service.base}/sip?{urlencode(parameters, doseq=True)}>; rel="next"'.encode()),)


def _asked(query: WantedQuery) -> str:
    """Give what a cursor is bound to: all but the page itself."""
    return query.model_dump_json(exclude={"cursor", "limit", "format", "spreadsheet"})
