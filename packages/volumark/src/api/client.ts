/**
 * A client of the service with the types of its definition, for the command line and for pages: only `fetch` is needed.
 *
 * Answers are typed, not checked: the server is ours. What goes wrong is a `ServiceError`.
 */
import type { Answer, BodyOf, ParamsOf, QueryOf } from "./endpoints.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { ROUTES, type Route, type RouteName } from "./routes.ts";
import type { RunEventView } from "./run-events.ts";
import { EventReader } from "./sse.ts";

export interface ClientOptions {
  /** Where the service is, as `http://127.0.0.1:8440`; a path in it is kept. Default: the page's own address. */
  readonly baseUrl?: string;
  readonly key?: string;
  readonly fetch?: typeof fetch;
  /** In words, why a server could not be reached and what to do, by what `fetch` has thrown; null: not known. */
  readonly explain?: (error: unknown) => { readonly why: string; readonly action: string } | null;
}

export interface CallInput<Name extends RouteName> {
  readonly params?: ParamsOf<Name>;
  readonly query?: QueryOf<Name>;
  readonly body?: BodyOf<Name>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What the service refused, or that it could not be reached (`unreachable`). */
export class ServiceError extends Error {
  readonly code: ProblemCode | "unreachable" | "not-understood";
  /** 0 where it could not be reached. */
  readonly status: number;
  readonly problem: Problem | null;
  /** How long to wait before trying again, where the server said so. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    facts: Pick<ServiceError, "code" | "status" | "problem" | "retryAfterMs">,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "ServiceError";
    this.code = facts.code;
    this.status = facts.status;
    this.problem = facts.problem;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export interface FollowOptions {
  /** The last event that is known; 0: from the start. */
  readonly after?: number;
  readonly pictures?: boolean;
  readonly signal?: AbortSignal;
  /** The stream broke and is taken up again after so long; null: it runs again. */
  readonly onBreak?: (waitMs: number | null, error: unknown) => void;
}

export interface Client {
  /** Asks for JSON. */
  call<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<Answer<Name>>;
  /** Asks for anything; the response is a success. */
  request<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<Response>;
  /** Asks for a file and takes all of it. */
  bytes<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<Uint8Array>;
  /** The address, for links and pictures. */
  address<Name extends RouteName>(name: Name, input?: Pick<CallInput<Name>, "params" | "query">): string;
  /** A run's events to the last one, without loss or repeat: a broken stream is taken up where it broke. */
  follow(id: string, options?: FollowOptions): AsyncGenerator<RunEventView>;
}

/** Waits between attempts to take up a broken stream, ms. */
const WAITS = [250, 500, 1000, 2000, 5000] as const;
/** What may be answered otherwise when it is asked again: the request came too slowly, or too many came. */
const PASSING = [408, 429];
/** A stream that has been silent for so long is taken to be broken; the server says something every 15 s. */
const SILENCE_MS = 45_000;

export function createClient(options: ClientOptions = {}): Client {
  const { baseUrl = "", key, explain = () => null } = options;
  const doFetch = options.fetch ?? ((input, init) => fetch(input, init));
  const base = baseUrl.replace(/\/+$/, "");

  function address(name: RouteName, input: { params?: unknown; query?: unknown } = {}): string {
    const params = (input.params ?? {}) as Record<string, unknown>;
    const path = ROUTES[name].path.replace(/:(\w+)/g, (_, word: string) => encodeURIComponent(String(params[word])));
    const search = new URLSearchParams();
    for (const [word, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) search.append(word, String(one));
    }
    return `${base}${path}${search.size > 0 ? `?${search}` : ""}`;
  }

  async function request(name: RouteName, input: CallInput<RouteName> = {}): Promise<Response> {
    const route: Route = ROUTES[name];
    const { body, signal } = input;
    const headers: Record<string, string> = { ...input.headers };
    if (key !== undefined) headers.authorization = `Bearer ${key}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const where = address(name, input);
    let response: Response;
    try {
      response = await doFetch(where, {
        method: route.method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw unreachable(base || "the server", error, explain(error));
    }
    if (!response.ok) throw await refusal(response, where);
    return response;
  }

  async function* follow(id: string, given: FollowOptions = {}): AsyncGenerator<RunEventView> {
    const { signal, pictures = false, onBreak } = given;
    let { after = 0 } = given;
    let failures = 0;
    let broken = false;
    while (!signal?.aborted) {
      const silence = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const heard = () => {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(new Error("the stream fell silent")), SILENCE_MS);
      };
      const forward = () => silence.abort(signal?.reason);
      signal?.addEventListener("abort", forward, { once: true });
      let broke: unknown = null;
      try {
        heard();
        const input: CallInput<"runEvents"> = {
          params: { id },
          query: { after, pictures: pictures ? "true" : "false" },
          headers: { accept: "text/event-stream" },
          signal: silence.signal,
        };
        const response = await request("runEvents", input as CallInput<RouteName>);
        if (broken) onBreak?.(null, null);
        broken = false;
        // Asked after its last event.
        if (response.status === 204) return;
        const reader = new EventReader();
        const decoder = new TextDecoder();
        const pieces = response.body!.getReader();
        try {
          for (;;) {
            const { done, value } = await pieces.read();
            if (done) break;
            heard();
            for (const { data } of reader.read(decoder.decode(value, { stream: true }))) {
              failures = 0;
              const event = JSON.parse(data) as RunEventView;
              if (event.sequence <= after) continue;
              after = event.sequence;
              yield event;
              if (event.kind === "finished" || event.kind === "failed" || event.kind === "cancelled") return;
            }
          }
        } finally {
          await pieces.cancel().catch(() => undefined);
        }
      } catch (error) {
        if (signal?.aborted) return;
        // What was refused would be refused again; anything else may pass.
        if (
          error instanceof ServiceError &&
          error.status >= 400 &&
          error.status < 500 &&
          !PASSING.includes(error.status)
        )
          throw error;
        broke = error;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", forward);
      }
      const waitMs =
        (broke instanceof ServiceError ? broke.retryAfterMs : null) ?? WAITS[Math.min(failures, WAITS.length - 1)]!;
      failures++;
      broken = true;
      onBreak?.(waitMs, broke);
      await pause(waitMs, signal);
    }
  }

  return {
    address,
    request: request as Client["request"],
    async call(name, input) {
      const response = await request(name, input as CallInput<RouteName>);
      if (response.status === 204) return undefined as Answer<typeof name>;
      try {
        return (await response.json()) as Answer<typeof name>;
      } catch (error) {
        if (input?.signal?.aborted) throw error;
        if (error instanceof SyntaxError) throw notOurs(address(name, input), response.status, error);
        throw unreachable(base || "the server", error, explain(error));
      }
    },
    async bytes(name, input) {
      const response = await request(name, input as CallInput<RouteName>);
      try {
        return new Uint8Array(await response.arrayBuffer());
      } catch (error) {
        if (input?.signal?.aborted) throw error;
        throw unreachable(base || "the server", error, explain(error));
      }
    },
    follow,
  };
}

function unreachable(
  where: string,
  cause: unknown,
  words: ReturnType<NonNullable<ClientOptions["explain"]>>,
): ServiceError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : "";
  const why = words?.why ?? (inner === "" ? String(cause) : inner);
  return new ServiceError(
    `reach ${where}: ${why}. ${words?.action ?? "Check the address and that the server runs"}.`,
    { code: "unreachable", status: 0, problem: null, retryAfterMs: null },
    cause,
  );
}

async function refusal(response: Response, where: string): Promise<ServiceError> {
  const retry = response.headers.get("retry-after");
  const retryAfterMs = retry !== null && /^\d+$/.test(retry) ? Number(retry) * 1000 : null;
  const type = response.headers.get("content-type") ?? "";
  const { status } = response;
  if (type.startsWith("application/problem+json")) {
    const problem = (await response.json()) as Problem;
    return new ServiceError(problem.detail, { code: problem.code, status, problem, retryAfterMs });
  }
  await response.body?.cancel();
  return notOurs(where, status, undefined, retryAfterMs);
}

function notOurs(where: string, status: number, cause?: unknown, retryAfterMs: number | null = null): ServiceError {
  return new ServiceError(
    `${where} answered ${status} and nothing that we know. It may not be a server of Volumark's; check the address.`,
    { code: "not-understood", status, problem: null, retryAfterMs },
    cause,
  );
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
  });
}
