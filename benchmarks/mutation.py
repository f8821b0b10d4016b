"""How many changes of the code its tests notice: mutation testing with cosmic-ray, on a sample.

    python -m venv var/mutation && var/mutation/bin/pip install cosmic-ray
    python benchmarks/mutation.py --cosmic-ray var/mutation/bin/cosmic-ray

Works on a copy of the repository. Each module is judged by the test file that mirrors it, rules by
the contract too; tests that synthesize are left out, for they take seconds each. The sample is the
same for the same seed and code. Prints a table, and every survivor as a diff.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ("code/names", "code/scope_tree", "rewriting/kinds", "base", "dispatch", "ignores")
CONTRACT = "tests/codemods/rules/test_contract.py"
SECONDS = 60


def main() -> None:
    """Run all sessions, one module after the other."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cosmic-ray", default="cosmic-ray")
    parser.add_argument("--each", type=int, default=12, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("modules", nargs="*", help="stems of modules; all where left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "var", "node_modules"))
        for module in modules(copy):
            if not given.modules or module.stem in given.modules:
                session = judged(copy, module, given)
                print(report(module.relative_to(copy), session), flush=True)


def modules(copy: Path) -> list[Path]:
    """What is mutated."""
    rules = sorted((copy / "codemods/rules").glob("[a-z]*.py"))
    return [*rules, *(copy / f"codemods/{name}.py" for name in SHARED)]


def judged(copy: Path, module: Path, given: argparse.Namespace) -> Path:
    """The session of one module, with the sample judged."""
    path = module.relative_to(copy)
    tests = f"tests/{path.parent}/test_{path.name}"
    more = CONTRACT if "rules" in path.parts else ""
    chosen = (
        f"{unsynthesized(copy / tests)} and ({path.stem.replace('_', '-')} or test_{path.stem})"
    )
    command = f"{sys.executable} -m pytest -x -q -p no:cacheprovider {tests} {more}"
    config, session = copy / "mutation.toml", copy / f"{path.stem}.sqlite"
    config.write_text(
        "[cosmic-ray]\n"
        f'module-path = "{path}"\ntimeout = {SECONDS}\nexcluded-modules = []\n'
        f"test-command = '{command} -k \"{chosen}\"'\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
    )

    def cosmic_ray(*arguments: str | Path) -> None:
        subprocess.run([given.cosmic_ray, *arguments], cwd=copy, check=True)

    cosmic_ray("baseline", config)  # fails where the tests fail without a mutant
    cosmic_ray("init", config, session)
    sample(session, given.each, given.seed)
    cosmic_ray("exec", config, session)
    return session


def unsynthesized(tests: Path) -> str:
    """A choice of tests that leaves out those which need the bench."""
    slow = re.findall(r"^def (\w+)\([^)]*Bench", tests.read_text(), re.MULTILINE)
    return " and ".join(f"not {name}" for name in ["never_so_called", *slow])


def sample(session: Path, each: int, seed: int) -> None:
    """Leave some mutants in a session, none of them of an annotation or a docstring."""
    with sqlite3.connect(session) as database:
        known = sorted(
            database.execute(
                "select job_id, operator_name, start_pos_row, start_pos_col, occurrence"
                " from mutation_specs where operator_name not like '%BinaryOperator_BitOr%'"
            ),
            key=lambda row: row[1:],
        )
        kept = {row[0] for row in random.Random(seed).sample(known, min(each, len(known)))}
        for (job,) in database.execute("select job_id from work_items").fetchall():
            if job not in kept:
                for table, column in (("mutation_specs", "job_id"), ("work_items", "job_id")):
                    database.execute(f"delete from {table} where {column} = ?", (job,))


def report(path: Path, session: Path) -> str:
    """A row of the table, and the survivors below it."""
    with sqlite3.connect(session) as database:
        results = database.execute(
            "select test_outcome, worker_outcome, diff from work_results"
        ).fetchall()
    outcomes = [(str(test).rpartition(".")[2].lower(), diff) for test, _, diff in results]
    survived = [diff for outcome, diff in outcomes if outcome == "survived"]
    killed = len(outcomes) - len(survived)
    return "\n".join([f"| `{path}` | {len(outcomes)} | {killed} | {len(survived)} |", *survived])


if __name__ == "__main__":
    main()
