import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeOwnFolder } from '../host/own-folder.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import type { CheckState, Told } from './transitions.ts';
import type { Measures } from './trend.ts';

/** Thirty days of rounds, four an hour. */
const ROUNDS = 30 * 24 * 4;
const EVENTS = 200;
/** What waits for a way that does not work: more than that nobody reads once it works again. */
export const WAITING = 100;

/** One look at the site. Times are milliseconds. */
export interface Round {
  readonly at: number;
  readonly ms: number;
  /** Whether the daily checks were made, too. */
  readonly deep: boolean;
  /** Number of the checks that were made. */
  readonly checks: number;
  /** Ids of those that failed. */
  readonly failed: readonly string[];
  readonly measures?: Measures;
  /** In how many milliseconds the front page came; absent where it did not. */
  readonly page?: number;
}

/** Something that is told once. */
export interface WatchEvent {
  readonly at: number;
  readonly check: string;
  readonly title: string;
  readonly kind: Told;
  /** What was found. */
  readonly said: string;
  /** What fixes it. */
  readonly remedy?: string;
  /** Of what is well again: how long it was not, in milliseconds. */
  readonly lasted?: number;
}

/** How a way of telling did last. */
export interface WayState {
  readonly waiting: readonly WatchEvent[];
  /** Since when it does not work, and why; absent while it does, or was not tried yet. */
  readonly failing?: { readonly since: number; readonly why: string };
  /** When something went out by it last, in milliseconds since the epoch; absent: nothing yet. */
  readonly worked?: number;
}

/** Security updates that are not installed. Times are milliseconds since the epoch. */
export interface WaitingUpdates {
  /** When apt was asked for them. */
  readonly asked: number;
  /** By name of the package, when it was found first. */
  readonly since: Readonly<Record<string, number>>;
}

/** All that is remembered from one round to the next; no secret is in it. */
export interface WatchState {
  readonly checks: Readonly<Record<string, CheckState>>;
  readonly rounds: readonly Round[];
  readonly events: readonly WatchEvent[];
  readonly ways: Readonly<Record<string, WayState>>;
  /** When the daily checks were made last. */
  readonly deepAt?: number;
  readonly updates?: WaitingUpdates;
}

export const NOTHING_YET: WatchState = { checks: {}, rounds: [], events: [], ways: {} };

/** @param folder the state folder @returns what is remembered there */
export function readWatchState(folder: string): WatchState {
  const file = watchStateFile(folder);
  return existsSync(file) ? watchStateOf(readFileSync(file, 'utf8')) : NOTHING_YET;
}

/** @returns what a file says; nothing where it is damaged: what fails now is then told once more */
export function watchStateOf(text: string | undefined): WatchState {
  const stored = parsedJson(text ?? '');
  if (!isRecord(stored) || !isRecord(stored.checks) || !isRecord(stored.ways)) return NOTHING_YET;
  if (!Array.isArray(stored.rounds) || !Array.isArray(stored.events)) return NOTHING_YET;
  // Root's own file, written whole: what has this form was written by this code.
  return stored as unknown as WatchState;
}

/** Replaces it whole, and keeps it within bounds. */
export function writeWatchState(folder: string, state: WatchState): void {
  makeOwnFolder(folder);
  const bounded = { ...state, rounds: state.rounds.slice(-ROUNDS), events: state.events.slice(-EVENTS) };
  const file = watchStateFile(folder);
  writeFileSync(`${file}.partial`, `${JSON.stringify(bounded)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.partial`, file);
}

/** @param folder the state folder @returns absolute path */
function watchStateFile(folder: string): string {
  return path.join(folder, 'watch.json');
}
