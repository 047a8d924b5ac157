import { expect, test } from 'vitest';
import { eventsPage } from '../../src/document/events.ts';
import { OTHERS } from '../../src/document/records.ts';

/** The fields that the page lists for a record. */
function documented(type: string): readonly string[] {
  const part =
    new RegExp(`^###? ${type}$([\\s\\S]*?)(?=^##|$(?![\\s\\S]))`, 'm').exec(eventsPage())?.[1] ?? '';
  return [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

test('an event of a run lists its fields, those that may be absent too', () => {
  expect(documented('operation-finished')).toEqual(['at', 'operation', 'outcome', 'ms', 'problem']);
  expect(documented('planned')).toContain('irreversible');
});

test('each type is described once', () => {
  const types = [...eventsPage().matchAll(/^###? ([a-z-]+)$/gm)].map(([, type]) => type);
  expect(new Set(types).size).toBe(types.length);
  expect(types).toContain('run-finished');
  for (const { type } of OTHERS) expect(types).toContain(type);
});
