import { inspect } from 'node:util';
import { redactor } from './redaction.ts';

/**
 * A value that must never be shown. It prints as `••••` wherever JavaScript turns it into text
 * (template strings, `JSON.stringify`, `console.log`, error causes); only {@link Secret.reveal} gives it out.
 * Making one also teaches it to the redaction funnel, so that a copy that a program prints is masked as well.
 */
export class Secret {
  readonly #value: string;

  /** @param value the secret text; may have several lines (a PEM key). */
  constructor(value: string) {
    this.#value = value;
    redactor.learn(value);
  }

  /** @returns the secret itself; the caller writes it only to the file or standard input that owns it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** What stands on the screen, in logs and in diffs in the place of a secret. */
const MASK = '••••';
