import type { Answers } from '../answers/answers.ts';
import type { Collected } from '../answers/sources.ts';
import type { Section } from '../engine/section.ts';
import type { Host } from '../host/host.ts';
import type { Fact } from '../output/fact.ts';
import { Secret } from '../output/secret.ts';
import { CODE, endsHttps, hasAnyRole, isBalanced } from '../site/roles.ts';
import { tunnelsOf } from '../site/tunnel.ts';
import { anymailPrefix } from '../site/webhooks.ts';
import { addressOf, loginOf } from './site-facts.ts';

/** Something that is left to do elsewhere. */
export interface NextStep {
  readonly text: string;
  /** What has to be entered there: shown on request alone. */
  readonly secret?: Secret;
}

/** @returns where the site is, who logs in where, what is not backed up, and what else there is; nothing before the domain is known */
export function finishFacts(answers: Answers, skipped: Collected['skipped']): readonly Fact[] {
  if (answers.optionalText('domain') === undefined) return [];
  return [
    { label: 'Address', value: addressOf(answers) },
    { label: 'Log in', value: loginOf(answers, skipped) },
    // A backup is made where the site's settings are.
    ...(hasAnyRole(answers, ...CODE)
      ? [
          {
            label: 'Backups',
            value: 'studio-setup backup enable makes one every day, studio-setup backup create one now.',
          },
        ]
      : []),
    { label: 'Menu', value: 'studio-setup, then m: logs, administrators, backups, updates, undo' },
  ];
}

/**
 * @param made ids of secrets that were generated for a person
 * @param mailPrefix where the site takes webhooks of mail services; absent: not known
 * @returns what is left to do elsewhere: with a password that was generated, of what is set up, and of what every site needs
 */
export function nextSteps(
  sections: readonly Section[],
  answers: Answers,
  made: ReadonlySet<string> = new Set(),
  mailPrefix?: string,
): readonly NextStep[] {
  if (answers.optionalText('domain') === undefined) return [];
  const own = sections.flatMap(({ questions }) =>
    questions.flatMap(({ id, elsewhere }): readonly NextStep[] => {
      const text = answers.has(id) ? elsewhere?.(answers) : undefined;
      if (text === undefined) return [];
      const value = answers.get(id);
      return [stepOf(withPrefix(text, mailPrefix), value instanceof Secret ? value : undefined)];
    }),
  );
  return [...passwordSteps(answers, made), ...own, ...firewallSteps(answers).map((text) => ({ text }))];
}

/** The same, with what this server's checkout says of addresses. */
export async function nextStepsOn(
  host: Host,
  sections: readonly Section[],
  answers: Answers,
  made?: ReadonlySet<string>,
): Promise<readonly NextStep[]> {
  // Without it the operator is told where to look.
  const prefix = await anymailPrefix(host).catch(() => undefined);
  return nextSteps(sections, answers, made, prefix);
}

function withPrefix(text: string, prefix: string | undefined): string {
  if (prefix !== undefined) return text.replace('/PREFIX/', `/${prefix}/`);
  return text.includes('/PREFIX/') ? `${text} PREFIX is what the site's urls.py has for anymail.urls.` : text;
}

/** A login that belongs into an address is shown with it, so that one line is copied. */
function stepOf(text: string, secret: Secret | undefined): NextStep {
  if (secret === undefined) return { text };
  const address = /https:\/\/LOGIN@\S+/.exec(text)?.[0];
  return {
    text,
    secret: address === undefined ? secret : new Secret(address.replace('LOGIN', secret.reveal())),
  };
}

function passwordSteps(answers: Answers, made: ReadonlySet<string>): readonly NextStep[] {
  const [login, secret] = [answers.optionalText('admin.username'), answers.optionalSecret('admin.password')];
  if (login === undefined || secret === undefined || !made.has('admin.password')) return [];
  return [
    {
      text: `The password of ${login}: keep it where you keep passwords. Nothing shows it once you quit.`,
      secret,
    },
  ];
}

/** @returns what a firewall in front of this server has to let in: of several servers, each is open to others than the next one */
function firewallSteps(answers: Answers): readonly string[] {
  const firewall = 'Firewall, if there is one in front of this server: open';
  const ended = tunnelsOf(answers).filter(({ server }) => server === undefined);
  return [
    ...(endsHttps(answers)
      ? [`${firewall} ports 80 and 443 to everybody. Each renewal of the certificate needs port 80.`]
      : []),
    ...(isBalanced(answers)
      ? [
          `${firewall} port 80 to the load balancers (${answers.list('load-balancers').join(', ')}), and to nobody else.`,
        ]
      : []),
    ...ended.map(
      ({ name, between }) =>
        `${firewall} port ${between} (${name}) to the servers with the site, and to nobody else.`,
    ),
  ];
}

/** Once, on this server. */
export const HERE: readonly string[] = [
  'Reboot once while nobody visits, then run studio-setup doctor.',
  'Start studio-setup again at any time: it shows what drifted and what was skipped.',
];
