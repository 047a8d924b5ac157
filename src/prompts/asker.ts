import type { AnswerSource, Answers, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { AnswerInput } from '../answers/sources.ts';
import type { Handover, Offer } from '../engine/offer.ts';
import type { Section } from '../engine/section.ts';

/** Puts questions to a person. Looks only: which to ask is decided in `collect`. */
export interface Asker {
  /** @returns whether the answers of the last run are taken again */
  reuse(saved: ReadonlyMap<string, AnswerInput>): Promise<boolean>;
  section(section: Section): void;
  /** Shows an answer that is not asked. */
  known(question: Question, value: AnswerValue, source: AnswerSource): void;
  /**
   * @param consequence what does not work without @param expected what is suggested
   * @returns whether the integration is set up now
   */
  wanted(group: string, consequence: string, expected: boolean): Promise<boolean>;
  /** @returns whether these are taken as they are @param presets a value is absent where it follows from another answer */
  defaults(
    presets: readonly { readonly question: Question; readonly value: AnswerValue | undefined }[],
  ): Promise<boolean>;
  ask(question: Question, answers: Answers, suggestion: AnswerValue | undefined): Promise<AnswerInput>;
}

/** What can be made while the questions are put, where the trial of an answer fails without it. */
export interface Offers {
  readonly offered: readonly Offer[];
  /** @returns what the operator is to give to somebody else; nothing when it could not be made, which was said by then */
  make(offer: Offer): Promise<Handover | undefined>;
}
