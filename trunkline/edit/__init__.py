"""Edits of numbers.yaml as text: `entries.py` adds, sets and removes keys, `lines.py` knows what an edit of a line is.

Pure: a text comes in and a text goes out. Only the characters that an edit is about differ
(docs/adr/0018-an-edit-is-a-splice.md).
"""

from trunkline.edit.files import Files
from trunkline.edit.lines import Edited, add, map_agent, pin, register, release, remove, rename, set_keys, swap

__all__ = ["Edited", "Files", "add", "map_agent", "pin", "register", "release", "remove", "rename", "set_keys", "swap"]
