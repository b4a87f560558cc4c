import { Agent, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
import { type AllowedOrigins, quoted } from "./allowed-origins.ts";
import { type Failure, failed } from "./failure.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { OriginAnswer, OriginHead, OriginPort, OriginRequest } from "./origin-port.ts";
import { ADDRESS_REFUSED, isRefusedLiteral, pinnedLookup, type Resolve } from "./pinned-lookup.ts";

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const GONE: ReadonlySet<number> = new Set([404, 410]);

type ClientOptions = Pick<
  ManifestOptions,
  "manifestAllowPrivate" | "manifestConcurrentFetches" | "manifestFetchTimeoutMs" | "manifestSilenceMs"
>;

/** Fetches over HTTP from allowed origins at allowed addresses, and from nowhere else. The only place with sockets. */
export class OriginClient implements OriginPort {
  readonly #options: ClientOptions;
  readonly #origins: AllowedOrigins;
  readonly #http: Agent;
  readonly #https: SecureAgent;
  readonly #underWay = new Set<AbortController>();
  #fetches = 0;
  #bytes = 0;

  constructor(parts: { options: ClientOptions; origins: AllowedOrigins; resolve: Resolve }) {
    const { options, origins, resolve } = parts;
    this.#options = options;
    this.#origins = origins;
    const lookup = pinnedLookup({ resolve, allowPrivate: options.manifestAllowPrivate });
    const common = { keepAlive: true, maxSockets: options.manifestConcurrentFetches, lookup };
    this.#http = new Agent(common);
    this.#https = new SecureAgent(common);
  }

  /** Requests that went out since the start, with those that redirects led to. */
  get fetches(): number {
    return this.#fetches;
  }

  /** Bytes of bodies that came in since the start. */
  get bytes(): number {
    return this.#bytes;
  }

  async get(request: OriginRequest): Promise<OriginAnswer> {
    const abort = new AbortController();
    let isOverdue = false;
    const timer = setTimeout(() => {
      isOverdue = true;
      abort.abort();
    }, this.#options.manifestFetchTimeoutMs);
    this.#underWay.add(abort);
    let url = request.url;
    try {
      for (let redirects = 0; ; redirects++) {
        if (isRefusedLiteral(url, this.#options.manifestAllowPrivate)) return addressRefused(url);
        const response = await this.#send(url, request, abort.signal);
        const { statusCode = 0, headers } = response;
        if (!REDIRECTS.has(statusCode) || headers.location === undefined)
          return await receive(response, { url, request, count: (bytes) => this.#count(bytes) });
        response.destroy();
        if (redirects === MAX_REDIRECTS)
          return failed(
            "too-many-redirects",
            `${quoted(request.url.href)} is redirected over ${MAX_REDIRECTS} times.`,
          );
        const next = this.#origins.read(headers.location, url);
        if (next.type === "failed")
          return failed("redirect-not-allowed", `${quoted(url.href)} is redirected: ${next.message}`);
        url = next.url;
      }
    } catch (error) {
      if (codeOf(error) === ADDRESS_REFUSED) return addressRefused(url);
      if (isOverdue || codeOf(error) === SILENCE)
        return failed("origin-timeout", `${quoted(url.href)} took too long.`);
      return failed("origin-failed", `${quoted(url.href)} cannot be fetched (${codeOf(error) ?? "error"}).`);
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(abort);
    }
  }

  /** Ends all fetches. */
  close(): void {
    for (const abort of this.#underWay) abort.abort();
    this.#http.destroy();
    this.#https.destroy();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
  }

  #send(url: URL, { validators }: OriginRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { etag, lastModified } = validators ?? {};
    const headers = {
      accept: "*/*",
      // Hashes are of what a browser decodes to; other codings would have to be undone within bounds.
      "accept-encoding": "identity",
      "user-agent": "rivulet-signal",
      ...(etag !== undefined && { "if-none-match": etag }),
      ...(etag === undefined && lastModified !== undefined && { "if-modified-since": lastModified }),
    };
    const timeout = this.#options.manifestSilenceMs;
    this.#fetches += 1;
    return new Promise((resolve, reject) => {
      const common = { headers, signal, timeout };
      const request =
        url.protocol === "https:"
          ? requestHttps(url, { ...common, agent: this.#https })
          : requestHttp(url, { ...common, agent: this.#http });
      request.once("response", (response) => {
        // A request that has its response passes no error on to it.
        request.on("timeout", () => response.destroy(silence()));
        resolve(response);
      });
      request.on("error", reject);
      request.on("timeout", () => request.destroy(silence()));
      request.end();
    });
  }
}

const SILENCE = "RIVULET_ORIGIN_SILENT";

function silence(): Error {
  return Object.assign(new Error("The origin fell silent."), { code: SILENCE });
}

async function receive(
  response: IncomingMessage,
  about: { readonly url: URL; readonly request: OriginRequest; readonly count: (bytes: number) => void },
): Promise<OriginAnswer> {
  const { url, request, count } = about;
  const refuse = (failure: Failure): Failure => {
    response.destroy();
    return failure;
  };
  const { statusCode = 0 } = response;
  const name = quoted(request.url.href);
  if (statusCode === 304 && request.validators !== undefined) {
    response.resume();
    return { type: "unchanged" };
  }
  if (statusCode !== 200)
    return refuse(
      failed(GONE.has(statusCode) ? "resource-missing" : "origin-failed", `${name} answers ${statusCode}.`),
    );
  const coding = response.headers["content-encoding"] ?? "identity";
  if (coding.toLowerCase() !== "identity")
    return refuse(failed("content-encoded", `${name} comes compressed although that was not asked for.`));
  const tooLarge = () => refuse(failed("resource-too-large", `${name} has over ${request.maxBytes} bytes.`));
  const head = headOf(response);
  if ((head.sizeBytes ?? 0) > request.maxBytes) return tooLarge();
  const take = request.receive(head);
  let received = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("A response without an encoding gives bytes.");
    received += chunk.byteLength;
    count(chunk.byteLength);
    // Whatever its Content-Length promised, or did not.
    if (received > request.maxBytes) return tooLarge();
    take(chunk);
  }
  return { type: "complete", url, head, sizeBytes: received };
}

function headOf({ headers }: IncomingMessage): OriginHead {
  const length = headers["content-length"];
  const type = headers["content-type"];
  const { etag } = headers;
  return {
    sizeBytes: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    mediaType: type !== undefined && /^[\x20-\x7e]{1,255}$/.test(type) ? type : undefined,
    validators: {
      // A weak one stands for what means the same, which need not have the same bytes (RFC 9110 §8.8.1).
      etag: etag?.startsWith('"') ? etag : undefined,
      lastModified: headers["last-modified"],
    },
  };
}

function addressRefused(url: URL): Failure {
  return failed(
    "address-not-allowed",
    `${quoted(url.host)} is at an address that is not public; an intranet needs --manifest-allow-private.`,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
