import type { Link } from '../rehearsal/recipe.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { Install } from './installs.ts';
import { median } from './statistics.ts';

/** A rented server's way to its mirrors. */
export const slowLink: Link = { mbit: 50, roundTripMs: 20 };

/** The installation over a slow link. */
export interface LinkFigures {
  readonly asked: Link;
  /** By {@link measuredLink}, before the first installation. */
  readonly measured: Link;
  readonly installs: readonly Install[];
}

/** Part by which a link may differ from what was asked for: headers take some of the rate. */
const tolerance = 0.2;
const times = 5;

/**
 * Measures the link of a host by downloads of a large package, and by the time until a connection stands.
 * @throws {Error} when it is not the link that was asked for: nothing measured over it would mean anything
 */
export async function measuredLink(host: Rehearsal, asked: Link): Promise<Link> {
  const index = await curl(host, '--output', '-', 'http://deb.example.test/Packages');
  const packages = index.split('\n\n').map((stanza) => ({
    name: /^Filename: (?:\.\/)?(.*)$/m.exec(stanza)?.[1] ?? '',
    size: Number(/^Size: (\d+)$/m.exec(stanza)?.[1] ?? 0),
  }));
  const [largest] = packages.toSorted((a, b) => b.size - a.size);
  const address = `http://deb.example.test/${(largest?.name ?? '').replaceAll('%', '%25')}`;
  const rates: number[] = [];
  const trips: number[] = [];
  for (let count = 0; count < times; count++) {
    const written = '%{speed_download} %{time_namelookup} %{time_connect}';
    const said = await curl(host, '--output', '/dev/null', '--write-out', written, address);
    const [speed = 0, looked = 0, connected = 0] = said.split(' ').map(Number);
    rates.push((8 * speed) / 1e6);
    trips.push(1000 * (connected - looked));
  }
  const measured = { mbit: median(rates), roundTripMs: median(trips) };
  for (const key of ['mbit', 'roundTripMs'] as const)
    if (Math.abs(measured[key] / asked[key] - 1) > tolerance)
      throw new Error(`The link has ${key} ${measured[key].toFixed(1)}, not ${asked[key]}.`);
  return measured;
}

async function curl(host: Rehearsal, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.exec(['curl', '--silent', '--show-error', '--fail', ...args]);
  if (code !== 0) throw new Error(`The link could not be measured: ${stderr.trim()}`);
  return stdout;
}
