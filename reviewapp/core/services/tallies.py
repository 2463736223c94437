"""Adding up the rows of counters, so that reading one stays cheap."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg import sql

from reviewapp.core.models import Tally

# One statement, so that every reader finds a counter either before or after. A row that
# another sweep deletes at the same time is not returned here, so it is added once.
_FOLD = """
    WITH gone AS (
        DELETE FROM {table} WHERE review_id IN (
            SELECT review_id FROM {table} WHERE NOT is_folded
        ) RETURNING review_id, n, {keys}
    )
    INSERT INTO {table} (review_id, {keys}, n, is_folded)
    SELECT review_id, {keys}, sum(n), true FROM gone
    GROUP BY review_id, {keys} HAVING sum(n) <> 0
"""


def tally_tables() -> list[type[Tally]]:
    """Return the counters of all apps."""
    return [model for model in apps.get_models() if issubclass(model, Tally)]


def fold_tallies() -> None:
    """Add up the rows of every counter that has new ones; no value changes."""
    for model in tally_tables():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if field.name in model.KEYS
        ]
        statement = sql.SQL(_FOLD).format(
            table=sql.Identifier(model._meta.db_table),
            keys=sql.SQL(", ").join([sql.Identifier(name) for name in columns]),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
