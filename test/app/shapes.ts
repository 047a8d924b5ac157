/** Valid JSON that is nothing that the product ever wrote. */
export const SHAPES = [
  'null',
  '[]',
  '0',
  '1e400',
  '"text"',
  'true',
  '{}',
  '[null]',
  '{"a":{"b":[]}}',
  '{"__proto__":null}',
];

/** The text cut at every byte, and whole. */
export function cuts(text: string): readonly string[] {
  return Array.from({ length: text.length + 1 }, (_, length) => text.slice(0, length));
}

/** @returns a value once for each part of it, with that part left out, or something of each other kind in its place */
export function wrongShapes(whole: unknown): readonly unknown[] {
  const others = [null, true, 7, -1.5, 'text', '', [], [null], {}, { other: 1 }];
  if (typeof whole !== 'object' || whole === null) return others;
  if (Array.isArray(whole))
    return [
      ...others,
      ...whole.flatMap((part, index) => wrongShapes(part).map((other) => whole.with(index, other))),
    ];
  return [
    ...others,
    ...Object.entries(whole).flatMap(([name, part]) => [
      Object.fromEntries(Object.entries(whole).filter(([each]) => each !== name)),
      ...wrongShapes(part).map((other) => ({ ...whole, [name]: other })),
    ]),
  ];
}
