import { afterEach, describe, expect, test } from "vitest";
import { compareNames, fold, formatDate, formatDateTime, formatMoney, formatNumber, formatTime, setFormat } from "./format";

afterEach(() => setFormat("kk"));

/** No-break spaces made visible. */
const plain = (text: string): string => text.replaceAll("\u00a0", "_");

describe("dates", () => {
  test.each([
    ["kk", "2026_ж. 22_қараша"],
    ["ru", "22_ноября 2026_г."],
    ["en", "22_November 2026"],
  ] as const)("%s", (language, expected) => {
    setFormat(language);
    expect(plain(formatDate("2026-11-22T09:02:00Z"))).toBe(expected);
  });

  test("are those of Kazakhstan, wherever the phone is", () => {
    expect(plain(formatDateTime("2026-12-31T19:30:00Z"))).toBe("2027_ж. 1_қаңтар, 00:30");
    expect(formatTime("2026-06-01T20:05:00Z")).toBe("01:05");
  });

  test("a plain date stays that date", () => {
    expect(plain(formatDate("2026-03-01"))).toBe("2026_ж. 1_наурыз");
  });

  test("all twelve months have names", () => {
    for (const language of ["kk", "ru", "en"] as const) {
      setFormat(language);
      const names = Array.from({ length: 12 }, (_, month) => formatDate(Date.UTC(2026, month, 15)));
      expect(new Set(names).size).toBe(12);
      expect(names.join()).not.toContain("undefined");
    }
  });

  test("nonsense is empty, not a crash", () => {
    expect(formatDate("yesterday")).toBe("");
    expect(formatDateTime("")).toBe("");
    expect(formatTime(Number.NaN)).toBe("");
  });
});

describe("numbers", () => {
  test.each([
    [0, "0"],
    [1234, "1_234"],
    [1234567.5, "1_234_567,5"],
    [-42.1239, "−42,124"],
    [Number.NaN, ""],
  ])("%d", (value, expected) => {
    expect(plain(formatNumber(value))).toBe(expected);
  });

  test("in English", () => {
    setFormat("en");
    expect(formatNumber(1234567.5)).toBe("1,234,567.5");
    expect(formatMoney(18900)).toBe("₸18,900");
  });

  test("money", () => {
    expect(plain(formatMoney(18900))).toBe("18_900_₸");
  });
});

test("Kazakh letters sort in their own places", () => {
  expect([..."якнаіәңқАғөұүһи"].sort(compareNames).join("")).toBe("аАәғикқнңөұүһія");
  expect(["Ұлттық", "Алма", "Әлия", "Бота", "Іле", "Яна"].sort(compareNames)).toEqual(["Алма", "Әлия", "Бота", "Ұлттық", "Іле", "Яна"]);
});

test("folding finds Kazakh words typed without Kazakh keys", () => {
  expect(fold("Қазтабан ӨНДІРУШІ")).toBe(fold("казтабан ондируши"));
  expect(fold("ұңғыһүә")).toBe("унгыхуа");
});
