from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

# Every key costs an import a look-up for each record, while the importer waits. One
# key for source and review checks more than the two did. See docs/adr/0012.
TOGETHER = "records_record_source_in_review"
ADD = f"""
    ALTER TABLE records_record ADD CONSTRAINT {TOGETHER}
    FOREIGN KEY (source_id, review_id) REFERENCES records_source (id, review_id)
    DEFERRABLE INITIALLY DEFERRED
"""
# Django's index for LIKE on a code: codes are looked up whole.
LIKE = "records_record_code_fd187a9e_like"


def key(to: str, **extra: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        to=to,
        on_delete=django.db.models.deletion.PROTECT,
        db_constraint=False,
        **extra,
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0007_compared_records")]

    operations = [
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                fields=("id", "review"), name="records_source_of_review"
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="review",
            field=key("core.review", related_name="+", db_index=False),
        ),
        migrations.AlterField(
            model_name="record",
            name="added_by",
            field=key("core.member", related_name="+", db_index=False),
        ),
        migrations.AlterField(
            model_name="record",
            name="source",
            field=key("records.source", related_name="records"),
        ),
        migrations.RunSQL(
            ADD, f"ALTER TABLE records_record DROP CONSTRAINT {TOGETHER}"
        ),
        migrations.RunSQL(
            f"DROP INDEX IF EXISTS {LIKE}",
            f"CREATE INDEX {LIKE} ON records_record (code varchar_pattern_ops)",
        ),
    ]
