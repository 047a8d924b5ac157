import type { Question } from '../answers/question.ts';
import type { Sources } from '../answers/sources.ts';
import type { Section } from '../engine/section.ts';
import type { Asker } from '../prompts/asker.ts';
import { type Found, known } from './found-answer.ts';

/** Integrations: their questions are asked, or skipped, together. */
export class Groups {
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

  /** @returns what does not work without the group; `undefined` when it can't be skipped */
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
      (this.#sources.wanted?.has(group) ?? false) ||
      this.#answered(group) ||
      // One member that was skipped, in the file or the last time, speaks for a group that nobody answers.
      (asker && !this.#skipped(group) ? await asker.wanted(group, consequence, this.expected(group)) : false);
    this.#decisions.set(group, wanted);
    return wanted;
  }

  /** @returns whether the group was being set up the last time: another of its questions was answered then */
  begunBefore({ id, group }: Question): boolean {
    if (group === undefined) return false;
    return (this.#members.get(group) ?? []).some((member) => {
      const found = member.id === id ? undefined : known(member, this.#sources, this.#reuse);
      return found?.kind === 'value' && found.source === 'saved';
    });
  }

  /** @returns whether a person is offered the group as one that is set up */
  expected(group: string): boolean {
    return (this.#members.get(group) ?? []).some((question) => question.expected);
  }

  /** @returns whether the question is of a group that somebody sets up by name */
  wantedByName({ group }: Question): boolean {
    return group !== undefined && (this.#sources.wanted?.has(group) ?? false);
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
