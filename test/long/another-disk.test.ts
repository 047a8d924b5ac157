import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '../install/operator.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

// /var/www on another disk, by a link of root's.
let host: Rehearsal;

beforeAll(async () => {
  host = await startRehearsal();
  await writeAnswers(host);
  await installProduct(host, console.log);
  await must(host, ['sh', '-c', 'mkdir -p /srv/disk/www && rm -rf /var/www && ln -s /srv/disk/www /var/www']);
});
afterAll(() => host?.stop());

test('a run ends well, the link stays, and a second one has nothing to do', async () => {
  const operator = new Operator(host);
  console.log(await operator.run());
  console.log(await operator.runAgain(new Proof(host)));
  expect((await must(host, ['readlink', '/var/www'])).trim()).toBe('/srv/disk/www');
  const of = ['stat', '--format=%U:%G %a'];
  expect((await must(host, [...of, '/srv/disk/www'])).trim()).toBe('www-data:www-data 2755');
  expect((await must(host, [...of, '/srv/disk'])).trim()).toBe('root:root 755');
});
