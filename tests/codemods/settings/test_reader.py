"""Settings of rules that packs bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods.settings.reader import Reader

RULE = '''
import ast
from collections.abc import Iterator

from codemods.code.module import Module
from codemods.rule import Discovery, Level, Rule


class Unowned(Rule):
    """Allow anything."""

    level = Level.LOW
    documentation = ""
    names = frozenset({"Owned"})
    changes = ()
    deployed = ""
    defaults = {"owner": None}

    def check(self, reference: ast.expr, module: Module) -> Iterator[Discovery]:
        yield from ()
'''


def test_rules_of_a_pack_that_may_not_be_loaded_are_not_judged() -> None:
    table = {"rule-packs": ["elsewhere"], "rules": {"its-rule": {"limit": 1}}}
    assert Reader(".cdk-medic.toml", "").settings(table) == {}


def test_an_option_without_a_default_takes_whatever_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, info = tmp_path / "unowned_pack", tmp_path / "unowned_pack-1.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").touch()
    (package / "unowned.py").write_text(RULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: unowned-pack\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[cdk_medic.rules]\nunowned = unowned_pack\n")
    monkeypatch.syspath_prepend(tmp_path)
    table = {"rule-packs": ["unowned"], "rules": {"unowned": {"owner": "platform"}}}
    settings = Reader(".cdk-medic.toml", "", loadable=None).settings(table)
    assert settings["rules.unowned.owner"] == "platform"
