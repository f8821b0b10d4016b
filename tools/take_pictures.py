"""Take the pictures of the documentation from a running preview.

    python -m tools.take_pictures [FOLDER]

It starts `cdk-medic-bot preview`, waits for the bot's review of the payment stack, and photographs
the pull request page in Chromium, so that no picture shows what the product does not do.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
WIDTH, HEIGHT = 1120, 1000
PATIENCE_MS = 60_000


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def photograph(page: Page, folder: Path) -> None:
    """The review, and the check run with its buttons."""
    expect(page.get_by_text("findings on the lines").first).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=folder / "review.png")
    page.get_by_role("link", name="Checks").first.click()
    expect(page.get_by_role("button", name="Fix safe findings")).to_be_visible(timeout=PATIENCE_MS)
    page.screenshot(path=folder / "check.png")


def main() -> int:
    """Start the preview and take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CDK_MEDIC_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("No chromium on this machine: apt-get install chromium.", file=sys.stderr)
        return 2
    port = str(free_port())
    command = [sys.executable, "-m", "webhooks.cli", "preview"]
    preview = subprocess.Popen(command, env={**os.environ, "CDK_MEDIC_PORT": port})
    try:
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=chromium, args=flags)
            size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
            page = browser.new_page(viewport=size, reduced_motion="reduce")
            while True:
                try:
                    page.goto(f"http://127.0.0.1:{port}/")
                    break
                except Exception:  # noqa: BLE001  (Playwright's own error for a refused connection)
                    if preview.poll() is not None:
                        return 1
                    page.wait_for_timeout(300)
            photograph(page, folder)
            browser.close()
    finally:
        preview.terminate()
        preview.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
