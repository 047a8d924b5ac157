import type { Rehearsal } from '../../rehearsal/rehearsal.ts';

/** Something that went wrong on a live host, as it does: by a hand, by a program that hangs, by time. */
export interface Fault {
  readonly name: string;
  /** Shell, as root; or what only the outside can do. Leaves nothing else behind. */
  readonly plant: string | ((host: Rehearsal) => Promise<void>);
  /** Id of the check that has to find it. */
  readonly found: string;
  /** In what that check says. */
  readonly said: RegExp;
  /** Ids of checks that fail of necessity too. */
  readonly also?: readonly string[];
  /** Ids of checks that may fail too: it depends on the moment. */
  readonly perhaps?: readonly string[];
  /**
   * What a person does about it, where `doctor --fix` can't and has to leave it; shell or from outside. Absent: `--fix` fixes it.
   */
  readonly byHand?: string | ((host: Rehearsal) => Promise<void>);
  /** Further options for the fixing: what a person says who knows what was edited. */
  readonly options?: readonly string[];
}

/** @returns for each check the first faults that it has to find; the others of its kind are for the long tests */
export function firstOfEach(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(
    ({ found }, at) => faults.slice(0, at).filter((each) => each.found === found).length < 2,
  );
}

export const www = '/var/www/blender-studio';
export const settings = `${www}/studio/settings.py`;
export const units = '/etc/systemd/system';

/** A line of shell as the site's own account. */
export function asSite(command: string): string {
  return `runuser -u www-data -- ${command}`;
}
