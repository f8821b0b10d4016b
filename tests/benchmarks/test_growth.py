"""The rules that are added to see what they cost."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from benchmarks.codebase import generate
from benchmarks.growth import MORE_RULES, write_rules
from benchmarks.processes import ROOT


def test_the_additional_rules_find_about_as_much_as_the_real_ones(tmp_path: Path) -> None:
    more, corpus = tmp_path / "rules", tmp_path / "corpus"
    more.mkdir()
    generate(corpus, 300)
    assert write_rules(more) == 24
    check = ["check", "--format", "json", str(corpus)]
    command = [sys.executable, "-c", MORE_RULES, str(more), *check]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = Counter(finding["rule"].startswith("watched") for finding in json.loads(ran.stdout))
    assert 1 < found[True] / found[False] < 24 / 6
