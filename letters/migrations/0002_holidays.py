"""The days off of 2026 and 2027: no deadline in working days can be counted without them."""

import csv
from pathlib import Path

from django.conf import settings
from django.db import migrations


def enter(apps, schema_editor):
    year_model, day_model = apps.get_model("letters", "HolidayYear"), apps.get_model("letters", "Holiday")
    folder = Path(settings.BASE_DIR) / "fixtures" / "holidays"
    for row in rows(folder / "years.csv"):
        year, is_new = year_model.objects.get_or_create(
            year=int(row["year"]), defaults={"decree": row["decree"], "source": row["source"]}
        )
        if is_new:
            day_model.objects.bulk_create(
                day_model(date=day["date"], kind=day["kind"], name=day["name"], year=year)
                for day in rows(folder / "days.csv")
                if day["date"].startswith(f"{year.year}-")
            )


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
