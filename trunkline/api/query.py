"""The parameters of each endpoint: what is accepted, and what the OpenAPI document says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from trunkline.api.problem import ApiProblem
from trunkline.carriers import CARRIERS, any_of
from trunkline.state.row import SORTS

_MAX_FIELDS = 40
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_AS_MOMENT = "write it like 2026-05-03T12:00:00Z: RFC 3339, with a zone, a plus as %2B"
Q = TypeVar("Q", bound="Query")


class Query(BaseModel):
    """No parameters; an unknown one is refused, since ignoring a filter would show too much."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _moment(text: str) -> str:
    """Refuse what pydantic takes besides: a number counts as seconds of 1970, so a year would show an empty fleet."""
    if not _RFC_3339.fullmatch(text):
        raise PydanticCustomError("moment", _AS_MOMENT)
    return text


Moment = Annotated[
    AwareDatetime | None,
    BeforeValidator(_moment),
    Field(description="as the last update before that moment left it, RFC 3339"),
]


class ThenQuery(Query):
    """Now, or a moment of the past."""

    at: Moment = None


Text = Annotated[str, Field(max_length=200)]
Country = Annotated[str, Field(pattern="^[A-Za-z]{2}$", description="ISO 3166 alpha-2"), AfterValidator(str.upper)]
Digits = Annotated[str, Field(pattern="^[0-9]{1,7}$")]
# As a SIP host may send it besides (`called_number`), or an E.164 number without its plus: LiveKit compares digits.
Called = Annotated[
    str,
    Field(
        pattern=r"^\+?[0-9A-Za-z*#][0-9A-Za-z*#._ ()-]{0,63}$",
        description="the number that is called: E.164, with the plus written as %2B, or a line's called_number",
    ),
]
Number = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164; write the plus as %2B")]


class WantedQuery(Query):
    """Which lines, in which order and form."""

    provider: Annotated[Text, AfterValidator(str.lower)] = Field("", description=any_of())
    country: Country | Literal[""] = ""
    agent: Text | None = Field(
        None,
        description="an agent's key in the inventory, or its LiveKit name: lines that it answers, also for some callers"
        " alone or beside another; empty: lines that no agent answers",
    )
    tag: tuple[Text, ...] = Field((), description="key=value, or a key alone; repeated: all of them", max_length=10)
    text: Text = Field("", description="in name, number, label, agent or tags; upper and lower case alike")
    sort: str = Field("id", pattern=f"^-?({'|'.join(SORTS)})$", description="with a minus: descending")
    limit: int | None = Field(None, ge=1, le=1000, description="lines a page; JSON gives 100, CSV and NDJSON all")
    cursor: str = Field("", max_length=1000, description="`next` of the page before")
    format: Literal["json", "csv", "ndjson"] | None = Field(None, description="instead of the header Accept")
    spreadsheet: Literal["comma", "semicolon"] | None = Field(
        None,
        description="CSV that a spreadsheet opens by itself: marked as UTF-8, with what its locale has between cells",
    )


class LinesQuery(WantedQuery, ThenQuery):
    """Which lines, of now or of a moment of the past, in which order and form."""


class StacksQuery(Query):
    """Which of several stacks."""

    stack: tuple[Text, ...] = Field((), description="a stack's name; repeated: any of them", max_length=100)


class StacksLinesQuery(WantedQuery, StacksQuery):
    """Which lines of which stacks, in which order and form."""


class SearchQuery(Query):
    """What number is looked for at the carrier."""

    country_code: Country
    provider: str = Field(next(iter(CARRIERS)), pattern="^[a-z][a-z0-9_-]{0,30}$")
    area_code: Digits | Literal[""] = ""
    contains: str = Field("", pattern=r"^[0-9*]{0,15}$", description="digits, and * for any one")
    type: Literal["local", "mobile", "toll_free"] = "local"
    limit: int = Field(10, ge=1, le=50)


class ExplainQuery(ThenQuery):
    """A call to be explained."""

    to: Called
    caller: Number | Literal["", "anonymous"] = Field("", description="who calls; E.164, or anonymous")


class HistoryQuery(Query):
    """Which updates, newest first."""

    limit: int = Field(50, ge=1, le=200)
    before: str = Field("", max_length=40, description="the id of an update: only those older than it")
    line: Text = Field("", description="only updates that changed the line of this name, number or vendor's id")
    result: Literal["", "succeeded", "failed"] = Field("", description="only updates that ended so")
    since: Moment = Field(None, description="only updates that ended then or later, RFC 3339")
    until: Moment = Field(None, description="only updates that ended then or before, RFC 3339")


class AuditQuery(Query):
    """Which findings."""

    code: Text = Field("", description="only findings of this code")
    severity: Literal["", "error", "warning", "info"] = Field("", description="only findings of this severity")


class StacksAuditQuery(AuditQuery, StacksQuery):
    """Which findings of which stacks."""


def parse(model: type[Q], query_string: bytes) -> Q:
    """Read a query string. Raises ApiProblem naming every parameter that cannot be used."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        raise ApiProblem("query-invalid", f"the query is no UTF-8, or has over {_MAX_FIELDS} parameters") from None
    values: dict[str, str | list[str]] = {}
    errors: list[dict[str, str]] = []
    for name, value in pairs:
        several = _takes_several(model, name)
        if several:
            values.setdefault(name, []).append(value)  # type: ignore[union-attr]
        elif name in values:
            errors.append({"parameter": name, "detail": "stands more than once"})
        else:
            values[name] = value
    try:
        parsed = model.model_validate(values)
    except ValidationError as error:
        errors += [
            {"parameter": (name := ".".join(map(str, item["loc"][:1]))), "detail": _said(model, name, item)}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    else:
        if not errors:
            return parsed
    raise ApiProblem("query-invalid", "see `errors` for each parameter", more={"errors": errors})


def _said(model: type[Query], name: str, item: Mapping[str, Any]) -> str:
    """Say what is wrong with a parameter, and what is taken."""
    match item["type"]:
        case "extra_forbidden" if name == "at" and issubclass(model, StacksQuery):
            return "is asked of one stack: below /stacks/STACK, see /stacks"
        case "extra_forbidden":
            taken = ", ".join(model.model_fields)
            return f"there is no such parameter here; there are {taken}" if taken else "no parameter is taken here"
        case "missing":
            return "must be given"
        case "string_pattern_mismatch" if name in ("to", "caller"):
            return "write a number like %2B16505551234: E.164, a plus as %2B"
        case "datetime_from_date_parsing" | "datetime_parsing" | "timezone_aware":
            return _AS_MOMENT
    return str(item["msg"])


def _takes_several(model: type[Query], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and isinstance(field.default, tuple)
