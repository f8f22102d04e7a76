/**
 * What the server of Node is told, so that who is slow, endless or malformed costs little and is told what is wrong.
 *
 * https://nodejs.org/api/http.html: header section within `headersMs`, the whole request within `requestMs`; a connection on
 * which nothing moves is closed after `idleMs`, which event streams outlast by their comments.
 */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import { PROBLEMS, type Problem, type ProblemCode } from "../../api/problem.ts";
import { answerProblem, ProblemError } from "../answer-problem.ts";
import type { ServerLimits } from "../limits.ts";
import { SECURITY_HEADERS } from "./headers.ts";

export interface ServerTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  readonly idleMs: number;
  /** Between two looks at who is late. */
  readonly checkMs: number;
}

export const SERVER_TIMEOUTS: ServerTimeouts = {
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 10_000,
  idleMs: 120_000,
  checkMs: 2000,
};

/** Request line and headers together, bytes. */
const MOST_HEADER_BYTES = 16 * 1024;
/** Of a parameter in the path. */
const MOST_PARAMETER_CHARACTERS = 300;
/** Beyond the event streams. */
const MORE_CONNECTIONS = 1000;

export function serverOptions(limits: ServerLimits, timeouts: ServerTimeouts = SERVER_TIMEOUTS): FastifyServerOptions {
  const { headersMs, requestMs, keepAliveMs, idleMs, checkMs } = timeouts;
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: limits.mostBodyBytes,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionTimeout: idleMs,
    routerOptions: { maxParamLength: MOST_PARAMETER_CHARACTERS },
    // Nothing that a request says about itself is believed: not who sent it, not its id, not its method.
    trustProxy: false,
    requestIdHeader: false,
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MOST_HEADER_BYTES,
      // The guard does, with a problem for an answer.
      requireHostHeader: false,
    },
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS);
      answerProblem(error, request as never, reply as never);
    },
    clientErrorHandler(error, socket) {
      const begun = answers.get(socket as Socket);
      const midway = begun?.headersSent === true && !begun.writableFinished;
      if (midway || error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
      socket.end(rawAnswer(error.code));
    },
  };
  return options as FastifyServerOptions;
}

/** How many may be connected at once. */
export function boundConnections(app: FastifyInstance, { mostStreams }: ServerLimits): void {
  app.server.maxConnections = mostStreams + MORE_CONNECTIONS;
}

/** The last answer on a connection: nothing may be written into the middle of one. */
const answers = new WeakMap<Socket, ServerResponse>();

/** Connections on which a message came whose end others may see elsewhere; nothing after it is believed. */
const distrusted = new WeakSet<Socket>();

/** Throws `invalid-request` for a message that a server in front of this one may have read differently (RFC 9112, 6.1 and 11.2). */
export function checkMessage({ raw, headers, socket }: FastifyRequest, reply: FastifyReply): void {
  answers.set(socket, reply.raw);
  const { "transfer-encoding": coding, "content-length": length } = headers;
  const known = raw.httpVersion === "1.1" || raw.httpVersion === "1.0";
  const framed = coding === undefined || (coding === "chunked" && length === undefined && raw.httpVersion === "1.1");
  if (known && framed && !distrusted.has(socket)) return;
  distrusted.add(socket);
  reply.header("connection", "close");
  throw new ProblemError(
    "invalid-request",
    "Send HTTP/1.1, and a body either with a Content-Length or chunked and not coded otherwise.",
  );
}

/** The answer to what could not be read as a request. */
function rawAnswer(reason: string): string {
  const [code, detail]: [ProblemCode, string] =
    reason === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ["request-timeout", "The request did not arrive in time. Send it faster."]
      : reason === "HPE_HEADER_OVERFLOW"
        ? ["too-large", `Address and headers are longer than ${MOST_HEADER_BYTES} bytes. Send less.`]
        : ["invalid-request", "This is no request of HTTP/1.1 that can be read."];
  const { status, title } = PROBLEMS[code];
  const problem: Problem = { type: `/docs/problems#${code}`, title, status, code, detail };
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": "application/problem+json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join("")}\r\n${body}`;
}
