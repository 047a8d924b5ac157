import datetime

from django.db import migrations

FILMS = {
    'The Lighthouse Ferry': 'A ferryman repairs the light that he has been steering by.',
    'Paper Mountains': 'Two cartographers race to draw a range that keeps moving.',
    'Winter Orchard': 'An orchard keeper and a fox share the last apples of the year.',
}
TRAININGS = {
    'Rigging a Ferry': 'From a hull to a character that floats.',
    'Snow for Small Teams': 'Shading and scattering without a render farm.',
}
POSTS = {
    'Casting Off': 'We begin production of The Lighthouse Ferry.',
}


def add_content(apps, schema_editor):
    for app, model, text, content in (
        ('films', 'Film', 'description', FILMS),
        ('training', 'Training', 'summary', TRAININGS),
        ('blog', 'Post', 'content', POSTS),
    ):
        for title, words in content.items():
            slug = title.lower().replace(' ', '-')
            apps.get_model(app, model).objects.create(title=title, slug=slug, **{text: words})


def add_expired_session(apps, schema_editor):
    """Something for clearsessions to remove."""
    apps.get_model('sessions', 'Session').objects.create(
        session_key='expired0000000000000000000000000',
        session_data='',
        expire_date=datetime.datetime(2022, 1, 1, tzinfo=datetime.timezone.utc),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0001_initial'),
        ('blog', '0001_initial'),
        ('films', '0001_initial'),
        ('sessions', '0001_initial'),
        ('training', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(add_content, migrations.RunPython.noop),
        migrations.RunPython(add_expired_session, migrations.RunPython.noop),
    ]
