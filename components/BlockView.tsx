import type { Block } from '../src/wizard/view/block.ts';
import { Columns } from './blocks/Columns.tsx';
import { Diff } from './blocks/Diff.tsx';
import { Entry } from './blocks/Entry.tsx';
import { Facts } from './blocks/Facts.tsx';
import { Fields } from './blocks/Fields.tsx';
import { Form } from './blocks/Form.tsx';
import { Gap } from './blocks/Gap.tsx';
import { Keys } from './blocks/Keys.tsx';
import { Legend } from './blocks/Legend.tsx';
import { List } from './blocks/List.tsx';
import { Log } from './blocks/Log.tsx';
import { Notice } from './blocks/Notice.tsx';
import { Outline } from './blocks/Outline.tsx';
import { Paragraphs } from './blocks/Paragraphs.tsx';
import { Progress } from './blocks/Progress.tsx';
import type { BlockProps } from './blocks/props.ts';
import { Rule } from './blocks/Rule.tsx';
import { Split } from './blocks/Split.tsx';
import { Tail } from './blocks/Tail.tsx';
import { Tree } from './blocks/Tree.tsx';

/** A block, drawn by the component of its kind. */
export function BlockView({ block, ...place }: BlockProps<Block>) {
  switch (block.kind) {
    case 'text':
      return <Paragraphs block={block} {...place} />;
    case 'list':
      return <List block={block} {...place} />;
    case 'fields':
      return <Fields block={block} {...place} />;
    case 'form':
      return <Form block={block} {...place} />;
    case 'outline':
      return <Outline block={block} {...place} />;
    case 'tree':
      return <Tree block={block} {...place} />;
    case 'columns':
      return <Columns block={block} {...place} />;
    case 'diff':
      return <Diff block={block} {...place} />;
    case 'log':
      return <Log block={block} {...place} />;
    case 'tail':
      return <Tail block={block} {...place} />;
    case 'split':
      return <Split block={block} {...place} />;
    case 'progress':
      return <Progress block={block} {...place} />;
    case 'notice':
      return <Notice block={block} {...place} />;
    case 'entry':
      return <Entry block={block} {...place} />;
    case 'facts':
      return <Facts block={block} {...place} />;
    case 'keys':
      return <Keys block={block} {...place} />;
    case 'legend':
      return <Legend block={block} {...place} />;
    case 'gap':
      return <Gap />;
    case 'rule':
      return <Rule {...place} />;
  }
}
