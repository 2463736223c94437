"""Stored counts equal a recount after every step of random histories."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reviewapp.core.management.commands.check_integrity import differences
from reviewapp.core.models import Member, Review, Role
from reviewapp.core.refusals import Missing, Refused
from reviewapp.core.services import tallies, team
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.models.stored_state_sql import INSTALL
from screening.decisions.queries import queue
from screening.decisions.services import (
    closing,
    decisions,
    policies,
    stages,
    votes,
)
from screening.duplicates.services import merge_undo
from screening.imports.services import import_undo
from screening.records.models import Duplicate, Import, Record, Source
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories

NOW = factories.NOW


@dataclass
class History:
    """A review in which random steps are taken; each must leave every count right."""

    review: Review
    lead: Member
    readers: list[Member]
    sources: list[Source]
    chance: random.Random
    now: datetime = NOW
    log: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        self.now += timedelta(minutes=1)
        # What a step may not do is refused; the counts must be right then too.
        with suppress(Refused, Missing):
            getattr(self, name)()
            self.log.append(name)
        found = differences(self.review)
        assert found == [], (self.log, name, found)

    def some(self, rows: Sequence[object]) -> object:
        return self.chance.choice(rows) if rows else None

    # ── What may happen ──────────────────────────────────────────────────────
    def import_file(self) -> None:
        source, n = self.chance.choice(self.sources), self.chance.randint(1, 4)
        batch = Import.objects.create(
            review=self.review,
            source=source,
            file_name=f"{uuid.uuid4().hex}.ris",
            sha256=uuid.uuid4().hex,
            size=1,
            state=Import.State.COMMITTED,
            found=n,
            kept=n,
            created_at=self.now,
            created_by=self.lead,
        )
        self._records(source, batch, n)
        self.arrive()

    def _records(self, source: Source, batch: Import | None, n: int) -> None:
        for position in range(1, n + 1):
            factories.make_records(
                self.lead, 1, source, batch=batch, position=position if batch else 0
            )

    def add_by_hand(self) -> None:
        self._records(self.chance.choice(self.sources), None, 1)
        self.arrive()

    def arrive(self) -> None:
        from screening.records import hooks

        hooks.records_changed.call(review=self.review, actor=self.lead, now=self.now)

    def undo_import(self) -> None:
        batch = self.some(Import.objects.filter(state="committed"))
        if batch:
            import_undo.undo_import(
                actor=self.lead,
                import_code=batch.code,
                typed_name=batch.file_name,
                now=self.now,
            )

    def restore_import(self) -> None:
        batch = self.some(Import.objects.filter(state="undone"))
        if batch:
            import_undo.restore_import(
                actor=self.lead, import_code=batch.code, now=self.now
            )

    def merge(self) -> None:
        pks = list(
            Record.objects.identified()
            .unique()
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if len(pks) > 1:
            one, other = self.chance.sample(pks, 2)
            Duplicate.objects.create(
                review=self.review,
                record_id=one,
                of_id=other,
                how=Duplicate.How.PERSON,
                created_at=self.now,
                created_by=self.lead,
            )
            self.arrive()

    def undo_merge(self) -> None:
        edge = self.some(Duplicate.objects.filter(undone_at=None))
        if edge:
            merge_undo.undo_cluster(
                actor=self.lead, record_code=edge.record.code, now=self.now
            )

    def set_policy(self) -> None:
        shares = [(Decimal(100), [self.readers[0]])]
        if self.chance.random() < 0.7:
            share = self.chance.choice([20, 50, 100])
            shares.append((Decimal(share), self.readers[1:]))
        for stage in Stage.objects.filter(review=self.review):
            with suppress(Refused):
                policies.set_policy(
                    actor=self.lead,
                    stage_code=stage.code,
                    mode="fixed",
                    lines=shares,
                    now=self.now,
                )

    def start(self) -> None:
        for stage in Stage.objects.filter(review=self.review):
            with suppress(Refused):
                stages.start_stage(actor=self.lead, stage_code=stage.code, now=self.now)

    def vote(self, verdict: str = "") -> None:
        for _ in range(self.chance.randint(1, 6)):
            reader = self.chance.choice(self.readers)
            stage = self.chance.choice(list(Stage.objects.filter(review=self.review)))
            place = queue.next_place(reader, stage)
            if place is None:
                continue
            said = verdict or self.chance.choice(
                ["include", "include", "exclude", "unsure"]
            )
            reason = stage.reasons.filter(retired_at=None).first()
            votes.cast_vote(
                actor=reader,
                round_code=place.round_code,
                verdict=said,
                reason_code=reason.code if reason and said == "exclude" else "",
                key=uuid.uuid4(),
                now=self.now,
            )

    def vote_all(self) -> None:
        for _ in range(8):
            with suppress(Refused, Missing):
                self.vote("include")

    def change(self) -> None:
        self._own("exclude")

    def withdraw(self) -> None:
        self._own("withdrawn")

    def _own(self, verdict: str) -> None:
        assignment = self.some(Assignment.objects.filter(is_done=True))
        if assignment is None:
            return
        member = assignment.member
        code = Round.objects.seen_by(member).get(pk=assignment.round_id).code
        if verdict == "withdrawn":
            votes.withdraw_vote(
                actor=member, round_code=code, key=uuid.uuid4(), now=self.now
            )
            return
        reason = assignment.stage.reasons.filter(retired_at=None).first()
        votes.cast_vote(
            actor=member,
            round_code=code,
            verdict=verdict,
            reason_code=reason.code if reason else "",
            key=uuid.uuid4(),
            now=self.now,
        )

    def resolve(self) -> None:
        waiting = list(Round.objects.revealed_to(self.lead).filter(verdict=""))
        if waiting:
            one = self.chance.choice(waiting)
            reason = one.stage.reasons.filter(retired_at=None).first()
            verdict = self.chance.choice(["include", "exclude"])
            decisions.resolve_conflict(
                actor=self.lead,
                round_code=one.code,
                verdict=verdict,
                reason_code=reason.code if reason and verdict == "exclude" else "",
                now=self.now,
            )

    def retrieve(self) -> None:
        report = self.some(Report.objects.filter(retrieval="sought"))
        if report and self.chance.random() < 0.8:
            retrieval.mark_retrieved(
                actor=self.lead, report_code=report.code, now=self.now
            )
        elif report:
            retrieval.mark_not_retrieved(
                actor=self.lead, report_code=report.code, reason="Lost", now=self.now
            )

    def send_other(self) -> None:
        record = self.some(Record.objects.filter(arm="other").identified().unique())
        if record:
            retrieval.send_other_to_retrieval(
                actor=self.lead, record_codes=[record.code], now=self.now
            )

    def remove_member(self) -> None:
        if len(self.readers) > 2:
            reader = self.readers.pop()
            team.remove_member(actor=self.lead, member=reader, now=self.now)

    def close(self) -> None:
        for stage in Stage.objects.filter(review=self.review):
            with suppress(Refused):
                for reader in self.readers:
                    with suppress(Refused):
                        stages.mark_finished(
                            actor=reader, stage_code=stage.code, now=self.now
                        )
                closing.close_wave(actor=self.lead, stage_code=stage.code, now=self.now)

    def fold(self) -> None:
        tallies.fold_tallies()


STEPS = [
    *("import_file", "add_by_hand", "undo_import", "restore_import"),
    *("merge", "merge", "undo_merge", "set_policy", "start"),
    *("vote", "vote", "vote", "vote_all", "vote_all", "change", "withdraw"),
    *("resolve", "resolve", "retrieve", "retrieve", "send_other"),
    *("remove_member", "close", "close", "fold"),
]


def new_history(seed: int) -> History:
    """A review with a record stage and a report stage, both started."""
    review = factories.make_review("Stored counts")
    lead = factories.make_member(review, "Dora", Role.LEAD)
    readers = [
        factories.make_member(review, name, Role.REVIEWER)
        for name in ("Ada", "Ben", "Nele", "Omar")
    ]
    stages.create_default_stages(review=review, actor=lead, now=NOW)
    history = History(
        review,
        lead,
        readers,
        [
            factories.make_source(lead, "Medline"),
            factories.make_source(lead, "Experts", Source.Kind.EXPERT),
        ],
        random.Random(seed),
    )
    for name in ("import_file", "set_policy", "start"):
        history.step(name)
    return history


class TestHistories(TestCase):
    @settings(
        max_examples=8,
        deadline=None,
        # A failure names its steps; shrinking them would take minutes.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        st.integers(0, 2**16),
        st.lists(st.sampled_from(STEPS), min_size=10, max_size=25),
    )
    def test_counts_equal_lists_after_every_step(
        self, seed: int, names: list[str]
    ) -> None:
        history = new_history(seed)
        for name in names:
            history.step(name)


def test_no_trigger_joins_old_and_new_rows() -> None:
    """PostgreSQL keeps the plan of a small statement, and a loop over both is slow."""
    assert "JOIN old_rows" not in INSTALL
    assert "EXCEPT SELECT" in INSTALL
