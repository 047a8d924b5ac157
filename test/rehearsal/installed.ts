import { type AnswersOptions, type Planted, writeAnswers } from './answers.ts';
import { Operator, type Ran } from './operator.ts';
import { installProduct } from './product.ts';
import { Proof } from './proof.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';

/** The usual sites: with every integration and every secret given, or with none and with all secrets made by the product. */
const SITES = {
  planted: {},
  generated: { integrations: 'skipped', secrets: 'generate' },
} as const satisfies Record<string, AnswersOptions>;

/** A host with the site, as the installation left it. */
export interface Installed {
  readonly host: Rehearsal;
  /** Whose transcripts begin with the installation. */
  readonly operator: Operator;
  /** The secrets that the answers file names. */
  readonly planted: readonly Planted[];
}

/** What is known of a site that was installed in this process. */
interface Kept {
  readonly planted: readonly Planted[];
  readonly shown: readonly Ran[];
}

/** The checkpoint of that host before anything was put on it, the product neither. */
export const BARE = 'bare';

let booting: Promise<Rehearsal> | undefined;
const kept = new Map<keyof typeof SITES, Kept>();

/**
 * Gives a host on which the product installed the site, for tests of what comes after that. An installation takes a minute,
 * so the first call in a process makes it, and each later call puts host and internet back as they were then. Host and
 * internet end with the process; whoever is done with the host powers it off.
 * @throws {Error} when the host is not the installed one: a run would change or restart anything
 */
export async function installedHost(site: keyof typeof SITES): Promise<Installed> {
  booting ??= bareHost();
  const host = await booting;
  const { planted, shown } = kept.get(site) ?? (await install(host, site));
  await putBack(host, site);
  const operator = new Operator(host, shown);
  // The first since a boot also makes the folder of the product's lock again.
  console.log(`${site}, put back: ${await operator.runAgain(new Proof(host))}`);
  return { host, operator, planted };
}

async function bareHost(): Promise<Rehearsal> {
  const host = await startRehearsal();
  await host.checkpoint(BARE);
  return host;
}

/** @throws {Error} unless the site is well, also after the boot */
async function install(host: Rehearsal, site: keyof typeof SITES): Promise<Kept> {
  await putBack(host, BARE);
  const planted = await writeAnswers(host, SITES[site]);
  await installProduct(host, console.log);
  const operator = new Operator(host);
  console.log(`${site}: ${await operator.run()}`);
  const made = { planted, shown: [...operator.transcripts] };
  await host.checkpoint(site);
  const proof = new Proof(host);
  await proof.services();
  await proof.timers();
  console.log(await operator.doctor());
  kept.set(site, made);
  return made;
}

async function putBack(host: Rehearsal, checkpoint: string): Promise<void> {
  await host.internet.putBack();
  await host.restore(checkpoint);
  // Where an hour has passed since, timers make up for it at boot.
  const busy = 'systemctl list-units --plain --no-legend --state=activating,reloading | grep -q .';
  await host.exec(['sh', '-c', `while ${busy}; do sleep 0.1; done`]);
}
