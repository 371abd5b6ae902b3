"""What a text holds is shown as text; only a few forms are markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.books.markdown import rendered

KNOWN = re.compile(
    r"</?(?:p|br|ul|ol|li|strong|code|pre|table|thead|tbody|tr|td|th|div)"
    r'(?: class="(?:scroll|grid)"| scope="col")?>'
)


def foreign(html: str) -> list[str]:
    """Marks in the HTML that are none of ours."""
    return re.findall(r"<[^>]*>?", KNOWN.sub("", html))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一段\n两行\n\n又一段", "<p>一段<br>两行</p><p>又一段</p>"),
        ("- 甲\n- **乙**", "<ul><li>甲</li><li><strong>乙</strong></li></ul>"),
        ("1. 甲\n2. 乙\n   接着", "<ol><li>甲</li><li>乙接着</li></ol>"),
        ("暂写`from`", "<p>暂写<code>from</code></p>"),
        ("### 小标题", "<p><strong>小标题</strong></p>"),
        ("```toml\na < 1\n```\n后", "<pre>a &lt; 1</pre><p>后</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[点](javascript:alert(1))", "<p>[点](javascript:alert(1))</p>"),
        ("**<b onclick=x>**", "<p><strong>&lt;b onclick=x&gt;</strong></p>"),
    ],
)
def test_the_few_forms_are_rendered(text: str, html: str) -> None:
    assert rendered(text) == html


def test_a_table_has_its_head_and_cells() -> None:
    html = rendered("| 甲 | 乙 |\n|---|---|\n| 1 | <i>2</i> |")
    assert '<th scope="col">甲</th><th scope="col">乙</th>' in html
    assert "<td>1</td><td>&lt;i&gt;2&lt;/i&gt;</td>" in html


@given(st.text(st.sampled_from("<>&\"'*|-#`甲乙 \n1.、script="), max_size=80))
def test_nothing_of_a_text_becomes_markup(text: str) -> None:
    assert foreign(rendered(text)) == []


def test_markup_that_came_through_would_be_found() -> None:
    assert foreign("<p><script>x</script></p>") == ["<script>", "</script>"]
