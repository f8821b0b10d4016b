"""The pieces that the generated code base is made of: methods' bodies, and functions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

NOUNS = [
    "orders", "payments", "ledger", "audit", "invoices", "customers", "sessions",
    "exports", "reports", "metrics", "catalog", "search", "images", "uploads",
    "events", "refunds", "shipping", "pricing", "accounts", "tokens",
]  # fmt: skip
VERBS = ["create", "build", "add", "configure", "define", "make"]
SPELLINGS = ("module", "module", "aliases", "aliases", "names", "submodules")


class Names:
    """Invents names for one file, and remembers what the file has to import.

    A file spells its imports in one way throughout: `cdk.aws_s3.Bucket`, `s3.Bucket`, `Bucket` or
    `aws_s3.Bucket`.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.spelling = random.choice(SPELLINGS)
        self.trigger_share = random.choice((0.0, 0.0, 0.3, 0.6))
        self._used: set[tuple[str, str]] = set()
        self._count = 0

    def noun(self) -> str:
        """A word of the trade."""
        return self.random.choice(NOUNS)

    def verb(self) -> str:
        """What a method's name begins with."""
        return self.random.choice(VERBS)

    def fresh(self, kind: str) -> str:
        """A construct id that the file does not have yet."""
        self._count += 1
        return f"{self.noun().title()}{kind}{self._count}"

    def of(self, module: str, name: str) -> str:
        """How this file spells `aws_cdk.aws_<module>.<name>`."""
        self._used.add((module, name))
        spelled = {
            "module": f"cdk.aws_{module}.{name}",
            "aliases": f"{alias(module)}.{name}",
            "names": name,
            "submodules": f"aws_{module}.{name}",
        }
        return spelled[self.spelling]

    def core(self, name: str) -> str:
        """How this file spells `aws_cdk.<name>`."""
        return f"cdk.{name}"

    def imports(self) -> str:
        """The imports of everything that was asked for."""
        lines = ["import aws_cdk as cdk"]
        modules = sorted({module for module, _ in self._used})
        if self.spelling == "aliases" and modules:
            listed = "".join(f"    aws_{it} as {alias(it)},\n" for it in modules)
            lines.append(f"from aws_cdk import (\n{listed})")
        if self.spelling == "submodules" and modules:
            lines.append("from aws_cdk import " + ", ".join(f"aws_{it}" for it in modules))
        if self.spelling == "names":
            for module in modules:
                wanted = sorted(name for where, name in self._used if where == module)
                lines.append(f"from aws_cdk.aws_{module} import " + ", ".join(wanted))
        return "\n".join([*lines, "from constructs import Construct"])


def alias(module: str) -> str:
    """The usual short name of a module."""
    return {"lambda": "lambda_", "dynamodb": "ddb", "cloudwatch": "cw"}.get(module, module)


def nat(names: Names, count: int = 1) -> str:
    """A network over three zones."""
    return (
        f'self.vpc = {names.of("ec2", "Vpc")}(\n    self,\n    "{names.fresh("Vpc")}",\n'
        f"    max_azs=3,\n    nat_gateways={count},\n)"
    )


def role(names: Names, denial: str = "") -> str:
    """An execution role."""
    return (
        f'role = {names.of("iam", "Role")}(\n    self,\n    "{names.fresh("Role")}",\n'
        f'    assumed_by={names.of("iam", "ServicePrincipal")}("lambda.amazonaws.com"),\n'
        f"    managed_policies=[\n"
        f"        {names.of('iam', 'ManagedPolicy')}.from_aws_managed_policy_name(\n"
        f'            "service-role/AWSLambdaBasicExecutionRole"\n        )\n    ],\n){denial}'
    )


def denied_role(names: Names) -> str:
    """An execution role that is denied what it must never do."""
    statement, effect = names.of("iam", "PolicyStatement"), names.of("iam", "Effect")
    return role(
        names,
        f"\nrole.add_to_policy(\n    {statement}(\n        effect={effect}.DENY,\n"
        '        actions=["iam:*", "organizations:*", "account:*"],\n        resources=["*"],\n'
        "    )\n)",
    )


def bucket(names: Names, account: str = "") -> str:
    """A bucket with a physical name."""
    return (
        f'self.bucket = {names.of("s3", "Bucket")}(\n    self,\n    "{names.fresh("Bucket")}",\n'
        f'    bucket_name=f"{names.noun()}-{names.noun()}-{{self.stage}}{account}",\n'
        "    versioned=True,\n    enforce_ssl=True,\n)"
    )


def bucket_with_account(names: Names) -> str:
    """A bucket whose name is unique to the account."""
    return bucket(names, "-{self.account}")


def database(names: Names, version: str = "VER_15") -> str:
    """A PostgreSQL instance."""
    engine, kind = names.of("rds", "DatabaseInstanceEngine"), names.of("ec2", "InstanceType")
    return (
        f"self.database = {names.of('rds', 'DatabaseInstance')}(\n    self,\n"
        f'    "{names.fresh("Database")}",\n    engine={engine}.postgres(\n'
        f"        version={names.of('rds', 'PostgresEngineVersion')}.{version}\n    ),\n"
        f'    instance_type={kind}("r6g.large"),\n    vpc=self.vpc,\n    multi_az=True,\n)'
    )


def pinned_database(names: Names) -> str:
    """A PostgreSQL instance at a minor version."""
    return database(names, "VER_16_8")


def function(names: Names, reserved: str = "") -> str:
    """A Lambda function."""
    runtime, code = names.of("lambda", "Runtime"), names.of("lambda", "Code")
    return (
        f"self.handler = {names.of('lambda', 'Function')}(\n    self,\n"
        f'    "{names.fresh("Function")}",\n    runtime={runtime}.PYTHON_3_12,\n'
        f'    handler="index.handler",\n    code={code}.from_asset("src/{names.noun()}"),\n'
        f"    timeout={names.core('Duration')}.seconds(30),\n{reserved}"
        f'    environment={{"STAGE": self.stage}},\n)'
    )


def reserved_function(names: Names) -> str:
    """A Lambda function that takes its share whatever the account has."""
    return function(names, "    reserved_concurrent_executions=10,\n")


def nat_per_zone(names: Names) -> str:
    """A network with a gateway in each zone."""
    return nat(names, 3)


def table(names: Names) -> str:
    """A table."""
    attribute, kind = names.of("dynamodb", "Attribute"), names.of("dynamodb", "AttributeType")
    return (
        f"self.table = {names.of('dynamodb', 'Table')}(\n    self,\n"
        f'    "{names.fresh("Table")}",\n'
        f'    partition_key={attribute}(name="id", type={kind}.STRING),\n'
        f"    removal_policy={names.core('RemovalPolicy')}.RETAIN,\n)"
    )


def granted_table(names: Names) -> str:
    """A table and who may read it, through a helper."""
    return table(names) + "\nself.table.grant_read_data(self.handler)"


def queue(names: Names) -> str:
    """A queue with its dead letters."""
    kind = names.of("sqs", "Queue")
    return (
        f'dead = {kind}(self, "{names.fresh("DeadLetters")}")\n'
        f'self.queue = {kind}(\n    self,\n    "{names.fresh("Queue")}",\n'
        f"    visibility_timeout={names.core('Duration')}.minutes(5),\n"
        f"    dead_letter_queue={names.of('sqs', 'DeadLetterQueue')}(\n"
        "        max_receive_count=3, queue=dead\n    ),\n)"
    )


def alarm(names: Names) -> str:
    """Alarms over a few metrics."""
    return (
        f'for name, threshold in {{"Errors": 1, "Throttles": 10, "Age": 300}}.items():\n'
        f"    {names.of('cloudwatch', 'Alarm')}(\n        self,\n"
        f'        f"{names.fresh("Alarm")}{{name}}",\n'
        f"        metric={names.of('cloudwatch', 'Metric')}(\n"
        f'            namespace="{names.noun()}", metric_name=name, statistic="Sum"\n        ),\n'
        "        threshold=threshold,\n        evaluation_periods=3,\n    )"
    )


def outputs(names: Names) -> str:
    """Outputs, and tags from a dictionary."""
    return (
        f'tags = {{"team": "{names.noun()}", "stage": self.stage}}\n'
        "for key, value in sorted(tags.items()):\n"
        f"    {names.core('Tags')}.of(self).add(key, value)\n"
        f"{names.core('CfnOutput')}(\n    self,\n"
        f'    "{names.fresh("Output")}",\n    value=self.stage,\n'
        f'    export_name=f"{{self.stage}}-{names.noun()}",\n)'
    )


def topic(names: Names) -> str:
    """A topic."""
    return f'self.topic = {names.of("sns", "Topic")}(self, "{names.fresh("Topic")}", fifo=False)'


def helper(names: Names) -> str:
    """A function that has to do with data."""
    noun = names.noun()
    return (
        f"def load_{noun}_{names.random.randrange(1000)}(lines, *, limit=100):\n"
        f'    """The first {noun} that are valid."""\n    found = []\n'
        "    for number, line in enumerate(lines):\n"
        "        if number >= limit:\n            break\n"
        "        try:\n            record = json.loads(line)\n"
        "        except json.JSONDecodeError:\n"
        f'            logging.warning("line %d holds no {noun}", number)\n            continue\n'
        '        found.append({"id": record["id"], "total": sum(record.get("items", []))})\n'
        "    return found"
    )


def client(names: Names) -> str:
    """A class that talks to a service."""
    noun = names.noun()
    return (
        f"class {noun.title()}Client{names.random.randrange(1000)}:\n"
        f'    """Reads and writes {noun}."""\n\n'
        "    def __init__(self, table_name, region=None):\n"
        '        self._table = boto3.resource("dynamodb", region_name=region).Table(table_name)\n\n'
        "    def get(self, key):\n"
        '        answer = self._table.get_item(Key={"id": key})\n'
        '        return answer.get("Item")\n\n'
        "    def put(self, key, **values):\n"
        '        self._table.put_item(Item={"id": key, **values})\n\n'
        "    @property\n    def name(self):\n"
        f'        return f"{{self._table.name}}/{noun}"'
    )


Snippet = Callable[[Names], str]
MISTAKES: tuple[Snippet, ...] = (nat, role, bucket, database, reserved_function, granted_table)
CLEAN: tuple[Snippet, ...] = (
    nat_per_zone,
    denied_role,
    bucket_with_account,
    pinned_database,
    function,
    table,
)
FILLERS: tuple[Snippet, ...] = (queue, alarm, outputs, topic, outputs)
PLAIN: tuple[Snippet, ...] = (helper, client)
