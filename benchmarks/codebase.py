"""A seeded code base to measure on: CDK apps as people write them, among other Python.

    python -m benchmarks.codebase FOLDER [--files 1000] [--seed 7]

The proportions are those of public repositories: seven files of ten use the CDK, in every spelling
of its imports; most constructs are fine; a mistake is in one file of ten, now and then two of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.snippets import CLEAN, FILLERS, MISTAKES, PLAIN, Names, Snippet

CDK_SHARE = 0.72
MISTAKEN_SHARE = 0.125  # of the CDK files
MEDIAN_BYTES = 1600


def generate(folder: Path, files: int = 1000, seed: int = 7) -> None:
    """Write `files` Python files below `folder`; the same seed writes the same bytes."""
    random = Random(seed)
    with_cdk = round(files * CDK_SHARE)
    mistaken = round(with_cdk * MISTAKEN_SHARE)
    for number in range(files):
        size = round(random.lognormvariate(0, 0.5) * MEDIAN_BYTES)
        if number >= with_cdk:
            name, text = f"service/module_{number:04}.py", plain_file(random, size)
        else:
            count = random.choice((1, 1, 2)) if number < mistaken else 0
            mistakes = [random.choice(MISTAKES) for _ in range(count)]
            name, text = f"infra/stack_{number:04}.py", cdk_file(random, size, mistakes)
        path = folder / f"app_{number % 20:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def cdk_file(random: Random, size: int, mistakes: Sequence[Snippet]) -> str:
    """A module with one stack of about `size` bytes that makes these mistakes."""
    names = Names(random)
    class_name = f"{names.noun().title()}{names.noun().title()}Stack"
    bodies = [mistake(names) for mistake in mistakes]
    while sum(map(len, bodies)) < size - 700:
        kinds = CLEAN if random.random() < names.trigger_share else FILLERS
        bodies.append(random.choice(kinds)(names))
    random.shuffle(bodies)
    methods = [
        f"    def {names.verb()}_{names.noun()}_{index}(self) -> None:\n" + indented(body, 8)
        for index, body in enumerate(bodies)
    ]
    calls = "\n".join(
        "        self." + method.split("(")[0].removeprefix("    def ") + "()" for method in methods
    )
    head = (
        f'"""The {names.noun()} stack."""\n\n{names.imports()}\n\n\n'
        f"class {class_name}({names.core('Stack')}):\n"
        f'    """What the {names.noun()} service needs."""\n\n'
        "    def __init__(self, scope: Construct, construct_id: str, *, stage: str, **kwargs):\n"
        "        super().__init__(scope, construct_id, **kwargs)\n        self.stage = stage\n"
    )
    return head + calls + "\n\n" + "\n\n".join(methods) + "\n"


def plain_file(random: Random, size: int) -> str:
    """A module of about `size` bytes that has nothing to do with the CDK."""
    names = Names(random)
    text = f'"""Helpers for {names.noun()}."""\n\nimport json\nimport logging\n\nimport boto3\n'
    while len(text) < size:
        text += "\n\n" + random.choice(PLAIN)(names)
    return text + "\n"


def indented(text: str, spaces: int) -> str:
    """The text with every line moved to the right."""
    return "\n".join(" " * spaces + line if line else line for line in text.splitlines())


def main() -> None:
    """Write the code base."""
    parser = argparse.ArgumentParser(description="Generate a code base to measure on.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.files, arguments.seed)


if __name__ == "__main__":
    main()
