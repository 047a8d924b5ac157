import { ONE_CELL_EACH } from '../src/wizard/kit/one-cell.ts';

/** Reached by its name as a text, for which the bundle puts nothing else. */
const Whole: typeof Intl.Segmenter = Reflect.get(Intl, 'Segmenter');

/**
 * Stands for `Intl.Segmenter` in the bundle (`scripts/bundle.ts`): ICU reads its data when the first one is made, a tenth
 * of the time before the wizard's first frame, and libraries below Ink make five as they are loaded. Of a text whose
 * characters all stand alone, escape sequences among them, it tells the graphemes itself.
 */
export class PlainSegmenter implements Intl.Segmenter {
  static readonly supportedLocalesOf = Whole.supportedLocalesOf;

  readonly #arguments: ConstructorParameters<typeof Intl.Segmenter>;
  #whole: Intl.Segmenter | undefined;

  constructor(...given: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#arguments = given;
  }

  segment(text: string): Intl.Segments {
    const { granularity = 'grapheme' } = this.#arguments[1] ?? {};
    if (granularity === 'grapheme' && ONE_CELL_EACH.test(text.replaceAll('\x1b', '')))
      return {
        containing: (index = 0) => at(text, Math.trunc(index) || 0),
        [Symbol.iterator]: () => each(text),
      };
    return this.#intl.segment(text);
  }

  resolvedOptions(): Intl.ResolvedSegmenterOptions {
    return this.#intl.resolvedOptions();
  }

  get #intl(): Intl.Segmenter {
    this.#whole ??= new Whole(...this.#arguments);
    return this.#whole;
  }
}

function at(input: string, index: number): Intl.SegmentData | undefined {
  return index >= 0 && index < input.length ? { segment: input.charAt(index), index, input } : undefined;
}

function* each(input: string): Generator<Intl.SegmentData> {
  for (let index = 0; index < input.length; index++) yield { segment: input.charAt(index), index, input };
}
