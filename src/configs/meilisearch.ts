import { applyEdits } from '../text/edits.ts';
import { addEnvironment, environment, removeEnvironment } from './environment.ts';
import { lineBreak } from './lines.ts';
import { execStartOption, removeExecStartOption, setExecStartProgram } from './service.ts';
import { addUnitValue, commentOutUnitValue, type UnitDirective, unitDirectives, unitValues } from './unit.ts';
import { quoteWord, unitWords } from './unit-words.ts';

export interface MeilisearchOptions {
  /** Absolute path of the 0600 file that sets MEILI_MASTER_KEY. */
  readonly environmentFile: string;
  /** For Meilisearch 1.0 and later, which ends at `--no-analytics true`: say it by MEILI_NO_ANALYTICS instead. */
  readonly noAnalyticsByEnvironment: boolean;
  /** Absolute path of the program, where the unit's own is not the one that is installed. */
  readonly binary?: string;
  /** For old versions; in current ones the setting does nothing. */
  readonly sentryDsn?: string;
}

/**
 * The Meilisearch unit for this host. The master key moves out of `Environment=`, which any local user can read with
 * `systemctl show`, into a file of its own. All else stays as it was.
 */
export function meilisearchUnit(source: string, options: MeilisearchOptions): string {
  let unit = withoutMasterKey(source, options.environmentFile);
  if (options.noAnalyticsByEnvironment) unit = noAnalyticsByEnvironment(unit);
  if (options.binary !== undefined) unit = setExecStartProgram(unit, checked(options.binary));
  if (options.sentryDsn !== undefined) unit = withSentry(unit, options.sentryDsn);
  return unit;
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

const COMMENTED_DSN = /^([ \t]*)[#;][ \t]*Environment=SENTRY_DSN=[^\r\n]*/m;

/** As the document says it: the DSN in the line that waits for it, and MEILI_NO_SENTRY commented out. */
function withSentry(source: string, dsn: string): string {
  if (/[\s"'\\]/.test(dsn)) throw new TypeError('a Sentry DSN has no blanks, quotes or backslashes in it');
  const without = removeEnvironment(source, 'SENTRY_DSN');
  const line = `Environment=${quoteWord(`SENTRY_DSN=${dsn}`)}`;
  const unit = COMMENTED_DSN.test(without)
    ? without.replace(COMMENTED_DSN, (_, indent: string) => indent + line)
    : addEnvironment(without, 'SENTRY_DSN', dsn);
  return commentOutUnitValue(unit, 'Service', 'Environment', (value) =>
    /^"?MEILI_NO_SENTRY=\S*$/.test(value),
  );
}

function checked(path: string): string {
  if (!/^(\/[\w.+%@-]+)+$/.test(path))
    throw new TypeError(`not a plain absolute path: ${JSON.stringify(path)}`);
  return path;
}
