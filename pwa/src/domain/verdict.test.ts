import { describe, expect, test } from "vitest";
import { FRESH_FOR, isPast, LOOKS, lookOf, OFFLINE_OUTCOMES, OUTCOMES, severity } from "./verdict";

const now = { by: "server", age: 0 } as const;

const USUAL = {
  in_circulation: "ok",
  sold: "stop",
  withdrawn: "stop",
  blocked: "stop",
  recalled: "stop",
  forged: "stop",
  unregistered: "stop",
  not_introduced: "care",
  in_transfer: "care",
  expired: "care",
  suspicious: "care",
  foreign: "unknown",
  not_a_mark: "unknown",
  unreadable: "unknown",
  issued_offline: "unknown",
  unknown_offline: "unknown",
};

test("every outcome has its usual look", () => {
  const table = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, lookOf({ outcome, look: USUAL[outcome] }, now)]));
  expect(table).toEqual(USUAL);
});

describe("green", () => {
  test.each(OUTCOMES.filter((outcome) => outcome !== "in_circulation"))("%s is never ok, whatever an answer says", (outcome) => {
    expect(lookOf({ outcome, look: "ok" }, now)).not.toBe("ok");
  });

  test("expired is never ok", () => {
    expect(lookOf({ outcome: "expired", look: "ok" }, now)).toBe("care");
  });

  test("needs the server", () => {
    expect(lookOf({ outcome: "in_circulation", look: "ok" }, { by: "device", age: 0 })).toBe("unknown");
  });

  test("fades when the answer is no longer fresh, also under a clock set back", () => {
    const judged = { outcome: "in_circulation", look: "ok" };
    expect(lookOf(judged, { by: "server", age: FRESH_FOR })).toBe("ok");
    expect(lookOf(judged, { by: "server", age: FRESH_FOR + 1 })).toBe("unknown");
    expect(lookOf(judged, { by: "server", age: -FRESH_FOR - 1 })).toBe("unknown");
    expect(isPast(judged, { by: "server", age: FRESH_FOR + 1 })).toBe(true);
    expect(isPast(judged, now)).toBe(false);
  });
});

describe("red", () => {
  test.each(OFFLINE_OUTCOMES)("%s is never stop", (outcome) => {
    for (const look of LOOKS) expect(lookOf({ outcome, look }, { by: "device", age: 0 })).toBe("unknown");
  });

  test("stays red however old it is", () => {
    expect(lookOf({ outcome: "forged", look: "stop" }, { by: "server", age: FRESH_FOR * 1000 })).toBe("stop");
  });
});

test("care where the server softens what may be soft, and only there", () => {
  expect(lookOf({ outcome: "sold", look: "care" }, now)).toBe("care");
  expect(lookOf({ outcome: "in_circulation", look: "care" }, now)).toBe("care");
  expect(lookOf({ outcome: "forged", look: "care" }, now)).toBe("stop");
});

test("a look that is not allowed falls to the most cautious one", () => {
  expect(lookOf({ outcome: "in_circulation", look: "stop" }, now)).toBe("care");
  expect(lookOf({ outcome: "sold", look: "unknown" }, now)).toBe("stop");
});

test("an outcome of a newer server is unknown", () => {
  expect(lookOf({ outcome: "melted", look: "ok" }, now)).toBe("unknown");
  expect(lookOf({ outcome: "toString", look: "ok" }, now)).toBe("unknown");
});

test("the worst comes first", () => {
  expect([...LOOKS].sort((a, b) => severity(a) - severity(b))).toEqual(["stop", "care", "unknown", "ok"]);
});
