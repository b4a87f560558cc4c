import { toBase64Url } from "../base/bytes.ts";
import type { Resource } from "../content/manifest.ts";
import { type ByteRange, readRange } from "./range-header.ts";

const STATUS_TEXTS = { 200: "OK", 206: "Partial Content", 416: "Range Not Satisfiable" } as const;

/** What a request for a resource is answered with: which bytes, and how the answer's head looks. */
export interface Answer {
  readonly status: 200 | 206;
  readonly range: ByteRange;
  readonly headers: Headers;
}

/** What the head of an answer says of its resource. */
export type Described = Pick<Resource, "sizeBytes" | "mediaType" | "root">;

/** The head of the answer, as a good origin would give it; undefined for a range that cannot be satisfied. */
export function answerFor(resource: Described, rangeHeader: string | null): Answer | undefined {
  const { sizeBytes, mediaType, root } = resource;
  const asked = rangeHeader === null ? "ignored" : readRange(rangeHeader, sizeBytes);
  if (asked === "unsatisfiable") return undefined;
  const partial = asked !== "ignored";
  const range = partial ? asked : { start: 0, end: sizeBytes };
  const headers = new Headers({
    "accept-ranges": "bytes",
    "content-length": String(range.end - range.start),
    "content-type": mediaType ?? "application/octet-stream",
    // The Merkle root changes whenever a byte does, which is all that a strong validator promises.
    etag: `"${toBase64Url(root)}"`,
  });
  if (partial) headers.set("content-range", `bytes ${range.start}-${range.end - 1}/${sizeBytes}`);
  return { status: partial ? 206 : 200, range, headers };
}

/** RFC 9110 §15.5.17. */
export function unsatisfiable(resource: Described, url: string): Response {
  const headers = { "accept-ranges": "bytes", "content-range": `bytes */${resource.sizeBytes}` };
  const init = { status: 416, statusText: STATUS_TEXTS[416], headers };
  return withUrl(new Response(null, init), url);
}

export function respond(
  body: ReadableStream<Uint8Array>,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  url: string,
): Response {
  const statusText = STATUS_TEXTS[status as keyof typeof STATUS_TEXTS];
  return withUrl(new Response(body, { status, statusText, headers }), url);
}

/** A Response that knows its URL, and so do its clones, as a fetched one does: without the fragment. */
function withUrl(response: Response, url: string): Response {
  const [whole] = url.split("#", 1);
  return Object.defineProperties(response, {
    url: { value: whole },
    clone: { value: () => withUrl(Response.prototype.clone.call(response), url) },
  });
}
