import { beforeEach, describe, expect, test, vi } from "vitest";

const store = new Map<string, string>();

beforeEach(() => {
  vi.resetModules();
  store.clear();
  vi.stubGlobal("localStorage", { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value) });
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  vi.stubGlobal("location", { search: "" });
  vi.stubGlobal("navigator", { languages: ["de-DE", "ru-RU", "kk-KZ"] });
});

describe("the first language", () => {
  test("is the first of ours that the browser names", async () => {
    const { firstLanguage } = await import("./index");
    expect(firstLanguage(null, ["de-DE", "ru-RU", "kk-KZ"])).toBe("ru");
    expect(firstLanguage(null, ["KK"])).toBe("kk");
    expect(firstLanguage("en", ["ru"])).toBe("en");
  });

  test("is Kazakh where none fits", async () => {
    const { firstLanguage } = await import("./index");
    expect(firstLanguage(null, ["de", "zh-CN"])).toBe("kk");
    expect(firstLanguage("xx", [])).toBe("kk");
  });

  test("follows the address, then the last choice, then the browser", async () => {
    const i18n = await import("./index");
    await i18n.loadFirstLanguage();
    expect(i18n.lang.value).toBe("ru");
    await i18n.setLanguage("en");
    await i18n.loadFirstLanguage();
    expect(i18n.lang.value).toBe("en");
    vi.stubGlobal("location", { search: "?lang=kk" });
    await i18n.loadFirstLanguage();
    expect(i18n.lang.value).toBe("kk");
    expect(document.documentElement.lang).toBe("kk");
  });
});

describe("words", () => {
  test("of verdicts come when asked for, and stay through a switch of language", async () => {
    const { loadAllWords, setLanguage, t } = await import("./index");
    await setLanguage("ru");
    expect(t("verdict.look.ok")).toBe("verdict.look.ok");
    await loadAllWords();
    expect(t("verdict.look.ok")).toBe("Товар легален");
    await setLanguage("kk");
    expect(t("verdict.look.ok")).toBe("Заңды тауар");
    expect(t("errors.request.too_many")).toContain("Сұрау");
  });

  test("take their plural from the count", async () => {
    const { setLanguage, t } = await import("./index");
    await setLanguage("ru");
    expect([1, 2, 5, 21].map((count) => t("app.refined", { count }))).toEqual([
      "1 проверка уточнена",
      "2 проверки уточнены",
      "5 проверок уточнено",
      "21 проверка уточнена",
    ]);
    await setLanguage("kk");
    expect(t("app.refined", { count: 2 })).toBe("2 тексеру нақтыланды");
  });

  test("of an unknown code are those of the fallback", async () => {
    const { loadAllWords, setLanguage, tCode } = await import("./index");
    await setLanguage("en");
    await loadAllWords();
    expect(tCode("advice.forged", "advice.other")).toContain("Do not buy");
    expect(tCode("advice.of_the_future", "advice.other")).toBe("Update the app and check again.");
    expect(tCode("toString", "advice.other")).toBe("Update the app and check again.");
  });

  test("of the test language are marked and longer", async () => {
    vi.stubGlobal("location", { search: "?lang=__test__" });
    const { loadFirstLanguage, t } = await import("./index");
    await loadFirstLanguage();
    expect(t("app.scan")).toMatch(/^⟦Сканерлеу·+⟧$/);
    expect(t("app.refined", { count: 3 })).toMatch(/^⟦3 тексеру нақтыланды·+⟧$/);
  });
});
