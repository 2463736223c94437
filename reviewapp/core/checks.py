"""System checks that apply the safeguards of blinding to every model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from reviewapp.core.blinding import Contribution, RoundBase


def _foreign_keys(model: type[models.Model]) -> Iterator[Any]:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            yield field


def _missing_safeguards(model: type[models.Model]) -> Iterator[CheckMessage]:
    sealed = issubclass(model, Contribution | RoundBase)
    for field in _foreign_keys(model):
        target = field.related_model
        if sealed and not field.remote_field.hidden:
            yield Error(
                f"{model.__name__}.{field.name} must have related_name='+', because "
                "no join may lead into a blinded table.",
                obj=model,
                id="core.E001",
            )
        if issubclass(target, Contribution) and not issubclass(model, Contribution):
            yield Error(
                f"{model.__name__}.{field.name} points to the blinded "
                f"{target.__name__}, so {model.__name__} must be blinded too.",
                obj=model,
                id="core.E002",
            )
    if sealed and model._meta.base_manager_name != "objects":
        yield Error(
            f"{model.__name__}.Meta must inherit base_manager_name.",
            obj=model,
            id="core.E003",
        )
    if issubclass(model, Contribution):
        names = {trigger.name for trigger in getattr(model._meta, "triggers", [])}
        if not {"append_only", "only_while_blind"} <= names:
            yield Error(
                f"{model.__name__} must list contribution_triggers().",
                obj=model,
                id="core.E004",
            )


@register(Tags.models)
def blinding_safeguards(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check on every model: no joins into blinded tables, and triggers."""
    return [
        message for model in apps.get_models() for message in _missing_safeguards(model)
    ]


@register(Tags.security, deploy=True)
def secret_key_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to run a server with the key that is for commands only."""
    if settings.SECRET_KEY == settings.INSECURE_KEY:
        return [Error("Set SECRET_KEY in the environment.", id="core.E010")]
    return []
