from django.db import migrations


class Migration(migrations.Migration):
    # Built beside the portal's work, not in its way.
    atomic = False

    dependencies = [("awards", "0006_signed_outside_the_portal")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS awards_decreeevent_signed_scan_id_846af5ba ON awards_decreeevent (signed_scan_id)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS awards_decreeevent_signed_scan_id_846af5ba",
        ),
    ]
