import type { FakeHost } from './fake-host.ts';
import { when } from './programs.ts';

/**
 * The host's own addresses as iproute2 6.1 of Debian 12 prints them, a line each (ip(8), -oneline: a line break is a
 * backslash). Loopback has another scope, and is skipped.
 */
export function interfaces(host: FakeHost, v4: string, v6?: string): void {
  const line = (words: string) => `2: eth0    ${words}\\       valid_lft forever preferred_lft forever\n`;
  host.programs.add(
    when(
      /^ip -oneline address show scope global$/,
      () =>
        line(`inet ${v4}/24 brd ${v4.replace(/\d+$/, '255')} scope global eth0`) +
        (v6 === undefined ? '' : line(`inet6 ${v6}/64 scope global `)),
    ),
  );
}
