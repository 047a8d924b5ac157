import type { UnitState } from '../engine/service.ts';
import type { Host, RunOptions } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import {
  BACKUP_TIMER,
  CERTBOT_SERVICE,
  CERTBOT_TIMER,
  POSTGRESQL_UNIT,
  SERVICE_UNITS,
  SNAP_SERVICE,
  SNAP_TIMER,
  TASK_UNITS,
  VERIFY_TIMER,
  WATCH_TIMER,
} from './layout.ts';

const ALL = [
  ...Object.values(SERVICE_UNITS),
  ...TASK_UNITS,
  CERTBOT_TIMER,
  CERTBOT_SERVICE,
  SNAP_TIMER,
  SNAP_SERVICE,
  POSTGRESQL_UNIT,
  WATCH_TIMER,
  BACKUP_TIMER,
  VERIFY_TIMER,
];

const PROPERTIES =
  'Id,LoadState,ActiveState,SubState,Result,NeedDaemonReload,ActiveEnterTimestampMonotonic,ExecMainStartTimestampMonotonic,MainPID,ControlGroup,User,NRestarts,UnitFileState,NextElapseUSecRealtime,NextElapseUSecMonotonic';

/** @returns the state of one unit */
export function unitState(host: Host, unit: string): Promise<UnitState> {
  return host.once(stateOf(unit), async () => found(await ask(host, [unit]), unit));
}

/**
 * Asks for the state of all units that a site has with one systemctl, for those who are about to ask for several. For one alone it
 * takes four times as long as to ask for that.
 */
export async function askUnits(host: Host): Promise<void> {
  await host.once('units', async () => {
    const states = ask(host, ALL);
    await Promise.all(ALL.map((unit) => host.once(stateOf(unit), async () => found(await states, unit))));
  });
}

function stateOf(unit: string): string {
  return `unit:${unit}`;
}

function found(states: ReadonlyMap<string, UnitState>, unit: string): UnitState {
  const state = states.get(unit);
  if (state === undefined) throw notTold(unit, 'systemctl does not list it');
  return state;
}

/** @param why in systemctl's own words */
function notTold(what: string, why: string): ProblemError {
  return new ProblemError({
    what: `systemd can't be asked for the state of ${what}: ${why}`,
    remedy:
      'Check whether systemd answers (systemctl status); memory or D-Bus may be missing. Then run again.',
  });
}

/**
 * `systemctl show`, which ends well for units that are not there, too: any other end says nothing of any unit.
 * @param options of the query
 * @returns what it printed @throws ProblemError when it could not be asked
 */
export async function showUnits(
  host: Host,
  args: readonly string[],
  units: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await host.query(['systemctl', 'show', ...args, '--', ...units], {
    quiet: true,
    ...options,
  });
  if (code !== 0)
    throw notTold(
      units.length > 1 ? 'units' : units.join(),
      stderr.trim() || `systemctl ended with exit code ${code}`,
    );
  return stdout;
}

/**
 * From systemd 255 on every unit needs a reload once any unit of the host was enabled or disabled without one (src/core/manager.h,
 * `unit_file_state_outdated`), as another package's installation or a refresh of snapd does. This one has no file that
 * could have changed.
 */
const WITHOUT_FILE = 'init.scope';

async function isWholeHostOutdated(host: Host): Promise<boolean> {
  return (await showUnits(host, ['--property=NeedDaemonReload'], [WITHOUT_FILE])).includes('=yes');
}

async function ask(host: Host, units: readonly string[]): Promise<ReadonlyMap<string, UnitState>> {
  const stdout = await showUnits(host, [`--property=${PROPERTIES}`], units);
  const ownFile = stdout.includes('NeedDaemonReload=yes') && !(await isWholeHostOutdated(host));
  const states = new Map<string, UnitState>();
  const blocks = stdout.split('\n\n');
  blocks.forEach((block, index) => {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    // By the name asked for: a unit that is an alias answers with its real one.
    const unit = units[index];
    if (unit === undefined || !fields.has('ActiveState')) return;
    states.set(unit, {
      loaded: fields.get('LoadState') === 'loaded',
      active: fields.get('ActiveState') ?? '',
      sub: fields.get('SubState') ?? '',
      result: fields.get('Result') ?? '',
      needsReload: fields.get('NeedDaemonReload') === 'yes',
      fileChanged: ownFile && fields.get('NeedDaemonReload') === 'yes',
      activeSince: Number(fields.get('ActiveEnterTimestampMonotonic') ?? 0),
      lastStart: Number(fields.get('ExecMainStartTimestampMonotonic') ?? 0),
      mainPid: Number(fields.get('MainPID') ?? 0),
      controlGroup: fields.get('ControlGroup') ?? '',
      // Some versions leave an empty one out of the answer.
      user: fields.get('User') ?? '',
      restarts: Number(fields.get('NRestarts') ?? 0),
      fileState: fields.get('UnitFileState') ?? '',
      waits: ['NextElapseUSecRealtime', 'NextElapseUSecMonotonic'].some(
        // systemd's words for "never" differ by version.
        (name) => !['', '0', 'infinity', 'n/a', undefined].includes(fields.get(name)),
      ),
    });
  });
  return states;
}

/** Settled: a unit that is `activating` will be active or failed soon. */
export function running(state: UnitState): boolean {
  return state.active === 'active' || state.active === 'reloading';
}

/** @returns the last lines of a unit's journal, for a failure. */
export async function journalOf(host: Host, unit: string, lines = 15): Promise<readonly string[]> {
  const { stdout } = await host.query([
    'journalctl',
    '--unit',
    unit,
    '--lines',
    String(lines),
    '--no-pager',
    '--output',
    'cat',
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}
