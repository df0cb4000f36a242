import { expect, test } from "vitest";
import type { Act } from "../../api/acts";
import { allowed } from "./verbs";

const PROPOSED = { state: "proposed", changes: [], reason: "", made_at: "", ended_at: null, sha256: "" };

function act(state: Act["state"], ours: Act["ours"], more: Partial<Act> = {}): Act {
  return { state, ours, kind: "sale", corrections: [], annulment_asked_by_us: false, ...more } as unknown as Act;
}

test.each([
  ["checking", "sender", ["take_back"]],
  ["waiting_participant", "sender", ["correct", "cancel"]],
  ["sent", "sender", ["correct", "cancel"]],
  ["sent", "receiver", ["clarify"]],
  ["clarification", "sender", ["answer", "correct", "cancel"]],
  ["clarification", "receiver", []],
  ["deciding", "sender", []],
  ["deciding", "receiver", []],
  ["accepted", "sender", ["correct", "annul_ask"]],
  ["accepted", "receiver", ["return", "annul_ask"]],
  ["partly_accepted", "sender", ["resend_rejected", "correct", "annul_ask"]],
  ["rejected", "sender", ["resend"]],
  ["rejected", "receiver", []],
  ["expired", "sender", ["resend"]],
  ["cancelled", "sender", ["resend"]],
  ["annulment_requested", "sender", ["annul_agree", "annul_refuse"]],
  ["annulled", "sender", []],
] as const)("%s, %s", (state, ours, verbs) => {
  expect(allowed(act(state, ours))).toEqual(verbs);
});

test("who asked for annulment does not answer it", () => {
  expect(allowed(act("annulment_requested", "sender", { annulment_asked_by_us: true }))).toEqual([]);
});

test("nothing is corrected while a correction waits, and an internal move is not returned", () => {
  expect(allowed(act("accepted", "sender", { corrections: [PROPOSED] } as never))).toEqual(["annul_ask"]);
  expect(allowed(act("accepted", "both", { kind: "internal" }))).toEqual(["correct", "annul_ask"]);
});
