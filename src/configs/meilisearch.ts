import { applyEdits } from '../text/edits.ts';
import { addEnvironment, environment, removeEnvironment } from './environment.ts';
import { lineBreak } from './lines.ts';
import { execStartOption, removeExecStartOption, setExecStartProgram } from './service.ts';
import { addUnitValue, type UnitDirective, unitDirectives, unitValues } from './unit.ts';
import { unitWords } from './unit-words.ts';

export interface MeilisearchOptions {
  /** Absolute path of the 0600 file that sets MEILI_MASTER_KEY. */
  readonly environmentFile: string;
  /** For Meilisearch 0.26 and later, which ends at `--no-analytics true`: say it by MEILI_NO_ANALYTICS instead. */
  readonly noAnalyticsByEnvironment: boolean;
  /** Absolute path of the program, where the unit's own is not the one that is installed. */
  readonly binary?: string;
  /** Variables and the folders that they name, for 0.30 and later; what the unit says itself stays. */
  readonly folders?: Readonly<Record<string, string>>;
}

/**
 * The Meilisearch unit for this server. The master key moves out of `Environment=`, which any local user can read with
 * `systemctl show`, into a file of its own. All else stays as it was.
 */
export function meilisearchUnit(source: string, options: MeilisearchOptions): string {
  let unit = withoutMasterKey(source, options.environmentFile);
  if (options.noAnalyticsByEnvironment) unit = noAnalyticsByEnvironment(unit);
  if (options.binary !== undefined) unit = setExecStartProgram(unit, checked(options.binary));
  for (const [variable, folder] of Object.entries(options.folders ?? {}))
    unit = withFolder(unit, variable, checked(folder));
  return unit;
}

/** The variable, unless the unit says it already, as a variable or as the option of the same name. */
function withFolder(source: string, variable: string, folder: string): string {
  const option = `--${variable
    .replace(/^MEILI_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
  return environment(source).has(variable) || execStartOption(source, option) !== undefined
    ? source
    : addEnvironment(source, variable, folder);
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
