"""What people do to lines every day, each as an edit of the text of the file that has the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.edit.files import Files
from trunkline.errors import Refusal
from trunkline.quoting import suggestion

_GOES_WITH_A_NUMBER = ("agent", "label", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The files after an edit, and what to know or to do next, in sentences; `lines`: those that it is about."""

    files: Files
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


def map_agent(file: Files, line: str, agent: str, agent_name: str = "") -> Edited:
    """Let another agent answer a line; with `agent_name` the agent is added where the file does not know it.

    Raises Refusal for a line that is not there, and for an agent that the file has under another name.
    """
    _known(file, line)
    file = file.beside(("numbers", line))
    return Edited(files=_with_agent(file, agent, agent_name).put(("numbers", line, "agent"), agent), lines=(line,))


def add(file: Files, line: str, keys: Mapping[str, Any], agent_name: str = "") -> Edited:
    """Add a line. Raises Refusal where there is one of its name."""
    edited = _added(_with_agent(file, str(keys.get("agent", "")), agent_name), line, keys)
    return Edited(files=edited, lines=(line,))


def register(file: Files, line: str, trunk: Mapping[str, Any], keys: Mapping[str, Any], agent_name: str = "") -> Edited:
    """Add a trunk that no carrier's API manages, and its line, both of one name. Raises Refusal where one is there."""
    if file.has(("trunks", line)):
        raise Refusal(
            f'{file.file_of(("trunks", line))} has a trunk "{line}" already. Nothing was written. For another line on'
            f" it use `trunkline edit add LINE --phone-number=NUMBER --trunk={line}`."
        )
    edited = _with_agent(file, str(keys.get("agent", "")), agent_name)
    edited = edited.put(("trunks", line), {"provider": "custom", **trunk}, before="numbers", depth=1)
    number, rest = keys["phone_number"], {key: value for key, value in keys.items() if key != "phone_number"}
    edited = _added(edited, line, {"phone_number": number, "trunk": line, **rest})
    password = trunk.get("auth_password")
    notes = (
        (f"Its password is a config secret: `pulumi config set --secret trunkline:{password['secret']}`.",)
        if password
        else ()
    )
    return Edited(files=edited, lines=(line,), notes=notes)


def pin(file: Files, line: str, provider: str, number: str, keys: Mapping[str, Any], agent_name: str = "") -> Edited:
    """Write a number into a line that looks for one, in the place of its `search`; or add the line, with `keys`.

    Raises Refusal for a line that has a number already, or is of another provider.
    """
    if not file.has(("numbers", line)):
        return add(file, line, {"provider": provider, "phone_number": number, **keys}, agent_name)
    searched = ("numbers", line, "search")
    named = f'line "{line}" of {file.file_of(searched)}'
    if not file.has(searched):
        raise Refusal(f"{named} looks for no number: it has one. Nothing was written.")
    its = _provider(file, line)
    if its != provider:
        raise Refusal(f"{named} is of {its}, not of {provider}. Nothing was written.")
    edited = set_keys(file.rename(searched, "phone_number"), line, {"phone_number": number, **keys})
    note = (
        "Where an update has given the line another number already, it keeps that one, and every preview refuses this"
        " edit: take it back then."
    )
    return Edited(files=edited.files, lines=(line,), notes=(note,))


def set_keys(file: Files, line: str, keys: Mapping[str, Any]) -> Edited:
    """Set keys of a line, in place. Raises Refusal for a line that is not there."""
    _known(file, line)
    for key, value in keys.items():
        file = file.put(("numbers", line, key), value)
    return Edited(files=file, lines=(line,))


def release(file: Files, line: str, mark: str) -> Edited:
    """Mark a line for its removal, which `mark` says ("release" | "keep"); the first of two steps. Raises Refusal."""
    _known(file, line)
    result = _result(file, line, mark)
    note = (
        f"This is the first of two steps, and gives nothing away. Once it is applied (`pulumi up`), `trunkline edit"
        f" release {line} --remove` takes the line out of the file, and the update of that {result}."
    )
    return Edited(files=file.put(("numbers", line, "removal"), mark), lines=(line,), notes=(note,))


def remove(file: Files, line: str) -> Edited:
    """Take a line out of the file, the second step. Raises Refusal for one that is not marked."""
    _known(file, line)
    mark = file.value(("numbers", line, "removal"))
    if mark not in ("release", "keep"):
        raise Refusal(
            f'line "{line}" is not marked for removal in {file.file_of(("numbers", line))}. Nothing was written. First'
            f" run `trunkline edit release {line}`, and apply that (`pulumi up`)."
        )
    result = _result(file, line, mark)
    note = f"The next `pulumi up` {result}, where the mark was applied before; else the preview refuses it."
    return Edited(files=file.remove(("numbers", line)), lines=(line,), notes=(note,))


def rename(file: Files, line: str, name: str) -> Edited:
    """Give a line another name, and write down the former. Raises Refusal where a line has the name already."""
    _known(file, line)
    _unknown(file, name)
    edited = file.rename(("numbers", line), name).put(("numbers", name, "renamed_from"), line, first=True)
    note = "Leave `renamed_from` in the file until every stack of the line has applied it."
    return Edited(files=edited, lines=(name,), notes=(note,))


def swap(file: Files, one: str, other: str) -> Edited:
    """Exchange what goes with the numbers of two lines: agent, label and tags; a line keeps its number.

    Raises Refusal for a line that is not there, or is named twice.
    """
    if one == other:
        raise Refusal("A line is not swapped with itself. Nothing was written; name two lines.")
    _known(file, one)
    _known(file, other)
    values = {line: file.value(("numbers", line)) for line in (one, other)}
    for line, source in ((one, values[other]), (other, values[one])):
        for key in _GOES_WITH_A_NUMBER:
            if key in source and source[key] != values[line].get(key):
                file = file.put(("numbers", line, key), source[key])
            elif key not in source and key in values[line]:
                file = file.remove(("numbers", line, key))
    return Edited(files=file, lines=(one, other))


def _known(file: Files, line: str) -> None:
    lines = file.value(("numbers",)) or {}
    if line not in lines:
        raise Refusal(f'{file.file} has no line "{line}". Nothing was written; {suggestion(line, lines)}')


def _unknown(file: Files, line: str) -> None:
    if file.has(("numbers", line)):
        raise Refusal(
            f'{file.file_of(("numbers", line))} has a line "{line}" already. Nothing was written. Choose another name.'
        )


def _added(file: Files, line: str, keys: Mapping[str, Any]) -> Files:
    _unknown(file, line)
    return file.put(("numbers", line), dict(keys), depth=1)


def _with_agent(file: Files, agent: str, agent_name: str) -> Files:
    if not agent_name:
        return file
    known = file.value(("agents", agent, "agent_name"))
    if known is not None and known != agent_name:
        raise Refusal(
            f'{file.file_of(("agents", agent))} has agent "{agent}" as {known} already. Nothing was written. Leave'
            " --agent-name out, or choose another key."
        )
    if known is not None:
        return file
    return file.put(
        ("agents", agent), {"agent_name": agent_name}, before="" if file.has(("agents",)) else _first_of(file)
    )


def _first_of(file: Files) -> str:
    """Give before what `agents` stands where the file has none yet."""
    return "trunks" if file.has(("trunks",)) else "numbers"


def _provider(file: Files, line: str) -> str:
    """Give whose number a line has: its own word, its trunk's, or that of the defaults; "" where none says it."""
    trunk = file.value(("numbers", line, "trunk"))
    sources = (("numbers", line), *((("trunks", trunk),) if trunk else ()), ("defaults",))
    return str(next((found for source in sources if (found := file.value((*source, "provider")))), ""))


def _result(file: Files, line: str, mark: str) -> str:
    """Say what an update does with a marked line that left the file."""
    if _provider(file, line) == "custom":
        return "takes it off LiveKit; its number is no carrier's that is managed here, and stays as it is"
    return "gives its number back for ever" if mark == "release" else "leaves its number in the account, detached"
