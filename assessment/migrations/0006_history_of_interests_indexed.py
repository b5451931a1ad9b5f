from django.db import migrations


class Migration(migrations.Migration):
    # The index is built beside the portal's work, not in its way.
    atomic = False

    dependencies = [("assessment", "0005_agenda")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS assessment_interestevent_ended_by_id_0e9060a6 "
            "ON assessment_interestevent (ended_by_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS assessment_interestevent_ended_by_id_0e9060a6",
        )
    ]
