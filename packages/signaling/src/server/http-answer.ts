import { STATUS_CODES } from "node:http";
import type { Protocol, UpgradeRefusal } from "../operation/counts.ts";

/** An answer of plain HTTP. An object is sent as JSON; a text or bytes need a content type among the headers. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where each protocol is spoken. */
export function pathsOf({ webTorrent }: { readonly webTorrent: boolean }): ReadonlyMap<string, Protocol> {
  const paths = new Map<string, Protocol>([["/", "rivulet"]]);
  return webTorrent ? paths.set("/announce", "webtorrent") : paths;
}

export const NOT_FOUND: HttpAnswer = { status: 404, body: { code: "not-found" } };
export const METHOD_NOT_ALLOWED: HttpAnswer = {
  status: 405,
  body: { code: "method-not-allowed" },
  headers: { allow: "GET" },
};
/** For who asks for a WebSocket's path without asking for a WebSocket. */
export const UPGRADE_REQUIRED: HttpAnswer = {
  status: 426,
  body: { code: "upgrade-required" },
  headers: { upgrade: "websocket" },
};

/** The path of a request target, without its query. */
export function pathOf(target: string | undefined): string {
  return target?.split("?")[0] ?? "";
}

export function queryOf(target: string | undefined): URLSearchParams {
  const at = target?.indexOf("?") ?? -1;
  return new URLSearchParams(at < 0 ? "" : target?.slice(at + 1));
}

/** An upgrade that is refused with one of the protocol's own codes. */
export function refusedUpgrade(status: number, code: UpgradeRefusal): HttpAnswer {
  return { status, body: { code } };
}

/** The answer as bytes for a socket that has no response object: one on which an upgrade was asked for. */
export function rawAnswer(answer: HttpAnswer): string {
  const headers = Object.entries({ ...answerHeaders(answer), connection: "close" });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const first = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`;
  return [first, ...lines, "", bodyOf(answer).toString()].join("\r\n");
}

export function bodyOf({ body }: HttpAnswer): string | Uint8Array {
  return typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}

export function answerHeaders(answer: HttpAnswer): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(bodyOf(answer))),
    "cache-control": "no-store",
    ...answer.headers,
  };
}
