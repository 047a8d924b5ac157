import { describe, expect, it } from 'vitest';
import { administratorNodes } from '../../src/app/administrator.ts';
import { type Change, isLater } from '../../src/engine/operation.ts';
import { Secret } from '../../src/output/secret.ts';
import { administrators, madePassword, PASSWORD, USERNAME } from '../../src/site/administrator.ts';
import { SITE_USER, VENV } from '../../src/site/layout.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import type { Call } from '../host/fake/programs.ts';

const PASSWORD_TEXT = 'sample-password-of-anna';

/** @param says the last line of what Python answers, or why it ends */
function siteWith(named: boolean, refuses?: string) {
  const host = new FakeHost();
  const calls: Call[] = [];
  host.arrange({ [`${VENV}/bin/python`]: { text: '', mode: 0o755, owner: SITE_USER } });
  host.programs.add((call) => {
    if (call.argv[0] !== `${VENV}/bin/python`) return undefined;
    calls.push(call);
    if (call.options.input?.includes('set_password'))
      return refuses === undefined ? {} : { code: 1, stderr: `${refuses}\n` };
    const all = [{ username: 'admin', email: 'admin@example.org' }];
    return { stdout: `\n@@${JSON.stringify({ named, all })}\n` };
  });
  return { host, calls };
}

async function changeOf(host: FakeHost, username = 'anna'): Promise<Change> {
  const wanted = { username, email: '', password: new Secret(PASSWORD_TEXT) };
  const [node] = await administratorNodes(host, wanted);
  const change = await node?.operation.observe(host);
  if (change === undefined || isLater(change)) throw new Error('nothing to do');
  return change;
}

describe('an administrator', () => {
  it('is made as www-data; the password reaches Django by standard input alone', async () => {
    const { host, calls } = siteWith(false);
    const change = await changeOf(host);
    expect(change).toMatchObject({ kind: 'create', summary: 'new administrator anna' });
    await change.apply(host);
    const last = calls.at(-1);
    expect(last?.options.as).toBe(SITE_USER);
    expect(last?.options.input).toContain(PASSWORD_TEXT);
    expect(last?.options.quiet).toBe(true);
    const elsewhere = JSON.stringify([last?.argv, last?.options.env, host.ran, host.said, change.shell]);
    expect(elsewhere).not.toContain(PASSWORD_TEXT);
  });

  it('who is there gets a new password, and that is said before', async () => {
    const { host } = siteWith(true);
    expect(await changeOf(host, 'admin')).toMatchObject({
      kind: 'update',
      summary: 'new password for admin, who may log in to /admin/',
      irreversible: 'the old password is not kept; to set another: studio-setup admin admin',
    });
  });

  it("whose password Django refuses is told in Django's words", async () => {
    const { host } = siteWith(false, 'This password is too common.');
    await expect((await changeOf(host)).apply(host)).rejects.toThrow('This password is too common.');
  });

  it('is asked for by a site that answers, else it says why', async () => {
    expect((await administrators(siteWith(true).host)).all).toEqual([
      { username: 'admin', email: 'admin@example.org' },
    ]);
    const broken = new FakeHost();
    broken.arrange({ [`${VENV}/bin/python`]: { text: '', mode: 0o755, owner: SITE_USER } });
    broken.programs.add(({ argv }) =>
      argv[0] === `${VENV}/bin/python` ? { code: 1, stderr: 'OperationalError: no database\n' } : undefined,
    );
    await expect(administrators(broken)).rejects.toThrow(
      /OperationalError: no database\. Nothing was changed/,
    );
  });

  it('gets a password that its own question takes', () => {
    expect(PASSWORD.validate?.(madePassword())).toBeUndefined();
    expect(madePassword()).not.toBe(madePassword());
    expect(USERNAME.validate?.('anna')).toBeUndefined();
    expect(USERNAME.validate?.("o'neill")).toBeDefined();
  });
});
