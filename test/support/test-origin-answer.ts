import type { IncomingMessage, ServerResponse } from "node:http";
import { findFile, type StaticFile, type StaticFilesOptions } from "./static-files.ts";
import type { CompressedFiles } from "./test-origin-compression.ts";
import { type Fault, takeFault } from "./test-origin-faults.ts";
import type { LoggedRequest, RequestLog } from "./test-origin-log.ts";
import type { Pace } from "./test-origin-pace.ts";

/** What an answer is made of. */
export interface Site extends StaticFilesOptions {
  readonly faults: Map<string, Fault>;
  readonly log: RequestLog;
  readonly pace: Pace;
  readonly paceOf?: ((request: IncomingMessage) => Pace | undefined) | undefined;
  readonly compressed?: CompressedFiles | undefined;
  readonly ranges: boolean;
  readonly cors: boolean;
  readonly cacheControl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts when the origin closes. */
  readonly closing: AbortSignal;
}

export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request.url ?? "/");
  const { method = "GET", headers } = request;
  if (site.cors) setHeaders(response, CORS_HEADERS);
  setHeaders(response, site.headers);
  if (method === "OPTIONS") {
    response.writeHead(204).end();
    return;
  }
  const entry: LoggedRequest = {
    method,
    path,
    range: headers.range,
    headers,
    status: 0,
    sizeBytes: 0,
    bytes: 0,
    finished: false,
    closed: false,
  };
  site.log.add(entry);
  response.once("close", () => {
    entry.closed = true;
  });
  const fault = takeFault(site.faults, path);
  const pace = site.paceOf?.(request) ?? site.pace;
  await fault.until;
  await pace.latency(site.closing);
  if (fault.down) response.destroy();
  else if (fault.silent) return;
  else if (fault.status !== undefined) {
    if (fault.retryAfter !== undefined) response.setHeader("Retry-After", fault.retryAfter);
    withoutBody(response, entry, fault.status);
  } else if (method !== "GET" && method !== "HEAD") withoutBody(response, entry, 405);
  else {
    const found = await findFile(path, site);
    const file = found && site.compressed ? await site.compressed.of(found, request) : found;
    if (file) await sendFile(site, request, response, { entry, fault, file, pace });
    else withoutBody(response, entry, 404);
  }
}

async function sendFile(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  { entry, fault, file, pace }: { entry: LoggedRequest; fault: Fault; file: StaticFile; pace: Pace },
): Promise<void> {
  const ranges = site.ranges && !fault.ignoreRange;
  const etag = fault.headers?.ETag ?? file.etag;
  entry.sizeBytes = file.sizeBytes;
  setHeaders(response, {
    "Content-Type": file.mediaType,
    ETag: etag,
    "Last-Modified": file.lastModified.toUTCString(),
    ...(file.contentEncoding === undefined
      ? {}
      : { "Content-Encoding": file.contentEncoding, Vary: "Accept-Encoding" }),
    "Accept-Ranges": ranges ? "bytes" : "none",
    "Cache-Control": site.cacheControl,
  });
  if (request.headers["if-none-match"] === etag) return withoutBody(response, entry, 304);
  const ifRange = request.headers["if-range"];
  const unchanged = ifRange === undefined || ifRange === etag;
  const part = partOf(ranges && unchanged ? request.headers.range : undefined, file.sizeBytes);
  if (part.kind === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${file.sizeBytes}`);
    return withoutBody(response, entry, 416);
  }
  const { start, end } = part;
  if (part.kind === "range") {
    response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${file.sizeBytes}`);
  }
  response.setHeader("Content-Length", end - start);
  setHeaders(response, fault.headers ?? {});
  entry.status = part.kind === "range" ? 206 : 200;
  response.writeHead(entry.status).flushHeaders();
  const body = request.method === "HEAD" ? 0 : end - start;
  const sendable = Math.min(body, fault.cutAfterBytes ?? body, fault.stallAfterBytes ?? body);
  for await (const block of file.read(start, start + sendable, pace.blockBytes)) {
    await pace.take(block.byteLength, site.closing);
    if (!(await written(response, block))) return;
    site.log.sent(entry, block.byteLength);
  }
  if (sendable === body) {
    entry.finished = true;
    response.end();
  } else if (fault.cutAfterBytes !== undefined) response.destroy();
}

function withoutBody(response: ServerResponse, entry: LoggedRequest, status: number): void {
  entry.status = status;
  entry.finished = true;
  if (status !== 304) response.setHeader("Content-Length", 0);
  response.writeHead(status).end();
}

/** Waits until the network took the block; false when the other side is gone. */
async function written(response: ServerResponse, block: Uint8Array): Promise<boolean> {
  if (response.destroyed) return false;
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once("close", gone);
    response.write(block, (error) => {
      response.off("close", gone);
      resolve(!error);
    });
  });
}

type Part =
  | { readonly kind: "whole" | "range"; readonly start: number; readonly end: number }
  | { readonly kind: "unsatisfiable" };

/** Reads a Range header (RFC 9110 §14.2). What is not a single byte range is ignored, as it may be. */
function partOf(header: string | undefined, sizeBytes: number): Part {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return { kind: "whole", start: 0, end: sizeBytes };
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < start) return { kind: "whole", start: 0, end: sizeBytes };
  return start < end ? { kind: "range", start, end } : { kind: "unsatisfiable" };
}

/** A path that cannot be decoded stays as it is, and finds nothing. */
function pathOf(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? "/";
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

const CORS_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, HEAD",
  "Access-Control-Allow-Headers": "Range, If-None-Match, If-Range",
  "Access-Control-Expose-Headers":
    "ETag, Content-Range, Accept-Ranges, Content-Length, Content-Encoding, Retry-After, Date",
  "Access-Control-Max-Age": "600",
  "Timing-Allow-Origin": "*",
};
