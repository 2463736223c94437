from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_chain_existing_events'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='core_event_has_digest'),
        ),
    ]
