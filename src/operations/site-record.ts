import type { Operation } from '../engine/operation.ts';
import { ProblemError } from '../engine/problem.ts';
import { SITE_USER } from '../host/host.ts';
import { djangoState, unitEnvironment } from '../site/django.ts';
import { CHECKOUT, VENV } from '../site/layout.ts';
import { command } from './command.ts';

export interface SiteRecord extends Pick<Operation, 'id' | 'after' | 'departure'> {
  readonly domain: string;
}

/** The site's own name in its database (Django's Site), which stands in the links of e-mails and feeds. */
export function siteRecord({ domain, ...wanted }: SiteRecord): Operation {
  return command({
    ...wanted,
    title: `the site's own name: ${domain}`,
    shell: [
      `sudo -Hu ${SITE_USER} ${VENV}/bin/python ${CHECKOUT}/manage.py shell -c "from django.contrib.sites.models import Site; Site.objects.filter(id=1).update(domain='${domain}')"`,
    ],
    async missing(host) {
      const state = await djangoState(host);
      if (state === undefined) return { later: 'needs settings.py and the virtualenv' };
      if (state.importError !== undefined) return { later: 'needs settings that import' };
      if (state.databaseError !== undefined)
        return { later: `needs the database (${state.databaseError.split('\n')[0]})` };
      if ((state.unapplied ?? []).length > 0) return { later: 'needs the tables' };
      const { siteDomain } = state;
      return siteDomain === undefined || siteDomain === domain ? undefined : `now ${siteDomain}`;
    },
    async apply(live) {
      const from = (await djangoState(live))?.siteDomain ?? '';
      await live.note({ kind: 'site-record', from, to: domain });
      const result = await live.run([`${VENV}/bin/python`, '-'], {
        as: SITE_USER,
        cwd: CHECKOUT,
        env: await unitEnvironment(live),
        input: SCRIPT.replace('DOMAIN', () => JSON.stringify(domain)),
        accept: [0, 1],
        quiet: true,
      });
      if (result.code === 0) return;
      throw new ProblemError({
        what: `The site's database did not take its name: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
        remedy: 'Mend what it names, then run again.',
      });
    },
  });
}

/** The current folder is no part of Python's path when the script is standard input. */
const SCRIPT = `
import os, sys
sys.path.insert(0, os.getcwd())
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')
import django
django.setup()
from django.conf import settings
from django.contrib.sites.models import Site
domain = DOMAIN
Site.objects.filter(id=getattr(settings, 'SITE_ID', 1)).update(domain=domain, name=domain)
`;
