import type { Answers } from '../../answers/answers.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { file } from '../../operations/file.ts';
import { nginxLoaded } from '../../operations/nginx-loaded.ts';
import { nginxTested } from '../../operations/nginx-tested.ts';
import { reloadedSite } from '../../operations/reload.ts';
import { settings } from '../../operations/settings.ts';
import { siteRecord } from '../../operations/site-record.ts';
import { runningService } from '../../operations/unit.ts';
import { answerHere, liveFolder, parse, siteCertificate } from '../../site/certificate.ts';
import { NGINX_LINK, NGINX_SITE, NGINX_SITES, SETTINGS, SITE_USER } from '../../site/layout.ts';
import { doubtsOfNginx } from '../../site/provenance.ts';
import { SERVICES } from '../../site/services.ts';
import { httpsVhost, type SiteNames } from '../../site/vhost.ts';
import { challengesGone } from './challenges.ts';
import { type Covering, withCovering } from './covering.ts';
import { answersFor, inBetween, ownNames } from './names.ts';
import { answeringTo, knownAs } from './settings.ts';

export interface SwitchOver {
  /** What the ids of the operations begin with. */
  readonly prefix: string;
  readonly answers: Answers;
  readonly to: SiteNames;
  readonly from: SiteNames;
  /** What nginx serves until all is proved; `to` unless names go that still have to lead to it. */
  readonly meanwhile?: SiteNames;
  /** Settings that cover names without spelling them, and the side of the change that they go to. */
  readonly covering: readonly [readonly Covering[], 'before' | 'after'];
}

/**
 * From one set of names to another, with the certificates of both there; the way back is the same, the other way round.
 * The site answers to the new names before nginx hands any on, and nginx serves them before a page names the new address.
 */
export function switchOver({
  prefix,
  answers,
  to,
  from,
  covering,
  meanwhile = to,
}: SwitchOver): readonly Operation[] {
  const { domain } = to;
  return [
    settings({
      id: `${prefix}/both-names`,
      title: `${domain} in ALLOWED_HOSTS`,
      shell: [`editor ${SETTINGS}  # ALLOWED_HOSTS`],
      edit: async (settingsFile) => answeringTo(settingsFile, to),
    }),
    reloadedSite({ id: `${prefix}/answers-to-both`, hostName: domain }),
    siteVhost({
      id: `${prefix}/vhost`,
      title: `nginx: ${domain}`,
      answers,
      names: meanwhile,
      // Killed after the old names went: they are not brought back to be taken away again.
      enough: to,
      others: [to, from],
    }),
    challengesGone(`${prefix}/no-challenges`),
    served(`${prefix}/served`, ownNames(to)),
    siteRecord({ id: `${prefix}/site-record`, domain }),
    settings({
      id: `${prefix}/settings`,
      title: `${domain} as the only name, and in the search address`,
      shell: [`editor ${SETTINGS}  # ALLOWED_HOSTS, MEILISEARCH_API_ADDRESS`],
      edit: async (settingsFile) => withCovering(knownAs(settingsFile, to, from), ...covering),
    }),
    reloadedSite({ id: `${prefix}/studio`, hostName: domain }),
    runningService(SERVICES['studio-background'], { id: `${prefix}/background` }),
  ];
}

/** @param others sites whose vhost may stand there now: each is the product's own work, also when nothing remembers it */
export function siteVhost(wanted: {
  readonly id: string;
  readonly title: string;
  readonly answers: Answers;
  readonly names: SiteNames;
  readonly others: readonly [SiteNames, SiteNames];
  /** A site that needs no change either. */
  readonly enough?: SiteNames;
}): Operation {
  const { id, title, answers, names, others, enough } = wanted;
  const text = (host: Host, each: SiteNames) => httpsVhost(host, answersFor(answers, each));
  const vhost = file({
    id,
    title,
    path: NGINX_SITE,
    as: SITE_USER,
    tested: nginxTested,
    shell: [`editor ${NGINX_SITE}  # server_name, ssl_certificate, and 301 for former names`],
    async content(host) {
      const { name, installed } = await siteCertificate(host, ownNames(names));
      return installed !== undefined || host.willChange(`${liveFolder(name)}/fullchain.pem`)
        ? text(host, names)
        : { later: 'needs the certificate' };
    },
    doubts: (host, content) => doubtsOfNginx(host, NGINX_SITE, content),
    async pristine(host) {
      const [one, other] = others;
      const states = [one, other, inBetween(one, other), inBetween(other, one)];
      const texts = await Promise.all(states.map((each) => text(host, each)));
      return texts.filter((each) => typeof each === 'string');
    },
  });
  return {
    ...vhost,
    async observe(host) {
      const is = async (each: SiteNames) =>
        (await text(host, each)) === (await host.read(NGINX_SITE, { as: SITE_USER }));
      return enough !== undefined && (await is(enough)) ? undefined : vhost.observe(host);
    },
  };
}

/** nginx with its sites as they are on the disk, and the domain's own certificate. */
function served(id: string, names: readonly [string, ...string[]]): Operation {
  const [domain] = names;
  return nginxLoaded({
    id,
    title: `nginx serves ${domain}`,
    watches: [NGINX_SITES, NGINX_SITE, NGINX_LINK],
    watchesToo: async (host) => {
      const { name, installed } = await siteCertificate(host, names);
      return [`${liveFolder(installed?.name ?? name)}/fullchain.pem`];
    },
    async answers(host) {
      const wanted = (await siteCertificate(host, names)).installed;
      const { certificate, error } = await answerHere(host, domain);
      if (certificate === undefined) return `https://${domain}/ is not served (${error ?? 'no certificate'})`;
      return parse(certificate)?.serial === wanted?.serial
        ? undefined
        : `https://${domain}/ is served with a different certificate`;
    },
  });
}
