import prerender from "preact-iso/prerender";
import { beforeAll, expect, test, vi } from "vitest";
import { loadParticipantWords, setLanguage } from "../../i18n";
import { online } from "../../store/network";
import { Asked } from "./asked";

vi.stubGlobal("document", { documentElement: {} });

beforeAll(async () => {
  await setLanguage("en");
  await loadParticipantWords();
});

const shown = async (wanted?: string): Promise<string> => (await prerender(<Asked wanted={wanted} origin="https://tanba.example" />)).html;

test("whoever opened a page of the cabinet is told why it asks to log in", async () => {
  online.value = true;
  expect(await shown("/acts/01M82191N4G5VN80V0W5ERZDCR")).toContain("The page that you opened is shown after you log in");
});

test("without network it is said that nothing on the device is lost, and what to do", async () => {
  online.value = false;
  expect(await shown("/acts")).toContain("Nobody is logged in on this device");
  expect(await shown("/acts")).toContain("is not lost");
});

test("who came to log in of their own will, or from another site's link, is told nothing of a page", async () => {
  online.value = true;
  for (const wanted of [undefined, "/home", "//evil.example/acts", "https://evil.example/acts"]) expect(await shown(wanted)).not.toContain("Log in first");
});
