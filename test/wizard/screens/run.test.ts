import { describe, expect, it } from 'vitest';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import { RunModel } from '../../../src/wizard/state/run-model.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { answeredState, frameFile, NOW, rowsOf, SIZES, saidOf } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];

/** A run that began 12 s ago, two of its four steps over; the review had three changes. */
function running(size: Size, more: Partial<WizardState['run']> = {}, planned = true): WizardState {
  const model = new RunModel();
  const operation = (id: string, title: string, isChange: boolean) => ({
    id,
    title,
    ...(isChange && planned ? { planned: true as const } : {}),
  });
  model.feed({
    type: 'run-started',
    at: NOW - 12_000,
    run: '0001',
    log: '/var/log/studio-setup/run-0001.log',
    sections: [
      {
        id: 'requirements',
        title: 'Requirements',
        operations: [
          operation('requirements/ports', 'ports 80, 443 and 7700', false),
          operation('requirements/tools', 'packages: git, virtualenv', true),
          operation('requirements/services', 'packages: nginx, certbot', true),
        ],
      },
      { id: 'uwsgi', title: 'uWSGI', operations: [operation('uwsgi/service', 'studio.service', true)] },
    ],
  });
  const over = (id: string, outcome: 'unchanged' | 'changed', ms: number) =>
    model.feed({ type: 'operation-finished', at: NOW, operation: id, outcome, ms });
  over('requirements/ports', 'unchanged', 10);
  over('requirements/tools', 'changed', 7000);
  model.feed({ type: 'operation-started', at: NOW - 5000, operation: 'requirements/services' });
  for (const line of ['Unpacking nginx', 'Setting up nginx'])
    model.feed({ type: 'output', at: NOW, operation: 'requirements/services', line });
  const state = answeredState(size);
  return { ...state, screen: 'run', run: { ...state.run, model, estimate: 36_200, ...more } };
}

describe('a run', () => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${rowsOf(running(size)).join('\n')}\n`).toMatchFileSnapshot(frameFile('run', size));
  });

  it('counts what the review counted', () => {
    const rows = rowsOf(running(usual));
    expect(rows[0]).toContain('Running: 1 of 3 changes');
    expect(rows.join('\n')).toMatch(/Requirements +1 of 2/);
  });

  it('counts steps where there was no plan, as in the way back of a procedure', () => {
    expect(rowsOf(running(usual, {}, false))[0]).toContain('Running: 2 of 4 steps');
  });

  it('counts a change that the plan knew nothing of as well', () => {
    const state = running(usual);
    const ports = state.run.model.steps.get('requirements/ports');
    if (ports) ports.state = 'changed';
    expect(rowsOf(state)[0]).toContain('Running: 2 of 4 changes');
  });

  it('says how long it still takes while that can be told, and then that it takes longer', () => {
    expect(rowsOf(running(usual))[2]).toContain('about 24 s left');
    expect(rowsOf(running(usual, { estimate: 5000 }))[2]).toContain('33 % · longer than estimated');
    expect(rowsOf(running(usual, { estimate: undefined }))[2]).toMatch(/33 %$/);
  });

  it('says that downloads are not in the estimate, as nobody knows how long they take', () => {
    expect(rowsOf(running(usual, { downloads: true }))[2]).toContain('about 24 s plus downloads');
    const longer = rowsOf(running(usual, { downloads: true, estimate: 5000 }))[2];
    expect(longer).toContain('time left depends on downloads');
  });

  it('says nothing of time once every change is made', () => {
    const state = running(usual, { downloads: true, estimate: 5000 });
    for (const step of state.run.model.steps.values()) step.state = 'changed';
    expect(rowsOf(state)[2]).toMatch(/100 %$/);
  });

  it('says where its warnings are, where there is room for it', () => {
    const warned = (size: Size) => {
      const state = running(size);
      state.run.model.feed({ type: 'warning', at: NOW, message: 'careful' });
      return rowsOf(state)[2];
    };
    expect(warned(usual)).toMatch(/ 1 warning, w shows them$/);
    expect(warned({ columns: 60, rows: 16 })).toMatch(/ 1 warning/);
  });

  it('w opens its warnings, once there are some', () => {
    const state = running(usual);
    expect(press(state, { name: 'char', text: 'w' }, () => {}).screen).toBe('run');
    expect(rowsOf(state).at(-1)).not.toContain('warnings');
    state.run.model.feed({
      type: 'warning',
      at: NOW,
      message: 'nginx: another server listens on port 8080.',
    });
    expect(rowsOf(state).at(-1)).toContain('w warnings');
    const opened = press(state, { name: 'char', text: 'w' }, () => {});
    expect(rowsOf(opened).join('\n')).toContain('! nginx: another server listens on port 8080.');
    expect(press(opened, { name: 'escape', text: '' }, () => {}).screen).toBe('run');
  });

  it('l on a section opens what its steps said, each under its title', () => {
    const state = running(usual);
    const { model } = state.run;
    model.feed({ type: 'operation-started', at: NOW, operation: 'requirements/tools' });
    for (const operation of ['requirements/tools', 'requirements/services', 'requirements/services'])
      model.feed({ type: 'output', at: NOW, operation, line: 'a line' });
    const section = { ...state, run: { ...state.run, follow: false, selected: 'requirements' } };
    const opened = press(section, { name: 'char', text: 'l' }, () => {});
    expect(rowsOf(opened)[0]).toContain('Log of Requirements');
    const [services, tools] = ['requirements/services', 'requirements/tools'].map(
      (id) => `── ${model.steps.get(id)?.title}`,
    );
    expect(model.logOf('requirements')?.last(8)).toEqual([
      services,
      'Unpacking nginx',
      'Setting up nginx',
      tools,
      'a line',
      services,
      'a line',
      'a line',
    ]);
  });

  it('Space is said to do what it does', () => {
    const state = running(usual);
    expect(rowsOf(state).at(-1)).toContain('Space expand');
    expect(rowsOf(press(state, { name: 'char', text: ' ' }, () => {})).at(-1)).toContain('Space collapse');
  });

  it('that is stopped names what is waited for, on the screen and as it is said', () => {
    const state = running(usual, { stopping: true });
    expect(rowsOf(state)[0]).toContain('Stopping after packages: nginx, certbot');
    expect(saidOf(state)).toContain('Stopping after packages: nginx, certbot');
  });

  it('in a wide terminal has what the step says beside the steps, from top to bottom', () => {
    const rows = rowsOf(running({ columns: 120, rows: 40 }));
    expect(rows.find((row) => row.includes('Unpacking nginx'))).toContain('│');
    expect(rowsOf(running(usual)).find((row) => row.includes('Unpacking nginx'))).not.toContain('│');
  });
});
