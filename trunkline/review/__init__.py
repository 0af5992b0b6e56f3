"""What a reviewer reads of an update: from the engine's log of a preview to one page, in three formats. Pure.

`engine_log` reads, `compose` builds the `page`, `text`, `markdown` and `as_json` write it.
"""

from trunkline.review.compose import compose
from trunkline.review.engine_log import EngineLog, read
from trunkline.review.page import Page, Verdict

__all__ = ["EngineLog", "Page", "Verdict", "compose", "read"]
