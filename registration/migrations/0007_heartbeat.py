from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0006_limits_and_opened_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(choices=[('clock', 'Clock'), ('worker', 'Worker'), ('asked', 'Asked')], max_length=20, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
    ]
