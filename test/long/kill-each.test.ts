import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences, type HostRecord, recordOf } from '../install/compare.ts';
import { killAt, points } from '../install/interruptions.ts';
import { setUp } from '../install/operator.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const silent = () => {};

let host: Rehearsal;
/** What an installation that nothing disturbed leaves. */
let undisturbed: HostRecord;

beforeAll(async () => {
  host = await startRehearsal({ report: silent });
  await installProduct(host, silent);
  await writeAnswers(host);
  await host.checkpoint('bare');
  const { code, stderr } = await setUp(host);
  expect(code, stderr).toBe(0);
  undisturbed = await recordOf(host);
});
afterAll(() => host?.stop());

const cases = points.map((point) => ({ point, name: `${point.operation} ${point.output ?? ''}`.trim() }));

test.each(cases)(
  'killed once on a fresh host, at $name: one more run comes to the same end',
  async ({ point }) => {
    await host.restore('bare');
    const killed = await killAt(host, [point]);
    expect(killed.point, killed.said).toBe(point);
    expect(killed.code, killed.said).toBe(null);
    const { code, stdout, stderr } = await setUp(host);
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(differences(undisturbed, await recordOf(host))).toEqual([]);
  },
);
