import { type Fact, labelColumns } from '../../output/fact.ts';
import type { Tone } from '../kit/line.ts';

/** What stands before a text and says what it is. */
export type Mark = 'done' | 'failed' | 'open' | 'warning' | 'item' | 'command';

export interface Paragraph {
  readonly text: string;
  readonly tone?: Tone;
  readonly mark?: Mark;
  /** The same in words, for where bars are not seen. */
  readonly told?: string;
  /** It comes and goes with each character that is typed. */
  readonly whileTyped?: true;
  /** How deep it stands below the paragraph that it belongs to. */
  readonly level?: number;
  /** What is too long for its row goes on as far to the right as its level says, and this much more. */
  readonly hanging?: number;
}

/** Sentences, one below the other; each is wrapped where the painter has an end of its rows. */
export interface TextBlock {
  readonly kind: 'text';
  readonly paragraphs: readonly Paragraph[];
  /** Rows that it may take: what does not fit is cut, and says so. Absent: all of it. */
  readonly most?: number | 'rest';
  /** Where the rest can be read, when it is cut. */
  readonly rest?: string;
}

interface ListItem {
  readonly text: string;
  /** It can't be chosen any more, or is only told. */
  readonly over?: boolean;
}

/** Things of which one is selected. */
export interface ListBlock {
  readonly kind: 'list';
  readonly items: readonly ListItem[];
  readonly selected: number;
}

/** A unified difference. */
export interface DiffBlock {
  readonly kind: 'diff';
  readonly diff: string;
}

/** Sets apart what stands above from what stands below. */
export interface GapBlock {
  readonly kind: 'gap' | 'rule';
}

/** Lines of an output, of which the last ones are kept. */
export interface Output {
  readonly length: number;
  /** How many came before those that are kept. */
  readonly dropped: number;
  slice(from: number, to: number): readonly string[];
}

/** What a program said, line by line, as it grows. */
export interface LogBlock {
  readonly kind: 'log';
  readonly output: Output;
  /** First line shown; `undefined`: the end, as it grows. */
  readonly from: number | undefined;
  /** Where all of it stands. */
  readonly file: string;
}

/** How far something is. */
export interface ProgressBlock {
  readonly kind: 'progress';
  readonly done: number;
  readonly of: number;
  /** Milliseconds that it takes from now on, by the estimate; 0: longer than estimated. Absent: there is none. */
  readonly left: number | undefined;
  /** Whether it downloads what the estimate has no time for. */
  readonly downloads: boolean;
  /** It was asked to stop: what it waits for, in words. */
  readonly stopping: string | undefined;
  /** What went wrong meanwhile without ending it. */
  readonly warnings: readonly string[];
}

/** What has to be read before all else. */
export interface NoticeBlock {
  readonly kind: 'notice';
  readonly text: string;
}

/** A thing of a table: how it stands, what it is, and a word beside it. */
export interface ListEntry {
  readonly title: string;
  readonly sign: string;
  readonly tone: Tone;
  readonly note: string;
  /** What the sign says. */
  readonly word: string;
}

/** One thing, in one row where it fits, else what is said of it below. */
export interface EntryBlock {
  readonly kind: 'entry';
  readonly entry: ListEntry;
  /** It always stands below. */
  readonly apart: boolean;
}

/** A row of a tree. */
export interface TreeRow extends ListEntry {
  /** Whether it stands below another row. */
  readonly below: boolean;
}

/** Things, and what is in them. */
export interface TreeBlock {
  readonly kind: 'tree';
  readonly rows: readonly TreeRow[];
  readonly selected: number;
  /** What is told where rows are not seen: what began, and what ended how, in that order. */
  readonly told: readonly { readonly text: string; readonly busy: boolean }[];
  readonly name: string;
  /** Whether the operator chose the selected row; else it goes with what is at work. */
  readonly chosen: boolean;
}

/** The last lines of an output, below what it belongs to. */
export interface TailBlock {
  readonly kind: 'tail';
  readonly title: string;
  /** It takes all rows that there are; else a few. */
  readonly tall: boolean;
  last(lines: number): readonly string[];
}

/** Two blocks beside each other, with a border between them. */
export interface ColumnsBlock {
  readonly kind: 'columns';
  readonly left: Block;
  readonly right: Block;
}

/** One answer of a form, or what goes on from it. */
export interface Field {
  readonly role: 'textbox' | 'combobox' | 'button';
  readonly label: string;
  /** What is answered, as it may be shown. */
  readonly value: string;
  /** A text that is typed when it is focused: both sides of the cursor. */
  readonly typed?: { readonly before: string; readonly after: string };
  /** What is typed is not told, not even its length. */
  readonly secret?: boolean;
  /** Why what was entered is refused. */
  readonly refused?: string | undefined;
}

/** Answers below each other, of which one is focused. */
export interface FieldsBlock {
  readonly kind: 'fields';
  readonly fields: readonly Field[];
  readonly focused: number;
}

/** A sign before a thing; its tone is no more than its colour. */
interface Sign {
  readonly sign: string;
  readonly tone: Tone;
}

/** One row of a form: a question with its answer, what answers several at once, or what goes on. */
export interface FormField {
  readonly role: 'textbox' | 'combobox' | 'checkbox' | 'button';
  readonly label: string;
  /** It stands out among the others. */
  readonly strong?: boolean;
  /** It belongs to the group above it. */
  readonly below?: boolean;
  /** How it stands. Absent: it goes on, and has no value of its own. */
  readonly mark?: Sign;
  /** What is answered, as it may be shown, or what is said of it. */
  readonly value: string;
  readonly tone: Tone;
  /** Where the value comes from: left out where a long value needs the room of a row. */
  readonly source?: string;
  /** The row in words, for where neither marks nor columns are seen. */
  readonly told: string;
  readonly states: readonly ('required' | 'multiline' | 'checked')[];
  /** What can be chosen. */
  readonly choices?: readonly { readonly label: string; readonly chosen: boolean }[];
  /** The text that is being typed: both sides of the cursor. */
  readonly typed?: { readonly before: string; readonly after: string };
  /** What is typed is not told, not even its length. */
  readonly secret?: boolean;
  /** Why what was entered is refused. */
  readonly refused?: string | undefined;
}

/** All answers of a section, of which one is focused; what they are for, and below them what the focused one is about. */
export interface FormBlock {
  readonly kind: 'form';
  readonly name: string;
  readonly about: string;
  readonly fields: readonly FormField[];
  readonly focused: number;
  readonly help: TextBlock;
}

/** A thing of an outline, and what stands below it while it is open. */
export interface OutlineItem {
  /** Absent: it is only what is said in it. */
  readonly head?: Sign & {
    /** What the sign says. */
    readonly word: string;
    readonly title: string;
    readonly look: Tone;
    readonly note: string;
    /** What is never cut off for the sake of a long title. */
    readonly marks: readonly { readonly text: string; readonly tone: Tone }[];
    /** Whether what is in it stands below it. Absent: nothing does. */
    readonly open?: boolean;
  };
  /** It stands below one that is not. */
  readonly below: boolean;
  /** All of its title stands below it, too, where it had to be cut. */
  readonly whole: boolean;
  readonly inside: readonly InsideBlock[];
}

/** What may stand in a thing of an outline: each of its paragraphs, lines or facts can be selected. */
export type InsideBlock = TextBlock | DiffBlock | FactsBlock;

/** A long text of things that open and close. It is read row by row: one row is selected. */
export interface OutlineBlock {
  readonly kind: 'outline';
  readonly name: string;
  readonly items: readonly OutlineItem[];
  readonly selected: number;
  /** All of it is told at once; else what is in a thing when it is selected. */
  readonly told: boolean;
}

/** What is known of something, each below the one before; the values stand below each other, too. */
export interface FactsBlock {
  readonly kind: 'facts';
  readonly facts: readonly Fact[];
  /** Columns of the labels. */
  readonly labels: number;
}

/** Keys, and what they do. */
export interface KeysBlock {
  readonly kind: 'keys';
  readonly keys: readonly { readonly keys: string; readonly help: string }[];
}

/** What marks mean; where these are told in words it is not needed. */
export interface LegendBlock {
  readonly kind: 'legend';
  readonly marks: readonly string[];
}

/** A list with a column of words; and beside it what the selected one is about. */
export interface SplitBlock {
  readonly kind: 'split';
  /** What the things are called, and one of them. */
  readonly name: string;
  readonly one: string;
  readonly entries: readonly (ListEntry & {
    /** Nothing is known of it yet. */
    readonly unknown: boolean;
  })[];
  readonly selected: number;
  /** The longest word that a note may have: the border stays where it is, whatever comes. */
  readonly noteColumns: number;
  readonly details: readonly Block[];
  /** The details in few words. */
  readonly brief: readonly string[];
  /** What is being found out about all of them. */
  readonly busy: string | undefined;
  /** First row of the details that is shown; `undefined`: they are not scrolled. */
  readonly scroll: number | undefined;
}

export type Block =
  | TextBlock
  | ListBlock
  | DiffBlock
  | GapBlock
  | LogBlock
  | ProgressBlock
  | NoticeBlock
  | SplitBlock
  | EntryBlock
  | TreeBlock
  | FieldsBlock
  | FormBlock
  | OutlineBlock
  | FactsBlock
  | KeysBlock
  | LegendBlock
  | TailBlock
  | ColumnsBlock;

/** What a screen shows. */
export interface View {
  readonly blocks: readonly Block[];
  /** It is one long text: the first row of it that is shown. Absent: all blocks stand on the screen at once. */
  readonly scroll?: number;
}

export const GAP: GapBlock = { kind: 'gap' };
export const RULE: GapBlock = { kind: 'rule' };

/** @returns a block of one paragraph, or of several that look the same */
export function text(words: string | readonly string[], look: Omit<Paragraph, 'text'> = {}): TextBlock {
  const all = typeof words === 'string' ? [words] : words;
  return { kind: 'text', paragraphs: all.map((each) => ({ ...look, text: each })) };
}

/** @returns facts below each other */
export function factsBlock(facts: readonly Fact[]): FactsBlock {
  return { kind: 'facts', facts, labels: labelColumns(facts) };
}

/** One line of a difference, apart from the sign that it begins with. */
export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'same' | 'place';
  /** As it stands in the difference, its sign included. */
  readonly text: string;
}

/** @returns the lines of a unified difference, without those that name its files */
export function diffLinesOf({ diff }: DiffBlock): readonly DiffLine[] {
  return diff
    .split('\n')
    .filter((each) => each !== '' && !/^(---|\+\+\+|Index:|===)/.test(each))
    .map((each) => ({ kind: DIFF_KINDS[each.charAt(0)] ?? 'same', text: each }));
}

const DIFF_KINDS: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', '@': 'place' };
