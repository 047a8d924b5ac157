import { afterAll, beforeAll, expect, test } from 'vitest';
import { shell } from '../install/operator.ts';
import { rotated, settingsFile } from '../install/rotation.ts';
import { underTrickle } from '../install/trickle.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const ini = '/var/www/config/uwsgi_studio.ini';

let host: Rehearsal;
let operator: Operator;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  operator = new Operator(host);
  await operator.run();
});
afterAll(() => host?.stop());

test('a uWSGI whose workers renew themselves is restarted, and the plan says why', async () => {
  await shell(host, `echo 'max-requests = 5000' >> ${ini}; systemctl restart studio`);
  const { code, stdout } = await operator.start('rotate', 'secret-key');
  expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
    0,
    expect.stringMatching(/restart studio\.service \([^)]*; no graceful reload: \S+ sets "max-requests"/),
  ]);
  await new Proof(host).databasePage();
  await shell(host, `sed -i '/max-requests/d' ${ini}; systemctl restart studio`);
});

test('the password of a database that is reached over the network: no page fails, and its log never has it', async () => {
  const configuration = '/etc/postgresql/15/main';
  await shell(
    host,
    `echo "listen_addresses = '*'
log_statement = 'all'" >> ${configuration}/postgresql.conf
     echo 'host studio studio 192.0.2.10/32 scram-sha-256' >> ${configuration}/pg_hba.conf
     sed -i "s/'HOST': 'localhost'/'HOST': '192.0.2.10'/" ${settingsFile}
     sed -i 's/^database.host: .*/database.host: 192.0.2.10/' ${answersFile}
     systemctl restart postgresql studio studio-background`,
  );
  const before = await rotated(host);
  const { result, seen, words } = await underTrickle(host, () =>
    operator.start('rotate', 'database-password'),
  );
  console.log(words);
  expect(result.code, result.stdout).toBe(0);
  expect(result.stdout.replace(/\s+/g, ' ')).toContain('Role studio on 192.0.2.10:5432');
  expect(seen.failed).toEqual([]);
  const after = await rotated(host);
  expect(after.password).not.toBe(before.password);
  const log = await shell(host, 'cat /var/log/postgresql/*.log');
  expect(log).toContain('ALTER ROLE CURRENT_USER');
  for (const { password } of [before, after]) expect(log).not.toContain(password);
});
