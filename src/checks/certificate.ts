import type { Host } from '../host/host.ts';
import { certbotProgram, hooksThatStopNginx } from '../site/certbot.ts';
import { answerHere, parse, siteCertificate } from '../site/certificate.ts';
import { formerSites } from '../site/former-names.ts';
import { CERTBOT_SERVICE, CERTBOT_TIMER, RENEWAL_HOOK, SNAP_SERVICE, SNAP_TIMER } from '../site/layout.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { foreignNginx, nginxProblem } from '../site/nginx-trust.ts';
import { unitState } from '../site/units.ts';
import { type Check, failing, fine, returned } from './check.ts';

/** certbot renews 30 days before the end: later than this, renewals have been failing for two weeks. */
const RENEWAL_OVERDUE_MS = 16 * 24 * 60 * 60_000;

const ISSUE = ['certificate/issue', 'certificate/https-site', 'start-nginx/https'];

export const certificateIsServed: Check = {
  id: 'certificate',
  title: 'Certificate',
  asks: 'Reads the certificate on disk (names, expiry date) and compares it with the one that nginx serves.',
  means: 'Browsers warn visitors about the site, now or once the certificate that nginx serves expires.',
  fixes: ISSUE,
  async run(host, answers) {
    const [domain] = namesOf(answers);
    const { missing, installed } = await siteCertificate(host, namesOf(answers));
    if (missing !== undefined || installed === undefined) {
      return failing(
        `The certificate for ${domain}: ${missing ?? "it can't be read"}.`,
        'Run again: studio-setup run certificate',
        ISSUE,
      );
    }
    const local = await answerHere(host, domain);
    const served = parse(local.certificate ?? '');
    if (served?.serial !== installed.serial) {
      return failing(
        served === undefined
          ? `No certificate came from nginx on this server: a request to https://${domain}/ ${returned(local)}.`
          : 'nginx serves a different certificate from the one on disk.',
        'Load it: nginx -t && systemctl reload nginx. For the hook that does so after each renewal: studio-setup run certificate',
        ['certificate/renewal-hook', 'start-nginx/https'],
      );
    }
    const end = new Date(installed.expires).toISOString().slice(0, 10);
    return installed.expires - Date.now() < RENEWAL_OVERDUE_MS
      ? failing(
          `The certificate expires on ${end} and should have been renewed by now.`,
          'See why: studio-setup doctor --renewal. Once that is fixed: certbot renew',
        )
      : fine(`Valid until ${end}, and served by nginx.`);
  },
};

/** What makes renewals fail silently, found without asking the certificate authority. */
export const renewalIsSetUp: Check = {
  id: 'renewal',
  title: 'Renewal',
  asks: "Reads how certbot is set to renew, its timer, its last run, and the hook that reloads nginx. Requests a challenge's path from nginx for each name on port 80.",
  means:
    'The next renewal fails, or nginx does not load the new certificate. Within weeks the site has no valid certificate.',
  fixes: ['certificate/renewal-hook', 'certificate/timer', 'certificate/https-site', 'start-nginx/https'],
  async run(host, answers) {
    const own = namesOf(answers);
    // Former names have a certificate, often one for several of them, which ends as unseen as the site's.
    const former = await formerSites(host, formerNamesOf(answers));
    const { name, installed } = await siteCertificate(host, own);
    const certificates = [{ certificate: installed?.name ?? name, names: own }, ...former];
    const each = await Promise.all(
      certificates.map(({ certificate, names }) => renewalProblems(host, certificate, names)),
    );
    const wrong = [...new Set([...each.flat(), ...(await runProblems(host))])];
    return wrong.length === 0
      ? fine('certbot.timer is active, challenges are reachable, and nginx will load each new certificate.')
      : failing(
          `${wrong.join('; ')}.`,
          'Run: studio-setup run certificate. Then test a renewal: studio-setup doctor --renewal. If certbot renews by another method than webroot, change that: certbot reconfigure',
          this.fixes,
        );
  },
};

/** @param certificate its name at certbot @param names the names of the site that it is for */
async function renewalProblems(
  host: Host,
  certificate: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const path = `/etc/letsencrypt/renewal/${certificate}.conf`;
  const configuration = await host.read(path);
  if (configuration === undefined) return [`${path} is missing: certbot does not know how to renew`];
  const value = (key: string) => new RegExp(`^${key} *= *(.*?),?$`, 'm').exec(configuration)?.[1];
  const wrong: string[] = [];
  if (value('authenticator') === 'standalone')
    wrong.push(`${path} says authenticator = standalone, and nginx holds port 80`);
  // A webroot that is gone is no matter: certbot makes it again.
  if (value('authenticator') === 'webroot')
    wrong.push(...(await Promise.all(names.map((name) => closedTo(host, name)))).flat());
  const hook = await host.status(RENEWAL_HOOK);
  // By installer = nginx or a hook of its own certbot reloads nginx too.
  const reloads = value('installer') === 'nginx' || /^renew_hook *=.*nginx/m.test(configuration);
  if (!reloads && hook === undefined)
    wrong.push(`${RENEWAL_HOOK} is missing, so nginx keeps the old certificate`);
  else if (!reloads && ((hook?.mode ?? 0) & 0o100) === 0)
    wrong.push(`${RENEWAL_HOOK} is not executable, so certbot skips it`);
  return wrong;
}

/** What has to run for any renewal. */
async function runProblems(host: Host): Promise<readonly string[]> {
  const wrong: string[] = [];
  const timers = await Promise.all([CERTBOT_TIMER, SNAP_TIMER].map((unit) => unitState(host, unit)));
  if (!timers.some(({ active }) => active === 'active'))
    wrong.push(`certbot.timer is ${timers[0]?.active}: nothing renews the certificate`);
  for (const path of await hooksThatStopNginx(host))
    wrong.push(`${path} stops nginx before a renewal, so nothing answers the challenges`);
  for (const unit of [CERTBOT_SERVICE, SNAP_SERVICE]) {
    const { result } = await unitState(host, unit);
    if (result !== 'success')
      wrong.push(
        `the last run of ${unit} failed (${result}; journalctl -u ${unit.replace(/\.service$/, '')} -n 30)`,
      );
  }
  return wrong;
}

/** A challenge that is not there must be answered with 404 by nginx itself: a redirect would swallow those that are. */
async function closedTo(host: Host, name: string): Promise<readonly string[]> {
  const url = `http://${name}/.well-known/acme-challenge/studio-setup-doctor`;
  const { status, error } = await host.request(url, { timeoutMs: 5000 });
  return status === 404 ? [] : [`${url} returned ${error ?? `HTTP ${status}`} (expected 404)`];
}

/** Only with `doctor --renewal`: it takes seconds, counts at the certificate authority, and certbot writes its log. */
export const renewalTried: Check = {
  id: 'renewal-tried',
  title: 'Renewal test',
  asks: 'Only with `--renewal`: has certbot test a renewal (`--dry-run`) with the certificate authority that issued the certificate.',
  means: 'The next renewal fails for the same reason.',
  fixes: [],
  timeoutMs: 5 * 60_000,
  answers: ['certificate.server'],
  async run(host, answers) {
    // certbot's nginx plugin, where the certificate came by that, has root's nginx read its files.
    const foreign = await foreignNginx(host);
    if (foreign.length > 0) {
      const { what, remedy } = nginxProblem(foreign);
      return failing(what, remedy);
    }
    const { name, installed } = await siteCertificate(host, namesOf(answers));
    const domain = installed?.name ?? name;
    const { code, stdout, stderr } = await host.query(
      [
        ...[
          await certbotProgram(host),
          'renew',
          '--dry-run',
          '--cert-name',
          domain,
          '--no-random-sleep-on-renew',
        ],
        // Else a dry run goes to Let's Encrypt's staging server, whatever issued the certificate.
        ...['--server', answers.text('certificate.server')],
      ],
      { timeoutMs: this.timeoutMs ?? 0 },
    );
    const why = /(?:Detail|Failed to renew|Error|error):.*/.exec(`${stdout}\n${stderr}`)?.[0];
    return code === 0
      ? fine(`certbot can renew ${domain}: tested with --dry-run.`)
      : failing(
          `certbot renew --dry-run failed with exit code ${code}: ${why ?? stderr.trim().split('\n').at(-1)}`,
          'Fix what the message names; the full log is /var/log/letsencrypt/letsencrypt.log. The current certificate works until it expires.',
        );
  },
};
