/** A device, its tabs and a server for the outbox's tests. */

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, vi } from "vitest";

export type Outbox = typeof import("./outbox");

export interface Arrived {
  key: string;
  actor: string;
  path: string;
  body: unknown;
}

/** What happens to one request: before the server (`lost`), after it (`unanswered`), never coming back (`hangs`). */
export type Weather = "fine" | "lost" | "unanswered" | "hangs" | 401 | 409 | 500 | 503 | Response;

/** A server that does each key once, as ours does. */
export class Server {
  done: Arrived[] = [];
  asked: Arrived[] = [];
  weather: (one: Arrived) => Weather = () => "fine";
  private readonly answers = new Map<string, string>();

  fetch = async (path: string, { headers, body, signal }: { headers: Record<string, string>; body: string | null; signal?: AbortSignal }): Promise<Response> => {
    const one = { key: headers["Idempotency-Key"] ?? "", actor: headers["X-Tanba-Actor"] ?? "", path, body: body === null ? null : (typeof body === "string" ? (JSON.parse(body) as unknown) : body) };
    this.asked.push(one);
    const weather = this.weather(one);
    if (weather === "lost") throw new TypeError("network");
    if (weather === "hangs") return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new TypeError("aborted"))));
    if (weather instanceof Response) return weather;
    if (typeof weather === "number") return new Response(JSON.stringify({ error: { code: `test.refused_${weather}`, params: { why: 1 } } }), { status: weather });
    if (!this.answers.has(one.key)) {
      this.done.push(one);
      this.answers.set(one.key, JSON.stringify({ done: this.done.length }));
    }
    if (weather === "unanswered") throw new TypeError("network");
    return new Response(this.answers.get(one.key), { status: 200 });
  };
}

interface Asked {
  signal?: AbortSignal;
  ifAvailable?: boolean;
  steal?: boolean;
}
type Work = (lock: object | null) => unknown;

/** Web Locks of one browser; a tab that is killed lets go of all that it holds, a frozen one of nothing. */
export class Locks {
  private readonly held = new Map<string, () => void>();
  private readonly lines = new Map<string, (() => void)[]>();

  request = (name: string, { signal, ifAvailable, steal }: Asked, work: Work): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const hold = (): void => {
        const over = (): void => {
          if (this.held.get(name) === lost) this.free(name);
        };
        const lost = (): void => reject(new DOMException("stolen", "AbortError"));
        this.held.set(name, lost);
        Promise.resolve(work({})).finally(over).then(resolve, reject);
      };
      if (steal) {
        this.held.get(name)?.();
        hold();
      } else if (!this.held.has(name)) hold();
      else if (ifAvailable) Promise.resolve(work(null)).then(resolve, reject);
      else {
        const line = this.lines.get(name) ?? [];
        this.lines.set(name, [...line, hold]);
        signal?.addEventListener("abort", () => {
          this.lines.set(name, (this.lines.get(name) ?? []).filter((one) => one !== hold));
          reject(new DOMException("given up", "AbortError"));
        });
      }
    });

  waits(name: string): boolean {
    return (this.lines.get(name)?.length ?? 0) > 0;
  }

  kill(): void {
    for (const name of [...this.held.keys()]) this.free(name);
  }

  private free(name: string): void {
    this.held.delete(name);
    this.lines.get(name)?.shift()?.();
  }
}

export let server: Server;
export let locks: Locks;
const channels: BroadcastChannel[] = [];

/** A fresh load of the app over the same device. */
export async function tab(person = "p1"): Promise<Outbox> {
  vi.resetModules();
  const session = await import("./session");
  session.me.value = { person: { id: person }, organisation: { id: "o1" } } as never;
  return import("./outbox");
}

export const wanted = (subject: string, n: unknown = 0): Parameters<Outbox["post"]>[0] => ({ subject, kind: "act", path: `/${subject}`, method: "POST", body: { n } });
export const bodies = (list: readonly Arrived[]): unknown[] => list.map(({ body }) => (body as { n: unknown }).n);

/** A new device and a new server before each test. */
export function freshDevice(): void {
  beforeEach(() => {
    server = new Server();
    locks = new Locks();
    vi.stubGlobal("indexedDB", new IDBFactory());
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
    vi.stubGlobal("navigator", { locks });
    vi.stubGlobal("fetch", server.fetch);
    vi.stubGlobal("BroadcastChannel", class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        channels.push(this);
      }
    });
  });

  afterEach(() => {
    for (const channel of channels.splice(0)) channel.close();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}
