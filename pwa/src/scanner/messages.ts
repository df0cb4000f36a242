/** What passes between the page and the decoder's worker. */

import type { ReadingPlan, Reading } from "./reading";
import type { Pixels } from "./luma";

export type ToWorker =
  | { kind: "load" }
  | { kind: "read"; id: number; image: ImageBitmap | Pixels; plan: ReadingPlan }
  | { kind: "abort"; id: number };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "failed"; reason: string }
  | { kind: "read"; id: number; reading: Reading }
  | { kind: "error"; id: number; reason: string }
  | { kind: "aborted"; id: number };
