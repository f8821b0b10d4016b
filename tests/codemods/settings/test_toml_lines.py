"""Lines of keys in TOML."""

from __future__ import annotations

import pytest

from codemods.settings.toml_lines import line_of

TEXT = '''\
# a = 1
a = 1
long = """
b = 2
[c]
"""
"quoted key" = 1

[tool . "cdk-medic"]   # a comment
select = [
  "x",
]
rules.nat.azs = 3
text = \'\'\'x\'\'\'

[tool.cdk-medic.rules.role]
actions = ["iam:*"]
inline = { deep = 1 }

[[many]]
b = 1
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("a",), 2),
        (("quoted key",), 7),
        (("tool", "cdk-medic"), 9),
        (("tool", "cdk-medic", "select"), 10),
        (("tool", "cdk-medic", "rules", "nat", "azs"), 13),
        (("tool", "cdk-medic", "rules", "nat"), 13),
        (("tool", "cdk-medic", "text"), 14),
        (("tool", "cdk-medic", "rules", "role"), 16),
        (("tool", "cdk-medic", "rules", "role", "actions"), 17),
        (("tool", "cdk-medic", "rules", "role", "inline", "deep"), 18),
        (("many", "b"), 21),
        (("nowhere",), 1),
    ],
)
def test_a_key_is_found_on_its_line(key: tuple[str, ...], line: int) -> None:
    assert line_of(TEXT, key) == line


def test_a_long_string_hides_what_looks_like_a_key() -> None:
    assert line_of(TEXT, ("b",)) == 1
    assert line_of('x = """a\nb = 1 """\nb = 2', ("b",)) == 3


def test_quotes_of_the_other_kind_end_no_text() -> None:
    text = "a = '''x \"\"\"\nb = 1\n'''\nb = 2\n"
    assert line_of(text, ("b",)) == 4
