import type { Size } from './line.ts';

/** What every screen is drawn in at least; below it the wizard says so, and does not open. */
export const SMALLEST: Size = { columns: 60, rows: 16 };
