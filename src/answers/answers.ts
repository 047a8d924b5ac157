import { NoAnswer } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';

/** Secrets are held as {@link Secret}, lists as arrays; `undefined` stands for "skipped". */
export type AnswerValue = string | boolean | readonly string[] | Secret;

/**
 * Where an answer came from: shown beside it, and secrets from `host` are never regenerated. `example`: made up, so that
 * what depends on it can be listed; nothing is carried out with it.
 */
export type AnswerSource = 'file' | 'asked' | 'host' | 'saved' | 'default' | 'generated' | 'example';

/** The answers of one run: read-only for sections and operations. Ids are those of {@link Question}. */
export class Answers {
  readonly #values: ReadonlyMap<string, { value: AnswerValue; source: AnswerSource }>;

  constructor(values: ReadonlyMap<string, { value: AnswerValue; source: AnswerSource }> = new Map()) {
    this.#values = values;
  }

  get(id: string): AnswerValue | undefined {
    return this.#values.get(id)?.value;
  }

  sourceOf(id: string): AnswerSource | undefined {
    return this.#values.get(id)?.source;
  }

  has(id: string): boolean {
    return this.#values.has(id);
  }

  /** @returns the text of `id`. @throws NoAnswer when it is missing or no text: a section asked for what it did not declare. */
  text(id: string): string {
    const value = this.get(id);
    if (typeof value !== 'string') throw new NoAnswer(id);
    return value;
  }

  /** @returns the text of `id`, or `undefined` when it was skipped. */
  optionalText(id: string): string | undefined {
    const value = this.get(id);
    return typeof value === 'string' ? value : undefined;
  }

  secret(id: string): Secret {
    const value = this.get(id);
    if (!(value instanceof Secret)) throw new NoAnswer(id);
    return value;
  }

  optionalSecret(id: string): Secret | undefined {
    const value = this.get(id);
    return value instanceof Secret ? value : undefined;
  }

  flag(id: string): boolean {
    return this.get(id) === true;
  }

  list(id: string): readonly string[] {
    const value = this.get(id);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  /** @returns a copy with one more answer. */
  with(id: string, value: AnswerValue, source: AnswerSource): Answers {
    return new Answers(new Map(this.#values).set(id, { value, source }));
  }

  ids(): readonly string[] {
    return [...this.#values.keys()];
  }
}
