"""Codemods for AWS CDK code in Python: source text in, findings and edits out.

This floor knows nothing of GitHub or HTTP. Its public face is `analyse`, `fix` and the values they
return; `codemods.registry.rules` lists the rules. A finding is found on the standard library's
syntax tree, and libcst is imported only when there is something to rewrite.
"""

TYPE_CHECKING = False  # type checkers know the name; `import typing` would double the start-up
if TYPE_CHECKING:
    from codemods.base import Base
    from codemods.engine import Analysis, analyse, may_concern, problem_of
    from codemods.fixing import Fixed, fix
    from codemods.rewriting.editing import apply_edits
    from codemods.rule import Edit, Finding, Fix, Level, Position, Rule, Safety
    from codemods.settings.policy import Policy
else:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for: `cdk-medic --version` needs none."""
        import importlib

        for module, names in _HOMES.items():
            if name in names:
                value = getattr(importlib.import_module(f"codemods.{module}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module 'codemods' has no attribute {name!r}")

    _HOMES = {
        "base": {"Base"},
        "rewriting.editing": {"apply_edits"},
        "engine": {"Analysis", "analyse", "may_concern", "problem_of"},
        "fixing": {"Fixed", "fix"},
        "settings.policy": {"Policy"},
        "rule": {"Edit", "Finding", "Fix", "Level", "Position", "Rule", "Safety"},
    }

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "Base",
    "Edit",
    "Finding",
    "Fix",
    "Fixed",
    "Level",
    "Policy",
    "Position",
    "Rule",
    "Safety",
    "analyse",
    "apply_edits",
    "fix",
    "may_concern",
    "problem_of",
]
