import { cutLines, type Line, line, paragraph, type Size } from '../kit/line.ts';
import { listWindow, textWindow } from '../kit/window.ts';
import type {
  Block,
  FormBlock,
  ListBlock,
  LogBlock,
  OutlineBlock,
  SplitBlock,
  TextBlock,
  TreeBlock,
  View,
} from './block.ts';
import { formLines } from './form-lines.ts';
import { keysLines, legendLines } from './keys-lines.ts';
import { fieldLine, itemLines } from './list-lines.ts';
import { logLines } from './log-lines.ts';
import { outlineLines } from './outline-lines.ts';
import { detailsColumns, splitLines } from './split-lines.ts';
import { diffLines, entryLines, textLines } from './text-lines.ts';
import { progressLine, tailLines, treeLines } from './tree-lines.ts';

/** Where there is no end of the screen. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * Decides which rows each block gets. A list and a text that may be cut share what the others leave, the list first.
 * @returns never more lines than rows
 */
export function layOut(view: View, size: Size): readonly Line[] {
  if (view.scroll !== undefined) return textWindow(linesOf(view, size.columns), view.scroll, size.rows);
  const whole = view.blocks.map((block) =>
    isElastic(block) ? [] : linesOfBlock(block, size.columns, size.rows),
  );
  let left = size.rows - whole.flat().length;
  return view.blocks.flatMap((block, index) => {
    if (!isElastic(block)) return whole[index] ?? [];
    const lines = linesWithin(block, { columns: size.columns, rows: left });
    left -= lines.length;
    return lines;
  });
}

/** @returns all rows of a view, as if there were no end of the screen */
export function linesOf({ blocks }: View, columns: number): readonly Line[] {
  return blocks.flatMap((block) => linesOfBlock(block, columns));
}

type Elastic = ListBlock | TextBlock | LogBlock | SplitBlock | TreeBlock | FormBlock | OutlineBlock;

function isElastic(block: Block): block is Elastic {
  if (block.kind === 'text') return block.most === 'rest';
  return ['list', 'log', 'split', 'tree', 'form', 'outline'].includes(block.kind);
}

function linesWithin(block: Elastic, size: Size): readonly Line[] {
  switch (block.kind) {
    case 'list':
      return listWindow(itemLines(block, size.columns), block.selected, size.rows);
    case 'text':
      return cutLines(textLines(block, size.columns), size.rows, size.columns, block.rest);
    case 'log':
      return logLines(block, size);
    case 'split':
      return splitLines(block, splitDetails(block, size.columns), size);
    case 'tree':
      return treeLines(block, size);
    case 'form':
      return formLines(block, size);
    case 'outline':
      return outlineLines(block, size);
  }
}

function linesOfBlock(block: Block, columns: number, rows = ALL): readonly Line[] {
  switch (block.kind) {
    case 'text': {
      const lines = textLines(block, columns);
      return typeof block.most === 'number' ? cutLines(lines, block.most, columns, block.rest) : lines;
    }
    case 'list':
      return itemLines(block, columns).flat();
    case 'diff':
      return diffLines(block, columns);
    case 'notice':
      return paragraph(`! ${block.text}`, columns, 'warn', '  ');
    case 'progress':
      return [progressLine(block, columns)];
    case 'fields':
      return block.fields.map((field, index) => fieldLine(field, index === block.focused, columns));
    case 'entry':
      return entryLines(block, columns);
    case 'keys':
      return keysLines(block, columns);
    case 'legend':
      return legendLines(block, columns);
    case 'tail':
      return tailLines(block, { columns, rows });
    case 'log':
    case 'split':
    case 'tree':
    case 'form':
    case 'outline':
      return linesWithin(block, { columns, rows: ALL });
    case 'gap':
      return [[]];
    case 'rule':
      return [line('─'.repeat(columns), 'dim')];
  }
}

/** @returns all rows of the details, as wide as they are drawn */
export function splitDetails(block: SplitBlock, columns: number): readonly Line[] {
  return linesOf({ blocks: block.details }, detailsColumns(block, columns));
}
