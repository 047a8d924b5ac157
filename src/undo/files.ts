import type { Operation } from '../engine/operation.ts';
import { emptyFolder, folderAgain } from './folders.ts';
import type { History } from './histories.ts';
import type { Renewed } from './in-force.ts';
import { putBack } from './put-back.ts';
import { rightsAgain, type Tree } from './rights.ts';
import type { RunRecord } from './runs.ts';

/**
 * Files, folders and rights in the order in which they can go back: folders are there before what goes in them, and go
 * after what was in them. What is given to an account comes before its files, and what goes back to root after them:
 * until then the account itself takes its files out.
 */
export function fileOperations(
  histories: readonly History[],
  trees: readonly Tree[],
  copies: string,
  renewed: Renewed,
  later: readonly RunRecord[],
): readonly Operation[] {
  const again = histories.filter(({ before }) => before?.type === 'directory');
  const made = histories.filter(({ before, folder }) => before === null && folder);
  const rest = histories.filter((each) => !again.includes(each) && !made.includes(each));
  const toRoot = again.filter(({ before, afters }) => before?.owner === 'root' && afters.at(-1) !== null);
  const others = again.filter((each) => !toRoot.includes(each));
  const id = ({ path }: History) => `files${path}`;
  return [
    ...outermost(others).map((each) => folderAgain(each, id(each))),
    ...trees.map((each) => rightsAgain(each, 'to others', `files/given:${each.root}`)),
    ...rest.map((each) => putBack(each, copies, renewed, later, id(each))),
    ...outermost(made)
      .reverse()
      .map((each) => emptyFolder(each, id(each))),
    ...trees.map((each) => rightsAgain(each, 'to root', `files/taken:${each.root}`)),
    ...outermost(toRoot)
      .reverse()
      .map((each) => folderAgain(each, id(each))),
  ];
}

function outermost(all: readonly History[]): History[] {
  const depth = ({ path }: History) => path.split('/').length;
  return all.toSorted((a, b) => depth(a) - depth(b));
}
