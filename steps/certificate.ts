import type { Answers } from '../src/answers/answers.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import { certificate } from '../src/operations/certificate.ts';
import { file } from '../src/operations/file.ts';
import { folder } from '../src/operations/folder.ts';
import { nginxLoaded } from '../src/operations/nginx-loaded.ts';
import { issuerOf, renewal } from '../src/operations/renewal.ts';
import { siteToken } from '../src/operations/site-token.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { inTheWay } from '../src/requirements/in-the-way.ts';
import { renewalScript } from '../src/script/certificate.ts';
import { needRun } from '../src/script/deployed.ts';
import { certbotTimer } from '../src/site/certbot.ts';
import { siteCertificate } from '../src/site/certificate.ts';
import { formerSites } from '../src/site/former-names.ts';
import { ACME_WEBROOT, CERTBOT_TIMER, NGINX_LINK, NGINX_SITE, RENEWAL_HOOK } from '../src/site/layout.ts';
import { mailAddress } from '../src/site/mail-address.ts';
import { formerNamesOf, namesOf } from '../src/site/names.ts';
import { tryMailAddress } from '../src/site/trials.ts';
import { namesOnHost } from '../src/site/vhost.ts';
import { nginxSite } from './configuration-files.ts';

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

const HOOK = `#!/bin/sh
# Without this, nginx keeps serving the old certificate after a renewal.
exec systemctl reload nginx
`;

const section: Section = {
  id: 'certificate',
  title: 'Certificate',
  heading: 'Configuration files › Nginx › Configure certbot',
  summary: "The site's TLS certificate from Let's Encrypt, and its renewal, after which nginx reloads.",
  needs: ['nginx', 'requirements'],
  questions: [
    {
      id: 'certificate.email',
      label: "E-mail for Let's Encrypt",
      help: "Let's Encrypt writes to this address about your account and certificates. By entering it you agree to their terms of service.",
      kind: 'text',
      validate: mailAddress,
      trial: (answers) => tryMailAddress(answers.text('certificate.email')),
    },
    {
      id: 'certificate.server',
      advanced: true,
      label: 'ACME directory URL',
      help: "The certificate authority: Let's Encrypt, unless you use another one.",
      kind: 'text',
      default: LETS_ENCRYPT,
      current: async (host) => {
        const found = await namesOnHost(host);
        if (found === undefined) return undefined;
        const { name, installed } = await siteCertificate(host, [found.domain, ...found.extraNames]);
        return issuerOf(host, installed?.name ?? name);
      },
      validate: (value) =>
        URL.canParse(value) && value.startsWith('https://') ? undefined : 'It must be an https:// address.',
    },
  ],
  operations: (answers) => {
    const names = namesOf(answers);
    const former = formerNamesOf(answers);
    return [
      folder({
        id: 'certificate/webroot',
        path: ACME_WEBROOT,
        owner: 'root',
        passable: true,
        group: 'root',
        mode: 0o755,
        after: ['requirements/services'],
      }),
      siteToken('certificate/site-token', ['certificate/webroot']),
      nginxLoaded({
        id: 'certificate/http-site',
        title: 'nginx serves the ACME challenges',
        after: ['certificate/site-token', 'nginx/link'],
        watches: [NGINX_SITE, NGINX_LINK],
        inTheWay: (host) => inTheWay(host, names, false),
      }),
      certificate({
        id: 'certificate/issue',
        title: 'certificate',
        names,
        email: answers.text('certificate.email'),
        server: answers.text('certificate.server'),
        webroot: ACME_WEBROOT,
        after: ['certificate/http-site', 'requirements'],
        covers: ['certbot-install'],
        departure: {
          id: 'certbot-webroot',
          document: 'Follow the official instructions (certbot --nginx)',
          instead: 'certbot certonly --webroot, after a trial with --dry-run.',
          why: "certbot then never edits nginx's configuration, and a mistake in DNS does not count against the rate limits.",
        },
      }),
      file({
        id: 'certificate/renewal-hook',
        path: RENEWAL_HOOK,
        mode: 0o755,
        after: ['requirements/services'],
        shell: [
          `install -m 755 /dev/stdin ${RENEWAL_HOOK} <<'END'`,
          '#!/bin/sh',
          'exec systemctl reload nginx',
          'END',
        ],
        script: [
          `mkdir -p ${RENEWAL_HOOK.slice(0, RENEWAL_HOOK.lastIndexOf('/'))}`,
          `put ${RENEWAL_HOOK} 755 <<'HOOK'`,
          ...HOOK.trimEnd().split('\n'),
          'HOOK',
        ],
        content: async () => HOOK,
        departure: {
          id: 'renewal-hook',
          document: 'no word on renewals',
          instead: 'A certbot hook reloads nginx after each renewal.',
          why: 'certbot.timer renews the files, but nginx would keep serving the old certificate.',
        },
      }),
      ...(former.length === 0 ? [] : formerCertificates(former, answers)),
      nginxSite(
        answers,
        'certificate/https-site',
        ['certificate/issue', ...(former.length === 0 ? [] : ['certificate/former-names'])],
        true,
      ),
      renewalTimer(),
      renewal({
        id: 'certificate/renewal',
        title: 'test the renewal',
        after: ['certificate/https-site', 'certificate/renewal-hook'],
        script: renewalScript(names, answers.text('certificate.server')),
        named: names[0],
        server: answers.text('certificate.server'),
        certificates: async (host) => {
          const { installed } = await siteCertificate(host, names);
          return installed?.managed === true ? [installed.name] : [];
        },
      }),
      ...(former.length === 0 ? [] : formerRenewal(former, answers)),
    ];
  },
};
export default section;

/** certbot's own: of the distribution's, or of the snap's. */
function renewalTimer(): Operation {
  const timer = (unit: string) =>
    runningUnit({
      id: 'certificate/timer',
      unit,
      title: `${CERTBOT_TIMER} enabled and running`,
      wantedBy: 'timers.target',
      after: ['requirements/services'],
    });
  return {
    ...timer(CERTBOT_TIMER),
    observe: async (host) => timer(await certbotTimer(host)).observe(host),
  };
}

/** Former names keep the certificate that they have; on another host they need one of their own. */
function formerCertificates(former: readonly string[], answers: Answers): readonly Operation[] {
  const id = 'certificate/former-names';
  return [
    {
      id,
      title: 'certificates of former names',
      script: needRun(former),
      after: ['certificate/issue'],
      async observe(host) {
        const site = (await formerSites(host, former)).find(({ issued }) => !issued);
        if (site === undefined) return undefined;
        return certificate({
          id,
          title: site.certificate,
          names: site.names,
          email: answers.text('certificate.email'),
          server: answers.text('certificate.server'),
          webroot: ACME_WEBROOT,
        }).observe(host);
      },
    },
  ];
}

function formerRenewal(former: readonly string[], answers: Answers): readonly Operation[] {
  return [
    renewal({
      id: 'certificate/former-renewal',
      title: 'test the renewal of former names',
      // certbot lets no second one of itself begin.
      after: ['certificate/renewal', 'certificate/former-names'],
      named: former[0] ?? '',
      server: answers.text('certificate.server'),
      certificates: async (host) =>
        (await formerSites(host, former)).filter(({ issued }) => issued).map((site) => site.certificate),
      script: needRun(former),
    }),
  ];
}
