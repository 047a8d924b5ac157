import { type AnswerSource, Answers, type AnswerValue } from '../answers/answers.ts';
import { applies } from '../answers/applies.ts';
import type { Question } from '../answers/question.ts';
import type { Collected, Sources } from '../answers/sources.ts';
import { accept, generated, isSecret, textOf } from '../answers/values.ts';
import type { Section } from '../engine/section.ts';
import { NoAnswer } from '../output/problem.ts';
import type { Asker } from '../prompts/asker.ts';

/**
 * Walks the questions in the document's order and takes the strongest answer to each:
 * file > host > (asked) > saved > default > generated. A secret that the host has is never generated again.
 * @param asker absent: unattended, nothing is asked, ever
 */
export async function collect(
  sections: readonly Section[],
  sources: Sources,
  asker?: Asker,
): Promise<Collected> {
  let answers = new Answers();
  const missing: Question[] = [];
  const skipped: { id: string; what: string; consequence: string }[] = [];
  const reuse = sources.saved.size === 0 || asker === undefined || (await asker.reuse(sources.saved));
  const groups = new Groups(sections, sources, reuse);

  for (const section of sections) {
    let announced = false;
    let usual: boolean | undefined;
    const announce = () => {
      if (!announced) asker?.section(section);
      announced = true;
    };
    for (const question of section.questions) {
      if (!applies(question, answers)) continue;
      const stronger = sources.file.has(question.id) || question.alreadyOnHost === undefined;
      if (!stronger && (await sources.alreadyOnHost?.(question))) continue;
      const found = known(question, sources, reuse);
      if (found?.kind === 'value') {
        const nothing = Array.isArray(found.value) && found.value.length === 0;
        if (asker && found.source === 'host' && !question.hidden && !nothing) {
          announce();
          asker.known(question, found.value, found.source);
        }
        answers = answers.with(question.id, found.value, found.source);
        continue;
      }
      const skip = (what: string, consequence: string) => {
        if (!skipped.some((each) => each.what === what)) skipped.push({ id: question.id, what, consequence });
      };
      if (found?.kind === 'skip') {
        skip(question.group ?? question.label, groups.consequence(question) ?? question.skippable ?? '');
        continue;
      }
      const consequence = groups.consequence(question);
      if (question.group !== undefined && consequence !== undefined) {
        if (asker && !groups.decided(question.group)) announce();
        if (!(await groups.wanted(question.group, consequence, asker))) {
          skip(question.group, consequence);
          continue;
        }
      }
      if (found?.kind === 'generate') {
        answers = answers.with(question.id, generated(question), 'generated');
        continue;
      }
      const preset = presetOf(question, answers);
      if (asker && question.advanced && preset !== undefined) {
        announce();
        usual ??= await asker.usual(
          usualIn(section, answers, (each) => known(each, sources, reuse) === undefined),
        );
        if (usual) {
          answers = answers.with(question.id, preset, 'default');
          continue;
        }
      }
      if (asker && !question.hidden) {
        announce();
        const saved = sources.saved.get(question.id);
        const given = await asker.ask(question, answers, saved?.kind === 'value' ? saved.value : preset);
        if (given.kind === 'value') answers = answers.with(question.id, given.value, 'asked');
        else if (given.kind === 'generate')
          answers = answers.with(question.id, generated(question), 'generated');
        else skip(nameOf(question), question.skippable ?? '');
      } else if (preset !== undefined) answers = answers.with(question.id, preset, 'default');
      else if (question.generate) answers = answers.with(question.id, generated(question), 'generated');
      else if (question.skippable !== undefined) skip(nameOf(question), question.skippable);
      else missing.push(question);
    }
  }
  return { answers, missing, skipped };
}

/** @returns `Braintree: Private key`: the label alone says too little beside other integrations */
function nameOf({ group, label }: Question): string {
  return group === undefined ? label : `${group}: ${label}`;
}

type Found =
  | { kind: 'value'; value: AnswerValue; source: AnswerSource }
  | { kind: 'generate' }
  | { kind: 'skip' };

function known(question: Question, sources: Sources, reuse: boolean): Found | undefined {
  const file = sources.file.get(question.id);
  if (file?.kind === 'value') return { ...file, source: 'file' };
  if (file?.kind === 'skip') return file;
  const host = hostValue(question, sources);
  if (host !== undefined) return { kind: 'value', value: host, source: 'host' };
  if (file?.kind === 'generate') return file;
  const saved = reuse ? sources.saved.get(question.id) : undefined;
  if (saved?.kind === 'skip') return saved;
  if (saved?.kind !== 'value' || isSecret(question)) return undefined;
  const accepted = accept(question, textOf(saved.value));
  return 'value' in accepted ? { kind: 'value', value: accepted.value, source: 'saved' } : undefined;
}

/** A secret is taken as it is: refusing the one in use would have it made anew. What is no secret must still be valid. */
function hostValue(question: Question, sources: Sources): AnswerValue | undefined {
  const value = sources.host.get(question.id);
  if (value === undefined || isSecret(question)) return value;
  const accepted = accept(question, textOf(value));
  return 'value' in accepted ? accepted.value : undefined;
}

function usualIn(section: Section, answers: Answers, open: (question: Question) => boolean) {
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

/** Integrations: their questions are asked, or skipped, together. */
class Groups {
  readonly #members = new Map<string, Question[]>();
  readonly #decisions = new Map<string, boolean>();
  readonly #sources: Sources;
  readonly #reuse: boolean;

  constructor(sections: readonly Section[], sources: Sources, reuse: boolean) {
    this.#sources = sources;
    this.#reuse = reuse;
    for (const question of sections.flatMap((section) => section.questions)) {
      if (question.group === undefined) continue;
      const members = this.#members.get(question.group) ?? [];
      this.#members.set(question.group, [...members, question]);
    }
  }

  /** @returns what does not work without the group; `undefined` when it can't be left out */
  consequence(question: Question): string | undefined {
    if (question.group === undefined) return undefined;
    return this.#members.get(question.group)?.find(({ skippable }) => skippable !== undefined)?.skippable;
  }

  decided(group: string): boolean {
    return this.#decisions.has(group) || this.#found(group).length > 0;
  }

  async wanted(group: string, consequence: string, asker: Asker | undefined): Promise<boolean> {
    const decided = this.#decisions.get(group);
    if (decided !== undefined) return decided;
    const wanted =
      this.#answered(group) ||
      // One member that was skipped, in the file or the last time, speaks for a group that nobody answers.
      (asker && !this.#skipped(group) ? await asker.wanted(group, consequence) : false);
    this.#decisions.set(group, wanted);
    return wanted;
  }

  #answered(group: string): boolean {
    return this.#found(group).some(({ kind }) => kind !== 'skip');
  }

  #skipped(group: string): boolean {
    return this.#found(group).some(({ kind }) => kind === 'skip');
  }

  #found(group: string): readonly Found[] {
    const members = this.#members.get(group) ?? [];
    return members.flatMap((question) => known(question, this.#sources, this.#reuse) ?? []);
  }
}
