import django.db.models.deletion
import rhomboid.web.records.clock
import rhomboid.web.records.models.base
import rhomboid.web.records.models.frozen
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("on", models.DateField()),
                ("made_at", models.DateTimeField(default=rhomboid.web.records.clock.now)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("evaluation", "evaluation"),
                            ("concern", "concern"),
                            ("plan", "plan"),
                            ("visit", "visit"),
                            ("reevaluation", "reevaluation"),
                            ("discharge", "discharge"),
                        ],
                        max_length=14,
                    ),
                ),
                ("knowledge_version", models.CharField(max_length=40)),
                ("disposition", models.CharField(max_length=24)),
                ("findings", models.JSONField(help_text="Finding id to value")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("go_on", "go_on"), ("change", "change"), ("refer", "refer"), ("discharge", "discharge")],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True, help_text="The therapist's words on the decision")),
                ("outcome", models.JSONField(help_text="As `rhomboid assess --json` prints it, without the plan")),
            ],
            options={
                "ordering": ("on", "id"),
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=160)),
                ("actor_ref", models.CharField(blank=True, max_length=20)),
                ("action", models.CharField(max_length=60)),
                ("person_ref", models.CharField(blank=True, max_length=12)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("detail", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["person_ref", "-id"], name="records_aud_person__0eb052_idx"),
                    models.Index(fields=["actor_ref", "-id"], name="records_aud_actor_r_192d38_idx"),
                    models.Index(fields=["action", "-id"], name="records_aud_action_e9fe59_idx"),
                    models.Index(fields=["at"], name="records_aud_at_205b7d_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_audit_head")],
            },
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("address", models.TextField(blank=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("emergency_number", models.CharField(default="911", max_length=20)),
                ("paper", models.CharField(choices=[("Letter", "US Letter"), ("A4", "A4")], default="Letter", max_length=6)),
                ("logo", models.BinaryField(blank=True, default=bytes)),
                ("logo_mime", models.CharField(blank=True, max_length=20)),
                ("rules_revision", models.PositiveIntegerField(default=0, help_text="Counts changes of the local rules")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_clinic")],
            },
        ),
        migrations.CreateModel(
            name="Episode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(default="Upper back", max_length=120)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("intake", "intake"),
                            ("evaluation", "evaluation"),
                            ("care", "care"),
                            ("discharged", "discharged"),
                            ("closed", "closed"),
                        ],
                        default="intake",
                        max_length=12,
                    ),
                ),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("reevaluation_on", models.DateField(blank=True, null=True)),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("emergency_now", "emergency_now"),
                            ("same_day", "same_day"),
                            ("urgent_days", "urgent_days"),
                            ("routine_referral", "routine_referral"),
                            ("treat_with_precautions", "treat_with_precautions"),
                            ("treat", "treat"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        default=9, help_text="Place of the disposition, the fastest first; 9 is not assessed"
                    ),
                ),
                ("held", models.BooleanField(default=False)),
                ("screen_complete", models.BooleanField(default=False)),
                ("works_on", models.CharField(blank=True, max_length=160)),
                ("irritability", models.CharField(blank=True, max_length=10)),
                ("pain_first", models.FloatField(blank=True, null=True)),
                ("pain_last", models.FloatField(blank=True, null=True)),
                ("function_first", models.FloatField(blank=True, null=True)),
                ("function_last", models.FloatField(blank=True, null=True)),
                (
                    "off_track_on",
                    models.DateField(blank=True, help_text="From this day on it is off track (records.track)", null=True),
                ),
                (
                    "to_confirm",
                    models.CharField(
                        blank=True, help_text="What the home sessions propose and nobody has decided yet", max_length=200
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="records.episode",
                    ),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="episodes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-started_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("evaluation", "evaluation"),
                            ("plan", "plan"),
                            ("home_program", "home_program"),
                            ("note", "note"),
                            ("progress", "progress"),
                            ("discharge", "discharge"),
                            ("referral", "referral"),
                            ("received", "received"),
                            ("other", "other"),
                        ],
                        max_length=14,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                (
                    "mime",
                    models.CharField(
                        choices=[("application/pdf", "application/pdf"), ("image/png", "image/png"), ("image/jpeg", "image/jpeg")],
                        max_length=20,
                    ),
                ),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_by_label", models.CharField(max_length=160)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0), ("size__lte", 10485760)), name="document_has_a_size")
                ],
            },
        ),
        migrations.CreateModel(
            name="Discharge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("pathway", models.CharField(help_text="Id in the knowledge", max_length=40)),
                ("criteria", models.JSONField(default=list)),
                ("summary", models.TextField(blank=True)),
                ("home", models.JSONField(default=list, help_text="The exercises that go on, with their dose in plain words")),
                ("staying_well", models.JSONField(default=list)),
                ("flare", models.JSONField(default=list)),
                ("come_back", models.JSONField(default=list)),
                ("contacts", models.JSONField(default=list, help_text="on, kind, text, optional")),
                ("phone_until", models.DateField(blank=True, help_text="The last day on which the person's link opens", null=True)),
                ("signed_by_label", models.CharField(max_length=160)),
                ("signed_at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.assessment"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="discharge", to="records.episode"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pathway", ""), _negated=True), models.Q(("signed_by_label", ""), _negated=True)
                        ),
                        name="discharge_has_pathway_and_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("care", "Evaluation and treatment"),
                            ("manual", "Hands-on treatment"),
                            ("thrust", "Thrust manipulation"),
                            ("data", "Keeping this record"),
                            ("share", "Sending letters to other clinicians"),
                        ],
                        max_length=8,
                    ),
                ),
                ("given", models.BooleanField()),
                ("text", models.TextField(blank=True, help_text="What was explained")),
                ("at", models.DateTimeField()),
                ("by_label", models.CharField(max_length=160)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["care", "manual", "thrust", "data", "share"])), name="consent_kind_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("condition", models.CharField(help_text="Id in the knowledge", max_length=80)),
                ("level", models.CharField(max_length=10)),
                ("urgency", models.CharField(max_length=20)),
                ("because", models.JSONField(default=list, help_text="The reasons in words, as they were when it was raised")),
                ("knowledge_version", models.CharField(max_length=40)),
                ("raised_at", models.DateTimeField(default=rhomboid.web.records.clock.now)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("lowered", "lowered"), ("gone", "gone")], default="open", max_length=8
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("lowered_by_label", models.CharField(blank=True, max_length=160)),
                ("reason", models.TextField(blank=True)),
                (
                    "lowered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="concerns", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("-raised_at", "-id"),
                "indexes": [models.Index(fields=["state", "urgency", "raised_at"], name="records_con_state_119e40_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "lowered"))),
                        fields=("episode", "condition"),
                        name="concern_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lowered"), _negated=True),
                            models.Q(
                                ("lowered_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("lowered_by_label", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_named_person_with_a_reason_lowers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "urgency__in",
                                (
                                    "emergency_now",
                                    "same_day",
                                    "urgent_days",
                                    "routine_referral",
                                    "treat_with_precautions",
                                    "treat",
                                    "monitor",
                                ),
                            )
                        ),
                        name="concern_urgency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="records.episode"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)), fields=("episode", "user"), name="assigned_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="episode",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="records.episode"),
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("kind", models.CharField(max_length=24)),
                ("urgency", models.CharField(max_length=20)),
                ("text", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("seen_by_label", models.CharField(blank=True, max_length=160)),
                (
                    "seen_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(condition=models.Q(("seen_at", None)), fields=["at"], name="alert_unseen")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "urgency__in",
                                (
                                    "emergency_now",
                                    "same_day",
                                    "urgent_days",
                                    "routine_referral",
                                    "treat_with_precautions",
                                    "treat",
                                    "monitor",
                                ),
                            )
                        ),
                        name="alert_urgency_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kind", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                        name="alert_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("seen_by", None), ("seen_by_label", "")),
                            models.Q(
                                ("seen_at__gte", models.F("at")),
                                ("seen_by__isnull", False),
                                models.Q(("seen_by_label", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alert_seen_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("finding", models.CharField(help_text="Id in the vocabulary", max_length=80)),
                ("value", models.JSONField(null=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("observed_on", models.DateField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("patient", "patient"),
                            ("therapist", "therapist"),
                            ("device", "device"),
                            ("record", "record"),
                            ("front_desk", "front_desk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("method", models.CharField(blank=True, max_length=80)),
                ("device", models.CharField(blank=True, max_length=80)),
                ("rater", models.CharField(blank=True, help_text="Label of who measured or said it", max_length=160)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField(default=rhomboid.web.records.clock.now)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="records.finding",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="records.episode"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("observed_on", "id"),
                "indexes": [models.Index(fields=["episode", "finding", "observed_on"], name="records_fin_episode_57d932_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("finding", ""), _negated=True), name="finding_is_named"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ("patient", "therapist", "device", "record", "front_desk"))),
                        name="finding_source_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("intervention", models.CharField(help_text="Id in the knowledge", max_length=80)),
                ("kind", models.CharField(max_length=14)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="records.episode"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("episode", "intervention"), name="item_once_in_an_episode")],
            },
        ),
        migrations.CreateModel(
            name="HomeSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("on", models.DateField()),
                ("completed", models.BooleanField(default=True)),
                ("rest", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("during", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("morning", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("effort", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("response", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("extra_reps", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("extra_hold_s", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("correct_of_10", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("settled_min", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("form_ok", models.BooleanField(blank=True, null=True)),
                ("ill", models.BooleanField(default=False)),
                ("bad_night", models.BooleanField(default=False)),
                ("stiff_morning", models.BooleanField(default=False)),
                ("cleared", models.BooleanField(default=False)),
                ("symptoms", models.JSONField(blank=True, default=list)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("by_phone", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField(default=rhomboid.web.records.clock.now)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="home_sessions", to="records.episode"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="home_sessions", to="records.item"),
                ),
            ],
            options={
                "ordering": ("on", "id"),
                "indexes": [models.Index(fields=["episode", "on"], name="records_hom_episode_25fea5_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rest", None), ("rest__range", (0, 10)), _connector="OR"), name="home_rest_is_0_to_10"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("during", None), ("during__range", (0, 10)), _connector="OR"),
                        name="home_during_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("morning", None), ("morning__range", (0, 10)), _connector="OR"),
                        name="home_morning_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effort", None), ("effort__range", (0, 10)), _connector="OR"),
                        name="home_effort_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correct_of_10", None), ("correct_of_10__range", (0, 10)), _connector="OR"),
                        name="home_correct_of_10_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("response", None), ("response__range", (0, 5)), _connector="OR"),
                        name="home_response_is_0_to_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("kind", models.CharField(help_text="Name of its table in the knowledge files", max_length=40)),
                ("entry", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField()),
                ("toml", models.TextField()),
                ("reason", models.TextField()),
                ("in_force", models.BooleanField(default=True)),
                ("by_label", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("kind", "entry", "-version"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)), fields=("kind", "entry"), name="one_local_rule_in_force"
                    ),
                    models.UniqueConstraint(fields=("kind", "entry", "version"), name="local_rule_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("toml", ""), _negated=True)),
                        name="local_rule_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("from_patient", models.BooleanField()),
                ("text", models.TextField()),
                ("by_label", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(blank=True, max_length=64)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("read_by_label", models.CharField(blank=True, max_length=160)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by_label", models.CharField(blank=True, max_length=160)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "indexes": [
                    models.Index(fields=["episode", "at"], name="records_mes_episode_2e4906_idx"),
                    models.Index(
                        condition=models.Q(("from_patient", True), ("settled_at", None)),
                        fields=["at"],
                        name="message_to_clinic_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("episode", "key"), name="message_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), models.Q(("by_label", ""), _negated=True)),
                        name="message_has_text_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("read_at", None), ("read_at__gte", models.F("at")), _connector="OR"),
                        name="message_read_after_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("subjective", models.TextField(blank=True)),
                ("objective", models.TextField(blank=True)),
                ("assessment", models.TextField(blank=True)),
                ("plan", models.TextField(blank=True)),
                (
                    "carried",
                    models.JSONField(blank=True, default=dict, help_text="Section to the day of the visit it was taken over from"),
                ),
                ("written", models.JSONField(blank=True, default=list, help_text="Sections that somebody has written in")),
                ("saved_at", models.DateTimeField(default=rhomboid.web.records.clock.now)),
                ("saved_by_label", models.CharField(blank=True, max_length=160)),
                ("signed_by_label", models.CharField(blank=True, max_length=160)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the signed text", max_length=64)),
                (
                    "drafted_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="records.episode"),
                ),
                (
                    "signed_by",
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
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("text", models.TextField()),
                ("by_label", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="records.episode"),
                ),
                ("note", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="records.note")),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="addendum_has_text"),
                    rhomboid.web.records.models.frozen.FrozenOnce(column="at", name="an_addendum_never_changes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientInterview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("kind", models.CharField(choices=[("intake", "intake"), ("rescreen", "rescreen")], max_length=8)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("outcome", models.JSONField(blank=True, default=dict)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="interviews", to="records.episode"),
                ),
            ],
            options={
                "ordering": ("started_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)), fields=("episode", "kind"), name="one_interview_at_a_time"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ("intake", "rescreen"))), name="interview_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("finished_at__gte", models.F("started_at")), _connector="OR"),
                        name="interview_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("due_on", models.DateField()),
                ("kind", models.CharField(max_length=24)),
                ("optional", models.BooleanField(default=False)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("outcome", models.JSONField(blank=True, default=dict)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("well", "well"),
                            ("flare", "flare"),
                            ("recurrence", "recurrence"),
                            ("danger", "danger"),
                            ("unclear", "unclear"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, help_text="When the one reminder went out by e-mail", null=True)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="records.episode"),
                ),
                (
                    "interview",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_in",
                        to="records.patientinterview",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(condition=models.Q(("answered_at", None)), fields=["due_on"], name="check_in_unanswered"),
                    models.Index(fields=["due_on", "result", "optional", "episode"], name="check_in_results"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "due_on", "kind"), name="check_in_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("kind", ""), _negated=True), name="check_in_has_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("result", "")),
                            models.Q(
                                ("answered_at__isnull", False), ("result__in", ("well", "flare", "recurrence", "danger", "unclear"))
                            ),
                            _connector="OR",
                        ),
                        name="check_in_answered_with_a_result",
                    ),
                    rhomboid.web.records.models.frozen.FrozenOnce(column="answered_at", name="an_answered_check_in_never_changes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("given_name", models.CharField(max_length=80)),
                ("family_name", models.CharField(max_length=80)),
                ("family_key", models.CharField(db_index=True, default="", editable=False, max_length=120)),
                (
                    "surname_key",
                    models.CharField(
                        db_index=True, default="", editable=False, help_text="The last of several family names", max_length=120
                    ),
                ),
                ("given_key", models.CharField(db_index=True, default="", editable=False, max_length=120)),
                ("date_of_birth", models.DateField(db_index=True)),
                (
                    "sex_at_birth",
                    models.CharField(blank=True, help_text="As the vocabulary's finding; empty is unknown", max_length=10),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(default="en", max_length=5)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("family_name", "given_name", "id"),
                "indexes": [models.Index(fields=["family_name", "given_name", "id"], name="records_per_family__53fc1c_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_name", ""), _negated=True), models.Q(("family_name", ""), _negated=True)
                        ),
                        name="person_has_names",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="episode",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="episodes", to="records.person"),
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="broken_glass", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="broken_glass", to="records.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="break_glass_has_reason"),
                    models.CheckConstraint(condition=models.Q(("until__gt", models.F("at"))), name="break_glass_ends"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("made_by_label", models.CharField(max_length=160)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, help_text="When it last went out by e-mail", null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_by_label", models.CharField(blank=True, max_length=160)),
                ("failed", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
                ("locked", models.BooleanField(default=False)),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="links", to="records.episode"),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("episode",), name="one_live_link_per_episode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by_label", "")),
                            models.Q(("revoked_at__isnull", False), models.Q(("revoked_by_label", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="link_revoked_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=24)),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("answer", models.JSONField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phone_reports", to="records.episode"
                    ),
                ),
            ],
            options={
                "ordering": ("received_at", "id"),
                "indexes": [models.Index(fields=["episode", "kind", "received_at"], name="records_pho_episode_8a1f35_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "key"), name="phone_report_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                        ),
                        name="phone_report_is_named",
                    ),
                    rhomboid.web.records.models.frozen.FrozenOnce(column="answer", name="an_answered_phone_report_never_changes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanOfCare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("active", "active"), ("superseded", "superseded"), ("dropped", "dropped")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("knowledge_version", models.CharField(max_length=40)),
                ("limits", models.JSONField(default=dict)),
                ("content", models.JSONField(default=dict)),
                ("reevaluation_on", models.DateField(blank=True, null=True)),
                ("signed_by_label", models.CharField(blank=True, max_length=160)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("agreed", models.BooleanField(default=False, help_text="The person agrees with goals and plan")),
                (
                    "assessment",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="records.assessment"),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="records.episode"),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "signed_by",
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
                "ordering": ("-version",),
                "indexes": [models.Index(fields=["state", "created_at"], name="records_pla_state_798434_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "version"), name="plan_version_once"),
                    models.UniqueConstraint(condition=models.Q(("state", "active")), fields=("episode",), name="one_active_plan"),
                    models.UniqueConstraint(condition=models.Q(("state", "draft")), fields=("episode",), name="one_draft_plan"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "dropped")),
                            models.Q(
                                ("signed_by__isnull", False),
                                ("signed_at__isnull", False),
                                models.Q(("signed_by_label", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_active_plan_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("phase", models.CharField(max_length=10)),
                ("doses", models.JSONField(default=dict, help_text="Phase to dose")),
                (
                    "changed_dose",
                    models.JSONField(blank=True, help_text="What the therapist prescribes in place of the dose", null=True),
                ),
                (
                    "content",
                    models.JSONField(default=dict, help_text="Name, family, serves, because, limits, ask, sources, evidence"),
                ),
                (
                    "wanted",
                    models.CharField(blank=True, choices=[("lock", "lock"), ("add", "add"), ("swap", "swap")], max_length=8),
                ),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="records.item")),
                (
                    "plan",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="records.planofcare"),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [models.UniqueConstraint(fields=("plan", "item"), name="item_once_in_a_plan")],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("intervention", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("precaution", "precaution"), ("contraindication", "contraindication")], max_length=16
                    ),
                ),
                ("rows", models.JSONField(default=list, help_text="The rows of the matrix that it goes against")),
                ("reason", models.TextField()),
                ("clearance", models.TextField(blank=True, help_text="The medical clearance it rests on: by whom, when, what")),
                ("by_label", models.CharField(max_length=160)),
                ("license_number", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="records.episode"),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="records.planofcare"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("by_label", ""), _negated=True)),
                        name="override_has_reason_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "precaution"),
                            models.Q(models.Q(("clearance", ""), _negated=True), models.Q(("license_number", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="against_a_contraindication_only_licensed_with_clearance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HomeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                (
                    "move",
                    models.CharField(
                        choices=[("stop", "stop"), ("step_back", "step_back"), ("hold", "hold"), ("go_on", "go_on")], max_length=10
                    ),
                ),
                ("dose_pct", models.PositiveSmallIntegerField(default=100)),
                ("next_exercise", models.CharField(blank=True, max_length=80)),
                ("since", models.DateField()),
                ("session_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("action", models.TextField(blank=True)),
                ("rules", models.JSONField(blank=True, default=list)),
                ("by_label", models.CharField(blank=True, max_length=160)),
                ("made_at", models.DateTimeField()),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="home_changes", to="records.episode"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="home_changes",
                        to="records.item",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="home_changes",
                        to="records.planofcare",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["episode", "item"], name="records_hom_episode_8a60b4_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("dose_pct__lte", 100)), name="home_change_is_at_most_the_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("item", None), ("plan__isnull", False), _connector="OR"),
                        name="home_change_of_an_item_has_its_plan",
                    ),
                    rhomboid.web.records.models.frozen.FrozenOnce(column="made_at", name="a_home_change_never_changes"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("template", models.CharField(max_length=80)),
                ("finding", models.CharField(blank=True, max_length=80)),
                ("name", models.CharField(max_length=160)),
                ("text", models.TextField()),
                ("baseline", models.FloatField(blank=True, null=True)),
                ("target", models.FloatField(blank=True, null=True)),
                ("better", models.CharField(blank=True, choices=[("up", "up"), ("down", "down")], max_length=4)),
                ("error", models.FloatField(blank=True, null=True)),
                ("matters", models.FloatField(blank=True, null=True)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "by_label",
                    models.CharField(blank=True, help_text="Who wrote or changed it; empty as it was proposed", max_length=160),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("not_met", "not_met"), ("dropped", "dropped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="goals", to="records.episode"),
                ),
                (
                    "plan",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="goals", to="records.planofcare"),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "template"), name="goal_once_in_a_plan"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="goal_has_text"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("sent", "sent"), ("answered", "answered"), ("dropped", "dropped")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("urgency", models.CharField(max_length=20)),
                ("to", models.CharField(blank=True, max_length=160)),
                ("to_address", models.TextField(blank=True)),
                ("to_email", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=160)),
                ("letter", models.JSONField(default=dict, help_text="The letter's parts as they were when it was written")),
                ("message", models.TextField(blank=True, help_text="What the therapist adds in their own words")),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("sent_by_label", models.CharField(blank=True, max_length=160)),
                (
                    "sent_how",
                    models.CharField(
                        blank=True,
                        choices=[("handed", "handed"), ("phone", "phone"), ("fax", "fax"), ("mail", "mail"), ("email", "email")],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "answer_document",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.document"
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="records.concern",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        help_text="The letter as it went out",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.document",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="records.episode"),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [models.Index(fields=["state", "created_at"], name="records_ref_state_406707_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("concern",),
                        name="one_letter_for_a_concern",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "dropped")),
                            models.Q(
                                ("sent_at__isnull", False),
                                models.Q(("to", ""), _negated=True),
                                models.Q(("sent_how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_sent_letter_says_to_whom_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_answer_has_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("entry", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=12)),
                ("note", models.TextField(blank=True)),
                ("by_label", models.CharField(max_length=160)),
                ("license_number", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("kind", "entry", "-at"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("kind", "entry", "digest"), name="signed_off_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("license_number", ""), _negated=True), name="only_the_licensed_sign_off"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("evaluation", "evaluation"),
                            ("treatment", "treatment"),
                            ("reevaluation", "reevaluation"),
                            ("discharge", "discharge"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("started", "started"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                            ("no_show", "no_show"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("pain_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pain_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("rescreen", models.JSONField(blank=True, default=dict)),
                ("progress", models.JSONField(blank=True, default=dict)),
                ("summary", models.CharField(blank=True, help_text="One line for lists, from the note", max_length=160)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="records.episode"),
                ),
                (
                    "therapist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("planned_at", "id"),
                "indexes": [
                    models.Index(fields=["therapist", "planned_at"], name="records_vis_therapi_dbe0a9_idx"),
                    models.Index(fields=["planned_at"], name="records_vis_planned_2eeafb_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("episode", "number"), name="visit_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pain_before", None), ("pain_before__range", (0, 10)), _connector="OR"),
                            models.Q(("pain_after", None), ("pain_after__range", (0, 10)), _connector="OR"),
                        ),
                        name="visit_pain_is_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="visit_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="note",
            name="visit",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="note", to="records.visit"),
        ),
        migrations.CreateModel(
            name="DeliveredIntervention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(default=rhomboid.web.records.models.base.new_ref, editable=False, max_length=12, unique=True),
                ),
                ("created_at", models.DateTimeField(default=rhomboid.web.records.clock.now, editable=False)),
                ("segment", models.CharField(blank=True, max_length=20)),
                (
                    "side",
                    models.CharField(blank=True, choices=[("left", "left"), ("right", "right"), ("both", "both")], max_length=5),
                ),
                ("technique", models.CharField(blank=True, max_length=80)),
                ("grade", models.CharField(blank=True, max_length=12)),
                ("dose", models.CharField(blank=True, max_length=160)),
                ("minutes", models.FloatField()),
                ("test", models.CharField(blank=True, help_text="Finding id of the within-visit test", max_length=80)),
                ("before", models.FloatField(blank=True, null=True)),
                ("after", models.FloatField(blank=True, null=True)),
                ("response", models.CharField(blank=True, max_length=300)),
                ("by_label", models.CharField(max_length=160)),
                (
                    "episode",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="delivered", to="records.episode"),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="delivered", to="records.item"),
                ),
                (
                    "visit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="delivered", to="records.visit"),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "item", "segment", "side"), name="delivered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0), ("minutes__lte", 240)), name="delivered_minutes_make_sense"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["episode", "on"], name="records_ass_episode_9fd0d8_idx"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("knowledge_version", ""), _negated=True), name="assessment_names_its_knowledge"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("occasion__in", ("evaluation", "concern", "plan", "visit", "reevaluation", "discharge"))),
                name="assessment_occasion_known",
            ),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["therapist", "ended_on", "rank"], name="records_epi_therapi_0e172e_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["ended_on", "rank", "started_on"], name="records_epi_ended_o_f92afc_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["ended_on", "reevaluation_on"], name="records_epi_ended_o_2b9233_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["ended_on", "off_track_on", "rank"], name="records_epi_ended_o_3fab2b_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["therapist", "ended_on", "off_track_on", "rank"], name="records_epi_therapi_49f9de_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["ended_on", "started_on"], name="records_epi_ended_o_a40713_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["stage", "ended_on"], name="records_epi_stage_f556c8_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(fields=["ended_on", "to_confirm"], name="records_epi_ended_o_e0dc80_idx"),
        ),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(condition=models.Q(("follows__isnull", False)), fields=["started_on"], name="episode_that_follows"),
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.UniqueConstraint(fields=("person", "number"), name="episode_numbered_once"),
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on", None), ("ended_on__gte", models.F("started_on")), _connector="OR"),
                name="episode_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="episode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("stage__in", ("discharged", "closed"))),
                    models.Q(models.Q(("stage__in", ("discharged", "closed")), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="episode_end_and_stage_agree",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("signed_at", None)), fields=["created_at", "id", "episode"], name="note_unsigned"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", ""), ("signed_at", None), ("signed_by", None)),
                    models.Q(
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        models.Q(("signed_by_label", ""), _negated=True),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="note_signature_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=rhomboid.web.records.models.frozen.FrozenOnce(column="signed_at", name="a_signed_note_never_changes"),
        ),
    ]
