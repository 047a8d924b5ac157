"""The state of site.yml, as a deploy of pyinfra, operation by operation.

Data: domain, repository, acme, meilisearch_url, meilisearch_sha256.
"""

from pyinfra import host
from pyinfra.facts.server import Command
from pyinfra.operations import apt, files, git, pip, server, systemd

CHECKOUT = '/var/www/blender-studio'
VENV = '/var/www/venv'
UNITS = '/etc/systemd/system'
SERVICES = ['meilisearch', 'studio', 'studio-background', 'nginx', 'postgresql']
TIMERS = [
    'studio-clearsessions',
    'studio-process-deletion-requests',
    'studio-background-restart',
    'studio-stats',
    'studio-clock-tick',
]
SITE = {'user': 'www-data', 'group': 'www-data'}
ROOT = {'user': 'root', 'group': 'root'}
AS_SITE = {'_sudo': True, '_sudo_user': 'www-data'}
AS_DATABASE = {'_sudo': True, '_sudo_user': 'postgres'}


def put(path, mode, **owner):
    files.put(name=path, src=f'files{path}', dest=path, mode=mode, **owner)


def unless(name, wanted, question, command, **how):
    """A shell command changes always in pyinfra, so the question is a fact."""
    right = (host.get_fact(Command, question, **how) or '') == wanted
    server.shell(name=name, commands=[command], _if=lambda: not right, **how)


def creates(path, name, command, **how):
    unless(name, 'there', f'test -e {path} && echo there || echo missing', command, **how)


# === Requirements ===
apt.packages(
    name='Packages',
    no_recommends=True,
    packages=[
        'git', 'virtualenv', 'openssh-client', 'ca-certificates', 'locales',
        'gcc', 'python3-dev', 'libpq-dev', 'libjpeg-dev', 'zlib1g-dev',
        'nginx', 'uwsgi-core', 'uwsgi-plugin-python3', 'certbot', 'python3-certbot-nginx',
        'postgresql', 'postgresql-client',
    ],
)
files.line(
    name='Locale that prices are formatted with',
    path='/etc/locale.gen',
    line=r'^#? *en_US\.UTF-8 UTF-8',
    replace='en_US.UTF-8 UTF-8',
)
creates('/usr/lib/locale/locale-archive', 'Locales', 'locale-gen')
server.user(
    name='Account of the site',
    user='www-data',
    home='/var/www',
    shell='/usr/sbin/nologin',
    ensure_home=False,
)

# === Working directory ===
files.directory(name='Folder of the site', path='/var/www', mode='2755', **SITE)
git.repo(
    name='Source code at its branch',
    src=host.data.repository,
    dest=CHECKOUT,
    branch='production',
    # Whether the branch has moved on is no part of the state, and the product does not ask either.
    pull=False,
    **AS_SITE,
)
pip.virtualenv(name='Virtualenv', path=VENV, python='/usr/bin/python3', **AS_SITE)
creates(f'{VENV}/bin/poetry', 'Poetry', f'{VENV}/bin/pip install poetry==1.1.6', **AS_SITE)
creates(
    f'{VENV}/lib/python3*/site-packages/django',
    'Python packages of the site',
    f'cd {CHECKOUT} && {VENV}/bin/poetry install --no-interaction',
    **AS_SITE,
)

# === Production settings.py ===
put(f'{CHECKOUT}/studio/settings.py', '640', **SITE)
unless(
    'Role of the database',
    'studio',
    'psql -tAc "SELECT rolname FROM pg_roles WHERE rolname = \'studio\' AND rolcanlogin"',
    'createuser --createdb studio',
    **AS_DATABASE,
)
unless(
    'Database',
    'studio',
    'psql -tAc "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = \'studio\'"',
    'createdb --owner studio studio',
    **AS_DATABASE,
)
unless(
    'Migrations',
    '0',
    f'cd {CHECKOUT} && {VENV}/bin/python manage.py migrate --check > /dev/null; echo $?',
    f'cd {CHECKOUT} && {VENV}/bin/python manage.py migrate',
    **AS_SITE,
)
creates(
    f'{CHECKOUT}/public/static',
    'Static files',
    f'cd {CHECKOUT} && {VENV}/bin/python manage.py collectstatic --no-input',
    **AS_SITE,
)

# === Configuration files ===
for unit in ['meilisearch', 'studio', 'studio-background', *TIMERS]:
    put(f'{UNITS}/{unit}.service', '644', **ROOT)
for timer in TIMERS:
    put(f'{UNITS}/{timer}.timer', '644', **ROOT)
for folder in ['/var/www/config', '/var/www/.config', '/var/www/.config/pypoetry']:
    files.directory(name=folder, path=folder, mode='2755', **SITE)
put('/var/www/.config/pypoetry/config.toml', '644', **SITE)
for name in ['nginx_studio.common.conf', 'nginx_studio.conf', 'uwsgi_params', 'uwsgi_studio.ini']:
    put(f'/var/www/config/{name}', '644', **SITE)
for folder in [CHECKOUT, '/var/www/config', VENV]:
    unless(
        f'Owners and groups below {folder}',
        '',
        f'find {folder} ! -user www-data -o ! -group www-data',
        f'chown -R www-data:www-data {folder}',
    )
unless(
    'Folders that do not hand down their group',
    '',
    r'find /var/www -type d \( ! -group www-data -o ! -perm -g+s \)',
    'find /var/www -type d -exec chgrp www-data {} + -exec chmod g+s {} +',
)

# === Meilisearch ===
files.download(
    name='Program',
    src=host.data.meilisearch_url,
    sha256sum=host.data.meilisearch_sha256,
    dest='/usr/bin/meilisearch-0.25.2',
    mode='755',
    **ROOT,
)
files.directory(name='Folder of the master key', path='/etc/blender-studio', mode='755', **ROOT)
put('/etc/blender-studio/meilisearch.env', '600', **ROOT)

# === Nginx ===
creates(
    f'/etc/letsencrypt/live/{host.data.domain}/fullchain.pem',
    'Certificate',
    f'certbot certonly --nginx --domain {host.data.domain} --server {host.data.acme} --agree-tos --non-interactive',
)
put('/etc/letsencrypt/renewal-hooks/deploy/reload-nginx', '755', **ROOT)
files.link(
    name='Link to the site',
    path='/etc/nginx/sites-enabled/nginx_studio.conf',
    target='/var/www/config/nginx_studio.conf',
)
unless('Configuration of nginx', '0', 'nginx -t 2> /dev/null; echo $?', 'nginx -t')

# === Services and timers ===
for service in SERVICES:
    systemd.service(name=service, service=f'{service}.service', running=True, enabled=True)
for timer in ['certbot', *TIMERS]:
    systemd.service(name=f'{timer}.timer', service=f'{timer}.timer', running=True, enabled=True)
