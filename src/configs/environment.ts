import { applyEdits } from '../text/edits.ts';
import { addUnitValue, effective, unitDirectives } from './unit.ts';
import { quoteWord, removeWords, unitWords, withoutSpecifiers } from './unit-words.ts';

const SERVICE = 'Service';
const KEY = 'Environment';

/**
 * The variables that a service's `Environment=` lines set; the last one of a name wins.
 * Files named by `EnvironmentFile=` are not read. `%%` becomes `%`, other specifiers stay as written.
 */
export function environment(source: string): Map<string, string> {
  const words = effective(source, SERVICE, KEY).flatMap((directive) => unitWords(source, directive));
  return new Map(
    words.flatMap(({ text }) => {
      const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) ?? [];
      return name === undefined || value === undefined ? [] : [[name, withoutSpecifiers(value)] as const];
    }),
  );
}

/** Adds `Environment=NAME=value` to the service, quoted as systemd needs it. */
export function addEnvironment(source: string, name: string, value: string): string {
  return addUnitValue(source, SERVICE, KEY, quoteWord(`${name}=${value}`));
}

/** Leaves one `Environment=NAME=value` of the service: where it says that already, nothing changes. */
export function setEnvironment(source: string, name: string, value: string): string {
  return environment(source).get(name) === value
    ? source
    : addEnvironment(removeEnvironment(source, name), name, value);
}

/** Takes a variable out of all `Environment=` lines, and leaves others that stand on the same line. */
export function removeEnvironment(source: string, name: string): string {
  const edits = unitDirectives(source)
    .filter(({ section, key }) => section === SERVICE && key === KEY)
    .flatMap((directive) => removeWords(source, directive, ({ text }) => text.startsWith(`${name}=`)));
  return applyEdits(source, edits);
}
