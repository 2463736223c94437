"""Takes events recorded before the chains into them, in the order of the trail.

Addresses and names of people, which earlier events held, leave the events first: they
stay readable through the invitation or member that the event is about, until that
person deletes their account.
"""

from itertools import islice

import pgtrigger
from django.db import migrations

from reviewapp.core import chain

PERSONAL = {
    'member:invited': 'email',
    'invitation:withdrawn': 'email',
    'member:removed': 'name',
}
CHUNK = 2000


def chain_existing(apps, schema_editor):
    Event = apps.get_model('core', 'Event')
    EventLink = apps.get_model('core', 'EventLink')
    ends = {}
    rows = iter(
        Event.objects.filter(link=None)
        .select_related('review', 'actor', 'private_to')
        .order_by('review', 'at', 'pk')
        .iterator(chunk_size=CHUNK)
    )
    with pgtrigger.ignore('core.Event:append_only'):
        while events := list(islice(rows, CHUNK)):
            for event in events:
                event.data.pop(PERSONAL.get(event.kind), None)
                event.digest = _digest(event)
            Event.objects.bulk_update(events, ['data', 'digest'], batch_size=500)
            EventLink.objects.bulk_create([_link(EventLink, e, ends) for e in events])


def _digest(event):
    return chain.digest(
        chain.canonical(
            code=event.code,
            review=event.review.code,
            at=event.at,
            actor=event.actor.code if event.actor else None,
            kind=event.kind,
            subject=event.subject,
            data=event.data,
            private_to=event.private_to.code if event.private_to else None,
        )
    )


def _link(model, event, ends):
    owner = event.private_to_id or 0
    member = event.private_to.code if event.private_to else ''
    key = (event.review_id, owner)
    position, previous = ends.get(key, (0, chain.genesis(event.review.code, member)))
    made = model(
        event_id=event.pk,
        review_id=event.review_id,
        owner=owner,
        position=position + 1,
        hash=chain.link(previous, position + 1, event.digest),
    )
    ends[key] = (made.position, made.hash)
    return made


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_chained_events'),
    ]

    operations = [
        # Backwards, 0002 drops what was made; the addresses stay gone.
        migrations.RunPython(chain_existing, migrations.RunPython.noop),
    ]
