import { beforeEach, describe, expect, test, vi } from "vitest";

vi.mock("../../scanner", () => ({ readPhoto: vi.fn() }));

const scan = vi.fn();
const route = vi.fn();
const say = vi.fn();

async function arrive(address: string): Promise<void> {
  const url = new URL(address, "https://tanba.example");
  vi.stubGlobal("location", { hash: url.hash, origin: url.origin });
  const { arrival } = await import("./arrivals");
  await arrival(url, { scan, route, say, signal: new AbortController().signal });
}

beforeEach(() => vi.clearAllMocks());

describe("a link", () => {
  test("of GS1 Digital Link is checked as it stands", async () => {
    await arrive("/01/04870001234560/21/a%2Fb");
    expect(scan).toHaveBeenCalledWith(expect.objectContaining({ text: "https://tanba.example/01/04870001234560/21/a%2Fb", source: "link" }));
  });

  test("with a wrong GTIN is said to be broken", async () => {
    await arrive("/01/04870001234561/21/abc");
    expect(scan).not.toHaveBeenCalled();
    expect(say).toHaveBeenLastCalledWith("app.link_broken");
  });

  test("with the whole code behind # leaves nothing of it in the address", async () => {
    const text = "010487000123456021ә\u001d91TFW1";
    const hash = Buffer.from(text, "utf8").toString("base64url");
    await arrive(`/v#${hash}`);
    expect(route).toHaveBeenCalledWith("/", true);
    expect(scan).toHaveBeenCalledWith(expect.objectContaining({ text, source: "link" }));
  });

  test.each(["", "%%%", "_w"])("with nonsense behind # (%s) is said to be broken", async (hash) => {
    await arrive(`/v#${hash}`);
    expect(scan).not.toHaveBeenCalled();
    expect(say).toHaveBeenLastCalledWith("app.link_broken");
  });

  test("to the scanner itself says nothing", async () => {
    await arrive("/");
    expect(scan).not.toHaveBeenCalled();
    expect(say).toHaveBeenCalledTimes(1);
    expect(say).toHaveBeenCalledWith("");
  });
});

test("a share that found no service worker asks to choose the picture again", async () => {
  await arrive("/?shared=missed");
  expect(say).toHaveBeenLastCalledWith("app.shared_missed");
});
