/**
 * What a check may look like: the outcomes, their looks, and the two laws of colour. Green needs a fresh answer of the
 * server that says so; red needs certainty. Words and drawings are chosen elsewhere.
 */

export const LOOKS = ["ok", "care", "stop", "unknown"] as const;
export type Look = (typeof LOOKS)[number];

/** Looks that an outcome may have; the first is the usual one. */
const ALLOWED = {
  in_circulation: ["ok", "care"],
  sold: ["stop", "care"],
  withdrawn: ["stop"],
  blocked: ["stop"],
  recalled: ["stop"],
  forged: ["stop"],
  unregistered: ["stop"],
  not_introduced: ["care"],
  in_transfer: ["care"],
  expired: ["care"],
  suspicious: ["care"],
  foreign: ["unknown"],
  not_a_mark: ["unknown"],
  unreadable: ["unknown"],
  issued_offline: ["unknown"],
  unknown_offline: ["unknown"],
} as const satisfies Record<string, readonly Look[]>;

export type Outcome = keyof typeof ALLOWED;

export const OUTCOMES = Object.keys(ALLOWED) as Outcome[];

/** Only the device gives these, and only without the server. */
export const OFFLINE_OUTCOMES: readonly Outcome[] = ["issued_offline", "unknown_offline"];

/** A green answer stands this long; after that it is a fact of the past. */
export const FRESH_FOR = 5 * 60_000;

/** Worst first: how several verdicts of one picture are ordered. */
const SEVERITY: readonly Look[] = ["stop", "care", "unknown", "ok"];

export interface Judged {
  outcome: string;
  look: string;
}

export interface Circumstances {
  /** Who judged: the server, or the device without it. */
  by: "server" | "device";
  /** Milliseconds since the judgement. */
  age: number;
}

/**
 * The look to draw. What the server says counts within what its outcome may look like; an outcome of a newer server that
 * this app does not know is "unknown", and so is a green answer that is no longer fresh.
 */
export function lookOf({ outcome, look }: Judged, { by, age }: Circumstances): Look {
  if (!isOutcome(outcome)) return "unknown";
  const allowed: readonly Look[] = ALLOWED[outcome];
  const said = allowed.find((one) => one === look) ?? cautious(allowed);
  if (said === "ok" && (by !== "server" || age > FRESH_FOR || age < -FRESH_FOR)) return "unknown";
  return said;
}

/** An answer that has become a fact of the past: what was green then is shown as then, not as now. */
export function isPast({ outcome, look }: Judged, { by, age }: Circumstances): boolean {
  return by === "server" && outcome === "in_circulation" && look === "ok" && Math.abs(age) > FRESH_FOR;
}

function cautious(looks: readonly Look[]): Look {
  return SEVERITY.find((one) => looks.includes(one)) ?? "unknown";
}

export function isOutcome(text: string): text is Outcome {
  return Object.hasOwn(ALLOWED, text);
}

/** For sorting: the worst first. */
export function severity(look: Look): number {
  return SEVERITY.indexOf(look);
}
