import type { Message } from './message.ts';
import type { WatchState } from './state.ts';

/** What the other side said. */
export interface Answered {
  readonly ok: boolean;
  /** `HTTP 200: ok`, `250 2.0.0 Ok: queued`, or why it could not be asked; cleaned by whoever shows it. */
  readonly said: string;
}

/** One way of telling: by messages when something is new, or by a report after each round. Neither throws. */
export type Way = ByMessage | ByReport;

interface ByMessage {
  readonly name: string;
  tell(message: Message): Promise<Answered>;
  readonly report?: never;
}

interface ByReport {
  readonly name: string;
  report(state: WatchState): Promise<Answered>;
  readonly tell?: never;
}
