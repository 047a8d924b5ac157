/**
 * `npm run rehearse`: the product on a throwaway host, where nothing is at stake. In a terminal it opens there, prefilled:
 * Enter takes all but the first administrator, who is to be named or skipped (Ctrl-X). With `--unattended`, or without a
 * terminal, it runs through and proves what it did.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { answersFile, unknowable, writeAnswers } from './answers.ts';
import { MEILISEARCH_VERSIONS } from './meilisearch/release.ts';
import { split } from './process.ts';
import { installProduct } from './product.ts';
import { RELEASES, usualRelease } from './recipe.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';
import { unattended } from './unattended.ts';

/** The Python client of the site's own lock file speaks with no earlier one. */
const offered = MEILISEARCH_VERSIONS.filter((version) => version !== '0.24.0');

const help = `npm run rehearse -- [--unattended] [--release NAME] [--meilisearch VERSION] [--keep]

Boots a throwaway Debian host with an internet of its own, and runs the product
there. In a terminal it asks as it would on a server; Enter takes what is
suggested. When the host ends, nothing is left of it but the cache.

  --unattended           ask nothing; prove that the site works, and report
                         (also when standard input is no terminal)
  --release NAME         ${RELEASES.join(' or ')}; ${usualRelease} when not given
  --meilisearch VERSION  ${offered.join(', ')}; 0.25.2 when not given
  --keep                 open a shell on the host when the proofs are done
  --help                 show this

Exit code: 0 when everything holds, else 1.`;

/** Shown before the shell that opens on the host, where the product ended before all was done. */
const begun = `
This is a root shell on the throwaway host. To try there:
  studio-setup --answers ${answersFile}  go on
  studio-setup status             one line per section
Leave with "exit": then the host is gone.`;

/** The same once the site stands. */
const stands = `
This is a root shell on the throwaway host. To try there:
  studio-setup doctor             is the site up?
  studio-setup plan               what would a run change?
  studio-setup status             one line per section
  studio-setup --answers ${answersFile}
                                  the wizard again, with the same answers
  studio-setup rotate secret-key  a new one everywhere; everybody logs in again
  studio-setup undo --dry-run     what would be put back of the last run?
  curl https://studio.example.org/
Leave with "exit": then the host is gone.`;

const options = readOptions();
if (options.help) console.log(help);
else process.exitCode = await rehearse();

async function rehearse(): Promise<number> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const { meilisearch, release } = options;
  console.log('Booting a throwaway host.');
  const host = await startRehearsal({ release });
  try {
    await installProduct(host, console.log);
    if (!terminal || options.unattended) {
      await writeAnswers(host, { meilisearch });
      const holds = await unattended(host, { meilisearch, release });
      if (terminal && options.keep) await open(host, 'exec bash --login');
      return holds ? 0 : 1;
    }
    await writeAnswers(host, { meilisearch, secrets: 'generate', only: ['domain', ...unknowable] });
    console.log(`The product starts there now: studio-setup --answers ${answersFile}
On a server of yours, studio-setup also asks what this file has filled in.`);
    return await open(
      host,
      `if studio-setup --answers ${answersFile}; then cat <<'END'\n${stands}\nEND\nelse cat <<'END'\n${begun}\nEND\nfi\nexec bash --login`,
    );
  } finally {
    await host.stop();
  }
}

/**
 * Runs a line of shell on the host in this terminal. `script` gives it a terminal of the host's own: one of the machine's
 * could not be its controlling terminal, and Ctrl-C would reach this process instead of the product.
 */
async function open(host: Rehearsal, line: string): Promise<number> {
  const env = { TERM: process.env.TERM ?? 'xterm', ...(process.env.NO_COLOR ? { NO_COLOR: '1' } : {}) };
  const argv = host.enterArgv({ env });
  const child = spawn(...split([...argv, 'script', '--quiet', '--return', '--command', line, '/dev/null']), {
    stdio: 'inherit',
  });
  const ignore = () => {};
  process.on('SIGINT', ignore);
  const [code] = await once(child, 'exit');
  process.off('SIGINT', ignore);
  return code ?? 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        unattended: { type: 'boolean', default: false },
        release: { type: 'string', default: usualRelease },
        meilisearch: { type: 'string', default: '0.25.2' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const meilisearch = offered.find((version) => version === values.meilisearch);
    if (meilisearch === undefined)
      throw new TypeError(`The rehearsal has no Meilisearch ${values.meilisearch} that the site works with.`);
    const release = RELEASES.find((name) => name === values.release);
    if (release === undefined) throw new TypeError(`The rehearsal has no Debian ${values.release}.`);
    return { ...values, meilisearch, release };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}
