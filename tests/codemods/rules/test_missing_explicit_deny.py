from __future__ import annotations

import textwrap
from typing import Any

import pytest

from codemods import Finding, Policy, Safety, fix, may_concern
from tests.codemods.rules.verbs import Verbs, verbs
from tests.synthesis import Bench, differences

rewrites, leaves, reports = verbs("missing-explicit-deny")
bound = Verbs("missing-explicit-deny")

ROLE = 'iam.Role(self, "R", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))'
DENY = """\
# Add explicit deny for sensitive operations
{target}.{method}({iam}PolicyStatement(
    effect={iam}Effect.DENY,
    actions=["iam:*", "organizations:*", "account:*"],
    resources=["*"],
))
"""


def deny(target: str = "role", method: str = "add_to_policy", iam: str = "iam.") -> str:
    return DENY.format(target=target, method=method, iam=iam)


def role(*rest: str, made: str = ROLE) -> str:
    return "\n".join(
        ["from aws_cdk import aws_iam as iam, aws_lambda as lambda_", f"role = {made}", *rest, ""]
    )


def made(principal: str = 'iam.ServicePrincipal("lambda.amazonaws.com")', more: str = "") -> str:
    return f'iam.Role(self, "R", assumed_by={principal}{more})'


def managed(name: str) -> str:
    return f"iam.ManagedPolicy.from_aws_managed_policy_name('{name}')"


def safety(source: str) -> tuple[Safety, str]:
    (finding,) = bound.finds(source)
    assert finding.fix is not None, finding.refusal
    return finding.fix.safety, finding.fix.reason


# What is found


@pytest.mark.parametrize(
    "principal",
    [
        'iam.ServicePrincipal("lambda.amazonaws.com")',
        "iam.ServicePrincipal('lambda.amazonaws.com')",
        'iam.ServicePrincipal(service="lambda.amazonaws.com")',
        'iam.ServicePrincipal("lambda.amazonaws.com.cn")',
        'iam.ServicePrincipal("lambda." + "amazonaws.com" if False else "lambda.amazonaws.com")',
        'iam.ServicePrincipal(f"lambda.{self.url_suffix}")',
        "iam.ServicePrincipal(LAMBDA)",
        "PRINCIPAL",
        "cast(iam.IPrincipal, iam.ServicePrincipal(LAMBDA))",
        "iam.CompositePrincipal(iam.ServicePrincipal(LAMBDA))",
        "iam.CompositePrincipal(iam.ServicePrincipal('ecs.amazonaws.com'), PRINCIPAL)",
        "iam.CompositePrincipal(*[iam.ServicePrincipal(s) for s in ('ecs.amazonaws.com', LAMBDA)])",
        "iam.ServicePrincipal(LAMBDA).with_conditions({})",
        "iam.PrincipalWithConditions(PRINCIPAL, {})",
        "made()",
        "iam.ServicePrincipal('ecs.amazonaws.com') if container else PRINCIPAL",
        "iam.CompositePrincipal(*principals())",
    ],
)
def test_it_knows_every_spelling_of_the_principal(principal: str) -> None:
    head = (
        "from typing import cast\nfrom aws_cdk import aws_iam as iam\n"
        'LAMBDA = "lambda.amazonaws.com"\nPRINCIPAL = iam.ServicePrincipal(LAMBDA)\n'
        "def made():\n    return PRINCIPAL\ndef principals():\n    return [PRINCIPAL]\n"
    )
    before = f'{head}role = iam.Role(stack, "R", assumed_by={principal})\n'
    rewrites(before, before + deny())


@pytest.mark.parametrize(
    ("imports", "iam"),
    [
        ("import aws_cdk as cdk", "cdk.aws_iam."),
        ("import aws_cdk", "aws_cdk.aws_iam."),
        ("import aws_cdk.aws_iam as iam", "iam."),
        ("from aws_cdk import aws_iam", "aws_iam."),
        ("from aws_cdk import aws_iam as _iam", "_iam."),
        ("from aws_cdk.aws_iam import *", ""),
        ("from aws_cdk.aws_iam import Role, ServicePrincipal, PolicyStatement, Effect", ""),
        ("from aws_cdk import aws_iam, core", "aws_iam."),
    ],
)
def test_it_writes_names_as_the_file_does(imports: str, iam: str) -> None:
    before = (
        f'{imports}\n\nrole = {iam}Role(s, "R", '
        f'assumed_by={iam}ServicePrincipal("lambda.amazonaws.com"))\n'
    )
    rewrites(before, before + deny(iam=iam))


BROKEN = """\
from aws_cdk.aws_iam import (
    Role,
    ServicePrincipal,
    Effect,
    PolicyStatement
)
"""
BARE = 'role = Role(s, "R", assumed_by=ServicePrincipal("lambda.amazonaws.com"))\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from aws_cdk.aws_iam import Role, ServicePrincipal\n",
            "from aws_cdk.aws_iam import Role, ServicePrincipal, Effect, PolicyStatement\n",
        ),
        (
            "from aws_cdk.aws_iam import (\n    Role,\n    ServicePrincipal\n)\n",
            BROKEN,
        ),
        (
            "from aws_cdk.aws_iam import Effect, Role, ServicePrincipal\n",
            "from aws_cdk.aws_iam import Effect, Role, ServicePrincipal, PolicyStatement\n",
        ),
    ],
)
def test_it_extends_the_import_of_bare_names(before: str, after: str) -> None:
    rewrites(before + BARE, after + BARE + deny(iam=""))


def test_it_uses_an_alias_that_is_imported_already() -> None:
    head = "from aws_cdk.aws_iam import Effect as E, PolicyStatement as P, Role, ServicePrincipal\n"
    after = deny(iam="").replace("PolicyStatement", "P").replace("Effect.", "E.")
    rewrites(head + BARE, head + BARE + after)


@pytest.mark.parametrize(
    "taken", ["class Effect: ...\n", "Effect = 1\n", "from mine import PolicyStatement\n"]
)
def test_it_imports_no_name_that_means_something_else(taken: str) -> None:
    head = "from aws_cdk.aws_iam import Role, ServicePrincipal\n"
    reports(head + taken + BARE, "collision")


def test_it_sees_a_principal_that_is_unpacked_from_a_dict() -> None:
    head = (
        'from aws_cdk import aws_iam as iam\nlam = iam.ServicePrincipal("lambda.amazonaws.com")\n'
    )
    before = head + 'options = {"assumed_by": lam}\nrole = iam.Role(self, "R", **options)\n'
    rewrites(before, before + deny())


# Where the statement goes


def test_it_follows_the_assignment_in_a_method() -> None:
    rewrites(
        """
        from aws_cdk import Stack, aws_iam as iam

        class Compute(Stack):
            def create(self):
                self.role = iam.Role(
                    self,
                    "R",  # the one
                    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
                )  # end

                return self.role.role_arn
        """,
        """
        from aws_cdk import Stack, aws_iam as iam

        class Compute(Stack):
            def create(self):
                self.role = iam.Role(
                    self,
                    "R",  # the one
                    assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
                )  # end
                # Add explicit deny for sensitive operations
                self.role.add_to_policy(iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=["iam:*", "organizations:*", "account:*"],
                    resources=["*"],
                ))

                return self.role.role_arn
        """,
    )


@pytest.mark.parametrize(
    ("target", "method"),
    [
        ("role", "add_to_policy"),
        ("self.roles.api", "add_to_policy"),
        ('roles["api"]', "add_to_policy"),
        ("role: iam.Role", "add_to_policy"),
        ("role: iam.IRole", "add_to_principal_policy"),
        ("a = b", "add_to_policy"),
    ],
)
def test_it_names_the_target_as_the_assignment_does(target: str, method: str) -> None:
    before = f"from aws_cdk import aws_iam as iam\n{target} = {ROLE}\n"
    rewrites(before, before + deny(target.partition(":")[0].partition(" =")[0], method))


def test_a_cast_makes_the_type_uncertain() -> None:
    head = "from typing import cast\nfrom aws_cdk import aws_iam as iam\n"
    before = f"{head}role = cast(iam.IRole, {ROLE})\n"
    rewrites(before, before + deny(method="add_to_principal_policy"))


@pytest.mark.parametrize(
    ("unit", "depth"), [("  ", 1), ("  ", 3), ("\t", 1), ("\t", 2), ("    ", 2), ("   ", 1)]
)
def test_it_indents_as_the_file_does(unit: str, depth: int) -> None:
    head = "from aws_cdk import aws_iam as iam\n"
    head += "".join(f"{unit * level}def f{level}(self):\n" for level in range(depth))
    added = deny().replace("    ", unit)
    inside = [f"{unit * depth}{line}\n" for line in (f"role = {ROLE}", *added.splitlines())]
    rewrites(head + inside[0], head + "".join(inside))


@pytest.mark.parametrize("final", ["", "\r\n"])
def test_it_keeps_carriage_returns_and_a_missing_final_newline(final: str) -> None:
    before = f"from aws_cdk import aws_iam as iam\r\nrole = {ROLE}"
    after = before + "\r\n" + deny().rstrip("\n").replace("\n", "\r\n")
    rewrites((before + final).encode(), (after + final).encode())


def test_it_keeps_to_the_quotes_and_the_line_length_of_the_file() -> None:
    head = "from aws_cdk import aws_iam as iam\n"
    line = "role = iam.Role(s, 'R', assumed_by=iam.ServicePrincipal('lambda.amazonaws.com'))\n"
    narrow = Verbs("missing-explicit-deny", line_length=50)
    narrow.rewrites(
        head + line,
        head
        + line
        + "# Add explicit deny for sensitive operations\n"
        + "role.add_to_policy(iam.PolicyStatement(\n    effect=iam.Effect.DENY,\n    actions=[\n"
        + "        'iam:*',\n        'organizations:*',\n        'account:*',\n    ],\n"
        + "    resources=['*'],\n))\n",
    )


INLINE = """{
    "DenySensitiveOperations": iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["iam:*", "organizations:*", "account:*"],
                resources=["*"],
            )
        ]
    )
}"""


@pytest.mark.parametrize(
    "code",
    [
        "lambda_.Function(self, 'F', role={role})",
        "def f(self):\n    return {role}",
        "if (role := {role}).role_name:\n    pass",
        "roles = [{role}]",
        "a, b = {role}, 1",
        "role = given or {role}",
        "f().role = {role}",
        "def f(self): return {role}",
        "make = lambda self: {role}",
    ],
)
def test_a_role_in_the_middle_of_an_expression_gets_an_inline_policy(code: str) -> None:
    head = "from aws_cdk import aws_iam as iam, aws_lambda as lambda_\n"
    inline = INLINE
    if code.startswith("def") and "\n" in code:
        inline = inline.replace("\n", "\n    ")
    after = ROLE[:-1] + f", inline_policies={inline})"
    rewrites(head + code.format(role=ROLE) + "\n", head + code.format(role=after) + "\n")


def test_an_inline_role_joins_the_layout_of_its_arguments() -> None:
    rewrites(
        """
        from aws_cdk.aws_iam import Role, ServicePrincipal

        class Api:
          def role(self):
            return Role(
              self,
              "R",
              assumed_by=ServicePrincipal("lambda.amazonaws.com"),  # who
            )
        """,
        """
        from aws_cdk.aws_iam import Role, ServicePrincipal, Effect, PolicyDocument, PolicyStatement

        class Api:
          def role(self):
            return Role(
              self,
              "R",
              assumed_by=ServicePrincipal("lambda.amazonaws.com"),  # who
              inline_policies={
                "DenySensitiveOperations": PolicyDocument(
                  statements=[
                    PolicyStatement(
                      effect=Effect.DENY,
                      actions=["iam:*", "organizations:*", "account:*"],
                      resources=["*"],
                    )
                  ]
                )
              },
            )
        """,
    )


def test_an_inline_role_with_inline_policies_gets_one_more() -> None:
    head = "from aws_cdk import aws_iam as iam\nreturned = f("
    policy = '"P": iam.PolicyDocument(statements=[iam.PolicyStatement(actions=["s3:Get*"])])'
    start, end = ROLE[:-1] + ", inline_policies=", "))\n"
    entry = INLINE.removeprefix("{\n")
    rewrites(f"{head}{start}{{{policy}}}{end}", f"{head}{start}{{\n    {policy},\n{entry}{end}")


# What is right already


@pytest.mark.parametrize(
    "statement",
    [
        "role.add_to_policy({deny})",
        "role.add_to_principal_policy({deny})",
        "role.attach_inline_policy(iam.Policy(self, 'P', statements=[{deny}]))",
        "iam.Policy(self, 'P', roles=[role], statements=[{deny}])",
        "iam.ManagedPolicy(self, 'P', roles=[role], statements=[{deny}])",
        "p = iam.Policy(self, 'P')\np.add_statements({deny})\np.attach_to_role(role)",
        "denial = {deny}\nrole.add_to_policy(denial)",
        "for denial in [{deny}]:\n    role.add_to_policy(denial)",
        "def denial():\n    return {deny}\nrole.add_to_policy(denial())",
        "def harden(role):\n    role.add_to_policy({deny})\nharden(role)",
        "for each in [role]:\n    each.add_to_policy({deny})",
        "other = role\nother.add_to_policy({deny})",
        "function = lambda_.Function(self, 'F', role=role)\nfunction.add_to_role_policy({deny})",
        "lambda_.Function(self, 'F', role=role, initial_policy=[{deny}])",
        "role.add_managed_policy(iam.ManagedPolicy(self, 'M', statements=[{deny}]))",
        "s = iam.PolicyStatement.from_json({{'Effect': 'Deny'}})\nrole.add_to_policy(s)",
        "if hardened:\n    role.add_to_policy({deny})",
        "roles = [role]\nfor each in roles:\n    each.add_to_policy({deny})",
        "roles = [role]\nroles[0].add_to_policy({deny})",
        (
            "self.roles = []\nself.roles.append(role)\n"
            "for each in self.roles:\n    each.add_to_policy({deny})"
        ),
        (
            "statements = []\nstatements.append({deny})\n"
            "for statement in statements:\n    role.add_to_policy(statement)"
        ),
        "[role.add_to_policy(statement) for statement in [{deny}, other]]",
        "def harden(*, who):\n    who.add_to_policy({deny})\nharden(who=role)",
        (
            "class Hardened:\n    def __init__(self, role):\n        role.add_to_policy({deny})\n"
            "Hardened(role)"
        ),
        (
            "d = iam.PolicyDocument(statements=[{deny}])\n"
            "iam.Policy(self, 'P', document=d).attach_to_role(role)"
        ),
        (
            "p = iam.Policy(self, 'P', statements=[{deny}])\n"
            "other = iam.Role(self, 'O', inline_policies={{'P': p.document}})\n"
            "role.attach_inline_policy(p)"
        ),
        (
            "d = iam.PolicyDocument.from_json({{'Statement': [{{'Effect': 'Deny'}}]}})\n"
            "role.attach_inline_policy(iam.Policy(self, 'P', document=d))"
        ),
        "f = lambda_.Function(self, 'F', role=role)\nf.role.add_to_principal_policy({deny})",
        "f = lambda_.Function(self, 'F', role=role)\nmine = f.role\nmine.add_to_policy({deny})",
    ],
)
def test_it_leaves_a_role_that_denies_something_anywhere(statement: str) -> None:
    denial = "iam.PolicyStatement(effect=iam.Effect.DENY, actions=['iam:*'], resources=['*'])"
    leaves(role(statement.format(deny=denial)))


def test_it_leaves_a_role_that_denies_in_its_inline_policies() -> None:
    denial = "iam.PolicyStatement(effect=iam.Effect.DENY, actions=['iam:*'], resources=['*'])"
    document = f"iam.PolicyDocument(statements=[{denial}])"
    leaves(role(made=made(more=f", inline_policies={{'P': {document}}}")))
    by_name = made(more=", inline_policies=policies")
    leaves(
        f"from aws_cdk import aws_iam as iam\npolicies = {{'P': {document}}}\nrole = {by_name}\n"
    )


def test_it_leaves_a_role_that_another_method_denies_something() -> None:
    leaves(
        f"""
        from aws_cdk import Stack, aws_iam as iam

        class Compute(Stack):
            def __init__(self):
                self.role = self.create()
                self.harden()

            def create(self):
                role = {ROLE}
                return role

            def harden(self):
                self.role.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY))
        """
    )


def test_it_leaves_a_role_that_is_denied_something_by_way_of_a_property() -> None:
    leaves(
        f"""
        from aws_cdk import Stack, aws_iam as iam

        class Compute(Stack):
            def __init__(self):
                self._role = {ROLE}

            @property
            def role(self):
                return self._role

            def harden(self):
                self.role.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY))

        compute = Compute()
        print(compute.role.role_arn)
        """
    )


def test_each_of_two_roles_of_one_name_is_looked_at() -> None:
    head = "from aws_cdk import aws_iam as iam\n"
    rewrites(
        f"{head}role = {ROLE}\n{deny()}role = {ROLE}\nprint(role)\n",
        f"{head}role = {ROLE}\n{deny()}role = {ROLE}\n{deny()}print(role)\n",
    )
    rewrites(
        f"{head}a, b = {ROLE}, c\n{deny('b')}",
        f"{head}a, b = {ROLE[:-1]}, inline_policies={INLINE}), c\n{deny('b')}",
    )
    leaves(f"{head}a, b = {ROLE}, c\n{deny('a')}")
    leaves(f"{head}if a:\n    role = {ROLE}\nelse:\n    role = {ROLE}\n{deny()}")


@pytest.mark.parametrize(
    "source",
    [
        role(made=made('iam.ServicePrincipal("ecs-tasks.amazonaws.com")')),
        role(made=made("iam.AccountRootPrincipal()")),
        role(made=made("principal")),
        role(made=made('iam.ServicePrincipal("edgelambda.amazonaws.com")')),
        role(made='iam.Role.from_role_arn(self, "R", "arn:aws:iam::1:role/x")'),
        role(made=made(more=", permissions_boundary=boundary")),
        role("iam.PermissionsBoundary.of(role).apply(boundary)"),
        f"from aws_cdk import aws_lambda\nfrom mine import iam\nrole = {ROLE}\n",
        f"from aws_cdk import aws_iam as iam\ndef f(iam):\n    role = {ROLE}\n",
        "from aws_cdk import aws_lambda as l\nl.Function(self, 'F')\n",
    ],
)
def test_it_leaves_what_is_no_unbounded_role_of_lambda(source: str) -> None:
    leaves(source)


# What is only reported


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("role.add_to_policy(iam.PolicyStatement(actions=['iam:PassRole']))", "`iam:PassRole`"),
        ("role.add_to_policy(iam.PolicyStatement(actions=['s3:*', '*']))", "`*`"),
        ("role.add_to_policy(iam.PolicyStatement(actions=['IAM:Get*']))", "`IAM:Get*`"),
        ("role.add_to_policy(iam.PolicyStatement(not_actions=['s3:*']))", "`*`"),
        ("role.add_to_policy(iam.PolicyStatement(actions=['organizations:List*']))", "organiz"),
        ("s = iam.PolicyStatement()\ns.add_actions('iam:GetRole')\nrole.add_to_policy(s)", "Get"),
        ("other.grant_pass_role(role)", "iam:PassRole"),
        ("role.add_to_policy(iam.PolicyStatement(actions=[f'iam:{verb}Role']))", "iam:*"),
        (
            (
                "s = {'Action': ['iam:GetRole']}\np = iam.PolicyStatement.from_json(s)\n"
                "role.add_to_policy(p)"
            ),
            "iam:GetRole",
        ),
        (
            (
                "role.add_managed_policy(iam.ManagedPolicy.from_managed_policy_arn(self, 'M', "
                "'arn:aws:iam::aws:policy/PowerUserAccess'))"
            ),
            "PowerUserAccess",
        ),
        ("f = lambda_.Function(self, 'F', role=role)\nother.grant_pass_role(f.role)", "PassRole"),
        ("task.grant_run(role)", "iam:PassRole"),
        ("f = lambda_.Function(self, 'F', role=role)\ntask.grant_run(f)", "iam:PassRole"),
        ("thing.grant(role, 'iam:ListUsers')", "iam:ListUsers"),
        (
            f"role.add_managed_policy({managed('AdministratorAccess')})",
            "AdministratorAccess",
        ),
        (
            "iam.Grant.add_to_principal(grantee=role, actions=['iam:GetRole'], resource_arns=[])",
            "iam:GetRole",
        ),
    ],
)
def test_it_reports_a_role_that_a_deny_would_break(statement: str, reason: str) -> None:
    reports(role(statement), reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (f"x = 1; role = {ROLE}", "shares its line"),
        (f"if x: role = {ROLE}", "shares its line"),
        (f"roles = [{ROLE} for _ in names]", "comprehension"),
        (f"roles = {{n: {ROLE} for n in names}}", "comprehension"),
        (f"role = {ROLE} if new else iam.Role.from_role_arn(self, 'I', arn)", "imported role"),
        (f"role = {made(more=', inline_policies=policies')}", "put together elsewhere"),
        (f"role = {made(more=', inline_policies=f()')}", "put together elsewhere"),
        (f"f({made(more=', **more')})", "unpacked from elsewhere"),
        (
            "role = " + made(more=f", managed_policies=[{managed('IAMFullAccess')}]"),
            "IAMFullAccess",
        ),
    ],
)
def test_it_reports_what_it_cannot_mend(code: str, reason: str) -> None:
    reports(f"from aws_cdk import aws_iam as iam\n{code}\n", reason)


# Whether it is safe


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "lambda_.Function(self, 'F', role=role)",
        "table.grant_read_write_data(role)",
        "bucket.grants.read(role)",
        "role.add_to_policy(iam.PolicyStatement(actions=['s3:GetObject'], resources=['*']))",
        f"role.add_managed_policy({managed('service-role/AWSLambdaBasicExecutionRole')})",
        "print(role.role_arn)",
        "f = lambda_.Function(self, 'F', role=role)\nqueue.grant_send_messages(f)",
    ],
)
def test_it_is_safe_where_the_file_shows_everything(rest: str) -> None:
    found, reason = safety(role(rest))
    assert found is Safety.SAFE, reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (role("Service(self, 'S', role)"), "leaves this file"),
        (role("def f():\n    return role"), "returned"),
        (role("self.x.role = role"), "read elsewhere"),
        (role("def f():\n    yield role"), "generator or lambda"),
        (role("roles = {'api': role}"), "in a dict"),
        (role("def f():\n    return [role]"), "in a list"),
        (role("attach([role])"), "leaves this file"),
        (role("things = unknown()\nthings.attach(role)"), "leaves this file"),
        (role("iam.Policy(self, 'P', roles=[role], statements=given)"), "not visible"),
        (role("role.add_to_policy(iam.PolicyStatement.from_json(given))"), "not visible"),
        (role("role.attach_inline_policy(make_policy())"), "not visible"),
        (role("s = iam.PolicyStatement()\ns.add_actions(a)\nrole.add_to_policy(s)"), "visible"),
        (role("cluster.grant_access(role)"), "not known"),
        (role("role.add_to_policy(statement)"), "not visible"),
        (role("role.add_to_policy(iam.PolicyStatement(actions=actions))"), "not visible"),
        (
            role(f"role.add_managed_policy({managed('AmazonS3FullAccess')})"),
            "AmazonS3FullAccess",
        ),
        (role(made=made(more=", managed_policies=policies")), "not visible"),
        (role("role.add_managed_policy(" + managed("x").replace("'x'", "NAME") + ")"), "name of"),
        (role(made=made(more=", **more")), "unpacked"),
        (
            role(
                made=made(
                    "iam.CompositePrincipal(iam.ServicePrincipal('lambda.amazonaws.com'), "
                    "iam.ServicePrincipal('ecs.amazonaws.com'))"
                )
            ),
            "other than Lambda",
        ),
    ],
)
def test_it_is_unsafe_where_somebody_may_need_what_is_denied(source: str, reason: str) -> None:
    found, said = safety(source)
    assert found is Safety.UNSAFE
    assert reason in said


# Code that no person writes


@pytest.mark.parametrize(
    "code",
    [
        "s = [s]\nrole.add_to_policy(s)",
        "s = iam.PolicyStatement()\ns = s\ns.add_actions(s)\nrole.add_to_policy(s)",
        "def f():\n    return f()\nrole.add_to_policy(f())",
        "for role in [role, role]:\n    role.add_to_policy(role)",
        "d = iam.PolicyDocument()\nd.add_statements(d)\nrole.attach_inline_policy(d)",
        "a0 = []\n"
        + "".join(f"a{n + 1} = a{n} + a{n} + [a{n}, a{n}]\n" for n in range(60))
        + "role.add_to_policy(iam.PolicyStatement(actions=a60))\nrole.add_to_policy(a60)",
        "p0 = iam.ServicePrincipal('x')\n"
        + "".join(f"p{n + 1} = iam.CompositePrincipal(p{n}, p{n})\n" for n in range(60))
        + "iam.Role(self, 'P', assumed_by=p60)",
        f"role = {ROLE}\n" * 200 + "role.add_to_policy(x)\n" * 200,
    ],
)
def test_it_comes_to_an_end(code: str) -> None:
    assert bound.finds(role(code))


# Options


def test_the_denied_actions_are_configurable() -> None:
    verb = Verbs("missing-explicit-deny", {"actions": ["s3:DeleteBucket"]})
    verb.rewrites(
        role(),
        role() + deny().replace('"iam:*", "organizations:*", "account:*"', '"s3:DeleteBucket"'),
    )


def test_a_permissions_boundary_need_not_suffice() -> None:
    verb = Verbs("missing-explicit-deny", {"permissions-boundary": False})
    before = role(made=made(more=", permissions_boundary=boundary"))
    verb.rewrites(before, before + deny())


def test_it_says_what_changes() -> None:
    finding: Finding = rewrites(role(), role() + deny())
    assert finding.fix is not None
    assert "AWS::IAM::Policy" in finding.fix.changes
    assert not finding.fix.replaces


# What CloudFormation gets

STACK = """
from typing import cast
from aws_cdk import Stack, aws_iam as iam, aws_lambda as lambda_
from aws_cdk.aws_iam import Role, ServicePrincipal

def function(scope, name, role):
    return lambda_.Function(
        scope,
        name,
        runtime=lambda_.Runtime.PYTHON_3_12,
        handler="index.handler",
        code=lambda_.Code.from_inline("x = 1"),
        role=role,
    )

class Compute(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
{body}
"""
PRINCIPAL = 'assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")'
ALLOW = 'iam.PolicyStatement(actions=["s3:GetObject"], resources=["*"])'
STATEMENT = {
    "Action": ["iam:*", "organizations:*", "account:*"],
    "Effect": "Deny",
    "Resource": "*",
}


def synthesized(bench: Bench, body: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The template of a stack before the fix, and what differs after it."""
    before = STACK.format(body=textwrap.indent(textwrap.dedent(body), " " * 8))
    policy = Policy(select=frozenset({"missing-explicit-deny"}))
    after = fix(before.encode(), "stack.py", policy, unsafe=True).source.decode()
    one, two = (bench.stacks(source)["Compute"] for source in (before, after))
    return one, differences(one, two)


@pytest.mark.parametrize(
    "code",
    [
        f'role = iam.Role(self, "R", {PRINCIPAL})\nfunction(self, "F", role)',
        """
        role = Role(self, "R", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        function(self, "F", role)
        """,
        f"""
        self.role = cast(iam.IRole, iam.Role(self, "R", {PRINCIPAL}))
        function(self, "F", self.role)
        """,
    ],
)
def test_a_role_gets_a_policy_and_its_function_waits_for_it(bench: Bench, code: str) -> None:
    template, changed = synthesized(bench, code)
    resources = template["Resources"]
    (policy,) = [path for path in changed if path.startswith("Resources.RDefaultPolicy")]
    (waits,) = [path for path in changed if path.endswith(".DependsOn")]
    assert len(changed) == 2
    assert resources[waits.split(".")[1]]["Type"] == "AWS::Lambda::Function"
    before, after = changed[policy]
    assert before is None
    assert after["Type"] == "AWS::IAM::Policy"
    assert after["Properties"]["PolicyDocument"]["Statement"] == [STATEMENT]


def test_a_policy_that_is_there_gets_one_statement_more(bench: Bench) -> None:
    _, changed = synthesized(
        bench,
        f'role = iam.Role(self, "R", {PRINCIPAL})\n'
        f'role.add_to_policy({ALLOW})\nfunction(self, "F", role)',
    )
    ((path, (before, after)),) = changed.items()
    assert path.endswith(".Properties.PolicyDocument.Statement")
    assert [statement for statement in after if statement not in before] == [STATEMENT]


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        f", inline_policies={{'Read': iam.PolicyDocument(statements=[{ALLOW}])}}",
    ],
)
def test_a_role_inside_an_expression_gets_an_inline_policy(bench: Bench, arguments: str) -> None:
    template, changed = synthesized(
        bench, f'function(self, "F", iam.Role(self, "R", {PRINCIPAL}{arguments}))'
    )
    ((path, (before, after)),) = changed.items()
    _, role, *rest = path.split(".")
    assert template["Resources"][role]["Type"] == "AWS::IAM::Role"
    assert rest == ["Properties", "Policies"]
    assert len(after) == len(before or []) + 1
    (added,) = [policy for policy in after if policy not in (before or [])]
    assert added["PolicyName"] == "DenySensitiveOperations"
    assert added["PolicyDocument"]["Statement"] == [STATEMENT]


def test_a_role_of_another_library_is_nobodys_business() -> None:
    leaves(role(made=ROLE.replace("iam.Role", "mine.Role")))


def test_the_name_that_is_taken_is_said() -> None:
    imports = (
        "from aws_cdk.aws_iam import Role, ServicePrincipal\nPolicyStatement = iam = aws_iam = 1\n"
    )
    reports(
        imports + ROLE.replace("iam.", "").join(("role = ", "\n")),
        "`PolicyStatement` cannot be imported from `aws_cdk.aws_iam` without a collision.",
    )


def test_only_a_function_without_a_role_has_an_implicit_one() -> None:
    implicit = Verbs("missing-explicit-deny", {"implicit-roles": True})
    head = "from aws_cdk import aws_lambda\n"
    assert implicit.finds(f"{head}fn = aws_lambda.Function(s, 'F')\n")
    implicit.leaves(f"{head}fn = aws_lambda.Function(s, 'F', role=given)\n")
    implicit.leaves(f"{head}fn: aws_lambda.Function = given\n")


@pytest.mark.parametrize(
    ("options", "concerned"), [(None, True), ({"implicit-roles": True}, True), ({}, False)]
)
def test_a_function_alone_concerns_only_who_wants_implicit_roles(
    options: dict[str, Any] | None, concerned: bool
) -> None:
    name = "missing-explicit-deny"
    policy = None if options is None else Policy(select=frozenset({name}), options={name: options})
    assert may_concern(b"import aws_cdk as c; c.x.Function()", policy) is concerned


def test_several_star_imports_are_understood() -> None:
    rewrites(
        """
        from aws_cdk.aws_iam import *
        from aws_cdk.aws_lambda import *
        from aws_cdk.core import Stack


        class S(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                role = Role(self, "R", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
                Function(self, "F", role=role)
        """,
        """
        from aws_cdk.aws_iam import *
        from aws_cdk.aws_lambda import *
        from aws_cdk.core import Stack


        class S(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id)
                role = Role(self, "R", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
                # Add explicit deny for sensitive operations
                role.add_to_policy(PolicyStatement(
                    effect=Effect.DENY,
                    actions=["iam:*", "organizations:*", "account:*"],
                    resources=["*"],
                ))
                Function(self, "F", role=role)
        """,
    )
