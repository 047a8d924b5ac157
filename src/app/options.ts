import type { LogLevel } from '../output/output-mode.ts';

/** The options that every command takes, with the same meaning. */
export interface Options {
  /** Path of an answers file, `-` for standard input. */
  readonly answers?: string;
  /** Ask nothing. */
  readonly yes: boolean;
  /** Lines instead of a tree that redraws. */
  readonly plain: boolean;
  /** Lines too, with all marks as words. */
  readonly screenReader: boolean;
  readonly json: boolean;
  /** Ids of sections; empty: all. */
  readonly section: readonly string[];
  /** Paths that may be replaced although they were edited by hand, and ids of secrets that may replace the host's. */
  readonly overwrite: readonly string[];
  /** Paths of files that the operator declares theirs: shown, and left alone from now on. */
  readonly mine?: readonly string[];
  readonly logLevel: LogLevel;
  /** Operations at the same time, at least 1. */
  readonly jobs: number;
}
