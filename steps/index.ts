import type { Section } from '../src/engine/section.ts';

/** Every section, in the document's order. */
export const sections: readonly Section[] = [];
