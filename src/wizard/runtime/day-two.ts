import { textOf } from '../../answers/values.ts';
import { siteAddresses } from '../../app/address.ts';
import { nameOfService } from '../../app/restart.ts';
import { LOG_LINES, LOGGED, serviceLogs } from '../../app/service-logs.ts';
import type { Session } from '../../app/session.ts';
import { archivePath, writeArchive } from '../../app/support/archive.ts';
import { type Bundle, gatherBundle, sizeOf } from '../../app/support/bundle.ts';
import { testEmail, usualRecipient } from '../../app/test-email.ts';
import { isOff, statusLines, watchStatus } from '../../app/watch/status.ts';
import { clean, cleaned } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import type { Fact } from '../../output/fact.ts';
import { Secret } from '../../output/secret.ts';
import { administrators } from '../../site/administrator.ts';
import { djangoState } from '../../site/django.ts';
import { servicesOf } from '../../site/services.ts';
import { beforeSending, sentLines } from '../../site/test-email.ts';
import { readChannels } from '../../watch/channels.ts';
import { answersIn } from '../../watch/questions.ts';
import { askedFor } from '../screens/asking.ts';
import { ALL_SERVICES, type ListedService } from '../screens/services.ts';
import type { Store } from '../shell/store.ts';
import type { Intent } from '../state/intent.ts';
import { goTo } from '../state/navigation.ts';
import { busy } from './busy.ts';

const ABOUT_WATCH =
  'The watch checks the site four times an hour. It tells you once when a check begins to fail, and once when it passes again.';

/** What the menu offers for a site that stands and that changes nothing on the host, with the code of the commands. */
export class DayTwo {
  readonly #session: Session;
  readonly #store: Store;
  /** What was listed, to be written. */
  #bundle: { readonly bundle: Bundle; readonly file: string } | undefined;

  constructor(session: Session, store: Store) {
    this.#session = session;
    this.#store = store;
  }

  async listServices(purpose: 'logs' | 'restart'): Promise<void> {
    const services = servicesOf(await this.#session.product.sections());
    const known = services.map((each): ListedService => {
      return { name: nameOfService(each), about: `While it is down: ${each.means}` };
    });
    const others = LOGGED.filter((name) => !known.some((each) => each.name === name));
    const rows =
      purpose === 'restart'
        ? known
        : [
            { name: ALL_SERVICES, about: 'The latest lines of all services, by time.' },
            ...known,
            ...others.map((name) => ({ name, about: 'A task that a timer starts.' })),
          ];
    this.#store.update((state) => goTo({ ...state, services: { purpose, rows, selected: 0 } }, 'services'));
  }

  async showLogs(services: readonly string[]): Promise<void> {
    const lines = await busy(this.#store, 'Reading the log', () =>
      serviceLogs(this.#session, services, LOG_LINES),
    );
    const journal = { services, lines, from: undefined };
    this.#store.update((state) => goTo({ ...state, journal }, 'journal'));
  }

  async ask(form: Extract<Intent, { type: 'ask' }>['form']): Promise<void> {
    const asking = await this.#form(form);
    this.#store.update((state) => goTo({ ...state, asking }, 'asking'));
  }

  async #form(form: Extract<Intent, { type: 'ask' }>['form']) {
    switch (form) {
      case 'email': {
        // A host of its own: it must say what the settings have now, not when they were last looked at.
        const host = this.#session.hostNow();
        const state = await busy(this.#store, 'Reading the e-mail settings', () => djangoState(host));
        return askedFor('email', clean(beforeSending(state?.integrations?.emailBackend)), {
          address: usualRecipient(this.#session) ?? '',
        });
      }
      case 'script':
        return askedFor(
          'script',
          `Writes what a run would do now as a shell script, into a file in ${process.cwd()}. The script contains no secrets.`,
        );
      case 'backup':
        return askedFor(
          'backup',
          'A backup is encrypted for a key of yours, which is not on this server. On another computer: apt install age; age-keygen -o studio-backup.txt prints the public key.',
        );
      case 'watch': {
        const channels = (await readChannels(this.#session.hostNow())) ?? {};
        const now = [...answersIn(channels)];
        const preset = now.flatMap(([id, value]) =>
          value instanceof Secret ? [] : [[id, textOf(value)] as const],
        );
        const kept = now.flatMap(([id, value]) => (value instanceof Secret ? [id] : []));
        return askedFor(
          'watch',
          `${ABOUT_WATCH} How should it notify you? Leave empty what you do not use; e-mail needs a recipient and a sender.`,
          Object.fromEntries(preset),
          kept,
        );
      }
      case 'support':
        return askedFor('support', await this.#listBundle());
      case 'admin': {
        const { all } = await busy(this.#store, 'Reading the administrators', () =>
          administrators(this.#session.host),
        );
        const [first] = all;
        const names = all.map(({ username }) => username).join(', ');
        return askedFor(
          'admin',
          names === '' ? 'The site has no administrator yet.' : `Current administrators: ${names}.`,
          { username: first?.username ?? 'admin' },
        );
      }
    }
  }

  async #listBundle(): Promise<string> {
    const file = await archivePath();
    const bundle = await busy(this.#store, 'Asking this server', () => gatherBundle(this.#session));
    this.#bundle = { bundle, file };
    const files = bundle.files.map(({ name, text }) => `${name} (${sizeOf(Buffer.byteLength(text))})`);
    const { length } = bundle.unasked;
    return `${files.join(', ')} go into ${file}. Secrets are masked; names and addresses of visitors may stand in the journals.${length === 0 ? '' : ` ${count(length, 'thing')} could not be asked: README.txt names them.`}`;
  }

  async writeSupportBundle(): Promise<void> {
    if (this.#bundle === undefined) return;
    const { bundle, file } = this.#bundle;
    const bytes = await busy(this.#store, 'Packing', () => writeArchive(bundle, file));
    this.#bundle = undefined;
    this.#tell(
      'Support bundle: written',
      [{ label: 'File', value: file }],
      [
        `${sizeOf(bytes)}, readable by root alone.`,
        ...bundle.unasked.map(({ what, why }) => `Could not be asked: ${what}: ${why}`),
      ],
    );
  }

  async sendEmail(address: string): Promise<void> {
    const email = await busy(this.#store, 'Sending the e-mail', () => testEmail(this.#session, address));
    this.#tell('Test e-mail sent', [], sentLines(email));
  }

  async showAddress(): Promise<void> {
    const { site, admin, others } = await siteAddresses(this.#session);
    this.#tell(
      "The site's address",
      [
        { label: 'For visitors', value: site },
        { label: 'For administrators', value: admin },
        ...others.map((value) => ({ label: 'Also', value })),
      ],
      ['To print them without this frame, for copying: studio-setup address'],
    );
  }

  async showWatch(): Promise<void> {
    const status = await watchStatus(this.#session);
    const [first = '', ...rest] = statusLines(status).map(({ text, mark }) =>
      mark === false ? `Fails: ${text}` : text,
    );
    const set = 'Set up the watch, the next row of the menu.';
    const now = isOff(status)
      ? [first, `Or here: ${set}`]
      : [`It is on. To change how it tells you: ${set}`, first];
    this.#tell('The watch', [], [ABOUT_WATCH, ...now, ...rest]);
  }

  #tell(title: string, values: readonly Fact[], said: readonly string[]): void {
    const result = { ...cleaned({ title, values, said }), scroll: 0 };
    this.#store.update((state) => goTo({ ...state, result }, 'result'));
  }
}
