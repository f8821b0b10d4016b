"""The process behind `Bench`: reads a request a line, answers with templates or a traceback."""

from __future__ import annotations

import inspect
import json
import os
import runpy
import sys
import tempfile
import traceback
import types
from pathlib import Path
from typing import Any

import aws_cdk
import constructs


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Templates by stack name, or the traceback of what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        try:
            if "files" in request:
                run_app(place, request)
            elif "sources" in request:
                build_stages(place, request)
                return {"templates": templates_of_stages(place / "cdk.out")}
            else:
                build_stacks(place, request)
        except (Exception, SystemExit):  # noqa: BLE001 - whatever the code under test does
            return {"error": traceback.format_exc()}
        return {"templates": templates(place / "cdk.out")}


def templates(assembly: Path) -> dict[str, Any]:
    """The templates that CDK wrote into its output folder, by stack name."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    return {
        name: json.loads((assembly / artifact["properties"]["templateFile"]).read_text())
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def run_app(place: Path, request: dict[str, Any]) -> None:
    """Run `app.py` as the CDK command would: with the context, and with somewhere to write."""

    class App(aws_cdk.App):  # type: ignore[misc]  # aws-cdk-lib is not followed
        def __init__(self, *, context: dict[str, Any] | None = None, **options: Any) -> None:
            super().__init__(
                context={**(context or {}), **request["context"]},
                **{**options, "outdir": str(place / "cdk.out")},
            )

    for path, text in request["files"].items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    original, aws_cdk.App = aws_cdk.App, App
    known, here = set(sys.modules), Path.cwd()
    sys.path.insert(0, str(place))
    os.chdir(place)
    try:
        runpy.run_path("app.py", run_name="__main__")
    finally:
        os.chdir(here)
        sys.path.remove(str(place))
        aws_cdk.App = original
        for name in set(sys.modules) - known:  # the next app may have a module of the same name
            if str(place) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]


def build_stacks(place: Path, request: dict[str, Any]) -> None:
    """Build every construct that the module defines, each in the stack that its class names."""
    app = aws_cdk.App(outdir=str(place / "cdk.out"), context=request["context"])
    build(app, request["source"], request["env"], request["arguments"])
    app.synth()


def build_stages(place: Path, request: dict[str, Any]) -> None:
    """Build the constructs of each module in a stage that its index names."""
    app = aws_cdk.App(outdir=str(place / "cdk.out"), context=request["context"])
    for index, source in enumerate(request["sources"]):
        build(aws_cdk.Stage(app, f"Case{index}"), source, request["env"], {})
    app.synth()


def templates_of_stages(assembly: Path) -> dict[str, Any]:
    """The templates of each stage by file name, by the stage's index."""
    return {
        stage.name.removeprefix("assembly-Case"): {
            path.name: json.loads(path.read_text()) for path in stage.rglob("*.template.json")
        }
        for stage in assembly.glob("assembly-Case*")
    }


def build(
    parent: constructs.Construct, source: str, env: dict[str, str] | None, arguments: dict[str, Any]
) -> None:
    """Build every construct that a module defines."""
    module = types.ModuleType("case")
    exec(compile(source, "case.py", "exec"), module.__dict__)
    environment = aws_cdk.Environment(**env) if env else None
    own: list[Any] = [
        kind
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == "case"
    ]
    for kind in own:
        alone = issubclass(kind, aws_cdk.Stack) and not issubclass(kind, aws_cdk.NestedStack)
        if alone or issubclass(kind, aws_cdk.Stage):
            kind(parent, kind.__name__, env=environment, **arguments)
        elif issubclass(kind, constructs.Construct):
            stack = aws_cdk.Stack(parent, kind.__name__, env=environment)
            kind(stack, "Construct", **arguments)


def main() -> None:
    """Answer until the other side closes."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the code under test prints is not an answer
    for line in sys.stdin:
        out.write(json.dumps(answer(json.loads(line))) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
