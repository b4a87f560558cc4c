import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type Manifest, parseManifest } from "#sdk/content/manifest.ts";
import type { Clock } from "#signaling/manifests/clock.ts";
import type { ManifestAnswer } from "#signaling/manifests/manifest-answer.ts";
import { MANIFEST_DEFAULTS, type ManifestOptions } from "#signaling/manifests/manifest-options.ts";
import { ManifestService } from "#signaling/manifests/manifest-service.ts";
import type { Resolve } from "#signaling/manifests/pinned-lookup.ts";
import { startTestOrigin, type TestOrigin, type TestOriginOptions } from "../../support/test-origin.ts";

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  readonly #timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  #nowMs = 1000;
  #next = 0;

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { atMs: this.#nowMs + delayMs, callback });
    return () => this.#timers.delete(id);
  }

  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(([, { atMs }]) => atMs <= untilMs)
        .sort(([, a], [, b]) => a.atMs - b.atMs);
      const [first] = due;
      if (!first) break;
      const [id, { atMs, callback }] = first;
      this.#timers.delete(id);
      this.#nowMs = atMs;
      callback();
    }
    this.#nowMs = untilMs;
  }
}

/** Waits until it holds. What it waits for takes real time: sockets. */
export async function until(holds: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  const endsAt = performance.now() + 5_000;
  while (!(await holds())) {
    assert.ok(performance.now() < endsAt, `Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** An HTTP server that does as it is told; returns its origin. */
export async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly page?: string;
  readonly ifNoneMatch?: string;
  readonly address?: string;
}

export interface Stage {
  readonly origin: TestOrigin;
  readonly service: ManifestService;
  readonly clock: HandClock;
  readonly warnings: readonly string[];
  /** Asks for a manifest of these, each a path of the origin or a whole URL. */
  ask(names: readonly string[], call?: Call): Promise<ManifestAnswer>;
  /** As `ask`, for what must be a manifest. */
  manifest(...names: string[]): Promise<Manifest>;
  /** As `ask`, for what must fail. */
  failure(...names: string[]): Promise<string>;
}

/** A manifest service before a real origin. */
export async function stage(
  t: TestContext,
  given: {
    readonly files?: Readonly<Record<string, Uint8Array | string>>;
    readonly origin?: TestOriginOptions;
    readonly options?: Partial<ManifestOptions>;
    readonly alsoAllowed?: readonly string[];
    readonly pageOrigins?: readonly string[];
    readonly resolve?: Resolve;
  } = {},
): Promise<Stage> {
  const files = Object.entries(given.files ?? {}).map(([name, content]) => [name, bytesOf(content)] as const);
  const origin = await startTestOrigin({ ...given.origin, files: new Map(files) });
  const clock = new HandClock();
  const warnings: string[] = [];
  const service = await ManifestService.open({
    origins: [origin.url, ...(given.alsoAllowed ?? [])],
    pageOrigins: given.pageOrigins ?? [],
    options: { ...MANIFEST_DEFAULTS, manifestAllowPrivate: true, ...given.options },
    warn: (line) => void warnings.push(line),
    clock,
    ...(given.resolve && { resolve: given.resolve }),
  });
  t.after(async () => {
    service.close();
    await origin.close();
  });
  const ask = (names: readonly string[], call: Call = {}) => {
    const query = new URLSearchParams(
      names.map((name) => ["url", name.startsWith("/") ? origin.url + name : name]),
    );
    const { method = "GET", path = "/manifest", page, ifNoneMatch, address = "192.0.2.1" } = call;
    const headers = { origin: page, "if-none-match": ifNoneMatch };
    return (
      service.answer({ method, path, query, headers, address }) ?? assert.fail("No path of the service.")
    );
  };
  return {
    origin,
    service,
    clock,
    warnings,
    ask,
    async manifest(...names) {
      const { status, body } = await ask(names);
      const text = Buffer.from(body).toString();
      assert.equal(status, 200, text);
      return parseManifest(text);
    },
    async failure(...names) {
      const { status, body } = await ask(names);
      return `${status} ${codeOf(body)}`;
    },
  };
}

export function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

export function codeOf(body: Uint8Array): string {
  return String(JSON.parse(Buffer.from(body).toString()).code);
}

export function pathsOf({ resources }: Manifest): string[] {
  return resources.map(({ path }) => path);
}

/** Checks a signature as somebody would who knows nothing but the documentation. */
export function isSigned(answer: ManifestAnswer, key: string): boolean {
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" });
  const signed = Buffer.concat([Buffer.from("rivulet manifest 1\n"), answer.body]);
  const signature = Buffer.from(answer.headers["rivulet-signature"] ?? "", "base64url");
  return verify(null, signed, publicKey, signature);
}

export function mediaPlaylist(
  names: readonly string[],
  { head = "", ended = false, targetSeconds = 2 } = {},
): string {
  const lines = names.map((name) => `#EXTINF:${targetSeconds},\n${name}\n`).join("");
  return `#EXTM3U\n#EXT-X-TARGETDURATION:${targetSeconds}\n${head}${lines}${ended ? "#EXT-X-ENDLIST\n" : ""}`;
}
