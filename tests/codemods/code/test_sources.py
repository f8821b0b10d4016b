from __future__ import annotations

import pytest

from tests.codemods.rules.verbs import Verbs

bound = Verbs("missing-explicit-deny")
HEAD = "from aws_cdk import aws_iam as iam\n"
ROLE = 'role = iam.Role(s, "R", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))\n'
DENY = 'iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"])'


@pytest.mark.parametrize(
    "text",
    [
        f"deny = {DENY} if strict else {DENY}\nrole.add_to_policy(deny)\n",
        f"deny = given or {DENY}\nrole.add_to_policy(deny)\n",
        f"def deny():\n    return {DENY}\nrole.add_to_policy(deny())\n",
        f"for deny in [{DENY}]:\n    role.add_to_policy(deny)\n",
        f"for deny in [*[{DENY}], other]:\n    role.add_to_policy(deny)\n",
        f"for deny in first + [{DENY}]:\n    role.add_to_policy(deny)\n",
        f"for deny in [{DENY} for _ in names]:\n    role.add_to_policy(deny)\n",
        f"denies = []\ndenies.append({DENY})\nfor deny in denies:\n    role.add_to_policy(deny)\n",
        f"def deny():\n    def no(): return\n    return {DENY}\nrole.add_to_policy(deny())\n",
    ],
)
def test_a_value_is_followed_to_where_it_is_made(text: str) -> None:
    assert bound.finds(HEAD + ROLE + text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "role.add_to_policy(unknown)\n",
        "role.add_to_policy()\n",
        "role.add_to_policy(self.unknown)\n",
        "a = b\nb = a\nrole.add_to_policy(a)\n",
        "def f():\n    return f()\nrole.add_to_policy(f())\n",
        "def f():\n    pass\nrole.add_to_policy(f())\n",
        "class P:\n    pass\nrole.add_to_policy(P())\n",
        "more = []\nmore.extend(others)\nfor one in more:\n    role.add_to_policy(one)\n",
        "more = []\nmore.insert(0, one)\nfor one in more:\n    role.add_to_policy(one)\n",
        "more = []\nmore.sort()\nmore.size\nfor one in more:\n    role.add_to_policy(one)\n",
    ],
)
def test_what_cannot_be_followed_is_unknown_and_no_end_of_the_search(text: str) -> None:
    (finding,) = bound.finds(HEAD + ROLE + text)
    assert finding.rule == "missing-explicit-deny"
