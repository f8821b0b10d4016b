"""The preview as a newcomer meets it: the real bot, the stand-in for GitHub, a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webhooks.bot_process import BotProcess

pytestmark = pytest.mark.browser

STACK = "payment_stack/payment_stack.py"
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def preview() -> Iterator[str]:
    """The address of the pull request of a preview that runs for the whole module."""
    with BotProcess("preview", {"PORT": 0, "DEBOUNCE_SECONDS": 0, "WRITE_PACE_SECONDS": 0}) as bot:
        yield bot.url


@pytest.fixture
def page(browser: Browser, preview: str) -> Iterator[Page]:
    """A person's browser on the pull request, once the review is there."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(preview)
        expect(page.get_by_text("findings on the lines")).to_be_visible(timeout=PATIENCE_MS)
        yield page


def source(preview: str) -> str:
    """The stack as it is on the pull request's branch."""
    api = preview.replace("/acme/", "/api/v3/repos/acme/").partition("/pull/")[0]
    raw = {"Accept": "application/vnd.github.raw+json"}
    return httpx.get(f"{api}/contents/{STACK}?ref=payment-stack", headers=raw).text


def say(page: Page, person: str, text: str) -> None:
    """Write a comment as somebody."""
    page.get_by_label("Acting as").select_option(person)
    box = page.get_by_label(f"Comment as {person}")
    box.fill(text)
    box.press("Control+Enter")
    written = page.locator("[id^=issuecomment]", has_text=text).last
    expect(written).to_contain_text(person, timeout=PATIENCE_MS)


# The tests of this module are one visit, in this order: each finds the branch as the one before
# left it, as a reviewer would.


def test_the_review_the_check_and_the_summary_are_there(page: Page) -> None:
    assert page.get_by_role("button", name="Commit suggestion").count() >= 5
    expect(page.get_by_text("shared-nat-gateway").first).to_be_visible()
    page.get_by_role("link", name="Checks").first.click()
    expect(page.get_by_role("button", name="Fix safe findings")).to_be_visible()
    # The whole stack is new, so that no fix is unsafe.
    expect(page.get_by_role("button", name="Fix all findings")).to_have_count(0)


def test_a_stranger_is_refused(page: Page, preview: str) -> None:
    before = source(preview)
    say(page, "sam", "/fix shared-nat-gateway")
    refusal = page.locator("[id^=issuecomment]", has_text="needs write access").last
    expect(refusal).to_be_visible(timeout=PATIENCE_MS)
    assert source(preview) == before


def test_a_click_commits_a_suggestion(page: Page, preview: str) -> None:
    assert "# One NAT gateway per AZ" not in source(preview)
    thread = page.locator(".thread", has_text="shared-nat-gateway").first
    thread.get_by_role("button", name="Commit suggestion").click()
    expect(page.locator("#notice")).to_have_text("The suggestion is committed.")
    assert "nat_gateways=3,  # One NAT gateway per AZ" in source(preview)


def test_a_maintainers_comment_becomes_a_commit(page: Page, preview: str) -> None:
    assert "add_to_policy" not in source(preview)
    # A command is bound to the head that the bot reported on: wait for the report on the new one.
    page.get_by_role("link", name="Checks").first.click()
    expect(page.get_by_role("button", name="Fix safe findings")).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(1100)  # times on GitHub are whole seconds
    page.goto(preview)
    say(page, "maria", "/fix missing-explicit-deny")
    answer = page.locator("[id^=issuecomment]", has_text="1 finding fixed in").last
    expect(answer).to_be_visible(timeout=PATIENCE_MS)
    assert "add_to_policy" in source(preview)


def test_a_button_becomes_a_commit(page: Page, preview: str) -> None:
    page.get_by_role("link", name="Checks").first.click()
    page.get_by_role("button", name="Fix safe findings").click(timeout=PATIENCE_MS)
    expect(page.locator("#notice")).to_contain_text("The App was told")
    page.get_by_role("link", name="Commits").first.click()
    commits = page.locator("main", has_text="unpinned-engine-version")
    expect(commits).to_be_visible(timeout=PATIENCE_MS)
    assert "{self.environment_suffix}-{self.account}" in source(preview)
