import { applyEdits } from '../text/edits.ts';
import { effective, unitDirectives, unitValues } from './unit.ts';
import { removeWords, type UnitWord, unitWords, withoutSpecifiers } from './unit-words.ts';

/** What systemd allows before the program's path: `-`, `@`, `:`, `+`, `!`, `!!`. */
const PREFIX = /^[-@:+!]*/;

function command(source: string): UnitWord[] {
  const start = effective(source, 'Service', 'ExecStart').at(-1);
  return start ? unitWords(source, start) : [];
}

/** The program that the unit starts, as written in its `ExecStart=` (the last one), without systemd's prefixes. */
export function execStartProgram(source: string): string | undefined {
  const [program] = command(source);
  return program && withoutSpecifiers(program.text.replace(PREFIX, ''));
}

/** Lets the unit start another program with the same arguments. */
export function setExecStartProgram(source: string, path: string): string {
  const [program] = command(source);
  if (!program) return source;
  const prefix = PREFIX.exec(program.text)?.[0] ?? '';
  return applyEdits(source, [
    { start: program.start, end: program.end, text: prefix + path.replaceAll('%', '%%') },
  ]);
}

/** The words of `ExecStart=` that make up an option: `--name`, `--name=value`, or `--name value`. */
function optionWords(words: readonly UnitWord[], name: string): UnitWord[] {
  return words.filter((word, index) => {
    const before = words[index - 1]?.text;
    return (
      word.text === name ||
      word.text.startsWith(`${name}=`) ||
      (before === name && !word.text.startsWith('-'))
    );
  });
}

/** The value of an option of `ExecStart=`, `''` for one without a value, `undefined` when it is not there. */
export function execStartOption(source: string, name: string): string | undefined {
  const [option, value] = optionWords(command(source), name);
  if (!option) return undefined;
  return withoutSpecifiers(option.text === name ? (value?.text ?? '') : option.text.slice(name.length + 1));
}

/** Takes an option and its value out of `ExecStart=`. */
export function removeExecStartOption(source: string, name: string): string {
  const start = effective(source, 'Service', 'ExecStart').at(-1);
  if (!start) return source;
  const gone = new Set(optionWords(unitWords(source, start), name).map((word) => word.start));
  return applyEdits(
    source,
    removeWords(source, start, (word) => gone.has(word.start)),
  );
}

/** What reads the program that it runs from a file. */
const INTERPRETER = /^(sh|bash|dash|python[\d.]*|perl|ruby|node|php[\d.]*|env)$/;

/**
 * @param source of a service
 * @returns what systemd runs of it with root's rights: programs, and the scripts that those read; as they are written
 */
export function programsOfRoot(source: string): readonly string[] {
  const user = unitValues(source, 'Service', 'User').at(-1) ?? '';
  const isRoots = ['', 'root', '0'].includes(user);
  return unitDirectives(source)
    .filter(({ section, key }) => section === 'Service' && /^Exec[A-Z]/.test(key))
    .flatMap((directive) => commandsIn(unitWords(source, directive).map(({ text }) => text)))
    .flatMap(([first = '', ...args]) => {
      const prefix = PREFIX.exec(first)?.[0] ?? '';
      // `+`, `!` and `!!`: not with the rights of `User=` (systemd.service(5)).
      if (!isRoots && !/[+!]/.test(prefix)) return [];
      const program = withoutSpecifiers(first.slice(prefix.length));
      const script = INTERPRETER.test(program.slice(program.lastIndexOf('/') + 1))
        ? args.find((arg) => arg.startsWith('/'))
        : undefined;
      return [program, ...(script === undefined ? [] : [script])];
    })
    .filter((program) => program !== '');
}

/** One assignment may hold several commands. */
function commandsIn(words: readonly string[]): readonly (readonly string[])[] {
  const end = words.indexOf(';');
  return end === -1 ? [words] : [words.slice(0, end), ...commandsIn(words.slice(end + 1))];
}
