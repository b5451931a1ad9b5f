import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    # Indexes are built beside the portal's work, not in its way.
    atomic = False

    dependencies = [("awards", "0003_kinds_of_decree")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # What the old rule (one decree per round) promised holds for every row there is.
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS decree_establishes_its_round_once ON awards_decree (round_id) WHERE kind = 'penetapan'",
                    reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS decree_establishes_its_round_once",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="decree",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "penetapan")),
                        fields=("round",),
                        name="decree_establishes_its_round_once",
                    ),
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE awards_decree DROP CONSTRAINT IF EXISTS awards_decree_round_id_key",
                    reverse_sql=migrations.RunSQL.noop,
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="decree",
                    name="round",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decrees",
                        to="nominations.round",
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS awards_certificateevent_decree_id_8b3fc45f ON awards_certificateevent (decree_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS awards_certificateevent_decree_id_8b3fc45f",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS awards_decreeevent_changes_id_2b5d9e75 ON awards_decreeevent (changes_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS awards_decreeevent_changes_id_2b5d9e75",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS awards_decreeevent_scheduled_by_id_3931b41c ON awards_decreeevent (scheduled_by_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS awards_decreeevent_scheduled_by_id_3931b41c",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS awards_decreeevent_wording_id_71bc374f ON awards_decreeevent (wording_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS awards_decreeevent_wording_id_71bc374f",
        ),
    ]
