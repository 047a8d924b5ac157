import type { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Offer } from './offer.ts';
import type { Operation } from './operation.ts';
import type { Service } from './service.ts';

/**
 * One heading of the document: plain data with functions, from which help, the overview, the run and the
 * docs are made. Each is the default export of one file in `steps/`.
 */
export interface Section {
  /** As typed in `studio-setup run SECTION`, e.g. `meilisearch`. */
  readonly id: string;
  /** As shown in the overview, e.g. `Meilisearch`. */
  readonly title: string;
  /** The document's headings, e.g. `Configuration files › Meilisearch`. */
  readonly heading: string;
  /** One or two plain sentences for the operator: what this part of the site is for. */
  readonly summary: string;
  /** Sections (or single operations) that must be done first. */
  readonly needs: readonly string[];
  /** Sections whose answers its operations use although it does not wait for them: their questions are asked with its own. */
  readonly reads?: readonly string[];
  /** Services of its own, which no other part of the product names: the doctor and the end of an exported script ask for them. */
  readonly services?: readonly Service[];
  readonly questions: readonly Question[];
  /** What the trial of one of its answers may need. */
  readonly offers?: readonly Offer[];
  /** @returns the wanted state, in order; must not read the host. */
  operations(answers: Answers): readonly Operation[];
}
