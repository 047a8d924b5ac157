import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { usualRelease } from '../rehearsal/recipe.ts';

/** What the numbers depend on besides the product: no names, nothing that tells one machine from its like. */
export function machineFacts(): readonly string[] {
  const [first] = cpus();
  return [
    `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    `Linux ${release().split('-')[0]}, ${outside()}; the throwaway host is Debian ${usualRelease}, its disk is in memory`,
    `Node ${process.versions.node}`,
  ];
}

function outside(): string {
  const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return name ?? 'unknown system';
}
