import type { AnswerInput } from '../../answers/sources.ts';
import type { TaskRequest } from './task.ts';

/** What a key asks of the rest of the product. */
export type Intent =
  | { readonly type: 'quit' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'continue' }
  | {
      readonly type: 'give';
      readonly id: string;
      readonly given: AnswerInput | undefined;
      /** It was generated, not typed. */
      readonly made?: true;
    }
  | { readonly type: 'give-file'; readonly id: string; readonly path: string }
  | { readonly type: 'set-up'; readonly group: string; readonly wanted: boolean }
  | { readonly type: 'try'; readonly id: string }
  /** Makes what the failed trial of an answer offers, and shows it. */
  | { readonly type: 'offer'; readonly id: string }
  | { readonly type: 'review'; readonly names: readonly string[] }
  | { readonly type: 'apply' }
  /** @param names makes the review of these sections first */
  | { readonly type: 'script'; readonly names?: readonly string[] }
  | { readonly type: 'task'; readonly request: TaskRequest }
  /** Goes on with what was begun and cut off. */
  | { readonly type: 'finish' }
  | { readonly type: 'ask-domain' }
  | { readonly type: 'list-runs' }
  | { readonly type: 'list-services'; readonly purpose: 'logs' | 'restart' }
  /** @property services none: all of them */
  | { readonly type: 'service-logs'; readonly services: readonly string[] }
  | { readonly type: 'ask'; readonly form: 'email' | 'admin' | 'backup' | 'watch' | 'script' | 'support' }
  | { readonly type: 'send-email'; readonly address: string }
  | { readonly type: 'show-address' }
  | { readonly type: 'show-watch' }
  /** Writes the support bundle that was listed. */
  | { readonly type: 'support-bundle' }
  | { readonly type: 'keep'; readonly operation: string }
  /** In every later run, too. */
  | { readonly type: 'keep-for-good'; readonly path: string }
  | { readonly type: 'replace'; readonly path: string }
  | { readonly type: 'edit-file'; readonly path: string }
  | { readonly type: 'open-file'; readonly path: string }
  | { readonly type: 'retry' }
  | { readonly type: 'skip' }
  | { readonly type: 'shell' }
  | { readonly type: 'check' };

export type Dispatch = (intent: Intent) => void;
