from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built beside the portal's work, not in its way.
    atomic = False

    dependencies = [("catalogue", "0004_tallies_follow_the_listing")]

    operations = [
        AddIndexConcurrently(
            "listing", models.Index(fields=["year", "product_name", "award"], name="listing_by_year_and_name")
        ),
        AddIndexConcurrently(
            "listing", models.Index(fields=["regency", "-star", "award"], name="listing_by_regency")
        ),
        AddIndexConcurrently(
            "listing",
            models.Index(
                fields=["province", "group", "-star", "award"], name="listing_by_province_and_group"
            ),
        ),
        AddIndexConcurrently(
            "listing",
            models.Index(fields=["group", "product_name", "award"], name="listing_by_group_and_name"),
        ),
        *(
            AddIndexConcurrently(
                "listing",
                GinIndex(
                    name=f"listing_by_words_{drawer}",
                    fields=["words"],
                    fastupdate=False,
                    condition=models.Q(drawer=drawer),
                ),
            )
            for drawer in (1, 2, 3, 4)
        ),
        RemoveIndexConcurrently("listing", "listing_by_words"),
    ]
