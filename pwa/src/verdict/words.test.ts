import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer } from "../api/verification";
import { OUTCOMES } from "../domain/verdict";
import { LANGUAGES, loadAllWords, setLanguage } from "../i18n";
import type { Check } from "../store/history";
import { reasonName } from "./reasons";
import { shortened } from "./row";
import { say } from "./words";

const NOW = Date.parse("2026-11-22T09:00:00Z");
const DEVICE = ["issued_offline", "unknown_offline"];
const LOOKS: Record<string, string> = { in_circulation: "ok", not_introduced: "care", in_transfer: "care", expired: "care", suspicious: "care" };

function check(outcome: string, parts: Partial<Answer> = {}, more: Partial<Check> = {}): Check {
  const unknown = ["foreign", "not_a_mark", "unreadable", ...DEVICE].includes(outcome);
  return {
    by: DEVICE.includes(outcome) ? "device" : "server",
    code: "x",
    pending: false,
    trouble: null,
    answer: {
      outcome,
      look: LOOKS[outcome] ?? (unknown ? "unknown" : "stop"),
      advice: `advice.${outcome}`,
      parsed: { kind: "mark" },
      checked_at: new Date(NOW).toISOString(),
      problem: null,
      foreign: null,
      package: null,
      ...parts,
    },
    ...more,
  } as Check;
}

beforeEach(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal("navigator", { onLine: false });
});

describe.each(LANGUAGES)("in %s", (language) => {
  beforeEach(async () => {
    await setLanguage(language);
    await loadAllWords();
  });

  test.each(OUTCOMES)("%s has look, name, sentence and advice of its own", (outcome) => {
    const { word, outcome: name, text, advice } = say(check(outcome), NOW);
    for (const said of [word, name, text, advice]) expect(said).not.toMatch(/^(verdict|advice)\.|\{|^$/);
    expect(advice).not.toBe(say(check("melted"), NOW).advice);
    expect(text).not.toBe(say(check("melted"), NOW).text);
  });
});

describe("a verdict", () => {
  beforeEach(async () => {
    await setLanguage("en");
    await loadAllWords();
  });

  test("has a glyph of its own look, and offline issue a seal", () => {
    expect(say(check("in_circulation"), NOW).glyph).toBe("ok");
    expect(say(check("forged"), NOW).glyph).toBe("stop");
    expect(say(check("expired"), NOW).glyph).toBe("care");
    expect(say(check("foreign"), NOW).glyph).toBe("unknown");
    expect(say(check("issued_offline"), NOW).glyph).toBe("seal");
  });

  test("of yesterday says when it was, and is no longer green", () => {
    const said = say(check("in_circulation"), NOW + 24 * 3600_000);
    expect(said.look).toBe("unknown");
    expect(said.text).toContain("22\u00a0November 2026, 14:00");
  });

  test("becomes care when the buyer sees another thing", () => {
    expect(say(check("in_circulation"), NOW, true)).toMatchObject({ look: "care", outcome: "Does not match" });
  });

  test("of a package names count and worst", () => {
    expect(say(check("in_transfer", { package: { count: 50, worst: "in_transfer" } }), NOW).text).toBe(
      "The package holds 50 codes, the worst: In transfer.",
    );
  });

  test("of a foreign mark names its system, of an unreadable one the reason", () => {
    expect(say(check("foreign", { foreign: { system: "asl_belgisi", country: "UZ" } }), NOW).text).toContain("Asl Belgisi");
    expect(say(check("unreadable", { problem: "check_digit" }), NOW).text).toContain("check digit");
    expect(say(check("unreadable", { problem: "never_heard_of" }), NOW).text).toContain("structure");
  });

  test("offline says as of when the withdrawn list is", () => {
    expect(say(check("issued_offline", { as_of: "2026-11-22T04:02:00Z" }), NOW).text).toContain("22\u00a0November 2026, 09:02");
  });

  test("of too many checks says that, not that there is no network", () => {
    expect(say(check("unknown_offline", {}, { trouble: "request.too_many" }), NOW).text).toContain("Too many requests");
  });
});

test("every reason of the register belongs to a public category", () => {
  const rules = readFileSync(new URL("../../../backend/codes/rules.py", import.meta.url), "utf8");
  const names = [...(/WITHDRAWAL_REASONS = frozenset\(\s*\[(.*?)\]/s.exec(rules)?.[1] ?? "").matchAll(/"([A-Z_]+)"/g)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(30);
  const general = ["OTHER", "MISMATCH", "BEFORE_MARKING", "BALANCE_CORRECTION", "DESCRIPTION_ERRORS"];
  expect(names.filter((name) => reasonName(name) === reasonName("OTHER"))).toEqual(expect.arrayContaining(general));
  expect(names.filter((name) => reasonName(name) === reasonName("OTHER"))).toHaveLength(general.length);
});

test("a shortened code keeps both ends and never more than asked", () => {
  expect(shortened("short")).toBe("short");
  expect(shortened("010487000123456021ABCDEFGHJKLM", 11)).toBe("01048…HJKLM");
});
