import { expect, it } from 'vitest';
import { dependentsOf } from '../../../src/wizard/runtime/dependents.ts';
import { sections } from '../../../steps/index.ts';

it('an answer decides on its own section, those that read it, and all that need one of these', () => {
  expect(dependentsOf(sections, 'domain').size).toBe(sections.length);
  const email = dependentsOf(sections, 'certificate.email');
  expect([...email]).toEqual(expect.arrayContaining(['certificate', 'start-nginx', 'verify']));
  expect(dependentsOf(sections, 'admin.username').has('working-directory')).toBe(false);
  expect(dependentsOf(sections, 'no.such.question').size).toBe(0);
});
