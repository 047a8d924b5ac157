import { beforeEach, describe, expect, it } from 'vitest';
import { tryRepository } from '../../src/operations/repository-access.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { absent, when } from '../host/fake/programs.ts';

const SSH = 'git@git.example.org:studio/site.git';
/** gitprotocol-pack(5), "Reference Discovery": length in hexadecimal, object id, name. */
const ADVERTISED = `015c${'7217a7c7e582c46cec22a130adf4b9d7d950fba0'} HEAD\0multi_ack thin-pack side-band\n`;
/** OpenSSH 9.2, sshconnect2.c. */
const NO_KEY = 'git@git.example.org: Permission denied (publickey).\r\n';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

describe('where git is installed', () => {
  it('git is asked, as the account of the site', async () => {
    host.programs.add(
      when(/^git ls-remote --heads -- git@git\.example\.org:studio\/site\.git$/, ({ options }) => {
        expect(options.as).toBe('www-data');
        return '';
      }),
    );
    expect(await tryRepository(SSH, host)).toEqual({ ok: true, message: 'The repository answers.' });
  });

  it('a key that it does not know: what this server can do, and it is tried again', async () => {
    host.programs.add(when(/^git ls-remote /, () => ({ code: 128, stderr: NO_KEY })));
    expect(await tryRepository(SSH, host)).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /^The repository git@git\.example\.org:studio\/site\.git refuses access\.\n/,
      ),
      offer: 'deploy-key',
      againMs: 5000,
    });
  });

  it('another reason: nothing is offered', async () => {
    const stderr = 'ssh: connect to host git.example.org port 22: Connection timed out\n';
    host.programs.add(when(/^git ls-remote /, () => ({ code: 128, stderr })));
    const trial = await tryRepository(SSH, host);
    expect(trial).toMatchObject({ ok: false, message: expect.stringContaining("can't be reached") });
    expect(trial.offer).toBeUndefined();
  });
});

describe('on a bare server, without git', () => {
  beforeEach(() => host.programs.add(absent('git')));

  it.each([
    [SSH, "-- git@git.example.org 'git-upload-pack '\\''studio/site.git'\\'''"],
    [
      'ssh://git@git.example.org:2222/studio/site.git',
      "-p 2222 -- git@git.example.org 'git-upload-pack '\\''/studio/site.git'\\'''",
    ],
    ['ssh://git.example.org/site.git', "-- git.example.org 'git-upload-pack '\\''/site.git'\\'''"],
  ])('ssh asks for what git would: %s', async (url, end) => {
    const asked: string[] = [];
    host.programs.add(
      when(/^ssh -o BatchMode=yes /, ({ argv }) => {
        asked.push(...argv);
        // It waits for what is wanted, and is left.
        return { code: 128, stdout: ADVERTISED, stderr: 'fatal: the remote end hung up unexpectedly\n' };
      }),
    );
    expect(await tryRepository(url, host)).toEqual({ ok: true, message: 'The repository answers.' });
    expect(asked.at(-1)).toBe(/'(git-upload-pack .*)'$/.exec(end)?.[1]?.replaceAll("'\\''", "'"));
  });

  it('a key that it does not know', async () => {
    host.programs.add(when(/^ssh /, () => ({ code: 255, stderr: NO_KEY })));
    expect(await tryRepository(SSH, host)).toMatchObject({ ok: false, offer: 'deploy-key' });
  });

  it('a greeting is no repository', async () => {
    const stdout = 'Welcome to GitLab, @deploy!\n';
    host.programs.add(when(/^ssh /, () => ({ code: 1, stdout, stderr: 'ERROR: Repository not found.\n' })));
    expect((await tryRepository(SSH, host)).ok).toBe(false);
  });

  it('without ssh either it is not tried', async () => {
    host.programs.add(absent('ssh'));
    expect(await tryRepository(SSH, host)).toEqual({
      ok: true,
      message: 'Not tried: git is installed first.',
    });
  });

  it.each([
    [200, true, 'The repository answers.'],
    [401, false, 'requires a login'],
    [403, false, 'requires a login'],
    [404, false, 'has no repository'],
    [502, false, 'HTTP 502'],
    [0, false, "can't be reached: getaddrinfo ENOTFOUND git.example.org"],
  ])('https answers with %i', async (status, ok, said) => {
    host.request = async (url) => {
      expect(url).toBe('https://git.example.org/site.git/info/refs?service=git-upload-pack');
      return {
        status,
        headers: {},
        body: '',
        ...(status === 0 ? { error: 'getaddrinfo ENOTFOUND git.example.org' } : {}),
      };
    };
    const trial = await tryRepository('https://git.example.org/site.git', host);
    expect(trial.ok).toBe(ok);
    expect(trial.message).toContain(said);
  });
});
