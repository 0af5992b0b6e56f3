"""One stack walked through every kind of plan, each with its page; run as a module it accepts the present pages.

`python -m tests.engine.plan_walk` writes `tests/golden/plan/`; the difference is then reviewed like any other.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sandbox import Fault, Sandbox, SandboxServer
from tests.engine.inventories import START
from tests.engine.project import SECRETS, Project
from tests.engine.stage import edited
from trunkline.review import Page, as_json, compose, markdown, read, text

ACCEPTED = Path(__file__).parents[1] / "golden/plan"
FORMATS = {"txt": text.render, "md": markdown.render, "json": as_json.render}
SALES, OWNED = "+16505551234", "+16505557777"
MARKED = edited(START, "label: Sales, US", "label: Sales, US\n    removal: release").replace(
    "label: Support, UK mobile", "label: Support, UK mobile\n    removal: keep"
)
SHORT = edited(
    edited(
        MARKED,
        '  sales-us:\n    phone_number: "+16505551234"\n    agent: sales\n    label: Sales, US\n    removal: release\n',
        "",
    ),
    "  support-gb:\n    provider: vonage\n    search: {country: GB, type: mobile}\n    agent: support\n"
    "    label: Support, UK mobile\n    removal: keep\n",
    "",
)
OPENED = edited(SHORT, "    allowed_addresses: [203.0.113.0/28]\n", "").replace("max_releases: 1", "max_releases: 4")
CLEAR = edited(SHORT, "transport: tls", "transport: tcp")
ADOPTING = f'{SHORT}  desk-us:\n    phone_number: "{OWNED}"\n    agent: sales\n    adopt: true\n'
SHARED = edited(
    SHORT,
    "    allowed_addresses: [203.0.113.0/28]\n",
    "    allowed_addresses: [203.0.113.0/28]\n    shared: true\n",
)
ROTATED = "trunkline:twilioTermination"
ORDERING = f'{SHORT}  more-us:\n    phone_number: "+16505551299"\n    agent: sales\n'


def pages(project: Project) -> Iterator[tuple[str, Page]]:
    """Give each kind of plan with its page, from previews of `project`, whose inventory is `START`."""
    yield "buy-and-search", _page(project)
    project.up()
    project.preview()
    yield "nothing", _page(project)
    yield "remap", _page(project, edited(START, "agent: sales\n    label", "agent: support\n    label"))
    yield "rename", _page(project, edited(START, "  sales-us:\n", "  sales:\n    renamed_from: sales-us\n"))
    yield "refused", _page(project, SHORT, code=1)
    yield "marks", _page(project, MARKED)
    project.up()
    yield "release-and-keep", _page(project, SHORT)
    project.up()
    project.preview()
    yield "loosened", _page(project, OPENED)
    yield "encryption", _page(project, CLEAR)
    ids = project.ids()
    project.sandbox.livekit.edit_trunk(ids["InboundTrunk support-us"], krisp_enabled=True)
    project.sandbox.livekit.delete(ids["DispatchRule uk-office"])
    yield "drift", _page(project, SHORT)
    project.up()
    project.pulumi("config", "set", "--secret", ROTATED, "Canary-Termination-78")
    yield "replaced", _page(project)
    project.pulumi("config", "set", "--secret", ROTATED, SECRETS["twilioTermination"])
    yield "shared-trunk", _page(project, SHARED)
    project.write_inventory(SHORT)
    project.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_canary",
        name="canary",
        trunk_ids=[ids["InboundTrunk uk-office"]],
        numbers=["+442071234567"],
        rule={"dispatch_rule_individual": {"room_prefix": "canary-"}},
        room_config={"agents": [{"agent_name": "canary-agent"}]},
    )
    yield "neighbours", _page(project)
    project.sandbox.livekit.delete("SDR_canary")
    project.sandbox.twilio.add_number(OWNED)
    yield "adopt", _page(project, ADOPTING)
    faults = project.sandbox.faults
    faults.add(Fault("late_order", vendor="twilio", method="POST", path="IncomingPhoneNumbers", lag_seconds=1e6))
    faults.add(Fault("drop", vendor="twilio", method="POST", path="IncomingPhoneNumbers", when="after"))
    project.up(ORDERING)
    faults.clear()
    yield "pending", _page(project)
    project.sandbox.twilio.release_by_hand(project.outputs()["lines"]["support-us"]["phoneNumber"])
    yield "vanished", _page(project)


def _page(project: Project, inventory: str | None = None, *, code: int = 0) -> Page:
    if inventory is not None:
        project.write_inventory(inventory)
    project.preview(code=code)
    return compose(read((project.directory / "events.jsonl").read_text().splitlines()))


def written(page: Page, found: Mapping[str, str]) -> Mapping[str, str]:
    """Give a page in each format, without what differs from run to run. `found`: what is masked, and by what."""
    return {name: _masked(render(page), found) for name, render in FORMATS.items()}


def _masked(rendered: str, found: Mapping[str, str]) -> str:
    for value, name in found.items():
        rendered = rendered.replace(value, name).replace(value.replace("+", r"\+"), name)
    rendered = re.sub(r"\b(ST|SDR)(\\?_)[A-Za-z0-9]{12}\b", r"\1\2…", rendered)
    rendered = re.sub(r"\b([A-Z]{2})[0-9a-f]{32}\b", r"\1…", rendered)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "…", re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:…", rendered))


def searched(page: Page, project: Project) -> dict[str, str]:
    """Give the numbers that searches found, by this plan and by the updates until now, with a name for each."""
    lines = project.outputs().get("lines", {}) if project.resources() else {}
    bought = {line["phoneNumber"]: name for name, line in lines.items()}
    found = {one.number: one.line for one in page.bought if one.searched}
    return {
        number: f"+<{name}>" for number, name in (found | bought).items() if number not in START + ORDERING + ADOPTING
    }


def main() -> None:
    ACCEPTED.mkdir(exist_ok=True)
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, SandboxServer(Sandbox()) as server:
        project = Project.create(Path(folder), server, START)
        for kind, page in pages(project):
            found |= searched(page, project)
            for ending, shown in written(page, found).items():
                (ACCEPTED / f"{kind}.{ending}").write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    main()
