import { useApp, useInput, usePaste } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { type Key, keysOf } from '../src/wizard/kit/key.ts';
import type { Store } from '../src/wizard/shell/store.ts';
import { Frame, type Looks } from './Frame.tsx';

export type Lend = (work: () => Promise<void>) => Promise<void>;

/** What says the screens, where they are said. */
interface Voice {
  key(): void;
  again(): void;
}

interface Props {
  readonly store: Store;
  readonly looks: Looks;
  /** Given how the terminal is handed to another program, once it is drawn in. */
  readonly onReady: (lend: Lend) => void;
  /** Told of each key; Ctrl-L is its own. */
  readonly voice?: Voice;
}

/** Keys in, the store's state out. */
export function App({ store, looks, onReady, voice }: Props) {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const { suspendTerminal } = useApp();
  const take = (keys: readonly Key[]) => {
    voice?.key();
    if (voice && keys.some(({ name, text }) => name === 'ctrl' && text === 'l')) voice.again();
    else store.keys(keys);
  };
  useInput((input, key) => take(keysOf(input, key)));
  usePaste((text) => take([{ name: 'paste', text }]));
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return <Frame state={state} looks={looks} />;
}
