import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAt, type Point } from '../install/interruptions.ts';
import { adminPage, loggedIn, logsIn } from '../install/logins.ts';
import { setUp, shell } from '../install/operator.ts';
import { rotated } from '../install/rotation.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

/** Everything that each rotation does, in its order. */
const operations = {
  'secret-key': ['keep', 'settings', 'studio', 'background', 'proof', 'forget'],
  'database-password': ['keep', 'role', 'background', 'proof', 'forget'],
} as const;
type Rotation = keyof typeof operations;

const moments = (Object.keys(operations) as Rotation[]).flatMap((secret) =>
  operations[secret].flatMap((name): readonly { readonly secret: Rotation; readonly point: Point }[] => {
    const operation = `${secret}/${name}`;
    const points: Point[] = [{ operation, output: 'end', within: 0 }];
    // What proves changes nothing, so it has no other moment.
    if (name !== 'proof') points.unshift({ operation, within: 300 });
    // Between the role and settings.py, and while uWSGI loads the site: both are within this one operation.
    if (name === 'role')
      for (const within of [40, 1500]) points.push({ operation, output: /ALTER ROLE/, within });
    return points.map((point) => ({ secret, point }));
  }),
);

let host: Rehearsal;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  await new Operator(host).run();
  await host.checkpoint('installed');
});
afterAll(() => host?.stop());

test.each(
  moments.map(({ secret, point }, index) => ({
    secret,
    point,
    at: `${point.output ?? 'change'} and up to ${point.within} ms`,
    start: index % 2 === 0 ? ['rotate', secret] : ['run'],
  })),
)(
  'killed at $point.operation, $at, then $start: the old or the new one works in full',
  async ({ secret, point, start }) => {
    await host.restore('installed');
    const before = await rotated(host);
    const session = await loggedIn(host);
    const killed = await killAt(host, [point], ['rotate', secret]);
    expect(killed.point, killed.said).toBe(point);
    const again = await host.exec(['studio-setup', ...start, '--answers', answersFile, '--yes']);
    expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);

    const after = await rotated(host);
    // A session tells which key the running site has, as settings.py alone does not.
    expect(await adminPage(host, session)).toBe(after.secretKey === before.secretKey ? '200' : '302');
    expect(await adminPage(host, await loggedIn(host))).toBe('200');
    expect(await logsIn(host, after.password)).toBe(true);
    if (after.password !== before.password) expect(await logsIn(host, before.password)).toBe(false);
    const others = { ...after, secretKey: before.secretKey, password: before.password };
    expect(others).toEqual(before);
    await new Proof(host).databasePage();
    expect(await shell(host, 'ls /etc/blender-studio /var/lib/studio-setup')).not.toContain('pending');
    const { stdout } = await setUp(host);
    expect(stdout).toMatch(/0 changes, 0 restarts/);
  },
);
