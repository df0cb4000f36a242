/** The one fetch: JSON in, JSON out, one error for everything that goes wrong, and a word on whether the server answers. */

/** Sent with every call, so that the server knows which app asks and that it was no foreign page. */
export const CLIENT = `pwa/${__VERSION__}`;

export interface FieldProblem {
  field: string;
  code: string;
}

/** `code` is the server's `domain.what`, or `network.unreachable` / `network.timeout` / `network.malformed` from here. */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly code: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly params: Record<string, string | number> = {},
    readonly fields: FieldProblem[] = [],
    /** Seconds that the server asked to wait, else null. */
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }

  /** True when the same call may succeed later without being changed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with the browser's own content type. */
  form?: FormData;
  /** A file, sent as its bytes: the server judges by them what it is. */
  bytes?: Blob | Uint8Array<ArrayBuffer>;
  /** Idempotency-Key of the operation: made once, sent with every try, so that a repeat changes nothing. */
  key?: string;
  /** For whom it was done, `person:organisation`: another's session must not do it. */
  actor?: string;
  /** Milliseconds until the call is given up. */
  timeout?: number;
  signal?: AbortSignal;
  /** What carries it, instead of fetch. */
  by?: Transport;
}

/** What is used of fetch. */
export type Transport = (path: string, request: Carried) => Promise<Response>;

interface Carried {
  method: string;
  headers: Record<string, string>;
  body: string | FormData | Blob | Uint8Array<ArrayBuffer> | null;
  signal: AbortSignal;
  cache: "no-store";
  credentials: "same-origin";
}

type Reached = (reached: boolean) => void;
let report: Reached = () => undefined;

/** Every call tells whether the server was reached; the network store listens. */
export function onReached(listener: Reached): void {
  report = listener;
}

type Refused = (error: ApiError) => void;
let tell: Refused = () => undefined;

/** Every refusal passes here; the session store listens for those that end a session. */
export function onRefused(listener: Refused): void {
  tell = listener;
}

/** A fresh name for one operation. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws ApiError */
export function call<Answer>(path: string, options: Call = {}): Promise<Answer> {
  return exchange(path, options, (response) => response.json() as Promise<Answer>);
}

/** @throws ApiError */
export function callBlob(path: string, options: Call = {}): Promise<Blob> {
  return exchange(path, options, (response) => response.blob());
}

async function exchange<T>(path: string, options: Call, read: (response: Response) => Promise<T>): Promise<T> {
  const { timeout = 15_000, signal } = options;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  const given = (): void => stop.abort();
  signal?.addEventListener("abort", given, { once: true });
  if (signal?.aborted) stop.abort();
  try {
    const response = await send(path, options, stop.signal);
    // A gateway in front of a dead server answers 502 to 504: that is not being reached.
    report(response.status < 502 || response.status > 504);
    if (!response.ok) throw await refusal(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError) {
      tell(error);
      throw error;
    }
    if (signal?.aborted) throw new ApiError("network.aborted", 0);
    if (error instanceof SyntaxError) throw new ApiError("network.malformed", 0);
    report(false);
    throw new ApiError(stop.signal.aborted ? "network.timeout" : "network.unreachable", 0);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", given);
  }
}

function send(path: string, { method = "GET", body, form, bytes, key, actor, by = fetch }: Call, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Tanba-Client": CLIENT };
  if (key !== undefined) headers["Idempotency-Key"] = key;
  if (actor !== undefined) headers["X-Tanba-Actor"] = actor;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bytes !== undefined) headers["Content-Type"] = "application/octet-stream";
  return by(path, {
    method,
    headers,
    body: body === undefined ? (form ?? bytes ?? null) : JSON.stringify(body),
    signal,
    cache: "no-store",
    credentials: "same-origin",
  });
}

async function refusal(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get("Retry-After"));
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  try {
    const { error } = (await response.json()) as { error: { code: string; params?: ApiError["params"]; fields?: FieldProblem[] } };
    if (typeof error.code !== "string") throw new TypeError("not our error");
    return new ApiError(error.code, response.status, error.params ?? {}, error.fields ?? [], wait);
  } catch {
    return new ApiError("request.unexpected", response.status, {}, [], wait);
  }
}
