"""The CDK app of a project: where it is, and the command that runs it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codemods.settings.usage import UsageError, reason

_FILE = "cdk.json"
_LOOKED_UP = "cdk.context.json"


@dataclass(frozen=True, slots=True)
class App:
    """How an app is synthesized.

    Attributes:
        directory: the app's, absolute.
        command: what the shell runs there.
        context: that of its `cdk.json`, over what `cdk.context.json` remembers of lookups.
        by_cli: whether the command is the CDK's own command-line tool, which then runs the app.
    """

    directory: str
    command: str
    context: Mapping[str, Any] = field(default_factory=dict)
    by_cli: bool = False


def find(directory: str, command: str, cli: str) -> App:
    """The app of a project.

    Args:
        directory: where somebody stands; the nearest `cdk.json` from there upwards counts.
        command: the app's own command; empty for the `app` of that file.
        cli: the CDK's command-line tool, such as "npx cdk"; empty to run the app without it.

    Raises:
        UsageError: there is nothing to run, or the file cannot be read.
    """
    place = _nearest(os.path.abspath(directory))
    if place is None:
        if not command:
            raise UsageError(
                f"there is no {_FILE} in {directory} or above it; name the app: "
                '--app "python3 app.py"'
            )
        return App(os.path.abspath(directory), command)
    settings = _settings(os.path.join(place, _FILE))
    context = _context(place, settings)
    if cli:
        chosen = f" --app {json.dumps(command)}" if command else ""
        return App(place, f"{cli} synth --quiet{chosen}", context, by_cli=True)
    command = command or str(settings.get("app", ""))
    if not command:
        raise UsageError(f'{place}/{_FILE} names no app; name it: --app "python3 app.py"')
    return App(place, command, context)


def _nearest(directory: str) -> str | None:
    while not os.path.isfile(os.path.join(directory, _FILE)):
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above
    return directory


def _context(place: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    looked_up = os.path.join(place, _LOOKED_UP)
    remembered = _settings(looked_up) if os.path.isfile(looked_up) else {}
    own = settings.get("context", {})
    if not isinstance(own, dict):
        raise UsageError(f"{os.path.join(place, _FILE)}: context must be an object")
    return remembered | own


def _settings(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, RecursionError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else f"this is no JSON: {error}"
        raise UsageError(f"{path}: {why}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path}: this is no JSON object")
    return found
