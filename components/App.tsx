import { useApp, useInput, usePaste } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { keysOf } from '../src/wizard/key.ts';
import type { Store } from '../src/wizard/store.ts';
import { Frame, type Looks } from './Frame.tsx';

export type Lend = (work: () => Promise<void>) => Promise<void>;

interface Props {
  readonly store: Store;
  readonly looks: Looks;
  /** Given how the terminal is handed to another program, once it is drawn in. */
  readonly onReady: (lend: Lend) => void;
}

/** Keys in, the store's state out. */
export function App({ store, looks, onReady }: Props) {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const { suspendTerminal } = useApp();
  useInput((input, key) => store.keys(keysOf(input, key)));
  usePaste((text) => store.keys([{ name: 'paste', text }]));
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return <Frame state={state} looks={looks} />;
}
