import path from 'node:path';
import type { ProgramResult } from '../../../src/host/host.ts';
import type { FakeHost } from './fake-host.ts';
import { Processes } from './processes.ts';
import { type Call, when } from './programs.ts';
import { unlessAbsent } from './tree.ts';

const UNITS = '/etc/systemd/system';
/** systemd.unit(5), unit file load path: the administrator's before the packages'. */
const LOAD_PATH = [UNITS, '/lib/systemd/system'];

type Active = 'active' | 'inactive' | 'failed' | 'activating' | 'reloading';

/** A unit as systemd has it in memory. */
export interface FakeUnit {
  active: Active;
  /** When it became active, in milliseconds since the epoch. */
  since: number;
  mainPid: number;
  /** When its file was changed last as systemd knows it; absent for what systemd has not in memory. */
  known?: number | undefined;
  journal: string[];
  /** What becomes of it when it is started: `active` when absent. */
  starts?: () => Active;
  /** A service that is up when it was started (Type=simple), and fails so many milliseconds later. */
  endsAfter?: number;
  /** Names of processes that its first one starts. */
  workers: readonly string[];
  /** What a reload or a signal does besides making its workers again. */
  reloads?: () => Partial<ProgramResult>;
}

/**
 * systemd 257 as systemctl(1) shows it: units are read from their files when they are asked for, stay in memory while they
 * run or have failed, and are enabled by links that [Install] names.
 */
export class Systemd {
  readonly processes = new Processes();
  /**
   * A unit was enabled without a reload, whosever: every unit then needs one (from 255 on; src/core/manager.h,
   * unit_file_state_outdated; src/core/unit.c, unit_need_daemon_reload).
   */
  outdated = false;
  readonly #units = new Map<string, FakeUnit>();
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    host.made = (file) => this.processes.read(file);
    host.programs.add(
      when(/^systemctl /, (call) => this.#systemctl(call)),
      when(/^journalctl --unit /, ({ argv }) => `${this.unit(argv[2] ?? '').journal.join('\n')}\n`),
    );
  }

  unit(name: string): FakeUnit {
    const known = this.#units.get(name);
    if (known !== undefined) return known;
    const unit: FakeUnit = { active: 'inactive', since: 0, mainPid: 0, journal: [], workers: [] };
    this.#units.set(name, unit);
    return unit;
  }

  /** Has it run since so many milliseconds. */
  running(name: string, ago: number, more: Partial<FakeUnit> = {}): FakeUnit {
    const unit = Object.assign(this.unit(name), more);
    this.#start(name, unit, Date.now() - ago);
    return unit;
  }

  /** Links of a unit as `systemctl enable` makes them. */
  enable(name: string): void {
    const { file, wantedBy } = this.#install(name);
    if (file !== undefined)
      for (const target of wantedBy) this.#host.tree.put(`${UNITS}/${target}.wants/${name}`, { link: file });
  }

  #systemctl({ argv }: Call): Partial<ProgramResult> {
    const [verb = '', ...rest] = argv.slice(1);
    const name = rest.at(-1) ?? '';
    switch (verb) {
      case 'show':
        return {
          stdout: rest
            .slice(rest.indexOf('--') + 1)
            .map((each) => this.#show(each))
            .join('\n'),
        };
      case 'daemon-reload':
        this.outdated = false;
        for (const [each, unit] of this.#units)
          if (unit.known !== undefined) unit.known = this.#fileTime(each);
        return {};
      case 'reenable':
        return this.#reenable(name);
      case 'reset-failed':
        return this.#resetFailed(name);
      case 'start':
        if (!this.#isLoaded(name)) return notFound('start', name);
        // systemctl(1), --no-block: it is told what was asked for, not what came of it.
        return { ...this.#started(name, false), ...(rest.includes('--no-block') ? { code: 0 } : {}) };
      case 'restart':
        return this.#isLoaded(name) ? this.#started(name, true) : notFound('restart', name);
      case 'stop':
        this.#stop(this.unit(name));
        return {};
      case 'reload':
        return this.#reload(name);
      case 'kill':
        return this.#signal(name);
      default:
        throw new TypeError(`No systemctl ${verb}`);
    }
  }

  #show(name: string): string {
    const unit = this.unit(name);
    if (unit.active === 'active' && Date.now() >= unit.since + (unit.endsAfter ?? Number.POSITIVE_INFINITY)) {
      unit.active = 'failed';
      unit.mainPid = 0;
    }
    const time = this.#fileTime(name);
    const fields: Record<string, string | number> = {
      Id: name,
      LoadState: this.#isLoaded(name) ? 'loaded' : 'not-found',
      ActiveState: unit.active,
      SubState: unit.active === 'active' ? 'running' : unit.active === 'failed' ? 'failed' : 'dead',
      Result: unit.active === 'failed' ? 'exit-code' : 'success',
      // A file that is gone counts as changed (systemd, src/core/unit.c, unit_need_daemon_reload).
      NeedDaemonReload: this.outdated || (unit.known !== undefined && unit.known !== time) ? 'yes' : 'no',
      ActiveEnterTimestampMonotonic: monotonic(unit.since),
      ExecMainStartTimestampMonotonic: monotonic(unit.since),
      MainPID: unit.mainPid,
      NRestarts: 0,
      UnitFileState: this.#fileOf(name) === undefined ? '' : 'disabled',
    };
    return `${Object.entries(fields)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`;
  }

  #started(name: string, again: boolean): Partial<ProgramResult> {
    const unit = this.unit(name);
    if (unit.active === 'active' && !again) return {};
    this.#stop(unit);
    this.#start(name, unit, Date.now());
    return this.#units.get(name)?.active === 'failed'
      ? { code: 1, stderr: `Job for ${name} failed because the control process exited with error code.\n` }
      : {};
  }

  #start(name: string, unit: FakeUnit, at: number): void {
    unit.active = unit.starts?.() ?? 'active';
    unit.known = this.#fileTime(name);
    if (unit.active === 'failed') return;
    unit.since = at;
    unit.mainPid = this.processes.start(path.parse(name).name, at);
    this.processes.renew(unit.mainPid, unit.workers, at);
  }

  #stop(unit: FakeUnit): void {
    this.processes.end(unit.mainPid);
    unit.mainPid = 0;
    unit.active = 'inactive';
    unit.known = undefined;
  }

  #resetFailed(name: string): Partial<ProgramResult> {
    const unit = this.unit(name);
    if (unit.active === 'failed') this.#stop(unit);
    if (this.#isLoaded(name)) return {};
    return { code: 1, stderr: `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.\n` };
  }

  #reload(name: string): Partial<ProgramResult> {
    const unit = this.unit(name);
    if (unit.active !== 'active') return { code: 1, stderr: `${name} is not active, cannot reload.\n` };
    return this.#signal(name);
  }

  #signal(name: string): Partial<ProgramResult> {
    const unit = this.unit(name);
    if (unit.mainPid === 0)
      return { code: 1, stderr: `Failed to kill unit ${name}: No main process to kill\n` };
    const result = unit.reloads?.() ?? {};
    if ((result.code ?? 0) === 0) this.processes.renew(unit.mainPid, unit.workers, Date.now());
    return result;
  }

  #reenable(name: string): Partial<ProgramResult> {
    if (this.#fileOf(name) === undefined)
      return { code: 1, stderr: `Failed to reenable unit: Unit file ${name} does not exist.\n` };
    for (const link of this.#host.tree.below(UNITS))
      if (path.basename(link) === name && /\.(wants|requires)$/.test(path.dirname(link)))
        this.#host.tree.remove(link);
    this.enable(name);
    this.outdated = true;
    return {};
  }

  #isLoaded(name: string): boolean {
    return this.unit(name).known !== undefined || this.#fileOf(name) !== undefined;
  }

  #fileOf(name: string): string | undefined {
    return LOAD_PATH.map((folder) => `${folder}/${name}`).find(
      (file) => unlessAbsent(() => this.#host.tree.find(file)) !== undefined,
    );
  }

  #fileTime(name: string): number | undefined {
    const file = this.#fileOf(name);
    return file === undefined ? undefined : this.#host.tree.find(file)?.modified;
  }

  #install(name: string): { file: string | undefined; wantedBy: readonly string[] } {
    const file = this.#fileOf(name);
    const text = file === undefined ? '' : this.#host.tree.read(file).toString();
    const wantedBy = [...text.matchAll(/^WantedBy=(.*)$/gm)].flatMap(([, names = '']) => names.split(/\s+/));
    return { file, wantedBy };
  }
}

function notFound(verb: string, name: string): Partial<ProgramResult> {
  return { code: 5, stderr: `Failed to ${verb} ${name}: Unit ${name} not found.\n` };
}

/** @param at milliseconds since the epoch, 0 for never @returns microseconds since boot, as CLOCK_MONOTONIC has them now */
function monotonic(at: number): number {
  return at === 0 ? 0 : Math.round(Number(process.hrtime.bigint()) / 1000 - (Date.now() - at) * 1000);
}
