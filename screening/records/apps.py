from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "screening.records"
    label = "records"

    def ready(self) -> None:
        from reviewapp.core import jobs
        from screening.records import tasks

        jobs.register("records.read", tasks.read_file)
        jobs.register("records.import", tasks.import_file)
        jobs.register("records.duplicates", tasks.find_duplicates)
