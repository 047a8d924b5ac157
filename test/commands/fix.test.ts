import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

describe('doctor --fix', () => {
  it('shows the plan of just what failed, carries it out, and looks again', async () => {
    const { code, stdout } = await sample.unattended('doctor', '--fix');
    expect(code).toBe(0);
    expect(stdout).toContain('There is no settings.conf.');
    expect(stdout).toContain('1 change in 1 section, 1 departure from the document (≠).');
    expect(stdout).toMatch(/1 change, 0 restarts, [\s\S]*All checks again:/);
    expect(stdout).toMatch(/All checks passed: 1 check/);
    expect(stdout).toContain('Fixed: The settings are there.');
    // Another section has something to do as well, and no check failed for it.
    expect(existsSync(sample.at('requirements.list'))).toBe(false);
  });

  it('has nothing to do on a host that is well, and writes nothing', async () => {
    await sample.unattended('run');
    const before = await sample.tree();
    const { code, stdout } = await sample.unattended('doctor', '--fix');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/All checks passed: 1 check/)]);
    expect(await sample.tree()).toEqual(before);
  });

  it('--json gives the checks, the plan, the events of the run, and the checks again', async () => {
    const { stdout } = await sample.unattended('doctor', '--fix', '--json');
    const types = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    const order = [
      'check',
      'doctor-finished',
      'planned',
      'run-started',
      'run-finished',
      'check',
      'doctor-finished',
    ];
    expect(types.filter((type) => order.includes(type))).toEqual(order);
  });
});
