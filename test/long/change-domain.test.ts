import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificates, wholeSite } from '../install/domain.ts';
import { killAt, type Point } from '../install/interruptions.ts';
import { setUp } from '../install/operator.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const OLD = ['studio.example.org', 'www.studio.example.org'];
const NEW = 'new.example.net';

/** Everything that a change of the domain does when the old name redirects to the new one, in its order. */
const redirecting = [
  'keep',
  'challenges',
  'challenges-served',
  'certificate',
  'both-names',
  'answers-to-both',
  'vhost',
  'no-challenges',
  'served',
  'site-record',
  'settings',
  'studio',
  'background',
  'renewal',
  'proof',
  'forget',
];
/** What is done besides when it goes. */
const removing = ['old-names', 'old-names-gone', 'old-certificates'];

const moments = [...redirecting, ...removing].flatMap((name): readonly Point[] => {
  const operation = `change-domain/${name}`;
  const end = { operation, output: 'end' as const, within: 0 };
  // What proves changes nothing, so it has no other moment.
  return name === 'proof' ? [end] : [{ operation, within: 400 }, end];
});

let host: Rehearsal;
let operator: Operator;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  // The host tells its names itself: they are not the same before and after.
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  operator = new Operator(host);
  await operator.run();
  await writeAnswers(host, {
    integrations: 'skipped',
    secrets: 'generate',
    without: ['domain', 'extra-names'],
  });
  await host.checkpoint('installed');
});
afterAll(() => host?.stop());

test.each(
  moments.map((moment, index) => {
    const remove = index % 4 > 1 || removing.some((name) => moment.operation.endsWith(`/${name}`));
    const command = ['change-domain', NEW, '--old', remove ? 'remove' : 'redirect'];
    const at = moment.output === 'end' ? 'end' : 'change';
    return { moment, at, command, start: index % 2 === 0 ? ['run'] : command };
  }),
)(
  'killed at $moment.operation, $at, then $start: the old or the new name works in full',
  async ({ moment, command, start }) => {
    await host.restore('installed');
    const killed = await killAt(host, [moment], command);
    expect(killed.point, killed.said).toBe(moment);
    const again = await host.exec(['studio-setup', ...start, '--answers', answersFile, '--yes']);
    expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);

    const kept = await certificates(host);
    if (!kept.includes(NEW)) {
      // Killed before the first change.
      expect(moment.operation).toBe('change-domain/keep');
      expect(kept).toEqual(['studio.example.org']);
      await wholeSite(host, { domain: 'studio.example.org', extra: ['www.studio.example.org'], gone: [NEW] });
    } else if (command.includes('remove')) {
      expect(kept).toEqual([NEW]);
      await wholeSite(host, { domain: NEW, gone: OLD });
    } else {
      expect(kept).toEqual([NEW, 'studio.example.org']);
      await wholeSite(host, { domain: NEW, lead: OLD });
    }
    const { stdout } = await setUp(host);
    expect(stdout).toMatch(/0 changes, 0 restarts/);
  },
);
