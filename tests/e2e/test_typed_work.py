"""Typed work and the keyboard: nothing is lost or sent by a slip of a key."""

from __future__ import annotations

from playwright.sync_api import Dialog, expect

from charting.models.charts import Chart
from screening.conflicts.models import Adjudication
from screening.imports.models import SkippedEntry
from tests.blinding.world import World
from tests.e2e.conftest import Arrivals
from tests.e2e.people import Person

STATE = "[data-save-state]"


def chart_values(world: World, round_code: str) -> dict[str, object]:
    """Return the values of Ada's newest chart in a round."""
    own = Chart.objects.visible_to(world.cast.ada).filter(round__code=round_code)
    newest = own.order_by("-version").first()
    return dict(newest.values) if newest else {}


def focus(person: Person) -> str:
    """Return the name of the element that has the focus."""
    return str(person.page.evaluate("document.activeElement.tagName"))


def test_a_chosen_answer_is_saved_before_a_link_leaves_the_chart(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    code = world.args["own_chart"]
    form = f"/r/{world.cast.review.code}/charting/{world.form.code}/"
    page = ada.open(f"{form}studies/{code}/")
    before = ada.path

    page.locator("input[type=radio]").last.check()
    chosen = page.locator("input[type=radio]").last.get_attribute("name") or ""
    page.get_by_role("textbox").first.fill("2019")
    page.get_by_role("link", name="Your studies").click()
    page.wait_for_function("path => location.pathname !== path", arg=before)

    assert chart_values(world, code)["year"] == 2019
    assert chosen.removeprefix("a-") in chart_values(world, code)


def test_a_draft_that_could_not_be_saved_is_sent_after_logging_in(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    code = world.args["own_chart"]
    form = f"/r/{world.cast.review.code}/charting/{world.form.code}/"
    page = ada.open(f"{form}studies/{code}/")
    cookies = ada.context.cookies()
    ada.context.clear_cookies(name="sessionid")

    with ada.expecting("401"):
        page.get_by_role("textbox").first.fill("2018")
        expect(page.locator(STATE).first).to_contain_text("Not saved. Log in again")
        expect(page.get_by_role("textbox").first).to_have_value("2018")
        assert chart_values(world, code).get("year") != 2018
        ada.context.add_cookies([c for c in cookies if c["name"] == "sessionid"])  # type: ignore[misc]
        page.reload()
    expect(page.get_by_role("textbox").first).to_have_value("2018")

    assert chart_values(world, code)["year"] == 2018


def test_escape_and_a_letter_settle_no_conflict_and_typed_text_is_asked_for(
    world: World, people: Arrivals
) -> None:
    cleo = people("Cleo", world.cast.cleo.user)
    page = cleo.open(f"/r/{world.cast.review.code}/conflicts/{world.args['conflict']}/")
    resolved = Adjudication.objects.count()

    page.get_by_label("Rationale").fill("Both are peers.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Resolve: exclude")).to_be_focused()
    page.wait_for_timeout(300)
    assert Adjudication.objects.count() == resolved

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Conflicts").first.click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Rationale")).to_have_value("Both are peers.")

    page.get_by_role("button", name="Resolve: exclude").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Adjudication.objects.count() == resolved + 1


def test_a_shortcut_takes_no_enter_from_a_focused_control(
    world: World, people: Arrivals
) -> None:
    lena = people("Lena", world.cast.lena.user)
    entry = SkippedEntry.objects.filter(state=SkippedEntry.State.OPEN).earliest("pk")
    page = lena.open(
        f"/r/{world.cast.review.code}/imports/{entry.batch.code}/skipped/?state=open"
    )
    assert page.locator("[data-key=Enter]").count() == 1
    here = lena.path

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert lena.path == here, "Enter on the skip link follows the skip link only"
    assert page.url.endswith("#main")


def test_after_a_vote_the_focus_is_on_the_next_record(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(f"/r/{world.cast.review.code}/screen/{world.title.code}/")

    page.keyboard.press("i")
    expect(page.locator(STATE).first).to_have_text("Saved")

    assert focus(ada) == "ARTICLE"
    title = page.locator("article.record").get_attribute("aria-labelledby")
    assert page.locator(f"#{title}").inner_text()


def test_a_note_without_a_vote_is_asked_for(world: World, people: Arrivals) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(f"/r/{world.cast.review.code}/screen/{world.title.code}/")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.get_by_label("Note").fill("not sure about the setting")
    page.once("dialog", stay)
    page.get_by_role("link", name="My votes").click()
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]
    expect(page.get_by_label("Note")).to_have_value("not sure about the setting")
