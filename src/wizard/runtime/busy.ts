import type { Store } from '../shell/store.ts';

/** @param what is awaited, as it stands on the screen until the work is over @returns what the work returns */
export async function busy<Result>(store: Store, what: string, work: () => Promise<Result>): Promise<Result> {
  store.set({ busy: what });
  try {
    return await work();
  } finally {
    store.set({ busy: '' });
  }
}
