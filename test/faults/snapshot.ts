import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** What the product keeps for itself, beside what the test put there. */
const OWN = ['state', 'copies', 'log', 'lock', 'answers.yaml'];
/** The sample's mark that its procedure went back: it is there or not, as the fault had it. */
const WENT_BACK = 'value-ran-old';

interface Entry {
  readonly content: string;
  readonly rights: string;
}

/** Every path below the folder that sections and procedures are about: what it holds, its mode and its owner. */
export type Snapshot = ReadonlyMap<string, Entry>;

export function snapshot(folder: string): Snapshot {
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return new Map(
    names
      .filter((name) => !OWN.includes(name.split('/')[0] ?? '') && name !== WENT_BACK)
      .map((name) => [name, entryOf(path.join(folder, name), folder)]),
  );
}

function entryOf(file: string, folder: string): Entry {
  const stats = lstatSync(file);
  const content = stats.isSymbolicLink()
    ? readlinkSync(file)
    : stats.isFile()
      ? readFileSync(file, 'utf8')
      : '/';
  const rights = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
  // The key is another one in each folder.
  return { content: content.replaceAll(folder, '').replace(/^secret=.+$/m, 'secret='), rights };
}

/** @returns what differs: `path: before → after`; nothing when the two are equal */
export function differences(one: Snapshot, other: Snapshot): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.flatMap((name) => {
    const [before, after] = [one, other].map((each) => JSON.stringify(each.get(name)));
    return before === after ? [] : [`${name}: ${before} → ${after}`];
  });
}

/** @returns files that are neither as before nor as after, and not on their way to either, beside their place */
export function torn(middle: Snapshot, before: Snapshot, after: Snapshot): readonly string[] {
  return [...middle]
    .filter(([name, { content }]) => {
      if (isPartial(name)) return false;
      const whole = [before, after].map((each) => each.get(name)?.content);
      // A procedure's record stands there only while it is under way.
      return !whole.includes(content) && !(name.endsWith('.pending') && isObject(content));
    })
    .map(([name]) => name);
}

/** @returns what is wrong with the product's own files, whatever failed before: a reader would find a part for the whole */
export function tornState(folder: string): readonly string[] {
  const wrong: string[] = [];
  for (const name of (readdirSync(path.join(folder), { recursive: true }) as string[]).sort()) {
    const file = path.join(folder, name);
    if (!/^(state|copies)\//.test(name) || isPartial(name) || !lstatSync(file).isFile()) continue;
    const text = readFileSync(file, 'utf8');
    if (name.endsWith('.json') && !isObject(text)) wrong.push(name);
    if (name.endsWith('.jsonl')) wrong.push(...tornJournal(text).map((each) => `${name}: ${each}`));
    if (
      name.startsWith('state/written/') &&
      createHash('sha256').update(text).digest('hex') !== path.basename(name)
    )
      wrong.push(name);
  }
  return wrong;
}

/** Of a journal a line may be cut off, that of the change that was not made: no other may be lost with it. */
function tornJournal(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !isObject(line) && line.split('{"sequence":').length > 2)
    .map((line) => `two in one line: ${line}`);
}

/** @returns what is left on the way to its place, or of what was under way */
export function leftBehind(folder: string): readonly string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter(
      (name) =>
        isPartial(name) || /^state\/(pending\.json|at-work\/.*)$/.test(name) || name.endsWith('.pending'),
    )
    .sort();
}

/** Written beside its place, and renamed when whole. */
function isPartial(name: string): boolean {
  return /partial$|\.tmp/.test(name);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
