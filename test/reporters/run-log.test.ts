import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastLogged, logFile, RunLog } from '../../src/reporters/run-log.ts';

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'studio-setup-log-')), 'log');
});
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

const output = (line: string) => ({ type: 'output', at: 0, operation: 'site/work', line }) as const;

it('has every event with its time and operation, readable by root only', async () => {
  const log = new RunLog(folder, 7);
  log.event({ type: 'operation-started', at: 0, operation: 'site/work' });
  log.event({ type: 'command', at: 0, operation: 'site/work', command: 'echo x' });
  log.event(output('x'));
  log.event({
    type: 'operation-finished',
    at: 0,
    operation: 'site/work',
    outcome: 'failed',
    ms: 12,
    problem: { what: 'It broke.', remedy: 'Fix it.', detail: ['last words'], exitCode: 3 },
  });
  log.close();
  expect((await readFile(path.join(folder, 'run-0007.log'), 'utf8')).split('\n')).toEqual([
    '1970-01-01T00:00:00.000Z site/work started',
    '1970-01-01T00:00:00.000Z site/work $ echo x',
    '1970-01-01T00:00:00.000Z site/work   x',
    '1970-01-01T00:00:00.000Z site/work failed after 12 ms',
    '1970-01-01T00:00:00.000Z site/work ! It broke.',
    '1970-01-01T00:00:00.000Z site/work ! last words',
    '1970-01-01T00:00:00.000Z site/work ! exit code 3',
    '1970-01-01T00:00:00.000Z site/work ! What to do: Fix it.',
    '',
  ]);
  expect(log.lines).toBe(8);
  expect((await stat(log.file)).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('never writes into what stands there, nor through a link', async () => {
  new RunLog(folder, 1).close();
  expect(() => new RunLog(folder, 1)).toThrow('EEXIST');
  await writeFile(path.join(folder, 'victim'), 'precious');
  await symlink(path.join(folder, 'victim'), logFile(folder, 2));
  expect(() => new RunLog(folder, 2)).toThrow();
  expect(await readFile(path.join(folder, 'victim'), 'utf8')).toBe('precious');
});

it('a million lines go to the disk as they come', async () => {
  const log = new RunLog(folder, 1);
  const before = process.memoryUsage().rss;
  for (let index = 0; index < 1_000_000; index += 1) log.event(output(`line ${index}`));
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  log.close();
  expect((await stat(log.file)).size).toBeGreaterThan(45_000_000);
});

it('knows the last number that was used', () => {
  expect(lastLogged(folder)).toBe(0);
  new RunLog(folder, 3).close();
  new RunLog(folder, 12).close();
  expect(lastLogged(folder)).toBe(12);
});
