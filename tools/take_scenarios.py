"""Take a picture of each kind of pull request page, from the real bot and the stand-in for GitHub.

    python -m tools.take_scenarios [FOLDER] [--dark] [--width 1120]

Somebody who has never seen the bot should understand each in ten seconds: a quiet pull request, one
finding, forty findings, one from a fork, a refused command, the onboarding, a fix pull request.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from sandbox import PullRequestHandle, RepositoryHandle
from tests.end_to_end.stage import DEPLOYED, STACK, Stage

FOLDER = Path(__file__).parent.parent / "docs" / "pictures" / "scenarios"
HEIGHT = 1300

ONE = STACK.replace(b"nat_gateways=1", b"nat_gateways=3")
CLEAN = ONE.replace(b', bucket_name=f"payment-audit-logs-{suffix}"', b"")
FORTY = {
    f"stacks/team_{number:02}.py": STACK.replace(b"PaymentStack", b"Team%02dStack" % number)
    for number in range(20)
}
REPOSITORY = {"stack.py": STACK, "requirements.txt": b"aws-cdk-lib==2.275.0\n"}


def quiet(stage: Stage) -> PullRequestHandle:
    """Nothing to say: the check run alone."""
    return stage.open({"stack.py": CLEAN})


def one(stage: Stage) -> PullRequestHandle:
    """One finding, in a file that is new."""
    return stage.open({"stack.py": ONE})


def forty(stage: Stage) -> PullRequestHandle:
    """Forty findings: thirty comments, and the rest in the summary."""
    return stage.open(FORTY)


def fork(stage: Stage) -> PullRequestHandle:
    """From a fork, where the bot may not push."""
    repository = stage.repository({"stack.py": DEPLOYED})
    stage.github.add_user("robin")
    return repository.open_pull_request(
        author="robin",
        title="Add a network",
        branch="network",
        files={"stack.py": STACK},
        from_fork=True,
    )


def refused(stage: Stage) -> PullRequestHandle:
    """A stranger asks for a fix."""
    pull = stage.open({"stack.py": STACK})
    stage.settle()
    pull.comment("sam", "/fix")
    return pull


def onboarding(stage: Stage) -> PullRequestHandle:
    """What arrives on installation."""
    return _own(stage, stage.repository(REPOSITORY), "cdk-medic/configure")


def fix_pull_request(stage: Stage) -> PullRequestHandle:
    """What comes once the onboarding is merged."""
    repository = stage.repository(REPOSITORY)
    _own(stage, repository, "cdk-medic/configure").merge(by="maria")
    return _own(stage, repository, "cdk-medic/fix-")


SCENARIOS: Mapping[str, Callable[[Stage], PullRequestHandle]] = {
    "quiet": quiet,
    "one-finding": one,
    "forty-findings": forty,
    "fork": fork,
    "refused": refused,
    "onboarding": onboarding,
    "fix-pull-request": fix_pull_request,
}

TO_THE_END = {"fork", "forty-findings", "refused"}
"""Whose last comment is the point."""


def _own(stage: Stage, repository: RepositoryHandle, branch: str) -> PullRequestHandle:
    """The bot's own open pull request on a branch that begins so."""
    found: list[PullRequestHandle] = []

    def there() -> bool:
        numbers = list(repository.record.pulls)
        pulls = [stage.github.pull_request(repository.full_name, number) for number in numbers]
        found[:] = [
            pull
            for pull in pulls
            if pull.record.head_ref.startswith(branch) and pull.record.state == "open"
        ]
        return bool(found)

    stage.until(there)
    return found[0]


def photograph(
    browser: Browser, pull: PullRequestHandle, path: Path, width: int, dark: bool
) -> None:
    """The conversation as the maintainer sees it."""
    size: ViewportSize = {"width": width, "height": HEIGHT}
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    with browser.new_context(
        viewport=size, reduced_motion="reduce", color_scheme=scheme
    ) as context:
        page = context.new_page()
        page.goto(pull.url)
        page.wait_for_load_state("networkidle")
        if path.stem in TO_THE_END:
            page.locator("[id^=issuecomment]").last.scroll_into_view_if_needed()
        page.screenshot(path=path)


def main() -> int:
    """Play every scenario, then photograph it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1120)
    given = parser.parse_args()
    chromium = os.environ.get("CDK_MEDIC_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("No chromium on this machine: apt-get install chromium.", file=sys.stderr)
        return 2
    given.folder.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as place, Stage(Path(place)) as stage:
        pulls = {name: play(stage) for name, play in SCENARIOS.items()}
        stage.settle()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=flags)
            for name, pull in pulls.items():
                path = given.folder / f"{name}.png"
                photograph(browser, pull, path, given.width, given.dark)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
