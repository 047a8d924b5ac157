import type { Key } from './key.ts';
import { characters } from './width.ts';

/** Characters that a text may have: a PEM key has some 3,300. */
const LONGEST = 20_000;

/** A text that is being typed; the cursor stands between both parts. */
export interface TextField {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  /** Why the last key or Enter was refused. */
  readonly refused?: string;
}

type Edited = (field: TextField) => TextField;

const to = ({ id }: TextField, before: string, after: string): TextField => ({ id, before, after });
const home: Edited = (field) => to(field, '', field.before + field.after);
const end: Edited = (field) => to(field, field.before + field.after, '');
const backspace: Edited = (field) => to(field, withoutLast(field.before), field.after);

/** What the named keys do. */
const NAMED: Readonly<Partial<Record<Key['name'], Edited>>> = {
  backspace,
  // Most terminals send this code for the key above Enter, some for the one that deletes to the right.
  delete: (field) =>
    field.after === '' ? backspace(field) : to(field, field.before, withoutFirst(field.after)),
  left: (field) => {
    const left = withoutLast(field.before);
    return to(field, left, field.before.slice(left.length) + field.after);
  },
  right: (field) => {
    const right = withoutFirst(field.after);
    return to(field, field.before + field.after.slice(0, field.after.length - right.length), right);
  },
  home,
  end,
};

/** What letters do with Ctrl, as in a shell. */
const CTRL: Readonly<Record<string, Edited>> = {
  a: home,
  e: end,
  u: (field) => to(field, '', field.after),
  k: (field) => to(field, field.before, ''),
  w: (field) => to(field, field.before.replace(/\S*\s*$/, ''), field.after),
  h: backspace,
};

/**
 * @param lines whether the text may have several lines
 * @returns the field after a key; `undefined` when the key is none of an editor's
 */
export function typeInto(field: TextField, key: Key, lines: boolean): TextField | undefined {
  if (key.name === 'char' || key.name === 'paste') return insert(field, key.text, lines);
  return (key.name === 'ctrl' ? CTRL[key.text] : NAMED[key.name])?.(field);
}

function insert(field: TextField, raw: string, lines: boolean): TextField {
  const { id, before, after } = field;
  // A newline at the end comes with what was copied; those inside are a mistake unless the answer has lines.
  const text = lines ? raw.replace(/\r\n?/g, '\n') : raw.replace(/[\r\n]+$/, '');
  const refuse = (refused: string): TextField => ({ id, before, after, refused });
  if (!lines && /[\r\n]/.test(text))
    return refuse(`${text.split(/\r\n?|\n/).length} lines were pasted; this answer has one line.`);
  const length = before.length + after.length + text.length;
  if (length > LONGEST) return refuse(`${length} characters; at most ${LONGEST} are allowed.`);
  return { id, before: before + text, after };
}

function withoutLast(text: string): string {
  return characters(text).slice(0, -1).join('');
}

function withoutFirst(text: string): string {
  return characters(text).slice(1).join('');
}
