import { readFile } from 'node:fs/promises';
import { type AnswerSource, Answers, type AnswerValue } from '../../answers/answers.ts';
import { fullLabel, type Question, type Trial } from '../../answers/question.ts';
import { saveAnswers } from '../../answers/saved.ts';
import type { AnswerInput, Collected, Sources } from '../../answers/sources.ts';
import { tryAnswer } from '../../answers/try-answer.ts';
import { accept, isSecret, textOf } from '../../answers/values.ts';
import { collect } from '../../app/collect.ts';
import type { Session } from '../../app/session.ts';
import type { Offer } from '../../engine/offer.ts';
import type { Section } from '../../engine/section.ts';
import { clean } from '../../output/clean.ts';
import { isRecord, parsedJson } from '../../output/json.ts';
import { Secret } from '../../output/secret.ts';
import { isAwaited, membersOf, offerFor } from '../screens/questions/rows.ts';
import type { Store } from '../shell/store.ts';

/** Sources of answers that were not typed here and are in force nowhere yet. */
const TAKEN: ReadonlySet<AnswerSource | undefined> = new Set<AnswerSource>(['default', 'saved', 'file']);

/**
 * The answers of the wizard: the same walk as every command's ({@link collect}), with what is given here stronger than
 * all else. Given answers are saved at once, secrets never.
 */
export class Answering {
  readonly #session: Session;
  readonly #store: Store;
  readonly #sections: readonly Section[];
  readonly #given = new Map<string, AnswerInput>();
  readonly #wanted = new Map<string, boolean>();
  readonly #trials = new Map<string, Trial | 'trying'>();
  readonly #made = new Set<string>();
  #walks: Promise<void> = Promise.resolve();
  #alreadyOnHost: ReadonlySet<string> = new Set();
  #ownedByCommand: ReadonlyMap<string, string> = new Map();
  #sources: Sources = { file: new Map(), host: new Map(), saved: new Map() };
  #collected: Collected = { answers: new Answers(), missing: [], skipped: [] };
  /** As the run had it: once the site has an administrator, nothing of one is asked, and its password is stored nowhere. */
  #administrator = new Answers();

  constructor(session: Session, store: Store, sections: readonly Section[]) {
    this.#session = session;
    this.#store = store;
    this.#sections = sections;
  }

  get collected(): Collected {
    return this.#collected;
  }

  /** What the site was set up with: the answers, and of an administrator that it has by now what a run of this start had. */
  get inForce(): Answers {
    const { answers } = this.#collected;
    if (!this.#alreadyOnHost.has('admin.username')) return answers;
    return withThese(answers, this.#administrator);
  }

  /** Remembers what a run had of an administrator. Before the host is asked again: then it is no answer any more. */
  rememberAdministrator(): void {
    const { answers } = this.#collected;
    for (const id of ['admin.username', 'admin.password']) {
      const value = answers.get(id);
      if (value !== undefined) this.#administrator = this.#administrator.with(id, value, 'asked');
    }
  }

  /** Asks the host, the answers file and the last run. @throws ProblemError when one of them can't be read */
  async look(): Promise<void> {
    const { host } = this.#session;
    const questions = this.#sections.flatMap((section) => section.questions);
    // Beside each other: each of them may start a program on the host, and Enter waits for all.
    const [sources, alreadyOnHost, ownedByCommand] = await Promise.all([
      this.#session.sources(this.#sections),
      Promise.all(
        questions.map(async ({ id, alreadyOnHost }) => ((await alreadyOnHost?.(host)) ? [id] : [])),
      ),
      Promise.all(
        questions.map(async ({ id, ownedByCommand }) => {
          const command = await ownedByCommand?.(host);
          return command === undefined ? [] : [[id, command] as const];
        }),
      ),
    ]);
    this.#session.refuseReplacedSecrets(this.#sections, sources);
    this.#alreadyOnHost = new Set(alreadyOnHost.flat());
    this.#ownedByCommand = new Map(ownedByCommand.flat());
    this.#sources = { ...sources, alreadyOnHost: async ({ id }) => this.#alreadyOnHost.has(id) };
    this.#resume();
    this.#expect();
    await this.#collect();
  }

  /**
   * Asks again after something else than a run changed the host. What was given here, or made for the first run, is no longer
   * in force where the host now says otherwise: the next run would bring a rotated secret, or the old domain, back.
   */
  async lookAgain(): Promise<void> {
    const before = this.#sources.host;
    this.#sources = await this.#session.sources(this.#sections);
    for (const [id, value] of this.#sources.host)
      if (!isSame(value, before.get(id))) {
        this.#given.delete(id);
        this.#made.delete(id);
        this.#trials.delete(id);
      }
    await this.#collect();
  }

  /** @param given absent: forgets what was given here @param made it was generated, not typed */
  async give(id: string, given: AnswerInput | undefined, made = false): Promise<void> {
    if (made) this.#made.add(id);
    else this.#made.delete(id);
    if (given === undefined) this.#given.delete(id);
    else this.#given.set(id, given);
    this.#trials.delete(id);
    await this.#collect();
    this.#save();
    // Beside everything else: what waits for the answer does not wait for its trial.
    if (given?.kind === 'value') void this.try(id);
  }

  /** Takes a key from a file, as plain mode does. */
  async giveFile(id: string, path: string): Promise<void> {
    const question = this.#question(id);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      this.#store.set({ notice: `${path} can't be read (${error.code}).` });
      return undefined;
    });
    if (question === undefined || text === undefined) return;
    const accepted = accept(question, text);
    if ('refused' in accepted) this.#store.set({ notice: `${path}: ${accepted.refused}` });
    else await this.give(id, { kind: 'value', value: accepted.value });
  }

  /** Sets an integration up, or leaves it out. */
  async setUp(group: string, wanted: boolean): Promise<void> {
    this.#wanted.set(group, wanted);
    for (const id of membersOf(this.#sections, group)) {
      if (wanted && this.#given.get(id)?.kind === 'skip') this.#given.delete(id);
      if (!wanted) this.#given.set(id, { kind: 'skip' });
    }
    await this.#collect();
    this.#save();
  }

  /** Tries what nobody typed here: an address that was taken as it is suggested may be wrong, too. */
  tryTaken(): void {
    for (const { id, trial } of this.#questions())
      if (trial !== undefined && !this.#trials.has(id) && TAKEN.has(this.#collected.answers.sourceOf(id)))
        void this.try(id);
  }

  /** Tries an answer for real, beside everything else. A failure is said at once, wherever the operator is by then. */
  async try(id: string): Promise<void> {
    if (this.#trials.get(id) === 'trying') return;
    const before = this.#trials.get(id);
    if (!isAwaited(before)) {
      this.#trials.set(id, 'trying');
      this.#show();
    }
    const { answers } = this.#collected;
    const trial = await this.#tried(id, answers);
    // An answer that was changed meanwhile is another matter.
    if (!this.#trials.has(id) || this.#collected.answers.get(id) !== answers.get(id)) return;
    if (trial === undefined) this.#trials.delete(id);
    else this.#trials.set(id, trial);
    this.#show();
    if (trial === undefined) return;
    this.#say(id, trial, before);
    if (isAwaited(trial)) setTimeout(() => this.#again(id, trial), trial.againMs).unref();
  }

  /** @returns what its section offers for the failed trial of an answer */
  offerOf(id: string): Offer | undefined {
    const section = this.#sections.find(({ questions }) => questions.some((each) => each.id === id));
    return section && offerFor(id, section, { trials: this.#trials });
  }

  async #tried(id: string, answers: Answers): Promise<Trial | undefined> {
    const question = this.#question(id);
    if (question === undefined || !answers.has(id)) return undefined;
    // A host of its own: what it remembers must not be mixed with a plan that is made meanwhile.
    return tryAnswer(question, answers, this.#session.hostNow());
  }

  /** While the form stands there, and nothing else came of the answer. */
  #again(id: string, trial: Trial & { readonly againMs: number }): void {
    if (this.#trials.get(id) !== trial || this.#session.signal.aborted) return;
    if (this.#store.get().screen === 'questions') void this.try(id);
    else setTimeout(() => this.#again(id, trial), trial.againMs).unref();
  }

  /** What failed is said once, not at each trial of what is waited for; and that it works then. */
  #say(id: string, { ok, message, doubt }: Trial, before: Trial | 'trying' | undefined): void {
    const question = this.#question(id);
    const label = question === undefined ? id : fullLabel(question);
    const failed = before !== undefined && before !== 'trying' && !before.ok;
    if (ok && failed) this.#store.set({ notice: `${label}: ${message}` });
    if ((!ok || doubt) && !(failed && before.message === message))
      this.#store.set({ notice: `${label}: ${clean(message.split('\n')[0] ?? '')}` });
  }

  /** What is made stays what it is from here on: the review, the run and a second try must have the same secret. */
  async freeze(): Promise<Collected> {
    for (const id of this.#collected.answers.ids()) {
      const value = this.#collected.answers.get(id);
      if (value === undefined || this.#collected.answers.sourceOf(id) !== 'generated') continue;
      this.#given.set(id, { kind: 'value', value });
      this.#made.add(id);
    }
    await this.#collect();
    return this.#collected;
  }

  /** Sets up what a person is offered as set up, where nothing says anything of it yet. */
  #expect(): void {
    const { file, host, saved } = this.#sources;
    const expected = this.#sections.flatMap(({ questions }) => questions.filter((each) => each.expected));
    for (const { group } of expected) {
      if (group === undefined || this.#wanted.has(group)) continue;
      const known = membersOf(this.#sections, group).some(
        (id) =>
          [file, host, saved, this.#given].some((source) => source.has(id)) || this.#alreadyOnHost.has(id),
      );
      if (!known) this.#wanted.set(group, true);
    }
  }

  #questions(): readonly Question[] {
    return this.#sections.flatMap(({ questions }) => questions);
  }

  #question(id: string): Question | undefined {
    return this.#questions().find((question) => question.id === id);
  }

  /** One walk after the other: one that began before an answer was given must not end after that answer's own. */
  #collect(): Promise<void> {
    this.#walks = this.#walks.catch(() => {}).then(() => this.#walk());
    return this.#walks;
  }

  async #walk(): Promise<void> {
    // What the file or the last run skipped may be wanted now.
    const wanted = new Set([...this.#wanted].flatMap(([group, wanted]) => (wanted ? [group] : [])));
    const revived = new Set([...wanted].flatMap((group) => membersOf(this.#sections, group)));
    const without = (source: ReadonlyMap<string, AnswerInput>) =>
      [...source].filter(([id, given]) => given.kind !== 'skip' || !revived.has(id));
    const { file, saved } = this.#sources;
    this.#collected = await collect(this.#sections, {
      ...this.#sources,
      file: new Map([...without(file), ...this.#given]),
      saved: new Map(without(saved)),
      wanted,
    });
    this.#show();
  }

  /** What was typed in place of the answers file's answer at an earlier start holds as long as the file says the same. */
  #resume(): void {
    const { file, saved } = this.#sources;
    for (const [id, before] of Object.entries(readTypedOver(this.#session.ledger))) {
      const [now, typed] = [file.get(id), saved.get(id)];
      if (typed?.kind === 'value' && textIn(now) === before && !isSecretId(this.#question(id)))
        this.#given.set(id, typed);
    }
  }

  #save(): void {
    let answers = new Answers();
    const skipped: Collected['skipped'][number][] = [];
    for (const [id, given] of this.#given) {
      const question = this.#question(id);
      if (question === undefined) continue;
      if (given.kind === 'value' && !isSecret(question)) answers = answers.with(id, given.value, 'asked');
      if (given.kind === 'skip') skipped.push({ id, what: question.label, consequence: '' });
    }
    saveAnswers(this.#session.ledger, { answers, missing: [], skipped });
    const { file } = this.#sources;
    const over = answers.ids().flatMap((id) => {
      const before = textIn(file.get(id));
      return before === undefined ? [] : [[id, before] as const];
    });
    this.#session.ledger.remember(TYPED_OVER, JSON.stringify(Object.fromEntries(over)));
  }

  #show(): void {
    const { answers, missing, skipped, refused = [] } = this.#collected;
    this.#store.set({
      answered: {
        ready: true,
        answers,
        missing: new Set(missing.map(({ id }) => id)),
        skipped,
        given: new Map(this.#given),
        wanted: new Map(this.#wanted),
        trials: new Map(this.#trials),
        host: this.#sources.host,
        made: new Set(this.#made),
        alreadyOnHost: this.#alreadyOnHost,
        ownedByCommand: this.#ownedByCommand,
        refused: new Map(refused.map((each) => [each.id, each])),
      },
    });
  }
}

/** The hint with what an answers file said where somebody typed another answer: its texts by the questions' ids. */
const TYPED_OVER = 'typed-over-file';

function withThese(answers: Answers, more: Answers): Answers {
  return more.ids().reduce((all, id) => {
    const value = more.get(id);
    return value === undefined || all.has(id) ? all : all.with(id, value, 'asked');
  }, answers);
}

function readTypedOver(ledger: Session['ledger']): Readonly<Record<string, string>> {
  const value = parsedJson(ledger.hint(TYPED_OVER) ?? '');
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([id, text]) => (typeof text === 'string' ? [[id, text]] : [])),
  );
}

function textIn(given: AnswerInput | undefined): string | undefined {
  return given?.kind === 'value' && !(given.value instanceof Secret) ? textOf(given.value) : undefined;
}

function isSecretId(question: Question | undefined): boolean {
  return question === undefined || isSecret(question);
}

function isSame(one: AnswerValue, other: AnswerValue | undefined): boolean {
  const plain = (value: AnswerValue | undefined) => (value instanceof Secret ? value.reveal() : value);
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
