import { applyEdits } from '../text/edits.ts';
import { addEnvironment, environment, removeEnvironment, setEnvironment } from './environment.ts';
import { lineBreak } from './lines.ts';
import { execStartOption, removeExecStartOption, setExecStartProgram } from './service.ts';
import { addUnitValue, setUnitValue, type UnitDirective, unitDirectives, unitValues } from './unit.ts';
import { unitWords } from './unit-words.ts';

export interface MeilisearchOptions {
  /** Absolute path of the 0600 file that sets MEILI_MASTER_KEY; absent: the key stays where the unit has it. */
  readonly environmentFile?: string;
  /** For Meilisearch 0.26 and later, which ends at `--no-analytics true`: say it by MEILI_NO_ANALYTICS instead. */
  readonly noAnalyticsByEnvironment: boolean;
  /** Absolute path of the program, where the unit's own is not the one that is installed. */
  readonly binary?: string;
  /** Absolute path of the data folder, where it is not the unit's own. */
  readonly data?: string;
  /** Variables and the folders that they name, for 0.30 and later; what the unit says itself stays. */
  readonly folders?: Readonly<Record<string, string>>;
}

/**
 * The Meilisearch unit for this server. The master key moves out of `Environment=`, which any local user can read with
 * `systemctl show`, into a file of its own. All else stays as it was.
 */
export function meilisearchUnit(source: string, options: MeilisearchOptions): string {
  const { environmentFile } = options;
  let unit = environmentFile === undefined ? source : withoutMasterKey(source, environmentFile);
  if (options.noAnalyticsByEnvironment) unit = noAnalyticsByEnvironment(unit);
  if (options.binary !== undefined) unit = setExecStartProgram(unit, checked(options.binary));
  if (options.data !== undefined && options.data !== dataFolderOf(unit))
    unit = setEnvironment(removeExecStartOption(unit, '--db-path'), 'MEILI_DB_PATH', checked(options.data));
  for (const [variable, folder] of Object.entries(options.folders ?? {}))
    unit = withFolder(unit, variable, checked(folder));
  return unit;
}

/** @returns the data folder that a unit names; an option wins over its variable, in all versions */
export function dataFolderOf(source: string): string | undefined {
  return execStartOption(source, '--db-path') ?? environment(source).get('MEILI_DB_PATH');
}

/** @returns the folder of dumps that a unit names, `undefined` when it leaves it to the program. @param variable its name by version */
export function dumpsFolderOf(source: string, variable: string): string | undefined {
  return execStartOption(source, optionOf(variable)) ?? environment(source).get(variable);
}

/**
 * The same server beside the one that serves: on another address, with another data folder, and behind everybody else in the
 * row for the processors. It is never enabled, and not started again when it ends.
 * @param source the unit as it is going to be
 */
export function besideUnit(
  source: string,
  beside: {
    /** `127.0.0.1:7701` */
    readonly address: string;
    readonly data: string;
    /** Absolute path of the dump that the data begins with. */
    readonly dump?: string;
  },
): string {
  let unit = meilisearchUnit(source, { noAnalyticsByEnvironment: false, data: beside.data });
  unit = setEnvironment(removeExecStartOption(unit, '--http-addr'), 'MEILI_HTTP_ADDR', beside.address);
  if (beside.dump !== undefined) unit = setEnvironment(unit, 'MEILI_IMPORT_DUMP', checked(beside.dump));
  return setUnitValue(setUnitValue(unit, 'Service', 'Restart', 'no'), 'Service', 'Nice', '10');
}

/** The variable, unless the unit says it already, as a variable or as the option of the same name. */
function withFolder(source: string, variable: string, folder: string): string {
  return environment(source).has(variable) || execStartOption(source, optionOf(variable)) !== undefined
    ? source
    : addEnvironment(source, variable, folder);
}

/** @returns `--dump-dir` for `MEILI_DUMP_DIR` */
function optionOf(variable: string): string {
  return `--${variable
    .replace(/^MEILI_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}

/**
 * The real master key in a unit that was made by hand, in `Environment=` or on the command line.
 * A secret: for the file that is to own it, and never to be shown. `undefined` for none and for a placeholder.
 */
export function masterKeyOf(source: string): string | undefined {
  const key = environment(source).get('MEILI_MASTER_KEY') ?? execStartOption(source, '--master-key') ?? '';
  return key === '' || /^(CHANGE[_-]?ME|\$.*)$/i.test(key) ? undefined : key;
}

/** The environment file takes the place of the line with the key, wherever there is one. */
function withoutMasterKey(source: string, environmentFile: string): string {
  const file = checked(environmentFile).replaceAll('%', '%%');
  const present = unitValues(source, 'Service', 'EnvironmentFile').some((value) => value === file);
  const line = environmentLine(source, 'MEILI_MASTER_KEY');
  const cleaned = removeExecStartOption(removeEnvironment(source, 'MEILI_MASTER_KEY'), '--master-key');
  if (present) return cleaned;
  if (!line) return addUnitValue(cleaned, 'Service', 'EnvironmentFile', file);
  // What stands before the line is the same in both texts.
  const text = `EnvironmentFile=${file}${lineBreak(source)}`;
  return applyEdits(cleaned, [{ start: line.start, end: line.start, text }]);
}

function environmentLine(source: string, name: string): UnitDirective | undefined {
  return unitDirectives(source).find(
    (directive) =>
      directive.section === 'Service' &&
      directive.key === 'Environment' &&
      unitWords(source, directive).some(({ text }) => text.startsWith(`${name}=`)),
  );
}

function noAnalyticsByEnvironment(source: string): string {
  const asked = execStartOption(source, '--no-analytics');
  if (asked === undefined) return source;
  const unit = removeExecStartOption(source, '--no-analytics');
  if (asked === 'false' || environment(unit).has('MEILI_NO_ANALYTICS')) return unit;
  return addEnvironment(unit, 'MEILI_NO_ANALYTICS', 'true');
}

function checked(path: string): string {
  if (!/^(\/[\w.+%@-]+)+$/.test(path))
    throw new TypeError(`not a plain absolute path: ${JSON.stringify(path)}`);
  return path;
}
