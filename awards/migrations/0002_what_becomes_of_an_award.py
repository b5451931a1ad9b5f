import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("assessment", "0005_agenda"),
        ("awards", "0001_initial"),
        ("files", "0002_checked_files_and_uploads"),
        ("nominations", "0002_who_looks_after_it_and_rules_with_a_history"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.TextField(verbose_name="informasi yang diterima")),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="dijawab paling lambat")),
                ("answer", models.TextField(blank=True, verbose_name="penjelasan")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("tetap", "Penghargaan tetap"), ("dicabut", "Diusulkan dicabut")],
                        max_length=8,
                        verbose_name="akhir",
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, verbose_name="alasan")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarifications",
                        to="awards.award",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("award",),
                        name="clarification_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("about", ""), _negated=True),
                        name="clarification_is_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="clarification_is_answered_whole_or_not_at_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("ended_by", None),
                                ("outcome", ""),
                                ("outcome_reason", ""),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("outcome__in", ["tetap", "dicabut"]),
                                models.Q(("outcome_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="clarification_ends_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClarificationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("about", models.TextField(verbose_name="informasi yang diterima")),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="dijawab paling lambat")),
                ("answer", models.TextField(blank=True, verbose_name="penjelasan")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("tetap", "Penghargaan tetap"), ("dicabut", "Diusulkan dicabut")],
                        max_length=8,
                        verbose_name="akhir",
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, verbose_name="alasan")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.award",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="awards.clarification",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DecreeFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "variant",
                    models.CharField(
                        choices=[
                            ("asli", "Naskah asli"),
                            ("salinan", "Salinan"),
                            ("pindaian", "Pindaian bertanda tangan"),
                        ],
                        max_length=10,
                        verbose_name="ragam",
                    ),
                ),
                ("path", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "decree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="awards.decree"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decrees",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["decree", "variant"],
                "constraints": [
                    models.UniqueConstraint(fields=("decree", "variant"), name="decree_has_each_paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("path", ""), ("stored__isnull", False), ("variant", "pindaian")),
                            models.Q(
                                ("stored", None),
                                ("variant__in", ["asli", "salinan"]),
                                models.Q(("path", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="decree_file_lies_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$"), ("size__gt", 0)),
                        name="decree_file_has_its_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecreeWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="jenis")),
                ("version", models.PositiveSmallIntegerField(verbose_name="versi")),
                ("considering", models.JSONField(default=list, verbose_name="menimbang")),
                ("recalling", models.JSONField(default=list, verbose_name="mengingat")),
                ("noting", models.JSONField(blank=True, default=list, verbose_name="memperhatikan")),
                (
                    "copies_to",
                    models.JSONField(blank=True, default=list, verbose_name="salinan disampaikan kepada"),
                ),
                (
                    "certifier",
                    models.CharField(max_length=120, verbose_name="pejabat yang mengesahkan salinan"),
                ),
                (
                    "certifier_name",
                    models.CharField(blank=True, max_length=120, verbose_name="namanya, tanpa gelar"),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decree_wordings",
                        to="nominations.round",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "kind", "version"), name="decree_wording_version_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["penetapan", "perubahan", "pencabutan"])),
                        name="decree_wording_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="nomor urut lampiran")),
                ("star_before", models.PositiveSmallIntegerField(verbose_name="bintang semula")),
                ("star_after", models.PositiveSmallIntegerField(verbose_name="bintang menjadi")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="awards.award"
                    ),
                ),
                (
                    "decree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award_changes",
                        to="awards.decree",
                    ),
                ),
            ],
            options={
                "ordering": ["decree", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("award", "decree"), name="award_is_changed_once_by_a_decree"
                    ),
                    models.UniqueConstraint(
                        fields=("decree", "position"), name="award_change_position_is_unique_in_its_decree"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("star_before", models.F("star_after")), _negated=True),
                        name="award_change_changes_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d8b097606710a1cd0f37fa4c9086c44c9d12835",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_de520",
                    table="awards_awardchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clarification",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "awards_clarificationevent" ("about", "answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "award_id", "due_at", "ended_at", "ended_by_id", "id", "outcome", "outcome_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."about", NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."award_id", NEW."due_at", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."outcome", NEW."outcome_reason", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="c7998bc290ff7f0db80ff70bc4e292422686f442",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a0c7",
                    table="awards_clarification",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clarification",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "awards_clarificationevent" ("about", "answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "award_id", "due_at", "ended_at", "ended_by_id", "id", "outcome", "outcome_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."about", NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."award_id", NEW."due_at", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."outcome", NEW."outcome_reason", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="7df5a904d84a22ca2dd4c94a68d133030ed66832",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_77dea",
                    table="awards_clarification",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decreefile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f121b517e58ee4fc11beb14922565cb78904c8f3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_1aa3f",
                    table="awards_decreefile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decreewording",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cd253a3e95a1a9f40fe8fe94f3fb2b568b6b07d6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_1ebed",
                    table="awards_decreewording",
                    when="BEFORE",
                ),
            ),
        ),
    ]
