from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The index is built beside the portal's work, not in its way.
    atomic = False

    dependencies = [("letters", "0003_read_in_the_portal")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["person", "-queued_at"], name="message_inbox"
            ),
        ),
    ]
