/**
 * Options of V8 that the executable has in it. By itself V8 makes room for 50 MB more of what is soon garbage, as a million lines
 * of output are, before it looks.
 */
export const V8_OPTIONS = ['--max-semi-space-size=2'] as const;
