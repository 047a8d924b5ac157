/** What the door to the machine tells while an operation changes something. Texts in it have passed the redaction funnel; `at` is in milliseconds since the epoch. */
export type HostEvent =
  | { type: 'command'; at: number; operation: string; command: string }
  | { type: 'output'; at: number; operation: string; line: string };
