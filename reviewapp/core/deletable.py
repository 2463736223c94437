"""Finds the tables with rows of a review from the models themselves.

A table that an app adds later is therefore deleted with its review too.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey

from reviewapp.core.models import Review

Table = type[models.Model]


def deletable_tables() -> list[tuple[Table, str]]:
    """Return each table of reviews with the path from its rows to the review.

    A table comes before the tables that its path goes through.
    """
    found = {
        model: path
        for model in apps.get_models(include_auto_created=True)
        if model is not Review and (path := _path_to_review(model))
    }
    return sorted(found.items(), key=lambda item: (-item[1].count("__"), item[1]))


def delete_triggers() -> list[str]:
    """Return the names of the triggers that prevent deletes in these tables."""
    everything: list[Table] = [Review, *(model for model, _ in deletable_tables())]
    return [
        f"{model._meta.label}:{trigger.name}"
        for model in everything
        for trigger in getattr(model._meta, "triggers", ())
        if "DELETE" in str(trigger.operation)
    ]


def _path_to_review(model: Table) -> str:
    """Return the shortest path of foreign keys to the review; "" if none."""
    seen, ways = {model}, [(model, "")]
    while ways:
        further: list[tuple[Table, str]] = []
        for here, path in ways:
            for name, target in _foreign_key_targets(here):
                if target is Review:
                    return path + name
                if target not in seen:
                    seen.add(target)
                    further.append((target, f"{path}{name}__"))
        ways = further
    return ""


def _foreign_key_targets(model: Table) -> Iterator[tuple[str, Table]]:
    """Yield the foreign keys of a model with their targets, required keys first."""
    keys = [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]
    for key in sorted(keys, key=lambda key: key.null):
        yield key.name, key.related_model
