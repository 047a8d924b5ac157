import type { Answers } from '../src/answers/answers.ts';
import type { Departure } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { command } from '../src/operations/command.ts';
import { installInVirtualenv } from '../src/operations/in-virtualenv.ts';
import { packages } from '../src/operations/packages.ts';
import { runningService } from '../src/operations/unit.ts';
import { isLocal } from '../src/site/database.ts';
import { SITE_USER, UWSGI_INI, VENV } from '../src/site/layout.ts';
import { needsManagedPython, PYUWSGI } from '../src/site/python.ts';
import { SERVICES } from '../src/site/services.ts';
import { UWSGI } from '../src/site/uwsgi.ts';
import { installedVersion, virtualenvPython } from '../src/site/virtualenv.ts';
import { uwsgiIni } from './configuration-files.ts';

/** What the site's processes wait for, all of them. The first administrator may be made while they start. */
export const BEFORE_THE_SITE = [
  'configuration-files',
  'ownership',
  'settings',
  'migrate/tables',
  'migrate/static',
  'migrate/site-record',
  'meilisearch/keys',
];

const uwsgiFromIndex: Departure = {
  id: 'uwsgi-from-index',
  document: "uWSGI from the distribution's packages",
  instead: `With a Python that studio-setup installs, uWSGI is pyuwsgi ${PYUWSGI} in the virtualenv; the ini file names no plugin, and studio.service starts uWSGI from the virtualenv.`,
  why: "The distribution's plugin only runs the distribution's Python.",
};

const section: Section = {
  id: 'uwsgi',
  title: 'uWSGI',
  heading: 'Configuration files › uWSGI',
  summary: "Runs the site's Python code, behind nginx.",
  needs: BEFORE_THE_SITE,
  questions: [],
  operations: (answers) => [
    {
      ...packages({
        id: 'uwsgi/packages',
        title: 'packages: uWSGI',
        packages: UWSGI,
        // Last in apt's row: the certificate and the tables are made meanwhile, and nothing but the site itself waits for it.
        after: [isLocal(answers) ? 'database/packages' : 'requirements/services'],
        covers: ['uwsgi'],
        unless: needsManagedPython,
      }),
      script: [`if python_serves; then install_packages ${UWSGI.join(' ')}; fi`],
    },
    command({
      id: 'uwsgi/pyuwsgi',
      title: `pyuwsgi ${PYUWSGI}`,
      after: ['virtualenv/dependencies'],
      covers: ['uwsgi'],
      departure: uwsgiFromIndex,
      shell: [`sudo -Hu ${SITE_USER} ${VENV}/bin/pip install pyuwsgi==${PYUWSGI}`],
      script: [`python_serves || as_site ${VENV}/bin/python -m pip install --no-input pyuwsgi==${PYUWSGI}`],
      irreversible: 'it stays in the virtualenv',
      async missing(host) {
        if (!(await needsManagedPython(host))) return undefined;
        if ((await virtualenvPython(host)) === undefined) return { later: 'needs the virtualenv' };
        return (await installedVersion(host, 'pyuwsgi')) === PYUWSGI ? undefined : 'not installed yet';
      },
      apply: (live) => installInVirtualenv(live, [`pyuwsgi==${PYUWSGI}`]),
    }),
    uwsgiIni(answers, {
      id: 'uwsgi/uwsgi_studio.ini',
      after: ['uwsgi/packages', 'uwsgi/pyuwsgi', 'configuration-files/config', 'working-directory'],
    }),
    runningService(SERVICES.studio, {
      id: 'uwsgi/service',
      after: ['uwsgi/uwsgi_studio.ini', ...section.needs],
      covers: ['files-first', 'uwsgi-enable', 'uwsgi-start'],
      // A page takes the site a moment, and a plan changes nothing that it could say.
      early: (host) => answersPage(host, answers),
      answers: (host) => answersPage(host, answers),
      explain(journal) {
        const text = journal.join('\n');
        // uWSGI's core/uwsgi.c, core/init.c and core/plugins.c.
        if (
          /no request plugin is loaded|^!!! UNABLE to load uWSGI plugin: |^open\("[^"]*_plugin\.so"\)/m.test(
            text,
          )
        ) {
          return `uWSGI has no plugin for this server's Python: compare "plugin" in ${UWSGI_INI} with /usr/lib/uwsgi/plugins, then run again.`;
        }
        // uWSGI's plugins/python/pyloader.c, and Python's last line of a traceback.
        if (/^--- no python application found|^(ModuleNotFoundError|ImportError): /m.test(text)) {
          return "The site can't be imported: the log above names what is missing. Install it, then run again.";
        }
        return undefined;
      },
    }),
  ],
};
export default section;

/** @returns what is wrong with a page of the site, `undefined` when one comes */
async function answersPage(host: Host, answers: Answers): Promise<string | undefined> {
  return SERVICES.studio.ask?.(host, () => answers.text('domain'));
}
