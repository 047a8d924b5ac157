import { template } from '../../templates/index.ts';
import type { Operation } from '../engine/operation.ts';
import { inDjangoScript } from '../script/django.ts';
import { word } from '../script/words.ts';
import { djangoState } from '../site/django.ts';
import { CHECKOUT, SITE_USER, VENV } from '../site/layout.ts';
import { command } from './command.ts';
import { askedOfDjango, inDjango } from './in-django.ts';

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
    script: inDjangoScript('site_record', [word(domain)]),
    missing: (host) =>
      askedOfDjango(host, ({ siteDomain, unapplied = [] }) => {
        if (unapplied.length > 0) return { later: 'needs the tables' };
        return siteDomain === undefined || siteDomain === domain ? undefined : `now ${siteDomain}`;
      }),
    async apply(live) {
      const from = (await djangoState(live))?.siteDomain ?? '';
      await live.note({ kind: 'site-record', from, to: domain });
      await inDjango(live, template('python/site_record.py'), { domain });
    },
  });
}
