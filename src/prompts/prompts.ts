import { readFile } from 'node:fs/promises';
import type { Answers, AnswerValue } from '../answers/answers.ts';
import { fullLabel, type Question, type Trial } from '../answers/question.ts';
import type { AnswerInput } from '../answers/sources.ts';
import { tryAnswer } from '../answers/try-answer.ts';
import { accept, generated, isSecret, textOf } from '../answers/values.ts';
import type { Host } from '../host/host.ts';
import { clean } from '../output/clean.ts';
import { inWords } from '../output/in-words.ts';
import { outputMode } from '../output/output-mode.ts';
import { printError, styled } from '../output/print.ts';
import { Secret } from '../output/secret.ts';
import { wrap } from '../output/wrap.ts';
import type { Asker, Offers } from './asker.ts';
import { readHiddenLines } from './paste.ts';

const MASK_CHARACTER = '•';

/**
 * Asks with plain prompts, section by section.
 * @param hostNow gives the host for one trial of an answer: as it is then, whatever an earlier trial saw
 * @param signal ends a waiting prompt
 * @param offers absent: nothing is made meanwhile
 * @throws (from each prompt) inquirer's ExitPromptError on Ctrl-C
 */
export async function prompter(hostNow: () => Host, signal: AbortSignal, offers?: Offers): Promise<Asker> {
  // A piped standard output is for the command's result; the questions then go to the terminal by the other way.
  const prompts = await promptsOfTerminal();
  const context = { signal, output: process.stdout.isTTY ? process.stdout : process.stderr, prompts };
  const yes = (message: string, preset: boolean) =>
    prompts.confirm({ message, default: preset, theme: THEME }, context);

  /** Makes what a failed trial offers, and tries until it works or the operator has enough. @returns whether the answer stays */
  const stays = async (
    trial: Trial | undefined,
    again: () => Promise<Trial | undefined>,
  ): Promise<boolean> => {
    if (trial === undefined || trial.ok) return true;
    const offer = offers?.offered.find(({ id }) => id === trial.offer);
    if (offer !== undefined && (await yes(`${offer.label}?`, true))) {
      const handover = await offers?.make(offer);
      if (handover !== undefined) printError('', handover.title, '', handover.text, '', handover.what, '');
      while (handover !== undefined && (await yes('Try again now?', true)))
        if ((await again())?.ok) return true;
    }
    return !(await yes('Answer again?', true));
  };

  return {
    reuse(saved) {
      const values = [...saved].filter(([, given]) => given.kind === 'value');
      const shown = values.flatMap(([id, given]) =>
        given.kind === 'value' ? [`    ${clean(`${id}: ${textOf(given.value)}`)}`] : [],
      );
      printError('', 'Answers saved earlier:', ...shown.map((line) => styled('dim', line)));
      return yes('Use them again?', true);
    },
    section(section) {
      printError(
        '',
        styled('bold', section.title),
        ...wrap(section.summary).map((line) => styled('dim', line)),
      );
    },
    known(question, value) {
      printError(
        `${styled('green', '✓')} ${fullLabel(question)}: ${clean(textOf(value))}  (already set on this server)`,
      );
    },
    wanted(group, consequence, expected) {
      printError(...wrap(`If skipped: ${consequence}`).map((line) => styled('dim', line)));
      return yes(`Set up ${group} now?`, expected);
    },
    defaults(presets) {
      const shown = presets.map(
        ({ question, value }) =>
          `${question.label}: ${value === undefined ? 'depends on other answers' : textOf(value)}`,
      );
      printError(...shown.map((line) => styled('dim', `    ${clean(line)}`)));
      return yes('Use these defaults?', true);
    },
    async ask(question, answers, suggestion) {
      printError(...wrap(question.help).map((line) => styled('dim', line)));
      for (;;) {
        const given = asTried(question, await askOnce(question, answers, suggestion, context));
        const again = () => tryOut(question, given, answers, hostNow());
        if (await stays(await again(), again)) return given;
      }
    },
  };
}

/** @param usual the answer of Enter alone @returns whether the operator agrees to `message` */
export async function confirmed(message: string, signal: AbortSignal, usual = true): Promise<boolean> {
  const { confirm } = await promptsOfTerminal();
  return confirm({ message, default: usual, theme: THEME }, { signal, output: process.stdout });
}

/** What both kinds of terminal can do. */
interface Prompts {
  confirm(config: Config & { default: boolean }, context: Where): Promise<boolean>;
  input(config: Config & { default?: string; validate: Validate }, context: Where): Promise<string>;
  password(
    config: Config & { mask: string; toggleMask: boolean; validate: Validate },
    context: Where,
  ): Promise<string>;
  select<Value extends string>(
    config: Config & { choices: readonly { value: Value; name: string }[]; default?: NoInfer<Value> },
    context: Where,
  ): Promise<Value>;
}

type Config = { readonly message: string; readonly theme: typeof THEME };
type Validate = (text: string) => string | true;
type Where = { readonly signal: AbortSignal; readonly output: NodeJS.WritableStream };

async function promptsOfTerminal(): Promise<Prompts> {
  return outputMode.lines ? await import('./line-prompts.ts') : await import('./redrawn-prompts.ts');
}

/** @returns which of `choices` the operator takes; the first is suggested */
export async function chosen<Value extends string>(
  message: string,
  choices: readonly { readonly value: Value; readonly name: string }[],
  signal: AbortSignal,
): Promise<Value> {
  const { select } = await promptsOfTerminal();
  return select({ message, choices, theme: THEME }, { signal, output: process.stdout });
}

/** The mark before a question must be readable without colour. */
const THEME = { prefix: { idle: '?', done: '✓' } };

/** @returns the answer as it is tried: that must be what is kept, also when it is generated here */
function asTried(question: Question, given: AnswerInput): AnswerInput {
  if (question.trial === undefined || given.kind !== 'generate') return given;
  return { kind: 'value', value: generated(question) };
}

/** Tries an answer for real, and says what came of it. @returns nothing for what can't be tried */
async function tryOut(
  question: Question,
  given: AnswerInput,
  answers: Answers,
  host: Host,
): Promise<Trial | undefined> {
  if (given.kind !== 'value') return undefined;
  const trial = await tryAnswer(question, answers.with(question.id, given.value, 'asked'), host);
  if (trial === undefined) return undefined;
  const [tone, mark] = trial.doubt
    ? (['yellow', '!'] as const)
    : trial.ok
      ? (['green', '✓'] as const)
      : (['red', '✗'] as const);
  printError(`  ${styled(tone, mark)} ${clean(trial.message)}`);
  return trial;
}

type Context = Where & { readonly prompts: Prompts };

async function askOnce(
  question: Question,
  answers: Answers,
  suggestion: AnswerValue | undefined,
  context: Context,
): Promise<AnswerInput> {
  const empty = emptyMeans(question);
  const check = (text: string): string | true => {
    if (text.trim() === '' && empty !== undefined) return true;
    const accepted = accept(question, text);
    return 'refused' in accepted ? accepted.refused : true;
  };
  const kept = (text: string): AnswerInput => {
    if (text.trim() === '' && empty === 'show') return shown(question, context);
    if (text.trim() === '' && empty !== undefined && empty !== 'show') return { kind: empty };
    const accepted = accept(question, text);
    // Every prompt validates with the same gate before it gives its text.
    if ('refused' in accepted) throw new TypeError(accepted.refused);
    return { kind: 'value', value: accepted.value };
  };
  const message = `${question.label}${hint(question, empty)}`;
  switch (question.kind) {
    case 'confirm':
      return {
        kind: 'value',
        value: await context.prompts.confirm(
          { message, default: suggestion !== false, theme: THEME },
          context,
        ),
      };
    case 'choice': {
      const choices = (question.choices ?? []).map(({ value, label }) => ({ value, name: label }));
      const preset = typeof suggestion === 'string' ? { default: suggestion } : {};
      if (empty === 'skip') choices.push({ value: '', name: `skip (${question.skippable})` });
      return kept(await context.prompts.select({ message, choices, theme: THEME, ...preset }, context));
    }
    case 'secret':
      return kept(await secret(message, check, question.repeat?.(answers) ?? false, context));
    case 'multiline-secret':
      return kept(await multiline(message, check, context));
    case 'text':
    case 'list': {
      const preset = suggestion === undefined || isSecret(question) ? {} : { default: textOf(suggestion) };
      return kept(
        await context.prompts.input({ message, validate: check, theme: THEME, ...preset }, context),
      );
    }
  }
}

/** What is generated for a person is seen once: by them, on the terminal alone, past the funnel that would mask it. */
function shown(question: Question, { output }: Context): AnswerInput {
  const value = generated(question);
  const text = value instanceof Secret ? value.reveal() : textOf(value);
  output.write(`  ${question.label}: ${text}\n  Note it now: it is not shown again.\n`);
  return { kind: 'value', value };
}

type Empty = 'generate' | 'show' | 'skip';

function emptyMeans(question: Question): Empty | undefined {
  if (question.generate !== undefined) return 'generate';
  if (question.generateOnRequest !== undefined) return 'show';
  return question.skippable === undefined ? undefined : 'skip';
}

function hint(question: Question, empty: Empty | undefined): string {
  if (question.kind === 'choice' || question.kind === 'confirm') return '';
  if (empty === 'generate') return ' (leave empty to generate one)';
  if (empty === 'show') return ' (leave empty to generate one, shown once)';
  return empty === 'skip' ? ' (leave empty to skip)' : '';
}

/** @param twice whether it is typed once more; an empty one means something else and is not */
async function secret(message: string, check: Validate, twice: boolean, context: Context): Promise<string> {
  const ask = (message: string, validate: Validate) =>
    context.prompts.password(
      { message, mask: MASK_CHARACTER, toggleMask: false, validate, theme: THEME },
      context,
    );
  for (;;) {
    const text = await ask(message, check);
    if (!twice || text.trim() === '') return text;
    if ((await ask('Type it again', () => true)) === text) return text;
    printError('  ✗ The two entries differ: type both again.');
  }
}

/** The path of a file, or the text itself. */
async function multiline(
  message: string,
  check: (text: string) => string | true,
  context: Context,
): Promise<string> {
  for (;;) {
    const question = `${THEME.prefix.idle} ${message}: type the path of its file, or paste it and finish with an empty line\n`;
    const typed = await readHiddenLines(outputMode.words ? inWords(question) : question, {
      ...context,
      dots: !outputMode.lines,
    });
    let text = typed;
    if (typed.startsWith('/')) {
      text = await readFile(typed, 'utf8').catch((error: NodeJS.ErrnoException) => {
        printError(`  ✗ ${typed} can't be read (${error.code}).`);
        return '';
      });
      if (text === '') continue;
    }
    const verdict = check(text);
    if (verdict === true) return text;
    printError(`  ✗ ${verdict}`);
  }
}
