from __future__ import annotations

import pytest

from codemods import Safety
from tests.codemods.rules.verbs import Verbs, verbs

_rewrites, leaves, reports = verbs("missing-explicit-deny")
bound = Verbs("missing-explicit-deny")
HEAD = "from aws_cdk import aws_iam as iam\n"
ROLE = 'iam.Role(s, "R", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))'
DENY = 'add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"]))'


def safety(source: str) -> tuple[Safety, str]:
    (finding,) = bound.finds(HEAD + source)
    assert finding.fix is not None, finding.refusal
    return finding.fix.safety, finding.fix.reason


@pytest.mark.parametrize(
    "text",
    [
        f"def make():\n    return {ROLE}\nother.make(make)\nmake().{DENY}\n",
        f"class A:\n    role = {ROLE}\n    role.{DENY}\n",
        f"a, b = 1, {ROLE}\nb.{DENY}\n",
        f"roles = [{ROLE}]\nfor role in roles:\n    role.{DENY}\n",
        f"roles = [{ROLE}]\nroles[0].{DENY}\n",
        f"for role in [{ROLE}]:\n    role.{DENY}\n",
        f"roles = []\nroles.append({ROLE})\nroles[0].{DENY}\n",
        f"def deny(*, role):\n    role.{DENY}\ndeny(role={ROLE})\n",
        (
            f"class A:\n    @property\n    def role(self):\n        return {ROLE}\n"
            f"    def more(self):\n        self.role.{DENY}\n"
        ),
    ],
)
def test_a_role_is_followed_to_its_deny(text: str) -> None:
    leaves(HEAD + text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"return {ROLE}\n", "it is returned to code that is not in this file"),
        (f"def make():\n    return {ROLE}\nuse(make)\n", "it is returned to code"),
        (f"role = {ROLE}\nuse([role])\n", "it is handed on in a list"),
        (f"def f():\n    role = {ROLE}\n    return [role]\n", "it is handed on in a list"),
    ],
)
def test_a_role_that_leaves_the_file_is_unsafe_to_change(text: str, why: str) -> None:
    assert safety(text)[0] is Safety.UNSAFE
    assert why in safety(text)[1]


@pytest.mark.parametrize(
    "text",
    [
        f"role = {ROLE}\na, b = [role, 1, 2]\nb.{DENY}\n",
        f"role = {ROLE}\nroles = [role]\nprint(roles)\n",
        f"role = {ROLE}\nrole()\n",
        f"role = {ROLE}\nclass A(role=role): pass\n",
        f"role = {ROLE}\nknown = role in [role]\n",
        f"role = {ROLE}\ndef f(*roles): pass\nf(*[1], role)\n",
        f"role = {ROLE}\ndef f(first): pass\nf(1, role)\n",
        f"role = {ROLE}\ndef f(first): pass\nf(1, other=role)\n",
    ],
)
def test_what_cannot_be_followed_denies_nothing(text: str) -> None:
    assert bound.finds(HEAD + text)
