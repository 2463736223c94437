from __future__ import annotations

from django.db import migrations

# PostgreSQL's own compression takes longer than all the rest of storing a record: with
# it an import of long records runs at half the speed. Texts are stored as they are.
TEXTS = ("raw", "abstract")


def storage(kind: str) -> str:
    return ", ".join(f"ALTER COLUMN {text} SET STORAGE {kind}" for text in TEXTS)


class Migration(migrations.Migration):
    dependencies = [("records", "0003_edges_set_aside")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE records_record {storage('EXTERNAL')}",
            f"ALTER TABLE records_record {storage('EXTENDED')}",
        ),
    ]
