import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, type HostRecord, recordOf } from '../install/compare.ts';
import { must } from '../install/operator.ts';
import { givenAway, namesIn, watchProcesses } from '../install/secrets.ts';
import { answersFile, type Planted, secretsFolder, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { installMissing } from '../rehearsal/tools.ts';

// The same site in three ways: by a run, by answers that were recorded of it, and by the exported script.
let byRun: Rehearsal;
let byRecord: Rehearsal;
let byScript: Rehearsal;
let planted: readonly Planted[];
let wanted: HostRecord;
let script: string;

const silent = () => {};
const names = ['studio.example.org', 'www.studio.example.org'];

beforeAll(async () => {
  await installMissing({ '/usr/bin/shellcheck': 'shellcheck' }, 'the exported script', console.log);
  const ready = async () => {
    const host = await startRehearsal({ report: silent });
    await installProduct(host, silent);
    planted = await writeAnswers(host);
    return host;
  };
  [byRun, byRecord, byScript] = await Promise.all([ready(), ready(), ready()]);
  const run = new Operator(byRun);
  await run.run();
  wanted = await recordOf(byRun);
});
afterAll(() => Promise.all([byRun, byRecord, byScript].map((host) => host?.stop())));

describe('recorded answers', () => {
  let recorded: string;

  test('name every file that has to be put on the other host, and no secret', async () => {
    recorded = await must(byRun, ['studio-setup', 'answers', '--record', '--answers', answersFile]);
    for (const { id, path } of planted) expect(recorded).toContain(`\n${id}: { file: ${path} }\n`);
    expect(namesIn(recorded, givenAway(planted))).toEqual([]);
  });

  test('bring about the same host, and nothing is asked', async () => {
    await byRecord.write(answersFile, recorded, { mode: '600' });
    // Without --yes: what is missing would be asked for, and nobody is there.
    const ran = await byRecord.exec(['studio-setup', 'run', '--plain', '--answers', answersFile]);
    expect(ran.code, ran.stderr).toBe(0);
    // What differs is the file itself.
    const others = (await differing(byRecord)).filter((line) => !line.includes(` ${answersFile} `));
    expect(others).toEqual([]);
  });

  test('without the answers file: what this server knows, and where each secret stands here', async () => {
    const own = await must(byRun, ['studio-setup', 'answers', '--record']);
    expect(own).toContain('\nsecret-key: generate\n');
    expect(own.replaceAll(/\n# +/g, ' ')).toMatch(
      /Secret access key\. Here it stands in \S+settings\.py: AWS_SECRET_ACCESS_KEY\./,
    );
    expect(own).toContain(`\naws.secret-access-key: { file: ${secretsFolder}/aws.secret-access-key }\n`);
    expect(own).toMatch(/\nmeilisearch\.release: "https:\/\//);
    expect(namesIn(own, givenAway(planted))).toEqual([]);
  });
});

describe('the exported script', () => {
  test('has no secret in it, and ShellCheck finds nothing', async () => {
    script = await must(byScript, ['studio-setup', 'script', '--answers', answersFile, '--yes']);
    expect(namesIn(script, givenAway(planted))).toEqual([]);
    const { status, stdout } = spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });

  test('refuses a folder of secrets that others can read', async () => {
    await byScript.write('/root/script.sh', script, { mode: '700' });
    await byScript.exec(['install', '--directory', '--mode=755', '/root/open']);
    const refused = await byScript.exec(['bash', '/root/script.sh', '/root/open']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('closed to others') });
    await byScript.exec(['rmdir', '/root/open']);
  });

  test('installs on a fresh host, without the product, and shows no secret to other processes', async () => {
    const product = '/usr/local/bin/studio-setup';
    await must(byScript, ['mv', product, '/run/studio-setup']);
    const watch = await watchProcesses(byScript, givenAway(planted));
    const ran = await byScript.exec(['bash', '/root/script.sh', secretsFolder]);
    const { shown } = await watch.stop();
    expect(ran.code, `${ran.stdout.slice(-2000)}\n${ran.stderr.slice(-2000)}`).toBe(0);
    expect(namesIn(`${ran.stdout}\n${ran.stderr}`, givenAway(planted))).toEqual([]);
    // Meilisearch takes its key by no other way.
    expect(shown.filter(({ group }) => group !== 'meilisearch.service')).toEqual([]);
    await must(byScript, ['mv', '/run/studio-setup', product]);
  });

  test('leaves the host as a run does, but for what the product remembers', async () => {
    await byScript.exec(['rm', '/root/script.sh']);
    const left = (await differing(byScript)).filter(
      (line) =>
        !/ \/var\/(lib|log)\/studio-setup\b/.test(line) &&
        // nginx's own start page has the group of /var/www as it was when the package came: a run makes that folder meanwhile.
        !line.includes(' /var/www/html/index.nginx-debian.html '),
    );
    expect(left).toEqual([]);
  });

  test('leaves the product nothing to do, and the doctor content', async () => {
    const operator = new Operator(byScript);
    expect(await operator.plan('up to date')).toMatch(/^0 changes/);
    await operator.doctor();
    const again = await operator.start('script');
    expectExit(again, 0);
    expect(again.stdout).toContain('there is nothing to do');
    await new Proof(byScript).https(names);
    await new Proof(byScript).search();
  });

  test('can be run again', async () => {
    await byScript.write('/root/script.sh', script, { mode: '700' });
    const ran = await byScript.exec(['bash', '/root/script.sh', secretsFolder]);
    expect(ran.code, `${ran.stdout.slice(-2000)}\n${ran.stderr.slice(-2000)}`).toBe(0);
    await new Operator(byScript).plan('up to date');
  });
});

async function differing(host: Rehearsal): Promise<readonly string[]> {
  return differences(wanted, await recordOf(host));
}
