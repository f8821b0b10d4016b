"""The mistakes that the rules look for, and their clean forms, as statements of CDK code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.codemods.generated.code import (
    Around,
    Block,
    Call,
    Cdk,
    Entries,
    Expression,
    Items,
    Line,
    Statement,
    call,
)
from tests.codemods.generated.drawing import Draw, one

_IDS = ('"Main"', '"Audit"', "'Data'", 'f"{prefix}-x"', '"größer"')
_LAMBDA = '"lambda.amazonaws.com"'
_ALSO = (None, None)  # what is left out more often than not


@dataclass(frozen=True)
class Place:
    """Where a statement stands: the code of the scope there, and whether `self` is known."""

    scope: str
    method: bool

    def name(self, draw: Draw, *words: str) -> str:
        """A name to assign to."""
        return one(draw, *words, *(f"self.{word}" for word in words if self.method))


def _made(draw: Draw, place: Place, made: Expression, word: str) -> Statement:
    """A statement that makes something: by itself, assigned, annotated."""
    name = place.name(draw, word)
    return Line(one(draw, "", f"{name} = ", f"{name} = ", f"{name}: object = "), made)


@st.composite
def vpc(draw: Draw, place: Place) -> list[Statement]:
    """A VPC with some number of gateways."""
    subnets = call(
        Cdk("aws_cdk.aws_ec2.SubnetConfiguration"),
        name='"a"',
        subnet_type=Cdk("aws_cdk.aws_ec2.SubnetType", one(draw, ".PRIVATE_WITH_EGRESS", ".PUBLIC")),
    )
    numbers = ("1", "1", "2", "0", "3", "None", "GATEWAYS", "count", "1 if dev else 3", "-1")
    made = call(
        Cdk("aws_cdk.aws_ec2.Vpc"),
        place.scope,
        one(draw, *_IDS),
        max_azs=one(draw, None, "3", "3", "2", "1", "AZS", "99", "1 + 1"),
        subnet_configuration=one(draw, *_ALSO, Items((subnets,))),
        nat_gateway_provider=one(
            draw, *_ALSO, *_ALSO, call(Cdk("aws_cdk.aws_ec2.NatProvider", ".gateway"))
        ),
        nat_gateways=one(draw, *numbers),
        restrict_default_security_group=one(draw, None, "True"),
    )
    return [_made(draw, place, made, "vpc")]


@st.composite
def function(draw: Draw, place: Place) -> list[Statement]:
    """A Lambda function with some reservation, and a role made inline, named or left out."""
    numbers = ("10", "10", "1", "0", "None", "LIMIT", "limit", "5 + 5", "-1", "0x10", "1_000")
    kind = one(draw, "Function", "Function", "DockerImageFunction", "CfnFunction")
    made = call(
        Cdk(f"aws_cdk.aws_lambda.{kind}"),
        one(draw, place.scope, place.scope, place.scope, "make()"),
        one(draw, *_IDS),
        handler='"index.handler"',
        role=_role(draw, place) if draw(st.booleans()) else one(draw, None, "role"),
        reserved_concurrent_executions=one(draw, *numbers),
        timeout=one(draw, None, call(Cdk("aws_cdk.Duration", ".seconds"), "30")),
    )
    return [_made(draw, place, made, "handler")]


def _role(draw: Draw, place: Place) -> Call:
    service = Cdk("aws_cdk.aws_iam.ServicePrincipal")
    both = call(Cdk("aws_cdk.aws_iam.CompositePrincipal"), call(service, _LAMBDA), "other")
    policies = ("service-role/AWSLambdaBasicExecutionRole", "AdministratorAccess", "AmazonS3")
    managed = call(
        Cdk("aws_cdk.aws_iam.ManagedPolicy", ".from_aws_managed_policy_name"),
        f'"{one(draw, *policies)}"',
    )
    own = Entries((("Own", call(Cdk("aws_cdk.aws_iam.PolicyDocument"))),))
    return call(
        Cdk("aws_cdk.aws_iam.Role"),
        place.scope,
        one(draw, *_IDS),
        inline_policies=one(draw, *_ALSO, Entries(()), own, "policies"),
        assumed_by=one(
            draw, *[call(service, _LAMBDA)] * 4, call(service, '"states.amazonaws.com"'), both
        ),
        managed_policies=one(draw, *_ALSO, Items((managed,)), "policies"),
    )


@st.composite
def role(draw: Draw, place: Place) -> list[Statement]:
    """A role, and maybe what is done with it."""
    made = _role(draw, place)
    name = place.name(draw, "role", "role", "exec_role")
    first = one(
        draw,
        *[Line(f"{name} = ", made)] * 5,
        Line(f"{name}: object = ", made),
        Line(f"other = {name} = ", made),
        Line(f"roles['{name}'] = ", made),
        Line("", made),
        Line(f"{name} = ", made, "; done = True"),
        Line("use(found := ", made, ")"),
        Line(f"{name} = ", made, " if own else imported"),
        Line(f"{name} = [", made, " for _ in range(2)]"),
    )
    statement = call(
        Cdk("aws_cdk.aws_iam.PolicyStatement"),
        effect=Cdk("aws_cdk.aws_iam.Effect", one(draw, ".DENY", ".ALLOW")),
        actions=Items(one(draw, ('"iam:*"',), ('"s3:GetObject"', '"s3:List*"'))),
        resources=Items(('"*"',)),
    )
    after: list[list[Statement]] = [
        *[[], []],
        [Line("", call(f"{name}.add_to_policy", statement))],
        [Line(f"register({name})")],
        [Line(f"{name}.apply_removal_policy(policy)")],
    ]
    return [first, *one(draw, *after)]


_NAMES = (
    *('"audit-logs"', 'f"audit-{stage}"', "'audit-logs'", "f'audit-{stage}'", "NAME", "stage"),
    *('"a" "udit-logs"', '"""audit-logs"""', 'r"audit"', 'u"audit"', '"au{dit}"', "bucket_name"),
    *('"audit-" + stage', '"audit-%s" % stage', '"audit-{}".format(stage)', '"audit"[:3]'),
    *('f"audit-{self.account}"', '"audit.example.org"', "None", '"Audit"', '"gr\\u00f6"', "b'x'"),
    *('f"audit-{stage!r:>8}"', '"audit" if dev else "live"', '(f"audit-" f"{stage}")'),
    *('"audit-" * 2', '"a" * 70', '"-".join(["audit", stage])', 'f"""audit-{stage}"""'),
)


@st.composite
def bucket(draw: Draw, place: Place) -> list[Statement]:
    """A bucket with some name."""
    made = call(
        Cdk(f"aws_cdk.aws_s3.{one(draw, 'Bucket', 'Bucket', 'CfnBucket')}"),
        place.scope,
        one(draw, *_IDS),
        versioned=one(draw, None, "True"),
        bucket_name=one(draw, *_NAMES),
        removal_policy=one(draw, None, Cdk("aws_cdk.RemovalPolicy", ".DESTROY")),
    )
    return [_made(draw, place, made, "bucket")]


@st.composite
def database(draw: Draw, place: Place) -> list[Statement]:
    """A database with some version of its engine."""
    engine, versions, member = one(
        draw,
        ("postgres", "Postgres", ".VER_15"),
        ("postgres", "Postgres", ".VER_12"),
        ("postgres", "Postgres", ".VER_15_4"),
        ("mysql", "Mysql", ".VER_8_0"),
        ("maria_db", "MariaDb", ".VER_10_6"),
    )
    named = f"aws_cdk.aws_rds.{versions}EngineVersion"
    short = Cdk(named, member)
    spelled: tuple[Expression, ...] = (short, short, call(Cdk(named, ".of"), '"15"', '"15"'))
    version = one(draw, *spelled)
    apart = draw(st.booleans())
    kind = one(draw, *["DatabaseInstance"] * 3, "DatabaseInstanceReadReplica")
    made = call(
        Cdk(f"aws_cdk.aws_rds.{kind}"),
        place.scope,
        one(draw, *_IDS),
        engine=call(
            Cdk("aws_cdk.aws_rds.DatabaseInstanceEngine", f".{engine}"),
            version="version" if apart else version,
        ),
        vpc=one(draw, None, "vpc"),
    )
    return [*([Line("version = ", version)] if apart else []), _made(draw, place, made, "database")]


_RESOURCES = (
    ("aws_dynamodb.Table", "table", ("read_data", "write_data", "read_write_data", "full_access")),
    ("aws_s3.Bucket", "data", ("read", "put", "write", "read_write", "delete")),
    ("aws_sqs.Queue", "queue", ("send_messages", "consume_messages")),
    ("aws_sns.Topic", "topic", ("publish",)),
    ("aws_kms.Key", "key", ("encrypt", "decrypt")),
)


@st.composite
def grant(draw: Draw, place: Place) -> list[Statement]:
    """A resource and a helper that grants something on it."""
    kind, word, helpers = one(draw, *_RESOURCES)
    name = place.name(draw, word)
    principal = place.name(draw, "role", "handler", "role", "somebody")
    found = draw(role(place)) if draw(st.booleans()) else []
    found.append(Line(f"{name} = ", call(Cdk(f"aws_cdk.{kind}"), place.scope, one(draw, *_IDS))))
    for helper in draw(st.lists(st.sampled_from(helpers), min_size=1, max_size=2)):
        method = f"{name}.grant_{helper}"
        line = one(
            draw,
            *[Line("", call(method, principal))] * 3,
            Line("given = ", call(method, principal)),
            Line("", call(f"{name}.grants.{helper}", principal)),
            Line("", call(method, principal, '"prefix/*"')),
        )
        found.append(line)
    return found


@st.composite
def other(draw: Draw, place: Place) -> list[Statement]:
    """Code that no rule is about."""
    tags = call(Cdk("aws_cdk.Tags", ".of"), place.scope)
    options: tuple[Statement, ...] = (
        Line("a = 1; b = 2"),
        Line("", call(Around("", tags, ".add"), '"k"', '"v"')),
        Line("total = ", call("max", "1", '"größer 日本"', key="len")),
        Line('text = """a\n  # no comment\n\tb \\\n"""'),
        Line("def local(): return 1"),
        Line('long = "' + "x" * 90 + '"'),
        Line("page = '\x0c\u2028'"),
        Block(Around("def inner(*, nat_gateways=1)", ""), (Line("return nat_gateways"),)),
        Block(Around("class Local", ""), (Line("nat_gateways = 1"),)),
    )
    return [one(draw, *options)]


Mistake = Callable[[Place], st.SearchStrategy[list[Statement]]]
MISTAKES: tuple[Mistake, ...] = (vpc, role, bucket, database, function, grant, other)
