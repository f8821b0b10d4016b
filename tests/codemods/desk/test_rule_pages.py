"""The pages of rules, where no command shows them."""

import tomllib

from codemods.desk.rule_pages import toml


def test_defaults_are_written_as_toml_reads_them() -> None:
    defaults = {"a": ("iam:*", "account:*"), "b": {"15": "15.4"}, "c": 3, "d": "x", "e": False}
    text = "\n".join(f"{key} = {toml(value)}" for key, value in defaults.items())
    assert tomllib.loads(text) == {**defaults, "a": ["iam:*", "account:*"]}
