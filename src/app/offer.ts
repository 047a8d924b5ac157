import { type Node, nodesOf } from '../engine/graph.ts';
import type { Offer } from '../engine/offer.ts';

/** @returns the run that makes what is offered, as a section of its own */
export function offerNodes({ id, label, operations }: Offer): readonly Node[] {
  const section = { id, title: label, heading: label, summary: '', needs: [], questions: [] };
  return nodesOf(section, operations);
}
