import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { collectedStatic } from '../src/operations/collect-static.ts';
import { command } from '../src/operations/command.ts';
import { askedOfDjango, inDjango } from '../src/operations/in-django.ts';
import { runManage } from '../src/operations/manage.ts';
import { siteRecord } from '../src/operations/site-record.ts';
import { inDjangoScript } from '../src/script/django.ts';
import { ofSecret } from '../src/script/secrets.ts';
import { word } from '../src/script/words.ts';
import { longPassword, madePassword, SHORTEST_PASSWORD, userName } from '../src/site/administrator.ts';
import { djangoState } from '../src/site/django.ts';
import { CHECKOUT, SITE_USER, VENV } from '../src/site/layout.ts';
import { mailAddress } from '../src/site/mail-address.ts';
import { template } from '../templates/index.ts';

const MANAGE = `sudo -Hu ${SITE_USER} ${VENV}/bin/python ${CHECKOUT}/manage.py`;

const section: Section = {
  id: 'migrate',
  title: 'Database tables and static files',
  heading: 'Working directory › Production settings.py (migrate, collectstatic)',
  summary:
    'The database tables, the static files that nginx serves, the domain for links in e-mail, and a first administrator.',
  needs: ['settings', 'database'],
  questions: [
    {
      id: 'admin.username',
      label: 'Username',
      help: 'For logging in at https://DOMAIN/admin/. The account is created only if the site has no administrator yet.',
      kind: 'text',
      group: 'First administrator',
      expected: true,
      skippable:
        'Nobody can log in at /admin/ until you create an administrator with `studio-setup admin NAME`.',
      alreadyOnHost: hasAdmin,
      validate: userName,
    },
    {
      id: 'admin.email',
      label: 'E-mail address',
      help: 'Password resets of the first administrator go to this address.',
      kind: 'text',
      group: 'First administrator',
      skippable:
        'Nobody can log in at /admin/ until you create an administrator with `studio-setup admin NAME`.',
      alreadyOnHost: hasAdmin,
      validate: mailAddress,
    },
    {
      id: 'admin.password',
      label: 'Password',
      help: `At least ${SHORTEST_PASSWORD} characters. Only the database stores it, hashed.`,
      kind: 'secret',
      repeat: () => true,
      generateOnRequest: madePassword,
      group: 'First administrator',
      skippable:
        'Nobody can log in at /admin/ until you create an administrator with `studio-setup admin NAME`.',
      alreadyOnHost: hasAdmin,
      with: 'admin.username',
      validate: longPassword,
    },
  ],
  operations: (answers) => [
    command({
      id: 'migrate/tables',
      title: 'manage.py migrate',
      covers: ['migrate'],
      shell: [`${MANAGE} migrate --plan`, `${MANAGE} migrate`],
      script: ['in_site manage.py migrate --no-input'],
      irreversible: 'migrations are not reverted',
      missing: (host) =>
        askedOfDjango(host, ({ unapplied = [] }) =>
          unapplied.length === 0
            ? undefined
            : unapplied.length === 1
              ? '1 migration'
              : `${unapplied.length} migrations`,
        ),
      apply: (live) => runManage(live, 'migrate', '--no-input'),
    }),
    collectedStatic({
      id: 'migrate/static',
      after: ['settings'],
      covers: ['collectstatic'],
      shell: [`${MANAGE} collectstatic --no-input`],
      script: ['in_site manage.py collectstatic --no-input'],
    }),
    siteRecord({
      id: 'migrate/site-record',
      domain: answers.text('domain'),
      after: ['migrate/tables'],
      departure: {
        id: 'site-record',
        document: 'no word on the Site record',
        instead: "Django's Site record is set to the domain.",
        why: 'Until then, links in e-mail and feeds point to example.com.',
      },
    }),
    ...(answers.has('admin.username') && answers.has('admin.password')
      ? [
          command({
            id: 'migrate/admin',
            title: 'the first administrator',
            after: ['migrate/tables'],
            departure: {
              id: 'first-admin',
              document: 'no word on a first administrator',
              instead: 'An administrator is created if the site has none.',
              why: 'Without an administrator nobody can log in at /admin/ on a new site.',
            },
            shell: [`${MANAGE} createsuperuser`],
            script: inDjangoScript('first_admin', [
              word(answers.text('admin.username')),
              word(answers.optionalText('admin.email') ?? ''),
              ofSecret('admin.password'),
            ]),
            irreversible: 'the account stays; delete it in /admin/',
            missing: (host) =>
              askedOfDjango(host, ({ admins, unapplied = [] }) => {
                if (unapplied.length > 0) return { later: 'needs the tables' };
                return admins === 0 ? answers.text('admin.username') : undefined;
              }),
            apply: (live) =>
              inDjango(live, template('python/first_admin.py'), {
                username: answers.text('admin.username'),
                email: answers.optionalText('admin.email') ?? '',
                password: answers.secret('admin.password').reveal(),
              }),
          }),
        ]
      : []),
  ],
};
export default section;

/** An account that is there keeps its password, and the site does not tell it: there is nothing to ask. */
async function hasAdmin(host: Host): Promise<boolean> {
  const state = await djangoState(host).catch(() => undefined);
  return (state?.admins ?? 0) > 0;
}
