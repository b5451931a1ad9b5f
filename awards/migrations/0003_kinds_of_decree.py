import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_what_becomes_of_an_award")]

    operations = [
        migrations.AlterModelOptions(
            name="decree",
            options={"ordering": ["-round_id", "pk"]},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="award",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="award",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="certificate",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="certificate",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decree",
            name="issued_is_immutable",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decree",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="decree",
            name="update_update",
        ),
        migrations.AddField(
            model_name="award",
            name="changed_star",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="bintang setelah perubahan"
            ),
        ),
        migrations.AddField(
            model_name="awardevent",
            name="changed_star",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="bintang setelah perubahan"
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="decree",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="awards.decree",
                verbose_name="dasar",
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="star",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bintang"),
        ),
        migrations.SeparateDatabaseAndState(
            # Indexed in the next migration, beside the portal's work.
            database_operations=[
                migrations.AddField(
                    model_name="certificateevent",
                    name="decree",
                    field=models.ForeignKey(
                        db_index=False,
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decree",
                        verbose_name="dasar",
                    ),
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="certificateevent",
                    name="decree",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decree",
                        verbose_name="dasar",
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="certificateevent",
            name="star",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bintang"),
        ),
        migrations.AddField(
            model_name="decree",
            name="changes",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changed_by",
                to="awards.decree",
                verbose_name="mengubah atau mencabut",
            ),
        ),
        migrations.AddField(
            model_name="decree",
            name="scheduled_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            # Indexed in the next migration, beside the portal's work.
            database_operations=[
                migrations.AddField(
                    model_name="decreeevent",
                    name="changes",
                    field=models.ForeignKey(
                        db_index=False,
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decree",
                        verbose_name="mengubah atau mencabut",
                    ),
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="decreeevent",
                    name="changes",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decree",
                        verbose_name="mengubah atau mencabut",
                    ),
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            # Indexed in the next migration, beside the portal's work.
            database_operations=[
                migrations.AddField(
                    model_name="decreeevent",
                    name="scheduled_by",
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
                    model_name="decreeevent",
                    name="scheduled_by",
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
            model_name="certificate",
            name="ikm_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=160, verbose_name="nama yang dicetak"
            ),
        ),
        migrations.AddField(
            model_name="certificateevent",
            name="ikm_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=160, verbose_name="nama yang dicetak"
            ),
        ),
        migrations.AddField(
            model_name="decree",
            name="kind",
            field=models.CharField(
                choices=[
                    ("penetapan", "Penetapan"),
                    ("perubahan", "Perubahan"),
                    ("pencabutan", "Pencabutan"),
                ],
                db_default="penetapan",
                default="penetapan",
                max_length=10,
                verbose_name="jenis",
            ),
        ),
        migrations.AddField(
            model_name="decree",
            name="scheduled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="diumumkan pada"),
        ),
        migrations.AddField(
            model_name="decreeevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("penetapan", "Penetapan"),
                    ("perubahan", "Perubahan"),
                    ("pencabutan", "Pencabutan"),
                ],
                db_default="penetapan",
                default="penetapan",
                max_length=10,
                verbose_name="jenis",
            ),
        ),
        migrations.AddField(
            model_name="decreeevent",
            name="scheduled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="diumumkan pada"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "awards_awardevent" ("changed_star", "decree_id", "group_id", "group_name", "id", "ikm_name", "maximum_star", "nomination_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id", "product_name", "province_name", "raw_material", "regency_id", "regency_name", "revocation_decree", "revocation_reason", "revoked_at", "revoked_by_id", "slug", "star", "story") VALUES (NEW."changed_star", NEW."decree_id", NEW."group_id", NEW."group_name", NEW."id", NEW."ikm_name", NEW."maximum_star", NEW."nomination_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."product_id", NEW."product_name", NEW."province_name", NEW."raw_material", NEW."regency_id", NEW."regency_name", NEW."revocation_decree", NEW."revocation_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."slug", NEW."star", NEW."story"); RETURN NULL;',
                    hash="9cc8d5f63119b41dd0c995353a23b1b4d021fda6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5bd66",
                    table="awards_award",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."changed_star" IS DISTINCT FROM (NEW."changed_star") OR OLD."decree_id" IS DISTINCT FROM (NEW."decree_id") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."group_name" IS DISTINCT FROM (NEW."group_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."ikm_name" IS DISTINCT FROM (NEW."ikm_name") OR OLD."maximum_star" IS DISTINCT FROM (NEW."maximum_star") OR OLD."nomination_id" IS DISTINCT FROM (NEW."nomination_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."product_name" IS DISTINCT FROM (NEW."product_name") OR OLD."province_name" IS DISTINCT FROM (NEW."province_name") OR OLD."raw_material" IS DISTINCT FROM (NEW."raw_material") OR OLD."regency_id" IS DISTINCT FROM (NEW."regency_id") OR OLD."regency_name" IS DISTINCT FROM (NEW."regency_name") OR OLD."revocation_decree" IS DISTINCT FROM (NEW."revocation_decree") OR OLD."revocation_reason" IS DISTINCT FROM (NEW."revocation_reason") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."revoked_by_id" IS DISTINCT FROM (NEW."revoked_by_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."star" IS DISTINCT FROM (NEW."star") OR OLD."story" IS DISTINCT FROM (NEW."story"))',
                    func='INSERT INTO "awards_awardevent" ("changed_star", "decree_id", "group_id", "group_name", "id", "ikm_name", "maximum_star", "nomination_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "product_id", "product_name", "province_name", "raw_material", "regency_id", "regency_name", "revocation_decree", "revocation_reason", "revoked_at", "revoked_by_id", "slug", "star", "story") VALUES (NEW."changed_star", NEW."decree_id", NEW."group_id", NEW."group_name", NEW."id", NEW."ikm_name", NEW."maximum_star", NEW."nomination_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."product_id", NEW."product_name", NEW."province_name", NEW."raw_material", NEW."regency_id", NEW."regency_name", NEW."revocation_decree", NEW."revocation_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."slug", NEW."star", NEW."story"); RETURN NULL;',
                    hash="85354b7064d17744e21e833f6bb19ded83f8becb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c14f1",
                    table="awards_award",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "awards_certificateevent" ("attempts", "award_id", "code", "created_at", "decree_id", "id", "ikm_name", "last_error", "number", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rendered_at", "replaced_at", "replacement_reason", "sha256", "size", "star", "version") VALUES (NEW."attempts", NEW."award_id", NEW."code", NEW."created_at", NEW."decree_id", NEW."id", NEW."ikm_name", NEW."last_error", NEW."number", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rendered_at", NEW."replaced_at", NEW."replacement_reason", NEW."sha256", NEW."size", NEW."star", NEW."version"); RETURN NULL;',
                    hash="a1b6542ad7db7d9aa81cff5608be1a5ab0f1f902",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_44801",
                    table="awards_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "awards_certificateevent" ("attempts", "award_id", "code", "created_at", "decree_id", "id", "ikm_name", "last_error", "number", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rendered_at", "replaced_at", "replacement_reason", "sha256", "size", "star", "version") VALUES (NEW."attempts", NEW."award_id", NEW."code", NEW."created_at", NEW."decree_id", NEW."id", NEW."ikm_name", NEW."last_error", NEW."number", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rendered_at", NEW."replaced_at", NEW."replacement_reason", NEW."sha256", NEW."size", NEW."star", NEW."version"); RETURN NULL;',
                    hash="a69c6f1e4cbb09687b0826ebabc5506f6fe8fdfc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e712a",
                    table="awards_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decree",
            trigger=pgtrigger.compiler.Trigger(
                name="issued_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."issued_at" IS NOT NULL AND (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."date" IS DISTINCT FROM (NEW."date") OR OLD."annex" IS DISTINCT FROM (NEW."annex") OR OLD."signatory_name" IS DISTINCT FROM (NEW."signatory_name") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."changes_id" IS DISTINCT FROM (NEW."changes_id") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5d0feeb9a1495fc120a9d54c22d573920fb1f330",
                    operation="UPDATE",
                    pgid="pgtrigger_issued_is_immutable_d0ca6",
                    table="awards_decree",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decree",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "awards_decreeevent" ("annex", "annex_sha256", "changes_id", "date", "drafted_at", "drafted_by_id", "id", "issued_at", "issued_by_id", "kind", "level", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "plenary_id", "published_at", "published_by_id", "round_id", "scheduled_at", "scheduled_by_id", "signatory_name", "signatory_office", "valid_until", "wording_id") VALUES (NEW."annex", NEW."annex_sha256", NEW."changes_id", NEW."date", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."kind", NEW."level", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."plenary_id", NEW."published_at", NEW."published_by_id", NEW."round_id", NEW."scheduled_at", NEW."scheduled_by_id", NEW."signatory_name", NEW."signatory_office", NEW."valid_until", NEW."wording_id"); RETURN NULL;',
                    hash="b54f1a59ec6455addd1e8b6af02eec04f1c826cb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1f021",
                    table="awards_decree",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decree",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "awards_decreeevent" ("annex", "annex_sha256", "changes_id", "date", "drafted_at", "drafted_by_id", "id", "issued_at", "issued_by_id", "kind", "level", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "plenary_id", "published_at", "published_by_id", "round_id", "scheduled_at", "scheduled_by_id", "signatory_name", "signatory_office", "valid_until", "wording_id") VALUES (NEW."annex", NEW."annex_sha256", NEW."changes_id", NEW."date", NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."issued_at", NEW."issued_by_id", NEW."kind", NEW."level", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."plenary_id", NEW."published_at", NEW."published_by_id", NEW."round_id", NEW."scheduled_at", NEW."scheduled_by_id", NEW."signatory_name", NEW."signatory_office", NEW."valid_until", NEW."wording_id"); RETURN NULL;',
                    hash="b0852cb85c126556b7b3062bda32c6f17b474267",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6fe65",
                    table="awards_decree",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("changed_star", None),
                    models.Q(("changed_star__gte", 1), ("changed_star__lte", models.F("maximum_star"))),
                    _connector="OR",
                ),
                name="award_changed_star_is_within_its_scheme",
            ),
        ),
        migrations.AddField(
            model_name="decree",
            name="wording",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decrees",
                to="awards.decreewording",
                verbose_name="pertimbangan dan dasar hukum",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            # Indexed in the next migration, beside the portal's work.
            database_operations=[
                migrations.AddField(
                    model_name="decreeevent",
                    name="wording",
                    field=models.ForeignKey(
                        db_index=False,
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decreewording",
                        verbose_name="pertimbangan dan dasar hukum",
                    ),
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="decreeevent",
                    name="wording",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="awards.decreewording",
                        verbose_name="pertimbangan dan dasar hukum",
                    ),
                )
            ],
        ),
        migrations.AddConstraint(
            model_name="decree",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changes", None), ("kind", "penetapan")),
                    models.Q(("changes__isnull", False), ("kind__in", ["perubahan", "pencabutan"])),
                    _connector="OR",
                ),
                name="decree_other_than_establishing_names_what_it_changes",
            ),
        ),
        migrations.AddConstraint(
            model_name="decree",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scheduled_at", None), ("scheduled_by", None)),
                    models.Q(
                        ("issued_at__isnull", False),
                        ("scheduled_at__isnull", False),
                        ("scheduled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decree_is_scheduled_once_it_is_issued",
            ),
        ),
        migrations.AddField(
            model_name="award",
            name="star_in_force",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("changed_star", "star"),
                output_field=models.PositiveSmallIntegerField(verbose_name="bintang yang berlaku"),
            ),
        ),
    ]
