"""Nothing in a comment is markup, a mention or a reference but ours, whatever a name is; in a log nothing is a row."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.review.escaping import escaped

APART = "&#8203;"
HASH = ("012345", "6789ab", "cdef01", "234567", "89abcd", "ef0123", "4567")


@given(name=st.text(min_size=1, max_size=80))
def test_a_name_is_no_mention_no_link_and_no_markup(name: str) -> None:
    shown = escaped(name)
    rest = re.sub(r"[@#]&#8203;|&#\d+;|<span>\$</span>", "", shown)
    assert re.search(r"@|#|<|>|://|\n|\r|(?<!\\)[`*_\[\]|~]", rest) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        # What is rendered of an entity is a mention all the same, so something stands between.
        ("@octocat, @acme/ops", "@&#8203;octocat, @&#8203;acme/ops"),
        ("fixes #7", "fixes \\#&#8203;7"),
        ("sip:me@example.com", "sip:me@&#8203;example.com"),
        ("see https://evil.example, www.evil.example", "see https&#58;//evil.example, www&#46;evil.example"),
        ("<img src=x> & <!--", "&lt;img src=x&gt; &amp; &lt;\\!--"),
        ("a | b `c` **d** [e](f) &#64;g", "a \\| b \\`c\\` \\*\\*d\\*\\* \\[e\\]\\(f\\) &amp;\\#&#8203;64;g"),
        ("GH-12, gh-7", "GH-&#8203;12, gh-&#8203;7"),
        ("as in 1a2b3c4, see", "as in 1a2b3c&#8203;4, see"),
        ("0123456789abcdef0123456789abcdef01234567", APART.join(HASH)),
        ("+16505550000 of PN0123456789abcdef, SDR_abcdef0", "\\+16505550000 of PN0123456789abcdef, SDR\\_abcdef0"),
        ("$x$ costs 5$", "<span>$</span>x<span>$</span> costs 5<span>$</span>"),
        (":tada: and :+1:, a:b:c", ":&#8203;tada: and :&#8203;\\+1:, a:&#8203;b:c"),
        ("numbers.yaml:14:3: it is", "numbers.yaml:14:3: it is"),
        ("- a list, 1. another", "\\- a list, 1. another"),
        ("12. a list", "12\\. a list"),
        ("203.0.113.0/28", "203.0.113.0/28"),
        ("    code", "code"),
        ("!12 ~bug %v1 ^3 &4", "\\!&#8203;12 \\~&#8203;bug %&#8203;v1 \\^&#8203;3 &amp;&#8203;4"),
        ("[issue:7] *iteration:7", "\\[&#8203;issue:7\\] \\*&#8203;iteration:7"),
        ("one\ntwo\u202e\x1b[0m", "one\\\\ntwo\\\\u202e\\\\x1b\\[0m"),
    ],
)
def test_a_name_is_shown_as_it_is_written(name: str, shown: str) -> None:
    assert escaped(name) == shown
