import { expect, it } from 'vitest';
import { renewalIsSetUp } from '../../src/checks/certificate.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { sections } from '../../steps/index.ts';
import { given } from '../host/given.ts';

/** systemctl(1), show: a unit that is not there has the properties of one that never failed. */
const unit = (name: string, active: string, result = 'success') =>
  `Id=${name}\nLoadState=loaded\nActiveState=${active}\nResult=${result}\n`;

it.each([
  { what: "the distribution's", units: { 'certbot.timer': 'active' }, failed: undefined },
  { what: "the snap's", units: { 'snap.certbot.renew.timer': 'active' }, failed: undefined },
  {
    what: "the distribution's, which failed",
    units: { 'certbot.timer': 'active' },
    failed: 'certbot.service',
  },
  {
    what: "the snap's, which failed",
    units: { 'snap.certbot.renew.timer': 'active' },
    failed: 'snap.certbot.renew.service',
  },
])('the last renewal: $what', async ({ units, failed }) => {
  const host = given({});
  host.query = async (argv) => {
    const name = argv.at(-1) ?? '';
    const active = (units as Record<string, string>)[name] ?? 'inactive';
    const stdout = unit(name, active, name === failed ? 'exit-code' : 'success');
    return { code: 0, stdout, stderr: '' };
  };
  const { said } = await renewalIsSetUp.run(host, exampleAnswers(sections));
  expect(said).not.toContain('nothing renews');
  if (failed === undefined) expect(said).not.toContain('the last run of');
  else
    expect(said).toContain(
      `the last run of ${failed} failed (exit-code; journalctl -u ${failed.slice(0, -8)}`,
    );
});
