"""Asks about files in this process, where no child is needed: by the same way through JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from bot.analysis.analyser import Analyser, Reply, T
from bot.analysis.worker import answer
from bot.operations import Source


class Here(Analyser):
    """Answers what the child would."""

    def ask(
        self, question: Reply, sources: Sequence[Source], read: Callable[[Source, Reply], T]
    ) -> list[T]:
        asked = _through_json(question)
        return [read(source, _through_json(answer(asked, _file(source)))) for source in sources]


def _file(source: Source) -> dict[str, Any]:
    return {"path": source.path, "source": base64.b64encode(source.content).decode()}


def _through_json(data: Reply) -> dict[str, Any]:
    return dict(json.loads(json.dumps(data)))
