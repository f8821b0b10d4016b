from __future__ import annotations

from types import ModuleType

import pytest

from codemods.registry import _rule_in


def test_a_rule_file_defines_exactly_one_rule() -> None:
    with pytest.raises(TypeError, match="empty defines 0 rules; a rule file defines exactly one"):
        _rule_in(ModuleType("empty"))
