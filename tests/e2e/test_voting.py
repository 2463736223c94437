"""Voting under bad conditions: no mouse, script or connection, double clicks."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from screening.decisions.models.rounds import Vote
from tests import factories
from tests.blinding.world import World
from tests.e2e.conftest import Arrivals
from tests.e2e.people import PHONE, Person
from tests.e2e.steps import screening, team


def queue(world: World) -> str:
    """Return the path of Ada's screening page at title and abstract."""
    return f"/r/{world.cast.review.code}/screen/{world.title.code}/"


def votes_of_ada(world: World, round_code: str) -> list[str]:
    """Return Ada's votes in the database."""
    found = Vote.objects.unblinded(reason="tests look behind the curtain")
    votes = found.filter(round__code=round_code, author=world.cast.ada)
    return list(votes.order_by("version").values_list("verdict", flat=True))


def shown_round(person: Person) -> str:
    """Return the code of the round whose vote form is shown."""
    return screening.shown(person).rstrip("/").split("/")[-2]


def test_a_vote_is_cast_by_keyboard_alone(world: World, people: Arrivals) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "include":
            break
    page.keyboard.press("Enter")
    page.wait_for_function(
        "code => !document.querySelector('form[data-vote]').action.includes(code)",
        arg=first,
    )

    assert votes_of_ada(world, first) == ["include"]


def test_a_double_click_on_include_casts_one_vote(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)

    page.get_by_role("button", name="Include").dblclick()
    page.wait_for_function(
        "code => !document.querySelector('form[data-vote]').action.includes(code)",
        arg=first,
    )
    page.wait_for_timeout(500)

    assert votes_of_ada(world, first) == ["include"]
    assert votes_of_ada(world, shown_round(ada)) == []


def test_a_held_key_does_not_vote_its_way_through_the_queue(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)

    for _ in range(5):
        page.keyboard.down("e")
    page.keyboard.up("e")
    page.wait_for_function(
        "code => !document.querySelector('form[data-vote]').action.includes(code)",
        arg=first,
    )

    assert votes_of_ada(world, first) == ["exclude"]
    assert votes_of_ada(world, shown_round(ada)) == []


def test_a_vote_without_a_line_says_so_and_is_saved_once_when_it_is_back(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)

    with ada.expecting("ERR_INTERNET_DISCONNECTED", "console: htmx:"):
        ada.context.set_offline(True)
        page.keyboard.press("i")
        expect(page.locator("[data-save-state]").first).to_contain_text("Not saved yet")
        assert votes_of_ada(world, first) == []
        ada.context.set_offline(False)
        expect(page.locator("[data-save-state]").first).to_contain_text("Saved")

    assert shown_round(ada) != first
    assert votes_of_ada(world, first) == ["include"]


def test_a_vote_whose_answer_was_lost_is_sent_again_and_counts_once(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(str(answer.status))
            route.abort("connectionreset")

    page.route("**/vote/", lose_the_first_answer)
    with ada.expecting("ERR_CONNECTION_RESET", "console: htmx:"):
        page.keyboard.press("e")
        expect(page.locator("[data-save-state]").first).to_contain_text("Saved")

    assert lost == ["200"]
    assert votes_of_ada(world, first) == ["exclude"]


def test_login_and_vote_work_without_javascript(world: World, people: Arrivals) -> None:
    ada = people("Ada", java_script_enabled=False)
    page = ada.open("/accounts/login/")
    page.get_by_label("Email address").fill(team.address(ada))
    page.get_by_label("Password").fill(factories.PASSWORD)
    ada.send("Log in", exact=True)
    page = ada.open(queue(world))
    action = page.locator("form[data-vote]").get_attribute("action") or ""
    first = action.rstrip("/").split("/")[-2]

    ada.send("Include")

    assert ada.path == queue(world)
    assert votes_of_ada(world, first) == ["include"]
    following = page.locator("form[data-vote]").get_attribute("action") or ""
    assert first not in following
    ada.send("Undo")
    assert first in (page.locator("form[data-vote]").get_attribute("action") or "")
    assert votes_of_ada(world, first) == ["include", "withdrawn"]


def test_a_file_is_uploaded_without_javascript(world: World, people: Arrivals) -> None:
    lena = people("Lena", world.cast.lena.user, java_script_enabled=False)
    page = lena.open(f"/r/{world.cast.review.code}/sources/{world.args['source']}/")
    record = "TY  - JOUR\nTI  - A new one\nPY  - 2020\nER  - \n"

    page.locator("input[type=file]").set_input_files(
        {
            "name": "new.ris",
            "mimeType": "application/x-research-info-systems",
            "buffer": record.encode(),
        }
    )
    lena.send("Upload")

    expect(page.get_by_role("heading", name="new.ris", level=1)).to_be_visible()


def test_markup_in_a_title_is_shown_and_never_runs(
    world: World, people: Arrivals
) -> None:
    cast = world.cast
    nasty = "<img src=x onerror=\"document.title='ran'\"><script>alert(1)</script>"
    source = factories.make_source(cast.lena, "<b>A source</b>")
    factories.make_records(
        cast.lena, 1, source, title=nasty, authors=[nasty], abstract=nasty
    )
    dora = people("Dora", cast.dora.user)

    page = dora.open(f"/r/{cast.review.code}/records/?q=onerror")

    expect(page.get_by_text("<img src=x").first).to_be_visible()
    assert page.locator("main img").count() == 0
    page.get_by_role("link", name="<img src=x").first.click()
    expect(page.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    assert page.locator("main img, main script").count() == 0
    assert page.title() != "ran"


def test_on_a_phone_the_verdicts_are_in_view_and_large_enough_for_a_thumb(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user, viewport=PHONE, has_touch=True)
    page = ada.open(queue(world))
    first = shown_round(ada)
    include = page.get_by_role("button", name="Include")
    box = include.bounding_box()

    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
    assert box["height"] >= 44
    include.tap()
    page.wait_for_function(
        "code => !document.querySelector('form[data-vote]').action.includes(code)",
        arg=first,
    )
    assert votes_of_ada(world, first) == ["include"]
