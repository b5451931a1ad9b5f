import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("assessment", "0003_explanations"),
        ("files", "0002_checked_files_and_uploads"),
        ("nominations", "0002_who_looks_after_it_and_rules_with_a_history"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("regions", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="interest",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="interest",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="visitmember",
            name="is_never_changed",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="visitmember",
            name="is_free",
        ),
        migrations.RemoveConstraint(
            model_name="interest",
            name="interest_home_is_a_regency_others_an_ikm",
        ),
        migrations.AddField(
            model_name="interest",
            name="end_reason",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="alasan berakhir"),
        ),
        migrations.AddField(
            model_name="interest",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="interest",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="note",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="keterangan"),
        ),
        migrations.AddField(
            model_name="interestevent",
            name="end_reason",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="alasan berakhir"),
        ),
        migrations.AddField(
            model_name="interestevent",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            # Indexed in 0006, beside the portal's work.
            database_operations=[
                migrations.AddField(
                    model_name="interestevent",
                    name="ended_by",
                    field=models.ForeignKey(
                        db_index=False,
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="interestevent",
                    name="ended_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="interestevent",
            name="note",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="keterangan"),
        ),
        migrations.AddField(
            model_name="visitmember",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="interest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("home", "berasal dari kabupaten/kota ini"),
                    ("ownership", "pemilik atau pemegang saham"),
                    ("family", "keluarga pemilik"),
                    ("coached", "pernah membina"),
                    ("employer", "bekerja atau pernah bekerja di sana"),
                ],
                max_length=10,
                verbose_name="hubungan",
            ),
        ),
        migrations.AlterField(
            model_name="interestevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("home", "berasal dari kabupaten/kota ini"),
                    ("ownership", "pemilik atau pemegang saham"),
                    ("family", "keluarga pemilik"),
                    ("coached", "pernah membina"),
                    ("employer", "bekerja atau pernah bekerja di sana"),
                ],
                max_length=10,
                verbose_name="hubungan",
            ),
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="nama produk latihan")),
                ("text", models.TextField(verbose_name="uraian usulan latihan")),
                ("created_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="nominations.commoditygroup",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.instrument",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="nominations.round",
                    ),
                ),
            ],
            options={
                "ordering": ["-round", "group"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "group"), name="calibration_once_per_round_and_group"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="calibration_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), ("opened_at__isnull", False), _connector="OR"
                        ),
                        name="calibration_closes_after_it_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalibrationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=160, verbose_name="nama produk latihan")),
                ("text", models.TextField(verbose_name="uraian usulan latihan")),
                ("created_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="nominations.commoditygroup",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessment.instrument",
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
                        to="assessment.calibration",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="nominations.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CalibrationFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caption", models.CharField(max_length=200, verbose_name="keterangan")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="assessment.calibration",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["case", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "file"), name="calibration_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("caption", ""), _negated=True),
                        name="calibration_file_has_a_caption",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalibrationSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.JSONField(blank=True, default=dict)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="assessment.calibration",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["case", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "person"), name="calibration_sheet_once_per_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelSize",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveSmallIntegerField(verbose_name="jumlah penilai tiap usulan")),
                ("reason", models.TextField(verbose_name="alasan")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_sizes",
                        to="nominations.round",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 2), ("size__lte", 9)), name="panel_size_is_sensible"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="panel_size_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("registered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("discarded_at", models.DateTimeField(blank=True, null=True)),
                ("discard_reason", models.TextField(blank=True, verbose_name="alasan")),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="assessment.assignment",
                    ),
                ),
                (
                    "discarded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="files.storedfile",
                        verbose_name="pindaian lembar",
                    ),
                ),
                (
                    "sheet",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="assessment.sheet",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over_at", None)),
                        fields=("assignment",),
                        name="paper_one_open_per_assignment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discarded_at", None), ("finished_at", None), ("over_at", None)),
                            models.Q(("discarded_at", None), ("over_at", models.F("finished_at"))),
                            models.Q(("finished_at", None), ("over_at", models.F("discarded_at"))),
                            _connector="OR",
                        ),
                        name="paper_is_over_once_finished_or_discarded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("finished_by", None), ("sheet", None)),
                            models.Q(
                                ("discarded_at", None),
                                ("finished_at__isnull", False),
                                ("finished_by__isnull", False),
                                ("sheet__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="paper_finished_with_its_sheet_and_only_then",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discard_reason", ""), ("discarded_at", None), ("discarded_by", None)),
                            models.Q(
                                ("discarded_at__isnull", False),
                                ("discarded_by__isnull", False),
                                models.Q(("discard_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_discarded_with_a_reason_and_only_then",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("points", models.JSONField(default=dict)),
                ("notes", models.JSONField(blank=True, default=dict)),
                ("saved_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="assessment.paper",
                    ),
                ),
            ],
            options={
                "ordering": ["paper", "place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper", "place"), name="paper_entry_place_is_taken_once"
                    ),
                    models.UniqueConstraint(fields=("paper", "by"), name="paper_entry_by_two_people"),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", [1, 2])),
                        name="paper_entry_is_the_first_or_the_second",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=20)),
                ("cell", models.CharField(choices=[("points", "skor"), ("note", "catatan")], max_length=6)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="assessment.paper",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="assessment.paperentry",
                    ),
                ),
            ],
            options={
                "ordering": ["paper", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper", "indicator", "cell"), name="paper_choice_once_per_cell"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cell__in", ["points", "note"])),
                        name="paper_choice_is_of_a_known_cell",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperEntryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("points", models.JSONField(default=dict)),
                ("notes", models.JSONField(blank=True, default=dict)),
                ("saved_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessment.paper",
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
                        to="assessment.paperentry",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PaperEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("registered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("discarded_at", models.DateTimeField(blank=True, null=True)),
                ("discard_reason", models.TextField(blank=True, verbose_name="alasan")),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessment.assignment",
                    ),
                ),
                (
                    "discarded_by",
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
                    "finished_by",
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
                        to="assessment.paper",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="files.storedfile",
                        verbose_name="pindaian lembar",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assessment.sheet",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ikm__isnull", True),
                        ("kind__in", ["home", "ownership", "family", "coached", "employer"]),
                        ("regency__isnull", False),
                    ),
                    models.Q(
                        ("ikm__isnull", False),
                        ("kind__in", ["ownership", "family", "coached", "employer"]),
                        ("regency__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="interest_is_with_an_ikm_or_a_regency",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="interest_ended_with_a_reason_and_only_then",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="7f391669ab187db6ad2a34c1a1f9e01eb63474d7",
                    operation="DELETE",
                    pgid="pgtrigger_is_never_deleted_185d3",
                    table="assessment_interest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessment_interestevent" ("end_reason", "ended_at", "ended_by_id", "id", "ikm_id", "kind", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "regency_id") VALUES (NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."ikm_id", NEW."kind", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."regency_id"); RETURN NULL;',
                    hash="4073992421105550c4b2ce724f6096abaed02b40",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67823",
                    table="assessment_interest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="interest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "assessment_interestevent" ("end_reason", "ended_at", "ended_by_id", "id", "ikm_id", "kind", "note", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "regency_id") VALUES (NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."id", NEW."ikm_id", NEW."kind", NEW."note", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."regency_id"); RETURN NULL;',
                    hash="4d8823696cf3617363e6a4dd4277f82670279b00",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5d09e",
                    table="assessment_interest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="visitmember",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="a58e2d3ba6d91f4f063ccf38f8c104b32ae8b762",
                    operation="DELETE",
                    pgid="pgtrigger_is_never_deleted_7a07c",
                    table="assessment_visitmember",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="visitmember",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_its_visit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."visit_id" IS DISTINCT FROM (NEW."visit_id") OR OLD."assignment_id" IS DISTINCT FROM (NEW."assignment_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2729decdb30ad76f3596658b81426dc0e4716ea0",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_with_its_visit_a7677",
                    table="assessment_visitmember",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="visitmember",
            trigger=pgtrigger.compiler.Trigger(
                name="is_free",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    \n    PERFORM 1 FROM assessment_visit WHERE id = NEW.visit_id FOR SHARE;\n    IF NOT EXISTS (SELECT 1 FROM assessment_visit WHERE id = NEW.visit_id AND state = 'planned') THEN\n        RAISE EXCEPTION 'a visit that is over is never changed' USING ERRCODE = 'check_violation';\n    END IF;\n    \n    PERFORM 1 FROM nominations_nomination AS nomination\n    JOIN assessment_assessment AS one ON one.nomination_id = nomination.id\n    WHERE one.id = (SELECT assessment_id FROM assessment_visit WHERE id = NEW.visit_id) FOR SHARE OF nomination;\n    IF EXISTS (\n        SELECT 1 FROM assessment_decision AS decided\n        JOIN assessment_assessment AS one ON one.nomination_id = decided.nomination_id\n        WHERE one.id = (SELECT assessment_id FROM assessment_visit WHERE id = NEW.visit_id)) THEN\n        RAISE EXCEPTION 'nothing is verified once the plenary has decided' USING ERRCODE = 'check_violation';\n    END IF;\n\n\n    IF NEW.left_at IS NULL AND NOT EXISTS (\n        SELECT 1 FROM assessment_assignment AS mine\n        JOIN assessment_visit AS visit ON visit.assessment_id = mine.assessment_id\n        WHERE visit.id = NEW.visit_id AND mine.id = NEW.assignment_id\n        AND mine.has_conflict IS FALSE AND mine.removed_at IS NULL) THEN\n        RAISE EXCEPTION 'a visit is made by those of its panel who declared to be free' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="61feb55dd9c8ee3cac6990a74c662bef6f1629a6",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_is_free_5d3e5",
                    table="assessment_visitmember",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="29f2d7c7d0b1db8b31fbb0cc28a74542f6279142",
                    operation="DELETE",
                    pgid="pgtrigger_is_never_deleted_2884c",
                    table="assessment_calibration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9b1777ab96ff2e982782bbdab495bbb534c508f6",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_is_immutable_9d0bf",
                    table="assessment_calibration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="opened_keeps_its_case",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."opened_at" IS NOT NULL AND (OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."instrument_id" IS DISTINCT FROM (NEW."instrument_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e997133877de1954d01652ed1b972a4eb06420e0",
                    operation="UPDATE",
                    pgid="pgtrigger_opened_keeps_its_case_f8b5d",
                    table="assessment_calibration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="on_a_published_form_of_its_group",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT EXISTS (SELECT 1 FROM assessment_instrument WHERE id = NEW.instrument_id\n                                   AND group_id = NEW.group_id AND published_at IS NOT NULL) THEN\n                        RAISE EXCEPTION 'practice is on a published form of its group'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="31cde1216805833e85f8ad7026bb4279a902b6e2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_on_a_published_form_of_its_group_c003e",
                    table="assessment_calibration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessment_calibrationevent" ("closed_at", "created_at", "created_by_id", "group_id", "id", "instrument_id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round_id", "text", "title") VALUES (NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."group_id", NEW."id", NEW."instrument_id", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."round_id", NEW."text", NEW."title"); RETURN NULL;',
                    hash="5e68799ee5d75d634fb6508e150fab0a8f71bc81",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ad745",
                    table="assessment_calibration",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibration",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "assessment_calibrationevent" ("closed_at", "created_at", "created_by_id", "group_id", "id", "instrument_id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "round_id", "text", "title") VALUES (NEW."closed_at", NEW."created_at", NEW."created_by_id", NEW."group_id", NEW."id", NEW."instrument_id", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."round_id", NEW."text", NEW."title"); RETURN NULL;',
                    hash="09a7862d3345764a662da79f24a35ad356ac34db",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ec446",
                    table="assessment_calibration",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationfile",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3eb6c11727a7390f282e856fc6f0a1cc570617c4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_is_never_changed_09daf",
                    table="assessment_calibrationfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationsheet",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged_once_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."sent_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ede1ad71300a0e796f01c51006bd5a0861cc7d2d",
                    operation="UPDATE",
                    pgid="pgtrigger_unchanged_once_sent_f489e",
                    table="assessment_calibrationsheet",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationsheet",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="457fab56f9e24718ebc64356a42bd0237e02e0cf",
                    operation="DELETE",
                    pgid="pgtrigger_is_never_deleted_ffb97",
                    table="assessment_calibrationsheet",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="calibrationsheet",
            trigger=pgtrigger.compiler.Trigger(
                name="whole_and_on_the_ladder",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM assessment_calibration WHERE id = NEW.case_id FOR SHARE;\n    IF EXISTS (SELECT 1 FROM assessment_calibration WHERE id = NEW.case_id AND closed_at IS NOT NULL) THEN\n        RAISE EXCEPTION 'a calibration that is closed is scored by nobody' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (\n        SELECT 1 FROM assessment_calibration AS one JOIN assessment_instrument AS form ON form.id = one.instrument_id\n        CROSS JOIN LATERAL jsonb_each(NEW.points) AS cell(code, given)\n        WHERE one.id = NEW.case_id AND NOT COALESCE(form.ladders -> cell.code @> cell.given, FALSE)) THEN\n        RAISE EXCEPTION 'no level of this version of the instrument' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.sent_at IS NOT NULL AND EXISTS (\n        SELECT 1 FROM assessment_calibration AS one JOIN assessment_instrument AS form ON form.id = one.instrument_id\n        CROSS JOIN LATERAL jsonb_object_keys(form.ladders) AS wanted(code)\n        WHERE one.id = NEW.case_id AND NOT NEW.points ? wanted.code) THEN\n        RAISE EXCEPTION 'a practice sheet with a missing score is not sent' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="17d101a819dd66192cb3490ceca6e53e70ad78e4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_whole_and_on_the_ladder_20384",
                    table="assessment_calibrationsheet",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsize",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a58ac8c71a53f8c9e34ecc272049914b276b2f26",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_is_never_changed_63813",
                    table="assessment_panelsize",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="panelsize",
            trigger=pgtrigger.compiler.Trigger(
                name="not_under_a_running_round",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    PERFORM 1 FROM nominations_round WHERE year = NEW.round_id FOR NO KEY UPDATE;\n    IF EXISTS (\n        SELECT 1 FROM assessment_assessment AS one\n        JOIN nominations_nomination AS nomination ON nomination.id = one.nomination_id\n        WHERE nomination.round_id = NEW.round_id AND (one.size > NEW.size OR one.completed_at IS NOT NULL)) THEN\n        RAISE EXCEPTION 'a panel is never made smaller once it was drawn, nor changed once one is assessed'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="b43fd1312290fc3488ee0d15d9cee06584534739",
                    operation="INSERT",
                    pgid="pgtrigger_not_under_a_running_round_0b19c",
                    table="assessment_panelsize",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged_once_over",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."over_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2f33a586381dbbf87257994e7c48f528ba7f31d7",
                    operation="UPDATE",
                    pgid="pgtrigger_unchanged_once_over_04092",
                    table="assessment_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="7c4663f9b03e84cbad10c20ba40ef522648bf88e",
                    operation="DELETE",
                    pgid="pgtrigger_is_never_deleted_fa25c",
                    table="assessment_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_with_its_scan",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."scan_id" IS DISTINCT FROM (NEW."scan_id") OR OLD."assignment_id" IS DISTINCT FROM (NEW."assignment_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9382a30082065137df18f025dea640ca5f8b6a78",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_with_its_scan_f9ebd",
                    table="assessment_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="cells_agree",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL THEN\n        IF (SELECT count(*) FROM assessment_paperentry\n            WHERE paper_id = NEW.id AND done_at IS NOT NULL) <> 2 THEN\n            RAISE EXCEPTION 'a paper sheet is read by two people' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT EXISTS (SELECT 1 FROM assessment_sheet\n                       WHERE id = NEW.sheet_id AND assignment_id = NEW.assignment_id) THEN\n            RAISE EXCEPTION 'a paper becomes a sheet of its own assessor' USING ERRCODE = 'check_violation';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM assessment_sheet AS sheet CROSS JOIN LATERAL jsonb_each(sheet.scores) AS cell(code, points)\n            WHERE sheet.id = NEW.sheet_id AND NOT EXISTS (\n                SELECT 1 FROM assessment_paperentry AS said\n                WHERE said.paper_id = NEW.id AND said.points -> cell.code = cell.points AND (\n                    NOT EXISTS (SELECT 1 FROM assessment_paperentry AS other WHERE other.paper_id = NEW.id\n                                AND other.points -> cell.code IS DISTINCT FROM cell.points)\n                    OR EXISTS (SELECT 1 FROM assessment_paperchoice AS choice WHERE choice.entry_id = said.id\n                               AND choice.indicator = cell.code AND choice.cell = 'points')))) THEN\n            RAISE EXCEPTION 'a score that two people read otherwise is looked up in the scan'\n                USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                    hash="5b8ade5c3c6452e93c3b7ae82d400da6daa854e5",
                    operation="UPDATE",
                    pgid="pgtrigger_cells_agree_5ec52",
                    table="assessment_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessment_paperevent" ("assignment_id", "discard_reason", "discarded_at", "discarded_by_id", "finished_at", "finished_by_id", "id", "over_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_at", "registered_by_id", "scan_id", "sheet_id") VALUES (NEW."assignment_id", NEW."discard_reason", NEW."discarded_at", NEW."discarded_by_id", NEW."finished_at", NEW."finished_by_id", NEW."id", NEW."over_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."registered_at", NEW."registered_by_id", NEW."scan_id", NEW."sheet_id"); RETURN NULL;',
                    hash="dac23294c8077bd3e854449b823673f0199872dc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a0b0a",
                    table="assessment_paper",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "assessment_paperevent" ("assignment_id", "discard_reason", "discarded_at", "discarded_by_id", "finished_at", "finished_by_id", "id", "over_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_at", "registered_by_id", "scan_id", "sheet_id") VALUES (NEW."assignment_id", NEW."discard_reason", NEW."discarded_at", NEW."discarded_by_id", NEW."finished_at", NEW."finished_by_id", NEW."id", NEW."over_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."registered_at", NEW."registered_by_id", NEW."scan_id", NEW."sheet_id"); RETURN NULL;',
                    hash="7bd8988bc42c2701ec389e4cced4cdbd4a7c26be",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3b320",
                    table="assessment_paper",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperentry",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged_once_done",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."done_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="365b8c669e5589ad4fce1d795d8c73abecf223dd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_unchanged_once_done_11660",
                    table="assessment_paperentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperentry",
            trigger=pgtrigger.compiler.Trigger(
                name="by_somebody_else",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT 1 FROM assessment_paper AS paper\n        JOIN assessment_assignment AS mine ON mine.id = paper.assignment_id\n        JOIN assessment_assignment AS panel ON panel.assessment_id = mine.assessment_id\n        WHERE paper.id = NEW.paper_id AND panel.assessor_id = NEW.by_id) THEN\n        RAISE EXCEPTION 'a paper sheet is read by nobody of its panel' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'UPDATE' AND (OLD.paper_id, OLD.by_id, OLD.place) IS DISTINCT FROM (NEW.paper_id, NEW.by_id, NEW.place) THEN\n        RAISE EXCEPTION 'an entry stays with whoever makes it' USING ERRCODE = 'check_violation';\n    END IF;\n    IF EXISTS (SELECT 1 FROM assessment_paper\n               WHERE id = NEW.paper_id AND over_at IS NOT NULL) THEN\n        RAISE EXCEPTION 'a paper sheet that is over is never changed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="2c2d5978925df887f261253bd1a2c8d0ba303de8",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_by_somebody_else_8707a",
                    table="assessment_paperentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessment_paperentryevent" ("by_id", "done_at", "id", "notes", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "points", "saved_at") VALUES (NEW."by_id", NEW."done_at", NEW."id", NEW."notes", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."points", NEW."saved_at"); RETURN NULL;',
                    hash="9fd0cd319c0bd3db803e5ee9acab8a5c0b5f3aac",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_99405",
                    table="assessment_paperentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "assessment_paperentryevent" ("by_id", "done_at", "id", "notes", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "points", "saved_at") VALUES (NEW."by_id", NEW."done_at", NEW."id", NEW."notes", NEW."paper_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."points", NEW."saved_at"); RETURN NULL;',
                    hash="9c5ece32509fac0ea5270003aa94d213865224c5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fa8c9",
                    table="assessment_paperentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="is_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4f41f4657a51f9b498caeba43c37a2bb9434dfb9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_is_never_changed_fa078",
                    table="assessment_paperchoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="is_of_its_paper",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT EXISTS (SELECT 1 FROM assessment_paperentry\n                                   WHERE id = NEW.entry_id AND paper_id = NEW.paper_id AND done_at IS NOT NULL) THEN\n                        RAISE EXCEPTION 'a choice is between the entries of its own paper'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e824c9a660c8868beae0d553dfdf984e6f4f03c0",
                    operation="INSERT",
                    pgid="pgtrigger_is_of_its_paper_ccd72",
                    table="assessment_paperchoice",
                    when="BEFORE",
                ),
            ),
        ),
    ]
