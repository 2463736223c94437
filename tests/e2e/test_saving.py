"""Saved means saved: what the page says when a vote did not reach the server."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from screening.decisions.models.rounds import Vote
from tests import factories
from tests.blinding.world import World
from tests.e2e.conftest import Arrivals, log_in
from tests.e2e.people import PHONE, Person
from tests.e2e.steps import screening, team

STATE = "[data-save-state]"


def queue(world: World) -> str:
    """Return the path of Ada's screening page at title and abstract."""
    return f"/r/{world.cast.review.code}/screen/{world.title.code}/"


def votes_of_ada(world: World, round_code: str) -> list[tuple[str, str]]:
    """Return Ada's votes in the database, each with its note."""
    found = Vote.objects.unblinded(reason="tests look behind the curtain")
    votes = found.filter(round__code=round_code, author=world.cast.ada)
    return list(votes.order_by("version").values_list("verdict", "note"))


def shown_round(person: Person) -> str:
    """Return the code of the round whose vote form is shown."""
    return screening.shown(person).rstrip("/").split("/")[-2]


def try_again(person: Person) -> None:
    """Let the page try again now instead of after its pause."""
    person.page.evaluate("dispatchEvent(new Event('online'))")


def test_a_vote_without_a_session_is_not_saved_and_is_sent_after_logging_in(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)
    page.get_by_label("Note").fill("peers as authors")
    ada.context.clear_cookies(name="sessionid")

    with ada.expecting("401"):
        page.keyboard.press("Escape")
        page.keyboard.press("i")
        expect(page.locator(STATE).first).to_contain_text("Not saved. Log in again")
        expect(page.get_by_label("Note")).to_have_value("peers as authors")
        assert votes_of_ada(world, first) == []
        page.get_by_role("link", name="Log in").first.click()
        page.get_by_label("Email address").fill(team.address(ada))
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()

    expect(page.locator(STATE).first).to_have_text("Saved")
    assert votes_of_ada(world, first) == [("include", "peers as authors")]
    assert shown_round(ada) != first
    page.reload()
    page.wait_for_timeout(300)
    assert votes_of_ada(world, first) == [("include", "peers as authors")]


def test_only_an_answer_that_names_the_vote_is_taken_for_saved(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)
    card = "<html><body><div id='card'>Log in</div></body></html>"
    other = {"Saved-Key": "00000000-0000-4000-8000-000000000000"}
    fakes: list[dict[str, object]] = [
        {"status": 302, "headers": {"Location": "/accounts/login/"}},
        {"status": 200, "content_type": "text/html", "body": card},
        {"status": 200, "content_type": "text/html", "body": card, "headers": other},
        {"status": 422, "content_type": "text/html", "body": card},
        {"status": 500, "content_type": "text/html", "body": card},
        {},
    ]
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(str(route.request.post_data))
        if len(asked) > len(fakes):
            route.continue_()
        elif fake := fakes[len(asked) - 1]:
            route.fulfill(**fake)  # type: ignore[arg-type]
        else:
            route.abort("connectionreset")

    page.route("**/vote/", answer)
    with ada.expecting("500 ", "422 ", "ERR_CONNECTION_RESET"):
        page.keyboard.press("e")
        for n in range(1, len(fakes) + 1):
            page.wait_for_function(
                "document.querySelector('[data-save-state]').dataset.saveState"
                ".match(/retrying|loggedout/)"
            )
            expect(page.locator(STATE).first).to_contain_text("Not saved")
            assert len(asked) == n
            assert shown_round(ada) == first
            assert votes_of_ada(world, first) == []
            with page.expect_request("**/vote/"):
                try_again(ada)
        expect(page.locator(STATE).first).to_have_text("Saved")

    assert votes_of_ada(world, first) == [("exclude", "")]
    assert len(set(asked)) == 1, "every try sends the same key"


def test_a_stale_tab_is_refused_with_both_values_and_offers_both(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    page = ada.open(queue(world))
    first = shown_round(ada)
    other = ada.context.new_page()
    other.goto(page.url)
    page.keyboard.press("i")
    expect(page.locator(STATE).first).to_have_text("Saved")

    with ada.expecting("422 "):
        other.keyboard.press("e")
        expect(other.locator(STATE).first).to_have_text("Not saved")
        notice = other.locator("#card .notice")
        expect(notice).to_contain_text("In another tab you decided include at")
        expect(notice).to_contain_text("This page says exclude.")
    assert votes_of_ada(world, first) == [("include", "")]
    expect(other.get_by_role("link", name="Keep include")).to_be_visible()
    other.get_by_role("button", name="Change to exclude").click()
    expect(other.locator(STATE).first).to_have_text("Saved")

    assert votes_of_ada(world, first) == [("include", ""), ("exclude", "")]
    # The first tab still offers to undo "include", which is not the vote any more.
    with ada.expecting("422 "):
        page.keyboard.press("z")
        expect(page.locator("#card .notice")).to_contain_text("you decided exclude")
    assert len(votes_of_ada(world, first)) == 2


def test_on_a_phone_the_state_and_undo_are_in_view_at_any_scroll_position(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user, viewport=PHONE, has_touch=True)
    page = ada.open(queue(world))
    first = shown_round(ada)
    page.get_by_role("button", name="Include").tap()
    bar = page.locator(".verdict-bar")
    expect(bar.locator(STATE)).to_have_text("Saved")

    for share in (0, 0.5, 1):
        page.evaluate(
            "share => scrollTo(0, share * (document.body.scrollHeight - innerHeight))",
            share,
        )
        expect(bar.locator(STATE)).to_be_in_viewport(ratio=1)
        expect(bar.get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Undo").tap()
    page.wait_for_function(
        "code => document.querySelector('form[data-vote]').action.includes(code)",
        arg=first,
    )
    assert [verdict for verdict, _ in votes_of_ada(world, first)] == [
        "include",
        "withdrawn",
    ]


def leave_a_vote_in_the_outbox(ada: Person, world: World) -> str:
    """Vote while no request gets through, and return the code of the round."""
    page = ada.open(queue(world))
    first = shown_round(ada)
    page.route("**/vote/", lambda route: route.abort("internetdisconnected"))
    page.keyboard.press("i")
    expect(page.locator(STATE).first).to_contain_text("Not saved yet")
    return first


def test_the_outbox_belongs_to_one_account_and_is_sent_from_any_page(
    world: World, people: Arrivals
) -> None:
    cast = world.cast
    ada = people("Ada", cast.ada.user)
    with ada.expecting("ERR_INTERNET_DISCONNECTED"):
        first = leave_a_vote_in_the_outbox(ada, world)
    page = ada.page
    found = Vote.objects.unblinded(reason="tests look behind the curtain")
    before = found.filter(author=cast.ben).count()

    log_in(ada, cast.ben.user)
    page.unroute("**/vote/")
    ada.open(f"/r/{cast.review.code}/")
    page.wait_for_timeout(500)
    assert found.filter(author=cast.ben).count() == before
    assert votes_of_ada(world, first) == []

    log_in(ada, cast.ada.user)
    with page.expect_response("**/vote/") as answered:
        ada.open(f"/r/{cast.review.code}/")
    assert answered.value.headers["saved-key"]
    assert votes_of_ada(world, first) == [("include", "")]


def test_log_out_warns_of_work_that_was_not_sent_and_removes_it(
    world: World, people: Arrivals
) -> None:
    ada = people("Ada", world.cast.ada.user)
    with ada.expecting("ERR_INTERNET_DISCONNECTED"):
        first = leave_a_vote_in_the_outbox(ada, world)
    page = ada.page
    ada.open("/accounts/logout/")
    expect(page.get_by_text("Some of your work is not saved yet.")).to_be_visible()
    ada.send(page.locator("form[data-logout] button"))

    page.unroute("**/vote/")
    log_in(ada, world.cast.ada.user)
    ada.open(queue(world))
    page.wait_for_timeout(500)
    assert votes_of_ada(world, first) == []
    ada.open("/accounts/logout/")
    expect(page.get_by_text("Some of your work is not saved yet.")).to_be_hidden()


def test_a_server_that_never_answers_is_asked_again(
    world: World, people: Arrivals
) -> None:
    """After 15 seconds, which pass at once here; the vote is stored once."""
    ada = people("Ada", world.cast.ada.user)
    ada.page.clock.install()
    page = ada.open(queue(world))
    first = shown_round(ada)
    asked: list[Route] = []
    page.route("**/vote/", lambda route: asked.append(route))
    with ada.expecting("ERR_"):
        with page.expect_request("**/vote/"):
            page.keyboard.press("e")
        page.clock.fast_forward(14_000)
        expect(page.locator(STATE).first).to_have_text("Saving…")
        page.clock.fast_forward(2_000)
        expect(page.locator(STATE).first).to_contain_text("Not saved")
        assert votes_of_ada(world, first) == []
        page.unroute("**/vote/")
        try_again(ada)
        expect(page.locator(STATE).first).to_have_text("Saved")
    assert asked
    assert votes_of_ada(world, first) == [("exclude", "")]
