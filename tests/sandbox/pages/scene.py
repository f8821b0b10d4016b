"""A pull request of a payment stack with everything on it that the pages show."""

from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from sandbox import Sandbox
from sandbox.actions.checks import create_check_run
from sandbox.actions.comments import comment, react
from sandbox.actions.reviews import Draft, create_review
from sandbox.handles import PullRequestHandle
from sandbox.state import App

PATH = "payment_stack/payment_stack.py"
BEFORE = '''"""The payment stack."""

from aws_cdk import Stack, aws_ec2 as ec2, aws_iam as iam, aws_rds as rds, aws_s3 as s3
from constructs import Construct


class PaymentStack(Stack):
    """Everything that takes, settles and refunds a payment."""

    def __init__(self, scope: Construct, construct_id: str, *, suffix: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.vpc = ec2.Vpc(self, "PaymentVpc", max_azs=2)
        self.create_database()

    def create_database(self) -> None:
        """The ledger: PostgreSQL in the isolated subnets."""
        self.database = rds.DatabaseInstance(
            self,
            "LedgerDatabase",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_14_9),
            vpc=self.vpc,
            multi_az=True,
        )
'''
AFTER = '''"""The payment stack."""

from aws_cdk import Stack, aws_ec2 as ec2, aws_iam as iam, aws_rds as rds, aws_s3 as s3
from constructs import Construct


class PaymentStack(Stack):
    """Everything that takes, settles and refunds a payment."""

    def __init__(self, scope: Construct, construct_id: str, *, suffix: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        self.vpc = ec2.Vpc(
            self,
            "PaymentVpc",
            max_azs=3,
            nat_gateways=1,  # Single NAT gateway for cost optimization
        )
        self.audit_bucket = s3.Bucket(
            self,
            "AuditLogsBucket",
            bucket_name=f"payment-audit-logs-{suffix}",
            enforce_ssl=True,
        )
        self.create_database()

    def create_database(self) -> None:
        """The ledger: PostgreSQL in the isolated subnets."""
        self.database = rds.DatabaseInstance(
            self,
            "LedgerDatabase",
            engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_15),
            vpc=self.vpc,
            multi_az=True,
        )
'''
DESCRIPTION = """\
Moves settlement into its own VPC over **three** availability zones and keeps what auditors ask for.

- [x] network reviewed by @omar
- [ ] recovery time written down

| zone | subnets |
|------|--------:|
| a, b, c | 3 each |
"""
NAT = """\
**shared-nat-gateway**: three availability zones leave through one NAT gateway.
When its zone fails, every private subnet loses the internet.

```suggestion
            nat_gateways=3,  # one for each availability zone
```

Safe: nothing is replaced. About 66 USD a month more.
"""
BUCKET = """\
**bucket-name-without-account**: bucket names are global, so a second account can't deploy this.

```suggestion
            bucket_name=f"payment-audit-logs-{suffix}-{self.account}",
```

Safe here: this pull request adds the bucket.
"""
ENGINE = """\
**unpinned-engine-version**: `VER_15` is whichever minor version RDS has on the day.

```suggestion
            engine=rds.DatabaseInstanceEngine.postgres(
                version=rds.PostgresEngineVersion.VER_15_4
            ),
```
"""
SUMMARY = """\
<!-- cdk-medic:summary -->
### cdk-medic found three things

| Rule | Level | Where | Fix |
|------|-------|-------|-----|
| `shared-nat-gateway` | critical | `payment_stack.py:16` | safe |
| `bucket-name-without-account` | high | `payment_stack.py:21` | safe |
| `unpinned-engine-version` | medium | `payment_stack.py:32` | unsafe, restarts the database |

<details><summary>What CloudFormation would do</summary>

```yaml
PaymentVpcNat2:
  Type: AWS::EC2::NatGateway  # new
```

</details>

> [!NOTE]
> `/fix` applies the safe ones, `/fix help` says the rest.
"""
PERMISSIONS = {"checks": "write", "contents": "write", "issues": "write", "pull_requests": "write"}


@dataclass(frozen=True)
class Scene:
    """The stand-in, its application, and the pull request."""

    github: Sandbox
    asgi: ASGIApp
    app: App
    pull: PullRequestHandle
    address: str = "/acme/payments/pull/1"


def line_of(text: str, source: str = AFTER) -> int:
    """Return the number of the line that has a text."""
    return next(n for n, line in enumerate(source.split("\n"), 1) if text in line)


def set_up(directory: Path, webhook_url: str = "") -> Scene:
    """Make the repository, the people, and a pull request that nobody has looked at."""
    github = Sandbox(directory)
    for login, name in (("maria", "Maria Silva"), ("omar", "Omar Haddad"), ("stranger", None)):
        github.add_user(login, name=name)
    repository = github.add_repository(
        "acme/payments",
        files={PATH: BEFORE, "README.md": "# Payments\n", "app.py": "import aws_cdk\n"},
        collaborators={"maria": "write", "omar": "maintain"},
    )
    registration = github.register_app(
        slug="cdk-medic",
        webhook_url=webhook_url,
        webhook_secret="webhook-secret",
        permissions=PERMISSIONS,
        events=["pull_request", "issue_comment"],
    )
    github.install(registration, repository)
    pull = repository.open_pull_request(
        author="maria",
        title="Give settlement a network of its own",
        branch="settlement-network",
        body=DESCRIPTION,
        files={PATH: AFTER, "docs/network.md": "# Network\n\nThree zones.\n"},
    )
    return Scene(github, github.asgi(), registration.app, pull)


def review(scene: Scene) -> None:
    """Let the bot review it: three suggestions, a summary and a check run."""
    service, pull, bot = scene.github.service, scene.pull.record, scene.app.bot
    engine = line_of("VER_15")
    create_review(
        service,
        pull,
        by=bot,
        body="Three findings, each with a fix on its lines.",
        comments=(
            Draft(PATH, NAT, line_of("nat_gateways")),
            Draft(PATH, BUCKET, line_of("bucket_name")),
            Draft(PATH, ENGINE, engine),
        ),
    )
    summary = comment(service, pull, SUMMARY, by=bot)
    react(service, summary, "rocket", by=scene.github.state.user("omar"))
    create_check_run(
        service,
        pull.repository,
        scene.app,
        {
            "name": "cdk-medic",
            "head_sha": pull.head_sha,
            "conclusion": "neutral",
            "output": {
                "title": "3 findings, 2 with a safe fix",
                "summary": "**Two** fixes are safe; one restarts the database.",
                "annotations": [
                    annotation(line_of("nat_gateways"), "failure", "shared-nat-gateway"),
                    annotation(engine, "warning", "unpinned-engine-version"),
                    annotation(1, "notice", "elsewhere", path="app.py"),
                ],
            },
            "actions": [
                button("Fix safe findings", "fix-safe"),
                button("Fix all findings", "fix-all"),
            ],
        },
    )


def annotation(line: int, level: str, title: str, *, path: str = PATH) -> dict[str, object]:
    """Return an annotation as a client sends it."""
    return {
        "path": path,
        "start_line": line,
        "end_line": line,
        "annotation_level": level,
        "title": title,
        "message": f"What {title} is about, in a sentence.",
        "raw_details": "AWS documentation: https://docs.aws.amazon.com/",
    }


def button(label: str, identifier: str) -> dict[str, str]:
    """Return a button as a client sends it."""
    return {"label": label, "description": "Commits to this branch", "identifier": identifier}
