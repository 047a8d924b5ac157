import type { Host } from '../host/host.ts';
import type { Operation } from './operation.ts';

/**
 * What a person can have made before the first run, where the trial of an answer fails without it ({@link Trial.offer}), and
 * then gives to somebody else.
 */
export interface Offer {
  readonly id: string;
  /** `Show the deploy key of this server`. */
  readonly label: string;
  readonly operations: readonly Operation[];
  /** Asked once they are done. @throws ProblemError when it is not there */
  handover(host: Host): Promise<Handover>;
}

export interface Handover {
  readonly title: string;
  /** To be copied; no secret. */
  readonly text: string;
  /** Whom it is given to. */
  readonly what: string;
}
