import { besideUnit } from '../../configs/meilisearch.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { start } from '../../operations/unit-start.ts';
import { daemonReload } from '../../site/daemon-reload.ts';
import { unhealthy } from '../../site/meilisearch.ts';
import { explainJournal } from '../../site/meilisearch-journal.ts';
import { type Engine, partial } from './engine.ts';

/** The port of the server that is filled while the old one serves. */
export const BESIDE_PORT = 7701;
const LISTENS = `127.0.0.1:${BESIDE_PORT}`;
export const BESIDE = `http://${LISTENS}`;
export const BESIDE_UNIT = 'studio-setup-meilisearch.service';
/** Gone after a reboot: what was half filled is not started then. */
export const BESIDE_FILE = `/run/systemd/system/${BESIDE_UNIT}`;

/** A dump is imported before the port is open ("Importing a dump", docs of Meilisearch), and that takes as long as indexing. */
const PATIENCE_MS = 2 * 60 * 60_000;

/**
 * Starts the new engine as its own unit will, beside the one that serves: what this version refuses in that unit shows now.
 * @param dump absolute path of the dump that its data begins with
 * @throws ProblemError with its journal
 */
export async function startBeside(live: LiveHost, engine: Engine, dump?: string): Promise<void> {
  const unit = besideUnit(engine.unit, {
    address: LISTENS,
    data: partial(engine),
    ...(dump === undefined ? {} : { dump }),
  });
  // The operator may have the master key in it.
  await live.write(BESIDE_FILE, unit, { mode: 0o600, owner: 'root', secret: true });
  await daemonReload(live);
  const wanted = {
    unit: BESIDE_UNIT,
    answers: (host: Host) => unhealthy(host, BESIDE),
    explain: explainJournal,
  };
  await start(live, wanted, false, PATIENCE_MS);
}

/** Ends it, of an earlier run too. */
export async function stopBeside(live: LiveHost): Promise<void> {
  if ((await live.status(BESIDE_FILE)) === undefined) return;
  await live.run(['systemctl', 'stop', BESIDE_UNIT], { accept: [0, 5], evenWhenStopped: true });
  await live.remove(BESIDE_FILE, { secret: true });
  await daemonReload(live);
}
