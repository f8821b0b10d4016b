"""Findings as JSON for machines: one array, an object a finding.

Each object has what `Finding.as_dict` has, but for the edits of the fix. There, an edit replaces
the text from `start` to `end` (exclusive) by `replacement`; both places carry `line` and `column`
(1-based, code points) for who works on text, and `byte` (0-based, in the file as it is on disk,
byte order mark included) for who works on bytes.
"""

from __future__ import annotations

import json
from typing import Any

from codemods.code.source import Source
from codemods.desk.outcome import Outcome
from codemods.rule import Edit, Finding


def document(outcome: Outcome) -> str:
    """The array, one finding below the other."""
    sources = {path: Source(data) for path, data in outcome.sources.items()}
    entries = [json.dumps(_entry(found, sources[found.path])) for found in outcome.findings]
    return "[\n" + ",\n".join(entries) + "\n]" if entries else "[]"


def _entry(finding: Finding, source: Source) -> dict[str, Any]:
    entry = finding.as_dict()
    if finding.fix:
        entry["fix"]["edits"] = [_edit(edit, source) for edit in finding.fix.edits]
    return entry


def _edit(edit: Edit, source: Source) -> dict[str, Any]:
    return {
        "start": _place(edit.start, source),
        "end": _place(edit.end, source),
        "replacement": edit.replacement,
    }


def _place(offset: int, source: Source) -> dict[str, int]:
    position = source.position(offset)
    return {"line": position.line, "column": position.column, "byte": offset}
