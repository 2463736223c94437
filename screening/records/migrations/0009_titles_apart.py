from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# What is here already is as searchable afterwards as before.
MOVE = """
    INSERT INTO records_searchedtitle (record_id, title)
    SELECT id, title FROM records_record;
    UPDATE records_import SET titled_at = committed_at
    WHERE committed_at IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0008_keys_checked_together")]

    operations = [
        migrations.CreateModel(
            name="SearchedTitle",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="searched",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("title", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="import",
            name="titled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="record", name="records_record_title"),
        migrations.AddIndex(
            model_name="searchedtitle",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["title"],
                name="records_searched_title",
                opclasses=["gin_trgm_ops"],
            ),
        ),
    ]
