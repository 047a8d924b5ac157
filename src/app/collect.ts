import { type AnswerSource, Answers, type AnswerValue } from '../answers/answers.ts';
import { applies } from '../answers/applies.ts';
import { fullLabel, type Question } from '../answers/question.ts';
import { settingPath } from '../answers/setting-question.ts';
import type { Collected, RefusedOnHost, Sources } from '../answers/sources.ts';
import { generated, isSecret } from '../answers/values.ts';
import type { Section } from '../engine/section.ts';
import { NoAnswer } from '../output/problem.ts';
import type { Asker } from '../prompts/asker.ts';
import { isSpread } from '../site/roles.ts';
import { type Found, known } from './found-answer.ts';
import { Groups } from './groups.ts';

/**
 * Walks the questions in the document's order and takes the strongest answer to each:
 * file > host > (asked) > saved > default > generated. A secret that the host has is never generated again, and a value that
 * it has and that can't be taken is asked about: nothing weaker takes its place.
 * @param asker absent: unattended, nothing is asked, ever
 */
export async function collect(
  sections: readonly Section[],
  sources: Sources,
  asker?: Asker,
): Promise<Collected> {
  const remembered = onlyRemembered(sections, sources);
  const reuse = remembered.size === 0 || asker === undefined || (await asker.reuse(remembered));
  const collection = new Collection(sections, sources, reuse, asker);
  for (const section of sections) await collection.walk(section);
  collection.takeNamedSettings();
  const { answers, missing, skipped, refused } = collection;
  return { answers, missing, skipped, ...(refused.length === 0 ? {} : { refused }) };
}

/**
 * @returns the answers of the last run that nothing stronger gives: what the server has since been changed to (another
 *   domain) is no answer of the last run any more
 */
function onlyRemembered(sections: readonly Section[], { file, host, saved }: Sources): Sources['saved'] {
  const ids = sections.flatMap(({ questions }) => questions.map(({ id }) => id));
  return new Map(
    ids.flatMap((id) => {
      const given = saved.get(id);
      return given === undefined || file.has(id) || host.has(id) ? [] : [[id, given] as const];
    }),
  );
}

/** What stays the same for all questions of a section. */
interface InSection {
  readonly section: Section;
  announced: boolean;
  /** Whether its default answers are taken together; not asked yet while absent. */
  defaults?: boolean;
}

/** What came together so far. */
class Collection implements Collected {
  answers = new Answers();
  readonly missing: Question[] = [];
  readonly skipped: { id: string; what: string; consequence: string }[] = [];
  readonly refused: RefusedOnHost[] = [];
  readonly #sources: Sources;
  readonly #reuse: boolean;
  readonly #asker: Asker | undefined;
  readonly #groups: Groups;

  constructor(sections: readonly Section[], sources: Sources, reuse: boolean, asker: Asker | undefined) {
    this.#sources = sources;
    this.#reuse = reuse;
    this.#asker = asker;
    this.#groups = new Groups(sections, sources, reuse);
  }

  async walk(section: Section): Promise<void> {
    const place: InSection = { section, announced: false };
    for (const question of section.questions) {
      if (applies(question, this.answers) && !(await this.#alreadyOnHost(question)))
        await this.#settle(question, place);
    }
  }

  /** Settings that the file names before the site's settings are there to ask for them. */
  takeNamedSettings(): void {
    for (const [id, given] of this.#sources.file)
      if (settingPath(id) !== undefined && given.kind === 'value')
        this.answers = this.answers.with(id, given.value, 'file');
  }

  /** A stronger source answers all the same. */
  async #alreadyOnHost(question: Question): Promise<boolean> {
    if (this.#sources.file.has(question.id) || question.alreadyOnHost === undefined) return false;
    return (await this.#sources.alreadyOnHost?.(question)) ?? false;
  }

  async #settle(question: Question, place: InSection): Promise<void> {
    const found = this.#known(question);
    if (found?.kind === 'value') return this.#takeKnown(question, found, place);
    if (found?.kind === 'refused') return this.#askAbout(question, found, place);
    const consequence = this.#groups.consequence(question);
    if (found?.kind === 'skip')
      return this.#skip(question, question.group ?? question.label, consequence ?? question.skippable ?? '');
    if (question.group !== undefined && consequence !== undefined) {
      if (!(await this.#wanted(question.group, consequence, place)))
        return this.#skip(question, question.group, consequence);
    }
    if (found?.kind === 'generate') return this.#generate(question);
    const preset = presetOf(question, this.answers);
    if (question.advanced && preset !== undefined && (await this.#takesDefaults(place)))
      return this.#take(question, preset, 'default');
    if (this.#asker && !question.hidden) return this.#ask(this.#asker, question, preset, place);
    this.#unattended(question, preset);
  }

  #takeKnown(
    question: Question,
    { value, source }: Extract<Found, { kind: 'value' }>,
    place: InSection,
  ): void {
    const nothing = Array.isArray(value) && value.length === 0;
    if (this.#asker && source === 'host' && !question.hidden && !nothing) {
      this.#announce(place);
      this.#asker.known(question, value, source);
    }
    this.#take(question, value, source);
  }

  /** What the host has is shown, and stays until somebody says what is meant. */
  async #askAbout(
    question: Question,
    { value, why }: Extract<Found, { kind: 'refused' }>,
    place: InSection,
  ): Promise<void> {
    if (this.#asker === undefined || question.hidden) {
      this.missing.push(question);
      this.refused.push({ id: question.id, value, why });
      return;
    }
    this.#announce(place);
    const given = await this.#asker.ask(question, this.answers, value);
    if (given.kind === 'value') this.#take(question, given.value, 'asked');
    else this.missing.push(question);
  }

  /** @returns whether the integration that the question belongs to is set up */
  async #wanted(group: string, consequence: string, place: InSection): Promise<boolean> {
    if (this.#asker && !this.#groups.decided(group)) this.#announce(place);
    return this.#groups.wanted(group, consequence, this.#asker);
  }

  /** @returns whether the section's default answers are taken as they are; nobody is there to take them: `false` */
  async #takesDefaults(place: InSection): Promise<boolean> {
    if (!this.#asker) return false;
    this.#announce(place);
    place.defaults ??= await this.#asker.defaults(
      defaultsIn(place.section, this.answers, (each) => this.#known(each) === undefined),
    );
    return place.defaults;
  }

  async #ask(
    asker: Asker,
    question: Question,
    preset: AnswerValue | undefined,
    place: InSection,
  ): Promise<void> {
    this.#announce(place);
    const saved = this.#sources.saved.get(question.id);
    const given = await asker.ask(question, this.answers, saved?.kind === 'value' ? saved.value : preset);
    if (given.kind === 'value') this.#take(question, given.value, 'asked');
    else if (given.kind === 'generate') this.#generate(question);
    else this.#skip(question, fullLabel(question), question.skippable ?? '');
  }

  #unattended(question: Question, preset: AnswerValue | undefined): void {
    if (preset !== undefined) this.#take(question, preset, 'default');
    else if (question.generate) this.#generate(question);
    else if (question.skippable !== undefined && !question.decided && !this.#isForgotten(question))
      this.#skip(question, fullLabel(question), question.skippable);
    else this.missing.push(question);
  }

  /**
   * Secrets are not saved. Without that of a group that was answered the last time, the whole of what was wanted would be
   * dropped in silence; what was skipped by name is saved as skipped. Nor is anything of a group that is set up by name.
   */
  #isForgotten(question: Question): boolean {
    return this.#groups.wantedByName(question) || (isSecret(question) && this.#groups.begunBefore(question));
  }

  #known(question: Question): Found | undefined {
    return known(question, this.#sources, this.#reuse);
  }

  #take({ id }: Question, value: AnswerValue, source: AnswerSource): void {
    this.answers = this.answers.with(id, value, source);
  }

  /** What servers of one site share, each would make for itself. */
  #generate(question: Question): void {
    if (isSpread(this.answers)) this.missing.push(question);
    else this.#take(question, generated(question), 'generated');
  }

  /** Members of a group are told once, together. */
  #skip({ id }: Question, what: string, consequence: string): void {
    if (!this.skipped.some((each) => each.what === what)) this.skipped.push({ id, what, consequence });
  }

  #announce(place: InSection): void {
    if (!place.announced) this.#asker?.section(place.section);
    place.announced = true;
  }
}

/** @returns the advanced questions of a section that nothing answers, which are shown together */
function defaultsIn(section: Section, answers: Answers, open: (question: Question) => boolean) {
  return section.questions
    .filter((question) => question.advanced && applies(question, answers) && open(question))
    .map((question) => ({
      question,
      value: typeof question.default === 'function' ? undefined : question.default,
    }));
}

function presetOf(question: Question, answers: Answers): AnswerValue | undefined {
  if (typeof question.default !== 'function') return question.default;
  try {
    return question.default(answers);
  } catch (error) {
    // It follows from an answer that is missing, which is told by itself.
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}
