import type { Host } from '../host/host.ts';
import type { Answers, AnswerValue } from './answers.ts';

/** What a live trial found: logged in to the database, the name resolves here. Never throws. */
export interface Trial {
  readonly ok: boolean;
  /** One line for the operator, with what to do when it is not ok. */
  readonly message: string;
  /** It may be wrong, which the trial can't tell: the operator has to read the message. Nothing waits for that. */
  readonly doubt?: true;
  /** What is waited for happens elsewhere: it is tried again by itself after so many milliseconds. */
  readonly againMs?: number;
  /** The id of what its section offers for it to succeed. */
  readonly offer?: string;
}

/** @returns `Braintree: Private key`: beside other integrations the label alone says too little */
export function fullLabel({ group, label }: Question): string {
  return group === undefined ? label : `${group}: ${label}`;
}

/** A typed answer that a section asks for. Logic only: prompts, Ink forms and the answers file all share it. */
export interface Question {
  /** Its key in the answers file, dotted: `database.password`. */
  readonly id: string;
  readonly label: string;
  /** Why it is asked and where the operator finds the answer. */
  readonly help: string;
  /** `list` is asked as words separated by spaces or commas; `multiline` may be pasted (a PEM key). */
  readonly kind: 'text' | 'secret' | 'choice' | 'confirm' | 'list' | 'multiline-secret';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** The integration it belongs to, e.g. `Braintree`: asked, or skipped, together. */
  readonly group?: string;
  /** Present when the question may be left without an answer: what then does not work. */
  readonly skippable?: string;
  /** Of a group: a person is offered it as one that is set up. Unattended, only an answer sets it up. */
  readonly expected?: true;
  /** Unattended, silence does not leave it out: without an answer, or `skip`, it is named as missing. */
  readonly decided?: true;
  /** A made-up answer of the right shape, for the example answers file and the docs; never taken by itself. */
  readonly example?: string;
  /** Taken when nothing else answers. */
  readonly default?: AnswerValue | ((answers: Answers) => AnswerValue | undefined);
  /** Makes a strong value; a question with this one accepts `generate`, and takes it unattended when nothing answers. */
  readonly generate?: () => string;
  /** Makes a strong value for a person who asks for one, and has to see it: it is never made by itself. */
  readonly generateOnRequest?: () => string;
  /**
   * The default is right on almost every host: a person is shown such answers together, and takes or changes them.
   */
  readonly advanced?: boolean;
  /** What a host says is true of that host only (the path of what is installed there): it is not recorded for another. */
  readonly ofThisHost?: boolean;
  /** Never put to a person by itself: the answers file, the host or a command of its own answers it, else its default. */
  readonly hidden?: boolean;
  /** A secret that a person types twice: a mistake in it would be found when it is too late to mend. */
  readonly repeat?: (answers: Answers) => boolean;
  /** The question without whose answer this one is not asked: both stand in the form together. */
  readonly with?: string;
  /** Only asked when this holds. */
  readonly when?: (answers: Answers) => boolean;
  /** @returns why the value is refused, in plain words, else `undefined`. */
  readonly validate?: (value: string) => string | undefined;
  /**
   * The rule for what a host has already, where it is another than for what somebody types: what works there is kept as it is
   * (a role `www-data`). What this refuses is asked about, with the value shown; a default never takes its place.
   */
  readonly existing?: (value: string) => string | undefined;
  /** @returns the form that is kept, e.g. a host name in lower case; called after `validate` accepted. */
  readonly normalise?: (value: string) => string;
  /** Reads the answer that a hand-made or earlier install already gives: then it is not asked. Reads only. */
  readonly current?: (host: Host) => Promise<AnswerValue | undefined>;
  /**
   * Whether the host has what this answer is for, although it does not tell the answer (the password of an account that is
   * there): then it is neither asked nor missing. Reads only; throws where it can't be told and a guess would do harm.
   */
  readonly alreadyOnHost?: (host: Host) => Promise<boolean>;
  /**
   * @returns the command that alone changes this answer on the host as it is, with `NAME` for the new one; `undefined` while
   *   it may be given here
   */
  readonly ownedByCommand?: (host: Host) => Promise<string | undefined>;
  /** The command that alone replaces this secret once a host has it: `rotate secret-key`. An answers file does not. */
  readonly rotatedBy?: string;
  /**
   * @returns what is left to do with the answer elsewhere once the site stands, e.g. where a secret has to be entered as well;
   *   `undefined` when nothing is
   */
  readonly elsewhere?: (answers: Answers) => string | undefined;
  /** Tries the answer for real: log in, resolve, fetch. */
  readonly trial?: (answers: Answers, host: Host) => Promise<Trial>;
}
