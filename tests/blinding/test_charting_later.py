"""What happens to a study after all have charted it does not show that they have.

Ben charts a study that Ada has charted too, and differs, which only adjudicators may
know. Then Ada changes her chart, or leaves and another member takes over. Everything
that the others see and are answered must be the same as if Ben had done nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.urls import reverse

from charting.models import FinalChart
from charting.models.charts import Chart, ChartRound
from charting.services import charts, forms, rounds
from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team
from tests.blinding import harness
from tests.blinding import public_actions as acts
from tests.blinding.capture import Answer, difference, masked
from tests.blinding.hidden_actions import CANARY, Act, play
from tests.blinding.world import World
from tests.blinding.world_runner import PublicAction, WorldRunner
from tests.charting import factories as charting
from tests.charting.test_pages import answers
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DIFFERS = (Act("chart", 0, "exclude", CANARY),)
# His second and third charts are changes after all have submitted.
TOGGLED = (*DIFFERS, Act("chart", 0, "include"), Act("chart", 0, "exclude"))
WHILE_OPEN = (Act("chart", 0, "exclude", CANARY, hands_in=False),)


def shared(world: World) -> ChartRound:
    """Return the study in which the hidden charts are."""
    code = world.charted[3]
    return next(one for one in charting.rounds_of(world.form) if one.code == code)


def ada_charts(world: World) -> None:
    """Let Ada submit her chart."""
    charting.save(world.cast.ada, shared(world))


def ada_reopens(world: World) -> None:
    """Let Ada turn her chart into a draft again."""
    key = uuid.UUID(int=2001)
    code = shared(world).code
    charts.reopen_chart(actor=world.cast.ada, round_code=code, key=key, now=NOW)


def ada_changes_her_chart(world: World) -> None:
    """Let Ada reopen her chart and submit others, also the one that Ben submitted."""
    ada_reopens(world)
    for role in ("partner", "support"):
        charting.save(world.cast.ada, shared(world), role=role, design=CANARY[:6])


def rita_takes_over_from_ada(world: World) -> None:
    """Let Ada leave with a draft, and assign to Rita what is open."""
    ada_reopens(world)
    team.remove_member(actor=world.cast.dora, member=world.cast.ada, now=NOW)
    _give(world, acts._rita(world))


def rita_charts_for_ada(world: World) -> None:
    """Let Rita take over and save a draft of the same study."""
    rita_takes_over_from_ada(world)
    charting.save(acts._rita(world), shared(world), complete=False)


def _give(world: World, member: Member) -> None:
    forms.assign_charting(
        actor=world.cast.dora,
        form_code=world.form.code,
        first=[member],
        second=[world.cast.ben],
        second_share=Decimal(100),
        now=NOW,
    )


def same(
    runner: WorldRunner, viewer: str, hidden: tuple[Act, ...], after: PublicAction
) -> str:
    """Return the difference that Ben's hidden charts make for the viewer."""
    around = {"before": ada_charts, "after": after, "deep": False}
    one, nothing = runner.perform(viewer, "ben", (), **around)
    two, secret = runner.perform(viewer, "ben", hidden, **around)
    assert nothing != secret, "vacuous: the worlds do not differ"
    assert not [*one.broken, *two.broken]
    return difference(one, two)


@pytest.mark.parametrize("hidden", [TOGGLED, WHILE_OPEN])
def test_an_author_who_changes_a_chart_learns_nothing(
    runner: WorldRunner, hidden: tuple[Act, ...]
) -> None:
    for viewer in ("ada", "olaf"):
        assert not same(runner, viewer, hidden, ada_changes_her_chart)


def test_a_hand_over_covers_discrepancies_like_the_others(runner: WorldRunner) -> None:
    for hidden in (DIFFERS, TOGGLED):
        assert not same(runner, "olaf", hidden, rita_charts_for_ada)


def test_a_hand_over_that_leaves_out_discrepancies_is_noticed(
    runner: WorldRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above must be able to fail."""
    real = rounds.lock_unfinalised

    def unsealed_only(pks):
        sealed = ChartRound.objects.unblinded(reason="a planted leak").filter(
            pk__in=pks, sealed_at__isnull=False
        )
        return real(pks) - set(sealed.values_list("pk", flat=True))

    monkeypatch.setattr(rounds, "lock_unfinalised", unsealed_only)
    runner.forget()
    assert same(runner, "olaf", DIFFERS, rita_takes_over_from_ada)
    runner.forget()


# ── Answers ──────────────────────────────────────────────────────────────────

SENT = {
    "chart": answers(key=str(uuid.UUID(int=31)), **{"a-design": "Cohort"}),
    "autosave": answers(key=str(uuid.UUID(int=32)), **{"a-design": "Trial"}),
    "reopen": {"key": str(uuid.UUID(int=33))},
}


def answered(
    runner: WorldRunner, who: str, before: Callable[[World], None]
) -> Iterator[list[Answer]]:
    """Yield the answers to all requests about the study, without and with Ben's acts."""
    world = runner.world
    for hidden in ((), DIFFERS, TOGGLED, WHILE_OPEN):
        found = []
        for name, sent in SENT.items():
            args = [world.cast.review.code, world.form.code, world.charted[3]]
            url = reverse(f"charting:{name}", args=args)
            runner.codes.back_to_mark()
            with harness.undone():
                before(world)
                play(world, runner.codes, world.cast.ben, hidden)
                browser = runner.browser(who)
                found.append(masked(browser.post(url, sent)))
                found.append(masked(browser.get(url if name == "chart" else "/")))
        yield found


@pytest.mark.parametrize("before", [ada_charts, ada_reopens])
def test_own_changes_are_answered_the_same_whatever_others_charted(
    runner: WorldRunner, before: Callable[[World], None]
) -> None:
    def first(world: World) -> None:
        ada_charts(world)
        if before is not ada_charts:
            before(world)

    nothing, *others = answered(runner, "ada", first)
    assert nothing[0].status == 302
    for other in others:
        assert other == nothing


@pytest.mark.parametrize("who", ["cleo", "lena", "olaf"])
def test_nobody_without_an_assignment_gets_an_answer_about_a_study(
    runner: WorldRunner, who: str
) -> None:
    nothing, *others = answered(runner, who, ada_charts)
    assert all(400 <= answer.status < 500 for answer in nothing[::2])
    for other in others:
        assert other[::2] == nothing[::2]


def test_a_change_is_kept_and_has_no_effect(runner: WorldRunner) -> None:
    """The tests above would also pass for a program that stores nothing."""
    world = runner.world
    runner.codes.back_to_mark()
    with harness.undone():
        final = FinalChart.objects.count()
        ada_charts(world)
        play(world, runner.codes, world.cast.ben, DIFFERS)
        ada_changes_her_chart(world)
        own = Chart.objects.visible_to(world.cast.ada).filter(round=shared(world))
        assert own.filter(is_late=True).count() == 3
        assert FinalChart.objects.count() == final


def test_a_program_that_refuses_changes_of_complete_studies_is_noticed(
    runner: WorldRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = charts._open_round

    def by_state(actor, round_code):
        round_, version = real(actor, round_code)
        if round_.sealed_at:
            raise Refused("All reviewers have submitted their charts.")
        return round_, version

    monkeypatch.setattr(charts, "_open_round", by_state)
    nothing, differs, *_ = answered(runner, "ada", ada_charts)
    assert nothing != differs
