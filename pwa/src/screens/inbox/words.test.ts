import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { loadParticipantWords, setLanguage } from "../../i18n";
import { bytes } from "../../store/push";
import { spoken } from "./line";
import { KINDS, pushWords } from "./push-words";

vi.stubGlobal("document", { documentElement: {} });

const root = new URL("../../../../", import.meta.url);
const read = (path: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(path, root), "utf8")) as Record<string, unknown>;

describe("every kind that the server tells of", () => {
  const server = Object.keys(read("backend/notifications/templates/kinds.ru.json"));

  test("is said by the service worker", () => {
    expect([...KINDS].sort()).toEqual([...server].sort());
  });

  test.each(["kk", "ru", "en"])("says the same in the app as in letters: %s", (language) => {
    const app = read(`pwa/src/i18n/${language}/notifications.json`);
    const mail = read(`backend/notifications/templates/kinds.${language}.json`) as Record<string, { title: string; line: string }>;
    for (const kind of server) {
      expect(app[`notifications.kind.${kind}`], kind).toBe(mail[kind]?.title);
      expect(app[`notifications.line.${kind}`], kind).toBe(mail[kind]?.line);
    }
  });
});

test("the service worker gets the words of the language on screen and no values", async () => {
  await setLanguage("ru");
  await loadParticipantWords();
  const words = pushWords();
  expect(words.language).toBe("ru");
  expect(words.kinds.head_changed).toBe("Сменился руководитель");
  expect(Object.values(words.kinds).join(" ")).not.toMatch(/[{}]/);
});

test("values are spoken: names in the language on screen, days and moments as people write them", async () => {
  await setLanguage("kk");
  expect(spoken({ kk: "«Дос» ЖШС", ru: "ТОО «Дос»", en: "Dos LLP" })).toBe("«Дос» ЖШС");
  expect(spoken("2026-11-22").toString().replaceAll("\u00a0", " ")).toBe("2026 ж. 22 қараша");
  expect(spoken("2026-11-22T21:05:00Z").toString()).toContain("02:05");
  expect(spoken("Chrome · Android")).toBe("Chrome · Android");
  expect(spoken(3)).toBe(3);
});

test("the server's key is read as its bytes", () => {
  expect([...bytes("_-8A")]).toEqual([255, 239, 0]);
});
