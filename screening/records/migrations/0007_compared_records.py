from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

# The arrays are numbers that do not get smaller: packing them costs more time than
# reading them whole.
ARRAYS = ("records", "marks", "pairs")
UNPACKED = ", ".join(f"ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in ARRAYS)


def key(to: str, **extra: object) -> models.ForeignKey:
    return models.ForeignKey(
        to=to, on_delete=django.db.models.deletion.PROTECT, related_name="+", **extra
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_event_has_digest"),
        ("records", "0006_keys_without_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="duplicate",
            name="parted_by",
            field=key("core.job", null=True, db_index=False),
        ),
        migrations.CreateModel(
            name="ComparedRecords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("version", models.CharField(max_length=100)),
                ("since", models.DateTimeField()),
                ("records", models.BinaryField()),
                ("marks", models.BinaryField()),
                ("pairs", models.BinaryField()),
                ("job", key("core.job", db_index=False)),
                ("review", key("core.review")),
            ],
        ),
        migrations.RunSQL(
            f"ALTER TABLE records_comparedrecords {UNPACKED}", migrations.RunSQL.noop
        ),
    ]
