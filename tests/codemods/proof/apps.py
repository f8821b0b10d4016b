"""Apps that synthesize in milliseconds: they write what `aws_cdk` would, by reading `stack.py`."""

STACK = """\
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_

ec2.Vpc(stack, "Vpc", max_azs=3, nat_gateways=1)
lambda_.Function(stack, "Fn", reserved_concurrent_executions=5, memory_size=256)
"""

APP = """\
import json, os, re, sys
from pathlib import Path

code = Path(__file__).with_name("stack.py").read_text()
context = json.loads(os.environ["CDK_CONTEXT_JSON"])
number = int(re.search(r"nat_gateways=(\\d+)", code)[1])
reserved = re.search(r"    reserved_concurrent_executions=|, reserved_concurrent_executions=", code)
switched = "try_get_context" in code
function = {"MemorySize": int(re.search(r"memory_size=(\\d+)", code)[1])}
if reserved and not switched:
    function["ReservedConcurrentExecutions"] = 5
resources = {
    "Fn": {"Type": "AWS::Lambda::Function", "Properties": function},
    "Meta": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": code}},
}
for index in range(number):
    resources[f"Nat{index}"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}
    resources[f"Eip{index}"] = {"Type": "AWS::EC2::EIP", "Properties": {}}
if context.get("restless"):
    resources["Fn"]["Properties"]["Description"] = os.urandom(8).hex()
out = Path(os.environ["CDK_OUTDIR"])
(out / "Stack.template.json").write_text(json.dumps({"Resources": resources}))
manifest = {
    "artifacts": {
        "Stack": {
            "type": "aws:cloudformation:stack",
            "displayName": "Prod/Stack",
            "properties": {"templateFile": "Stack.template.json"},
        }
    },
    "missing": [{"key": "zones"}] if "zones" not in context else [],
}
(out / "manifest.json").write_text(json.dumps(manifest))
"""

SETTINGS = '{"app": "python3 app.py", "context": {"zones": 3}}'
PROJECT: dict[str, str | bytes] = {"app.py": APP, "stack.py": STACK, "cdk.json": SETTINGS}
