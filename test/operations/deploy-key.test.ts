import { describe, expect, it } from 'vitest';
import { DEPLOY_KEY } from '../../src/operations/deploy-key.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { table } from './table.ts';

const PUBLIC = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample www-data';
const FOLDER = '/var/www/.ssh';
const [, , key] = DEPLOY_KEY.operations;
if (key === undefined) throw new TypeError('There is no operation that makes the key.');

table('deploy key', [
  {
    title: 'made by the account of the site',
    operation: key,
    before: { [FOLDER]: { folder: true, owner: 'www-data' } },
    arrange: ({ host }) =>
      host.programs.add(
        when(
          /^ssh-keygen -q -t ed25519 -N '' -C www-data -f \/var\/www\/\.ssh\/id_ed25519$/,
          ({ options }) => {
            expect(options.as).toBe('www-data');
            host.arrange({ [`${FOLDER}/id_ed25519.pub`]: { text: `${PUBLIC}\n`, owner: 'www-data' } });
            return '';
          },
        ),
      ),
    change: { kind: 'run', summary: 'the deploy key of this server: there is none' },
    after: { [`${FOLDER}/id_ed25519.pub`]: { text: `${PUBLIC}\n`, owner: 'www-data' } },
  },
  {
    title: 'one of another kind that is there already is shown, and none is made',
    operation: key,
    before: { [`${FOLDER}/id_rsa.pub`]: { text: 'ssh-rsa AAAAB3NzaC1yc2E www-data\n', owner: 'www-data' } },
    upToDate: true,
  },
]);

describe('what is handed over', () => {
  it('is the public key, whole', async () => {
    const host = new FakeHost();
    host.arrange({ [`${FOLDER}/id_ed25519.pub`]: { text: `${PUBLIC}\n`, owner: 'www-data' } });
    expect((await DEPLOY_KEY.handover(host)).text).toBe(PUBLIC);
  });

  it.each([
    ['a sequence for the terminal', `${PUBLIC}\u001b]0;owned\u0007`],
    ['several lines', `${PUBLIC}\nssh-ed25519 AAAA other`],
    ['another text', 'root:x:0:0'],
  ])('is no file in which the account wrote %s', async (_, text) => {
    const host = new FakeHost();
    host.arrange({ [`${FOLDER}/id_ed25519.pub`]: { text: `${text}\n`, owner: 'www-data' } });
    await expect(DEPLOY_KEY.handover(host)).rejects.toThrow('There is no public key');
  });

  it('is a problem when there is none', async () => {
    await expect(DEPLOY_KEY.handover(new FakeHost())).rejects.toThrow(
      'There is no public key in /var/www/.ssh.',
    );
  });
});
