import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { currentAnswers } from '../answers/current.ts';
import type { Question } from '../answers/question.ts';
import { AnswersMissing, AnswersRefused } from '../answers/refused.ts';
import { savedAnswers } from '../answers/saved.ts';
import type { AnswerInput, Collected, Sources } from '../answers/sources.ts';
import type { Section } from '../engine/section.ts';
import { Accounts } from '../host/accounts.ts';
import { Ledger } from '../host/ledger.ts';
import { LinuxHost, type LinuxHostOptions } from '../host/linux-host.ts';
import { rememberMine } from '../host/mine.ts';
import { PreparedPythons } from '../host/prepared-pythons.ts';
import { ProgramStarter } from '../host/program-starter.ts';
import { decoded, howToConvert } from '../host/text.ts';
import { sentence } from '../output/sentence.ts';
import type { Asker, Offers } from '../prompts/asker.ts';
import { isSpread } from '../site/roles.ts';
import { collect } from './collect.ts';
import type { Options } from './options.ts';
import type { Product } from './product.ts';
import { refuseReplacedSecrets } from './rotated.ts';

/**
 * What one command works with: the host to read, the ledger, the answers. Nothing is written by having it.
 */
export class Session {
  readonly product: Product;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly ledger: Ledger;
  readonly host: LinuxHost;
  readonly hostOptions: LinuxHostOptions;
  readonly #overwrite: Set<string>;
  readonly #starter = new ProgramStarter();
  /** Standard input can be read once, and answers are asked for more than once. */
  #stdin: Promise<Buffer> | undefined;
  /** Where warnings of the host go; those said before anybody listens are kept. */
  readonly warnings: string[] = [];
  onWarning: (message: string) => void = () => {};
  onQuery: NonNullable<LinuxHostOptions['onQuery']> = () => {};

  constructor(product: Product, options: Options, signal: AbortSignal) {
    this.product = product;
    this.options = options;
    this.signal = signal;
    this.ledger = new Ledger(product.paths.state);
    this.#overwrite = new Set(options.overwrite);
    this.hostOptions = {
      accounts: new Accounts(),
      ledger: this.ledger,
      overwrite: this.#overwrite,
      mine: options.mine ?? [],
      signal,
      prepared: new PreparedPythons(),
      starter: this.#starter,
      onWarning: (message) => {
        if (this.warnings.includes(message)) return;
        this.warnings.push(message);
        this.onWarning(message);
      },
      onQuery: (...query) => this.onQuery(...query),
    };
    this.host = new LinuxHost(this.hostOptions);
  }

  /** Starts the program starter early, for a command that queries the server at once; the wizard draws its first frame first. */
  begin(): void {
    this.#starter.prepare();
  }

  /** The operator said that this file of theirs may be replaced; a copy stays in the run's journal. */
  allowOverwrite(path: string): void {
    this.#overwrite.add(path);
  }

  /** Keeps which files the operator declared theirs; for commands that hold the lock. */
  rememberMine(): void {
    rememberMine(this.ledger, this.options.mine ?? [], this.options.overwrite);
  }

  /** The operator said that this file is theirs for good, until `--overwrite`; for callers that hold the lock. */
  declareMine(path: string): void {
    rememberMine(this.ledger, [path], []);
  }

  /** Whether somebody is there to be asked. */
  get interactive(): boolean {
    return process.stdin.isTTY === true && !this.options.yes && !this.options.json;
  }

  /** @returns this server, with no memory of what it was asked before: for what is asked again until it is right */
  hostNow(): LinuxHost {
    return new LinuxHost(this.hostOptions);
  }

  /** @returns who asks with plain prompts; `undefined` when nobody is there */
  async asker(offers?: Offers): Promise<Asker | undefined> {
    if (!this.interactive) return undefined;
    const { prompter } = await import('../prompts/prompts.ts');
    return prompter(() => this.hostNow(), this.signal, offers);
  }

  /** @param asker absent: nobody is asked @returns the answers, with what is missing */
  async collect(sections: readonly Section[], asker?: Asker): Promise<Collected> {
    return collect(sections, await this.sources(sections), asker);
  }

  /** The same for what is about to be planned or run. @throws AnswersRefused when the answers file would undo a rotation */
  async collectToApply(sections: readonly Section[], asker?: Asker): Promise<Collected> {
    const sources = await this.sources(sections);
    this.refuseReplacedSecrets(sections, sources);
    return collect(sections, sources, asker);
  }

  /** @throws AnswersRefused when the answers file gives another secret than the host has, and it is not forced by name */
  refuseReplacedSecrets(sections: readonly Section[], sources: Sources): void {
    const questions = sections.flatMap((section) => section.questions);
    refuseReplacedSecrets(questions, sources, this.#overwrite);
  }

  /** Teaches the funnel the secrets of this server; a host that can't tell them can be worked on all the same. */
  async learnSecrets(): Promise<void> {
    await this.sources(await this.product.sections()).catch(() => {});
  }

  /** @returns every answer that is there without asking: of the answers file, of the host, of the last run */
  async sources(sections: readonly Section[]): Promise<Sources> {
    const all = await this.product.sections();
    const file = await this.fileAnswers(all.flatMap((section) => section.questions));
    const questions = sections.flatMap((section) => section.questions);
    const host = await currentAnswers(questions, this.host);
    const saved = savedAnswers(this.ledger);
    if (this.ledger.damaged !== undefined) {
      this.host.warn(
        `The records of earlier runs can't be read (${this.ledger.damaged}); the next run moves them aside. Files that studio-setup wrote may be reported as edited by hand.`,
      );
    }
    return {
      file,
      host,
      saved,
      alreadyOnHost: async ({ alreadyOnHost }) => (await alreadyOnHost?.(this.host)) ?? false,
    };
  }

  /**
   * @param mayAsk whether the command may put questions at all
   * @param make makes what a section offers where the trial of an answer fails; absent: the command changes nothing
   * @throws AnswersMissing listing all that is missing
   */
  async complete(sections: readonly Section[], mayAsk = true, make?: Offers['make']): Promise<Collected> {
    const offered = sections.flatMap(({ offers = [] }) => offers);
    const asker = mayAsk ? await this.asker(make && { offered, make }) : undefined;
    const collected = await this.collectToApply(sections, asker);
    if (collected.missing.length === 0) return collected;
    const missing = `${collected.missing.length === 1 ? 'An answer is' : `${collected.missing.length} answers are`} missing`;
    throw new AnswersMissing({
      what: `${missing}${mayAsk ? ', and nobody is there to ask' : ''}. Nothing was changed.`,
      detail: collected.missing.map(
        (question) =>
          `${question.id}: ${sentence(question.label)} ${question.help}${onHost(collected, question.id)}${shared(collected, question)}`,
      ),
      answers: collected.missing.map(({ id }) => id),
      remedy: `Write them into a file that \`studio-setup answers --example\` begins for you and give it with --answers FILE; or ${mayAsk ? 'start in a terminal, without --yes' : 'start the wizard, which asks for them and shows the plan: studio-setup'}.`,
    });
  }

  /** @returns what the answers file says, which may have answers to these questions alone @throws AnswersRefused for any other */
  async fileAnswers(questions: readonly Question[]): Promise<ReadonlyMap<string, AnswerInput>> {
    const { answers: file } = this.options;
    if (file === undefined) return new Map();
    const { readAnswersFile } = await import('../answers/file.ts');
    if (file === '-') this.#stdin ??= buffer(process.stdin);
    const name = file === '-' ? 'standard input' : file;
    return readAnswersFile(textOfAnswers((await this.#stdin) ?? readFileOf(file), name), name, questions);
  }
}

/** @returns what the host has instead of an answer, as a sentence behind a question's help */
function onHost({ refused = [] }: Collected, id: string): string {
  const found = refused.find((each) => each.id === id);
  return found === undefined
    ? ''
    : ` This server has ${JSON.stringify(found.value)}, which was not used: ${found.why}`;
}

/** @returns why a secret is asked for that is generated elsewhere, as a sentence behind its help */
function shared({ answers }: Collected, { generate }: Question): string {
  return generate !== undefined && isSpread(answers)
    ? ' The servers of this site share it, so none of them generates it.'
    : '';
}

function textOfAnswers(bytes: Uint8Array, name: string): string {
  const result = decoded(bytes);
  if ('text' in result) return result.text;
  throw new AnswersRefused({
    what: `The answers in ${name} are not UTF-8 (line ${result.line}): ${result.encoding}. Nothing was changed.`,
    remedy: howToConvert(name, result.iconv),
  });
}

function readFileOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AnswersRefused({
      what: `The answers file ${file} can't be read (${(error as NodeJS.ErrnoException).code}). Nothing was changed.`,
      remedy: 'Give the path of a file that root can read, or - for standard input.',
    });
  }
}
