import { inWords } from '../output/in-words.ts';
import { outputMode } from '../output/output-mode.ts';
import { readHiddenLines } from './paste.ts';
import { readTypedLine } from './typed-line.ts';

/**
 * The same prompts as inquirer's, for terminals in which nothing may move: inquirer draws its line again at each key, which
 * a screen reader says again and again, and which leaves a record of the session full of cursor movements. It has no
 * setting for that.
 */
interface Context {
  readonly signal: AbortSignal;
  readonly output: NodeJS.WritableStream;
}

type Validate = (text: string) => string | true;

export async function input(
  { message, validate, default: preset }: { message: string; validate: Validate; default?: string },
  context: Context,
): Promise<string> {
  const hint = preset === undefined || preset === '' ? '' : `. Enter accepts ${preset}`;
  return until(context, `${message}${hint}: `, (typed) => {
    const text = typed.trim() === '' && preset !== undefined ? preset : typed;
    const verdict = validate(text);
    return verdict === true ? { taken: text } : { refused: verdict };
  });
}

export async function password(
  { message, validate }: { message: string; validate: Validate },
  context: Context,
): Promise<string> {
  for (;;) {
    const question = `? ${message} (not shown while you type): `;
    const text = await readHiddenLines(outputMode.words ? inWords(question) : question, {
      ...context,
      dots: false,
      isWhole: (lines) => lines.length > 0,
    });
    const verdict = validate(text);
    if (verdict === true) return text;
    say(context, `  ✗ ${verdict}\n`);
  }
}

export async function confirm(
  { message, default: preset }: { message: string; default: boolean },
  context: Context,
): Promise<boolean> {
  const question = `${message} yes or no. Enter means ${preset ? 'yes' : 'no'}: `;
  return until(context, question, (typed) => {
    const text = typed.trim();
    if (text === '') return { taken: preset };
    if (/^y(es)?$/i.test(text)) return { taken: true };
    return /^no?$/i.test(text) ? { taken: false } : { refused: 'Answer yes or no.' };
  });
}

export async function select<Value extends string>(
  {
    message,
    choices,
    default: preset,
  }: { message: string; choices: readonly { value: Value; name: string }[]; default?: NoInfer<Value> },
  context: Context,
): Promise<Value> {
  const at = choices.findIndex(({ value }) => value === preset);
  const list = choices.map(({ name }, index) => `\n  ${index + 1}: ${name}`).join('');
  const hint = at < 0 ? '' : `. Enter chooses ${at + 1}`;
  return until(context, `${message}${list}\n  Number${hint}: `, (typed) => {
    const text = typed.trim();
    const chosen =
      text === '' ? choices[at] : (choices[Number(text) - 1] ?? choices.find((each) => each.value === text));
    return chosen === undefined
      ? { refused: `Type a number from 1 to ${choices.length}.` }
      : { taken: chosen.value };
  });
}

/** Asks until the answer is taken. */
async function until<T>(
  context: Context,
  question: string,
  judge: (typed: string) => { readonly taken: T } | { readonly refused: string },
): Promise<T> {
  for (;;) {
    say(context, `? ${question}`);
    const verdict = judge(await readTypedLine(context.signal));
    if ('taken' in verdict) return verdict.taken;
    say(context, `  ✗ ${verdict.refused}\n`);
  }
}

function say({ output }: Context, text: string): void {
  output.write(outputMode.words ? inWords(text) : text);
}
