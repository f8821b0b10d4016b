import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.actions.comments import comment
from tests.sandbox.pages.scene import PATH, Scene, review

pytestmark = pytest.mark.browser


def test_a_review_appears_by_itself(bare: Scene, page: Page) -> None:
    page.goto(bare.address)
    expect(page.get_by_text("No checks have reported")).to_be_visible()
    review(bare)
    expect(page.get_by_text("cdk-medic found three things")).to_be_visible()
    expect(page.get_by_role("button", name="Commit suggestion")).to_have_count(3)
    expect(page.get_by_text("All checks have passed.")).to_be_visible()


def test_a_click_commits_a_suggestion(scene: Scene, page: Page) -> None:
    page.goto(f"{scene.address}/files")
    page.get_by_role("button", name="Commit suggestion").first.click()
    expect(page.locator("#notice")).to_have_text("The suggestion is committed.")
    expect(page.get_by_role("link", name="Commits")).to_contain_text("2")
    expect(page.locator("tr.add", has_text="one for each availability zone")).to_be_visible()
    assert b"nat_gateways=3" in scene.pull.read(PATH)


def test_a_click_presses_a_button(scene: Scene, page: Page) -> None:
    scene.app.webhook_url = "http://127.0.0.1:9/"
    page.goto(f"{scene.address}/checks")
    page.get_by_role("button", name="Fix all findings").click()
    expect(page.locator("#notice")).to_contain_text("The App was told")
    assert b'"identifier":"fix-all"' in scene.github.deliveries[-1].body


def test_a_click_merges(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    page.get_by_role("button", name="Merge pull request").click()
    expect(page.locator("#notice")).to_have_text("The pull request is merged.")
    assert scene.pull.record.merged_at


def test_a_comment_is_written_and_shown_without_leaving_the_page(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    page.evaluate("window.stayed = true")
    box = page.get_by_label("Comment as maria")
    box.fill("/fix shared-nat-gateway")
    box.press("Control+Enter")
    written = page.locator("[id^=issuecomment]", has_text="/fix shared-nat-gateway")
    expect(written).to_be_visible()
    expect(box).to_have_value("")
    assert page.evaluate("window.stayed")
    assert scene.pull.comments[-1].author.login == "maria"


def test_another_person_can_be_chosen(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    page.get_by_label("Acting as").select_option("stranger")
    expect(page.get_by_label("Comment as stranger")).to_be_visible()
    expect(page.get_by_role("button", name="Commit suggestion")).to_have_count(0)
    page.get_by_label("Comment as stranger").fill("/fix")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("[id^=issuecomment]", has_text="/fix").last).to_contain_text("stranger")
    assert scene.pull.comments[-1].author.login == "stranger"


def test_a_half_written_comment_and_its_cursor_survive_what_arrives(
    scene: Scene, page: Page
) -> None:
    page.goto(scene.address)
    box = page.get_by_label("Comment as maria")
    box.press_sequentially("half a sen")
    comment(scene.github.service, scene.pull.record, "Meanwhile", by=scene.app.bot)
    expect(page.get_by_text("Meanwhile")).to_be_visible()
    expect(box).to_be_focused()
    box.press_sequentially("tence")
    expect(box).to_have_value("half a sentence")


def test_what_stays_the_same_is_not_drawn_again(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    page.evaluate(
        "for (const it of document.querySelectorAll('.thread, .bubble')) it.was = true;"
        "document.querySelector('.thread').open = false"
    )
    comment(scene.github.service, scene.pull.record, "Meanwhile", by=scene.app.bot)
    expect(page.get_by_text("Meanwhile")).to_be_visible()
    fresh = "[...document.querySelectorAll('.thread, .bubble')].filter((it) => !it.was).length"
    assert page.evaluate(fresh) == 1
    assert page.evaluate("document.querySelector('.thread').open") is False


def test_a_refusal_is_said_and_the_text_is_kept(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    box = page.get_by_label("Comment as maria")
    box.fill("Something")
    scene.pull.record.locked = True
    scene.pull.record.repository.collaborators.clear()
    box.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("locked")
    expect(box).to_have_value("Something")


def test_no_page_is_wider_than_the_window(scene: Scene, page: Page) -> None:
    commit, blob = f"commit/{scene.pull.head_sha}", f"blob/{scene.pull.head_sha}/{PATH}"
    pages = [scene.address + tab for tab in ("", "/files", "/checks", "/commits")]
    for address in (*pages, "/acme/payments", f"/acme/payments/{commit}", f"/acme/payments/{blob}"):
        page.goto(address)
        for width in (390, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_everything_can_be_reached_by_keyboard(scene: Scene, page: Page) -> None:
    page.goto(scene.address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 17)"))
    assert {"Commit suggestion", "Comment"} <= seen


def test_the_forms_work_without_scripts(scene: Scene, browser: Browser, served: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=served) as context:
        page = context.new_page()
        page.goto(scene.address)
        page.get_by_label("Comment as maria").fill("Hello")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#notice")).to_have_text("Your comment is posted.")
        page.get_by_role("button", name="Commit suggestion").first.click()
        expect(page.locator("#notice")).to_have_text("The suggestion is committed.")
    assert b"nat_gateways=3" in scene.pull.read(PATH)
