import { STATUS_CODES } from "node:http";
import type { SignalErrorCode } from "@rivulet/sdk/protocol";

/** An answer of plain HTTP: a status and a JSON object. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const HEALTH_PATH = "/healthz";
export const WEBSOCKET_PATH = "/";

/** The path of a request target, without its query. */
export function pathOf(target: string | undefined): string {
  return target?.split("?")[0] ?? "";
}

/** What is served besides WebSockets: the health of the process, for a load balancer to look at. */
export function answerHttp(
  { method, path }: { readonly method: string | undefined; readonly path: string },
  health: () => Readonly<Record<string, unknown>>,
): HttpAnswer {
  if (path !== HEALTH_PATH && path !== WEBSOCKET_PATH) return NOT_FOUND;
  if (method !== "GET")
    return { status: 405, body: { code: "method-not-allowed" }, headers: { allow: "GET" } };
  if (path === HEALTH_PATH) return { status: 200, body: { status: "ok", ...health() } };
  return { status: 426, body: { code: "upgrade-required" }, headers: { upgrade: "websocket" } };
}

export const NOT_FOUND: HttpAnswer = { status: 404, body: { code: "not-found" } };

/** An upgrade that is refused with one of the protocol's own codes. */
export function refusedUpgrade(status: number, code: SignalErrorCode): HttpAnswer {
  return { status, body: { code } };
}

/** The answer as bytes for a socket that has no response object: one on which an upgrade was asked for. */
export function rawAnswer(answer: HttpAnswer): string {
  const body = JSON.stringify(answer.body);
  const headers = Object.entries({ ...answerHeaders(answer), connection: "close" });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`, ...lines, "", body].join("\r\n");
}

export function answerHeaders({ body, headers }: HttpAnswer): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(JSON.stringify(body))),
    "cache-control": "no-store",
    ...headers,
  };
}
