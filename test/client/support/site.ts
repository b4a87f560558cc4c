import type { TestContext } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { FetchOrigin } from "#sdk/adapters/origin-fetch.ts";
import { webCryptoSha256 } from "#sdk/adapters/sha256.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { seededRandom } from "#sdk/base/random.ts";
import type { Environment } from "#sdk/client/environment.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import type { RivuletOptions } from "#sdk/client/options.ts";
import { Rivulet } from "#sdk/client/rivulet.ts";
import { formatManifest } from "#sdk/content/manifest.ts";
import { startTestOrigin, type TestOrigin } from "../../support/test-origin.ts";
import { MemoryNetwork } from "./memory-network.ts";
import { bytesOf, PIECE_BYTES, resourceOf } from "./sample.ts";

export const FILES = {
  "film.bin": bytesOf(8 * PIECE_BYTES + 77, 2),
  "data.json": new TextEncoder().encode(JSON.stringify({ hello: "world", list: [1, 2, 3] })),
  "empty.txt": new Uint8Array(),
} as const;
export const FILM = FILES["film.bin"];

const NAMES = [
  "stats",
  "piece",
  "peer-connected",
  "peer-disconnected",
  "peer-banned",
  "tracker",
  "problem",
] as const;

/** A visitor's page: its Rivulet and everything that it told. */
export interface Visitor {
  readonly rivulet: Rivulet;
  readonly events: readonly Heard[];
  /** What went to the page's own fetch, besides the manifest. */
  readonly plain: readonly string[];
  of<Name extends keyof RivuletEvents>(name: Name): RivuletEvents[Name][];
  /** Waits until the event comes, or returns the one that came already. */
  heard<Name extends keyof RivuletEvents>(name: Name): Promise<RivuletEvents[Name]>;
}

type Heard = {
  [Name in keyof RivuletEvents]: { name: Name; event: RivuletEvents[Name] };
}[keyof RivuletEvents];

/** A real origin with files and their manifest, a tracker and a network in memory, and visitors. */
export interface Site {
  readonly origin: TestOrigin;
  readonly network: MemoryNetwork;
  visit(given?: {
    readonly options?: Partial<RivuletOptions>;
    readonly environment?: Partial<Environment>;
    /** Called before anything has happened. */
    readonly onMade?: (rivulet: Rivulet) => void;
  }): Visitor;
}

/** `more`: further files that the manifest lists, by name. */
export async function openSite(
  t: TestContext,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<Site> {
  const resources = [
    await resourceOf("film.bin", FILM, "video/mp4"),
    await resourceOf("data.json", FILES["data.json"], "application/json"),
    await resourceOf("empty.txt", FILES["empty.txt"]),
    ...(await Promise.all(Object.entries(more).map(([name, bytes]) => resourceOf(name, bytes)))),
  ];
  const manifest = new TextEncoder().encode(formatManifest({ base: undefined, resources }));
  const files = new Map(
    Object.entries({ ...FILES, ...more }).map(([name, bytes]) => [`/${name}`, bytes] as const),
  );
  const origin = await startTestOrigin({
    files: new Map<string, Uint8Array>([...files, ["/rivulet.json", manifest], ["/other.txt", bytesOf(9)]]),
  });
  const network = new MemoryNetwork();
  const visitors: Rivulet[] = [];
  // What is wrong is told on the console, which a test run need not show.
  t.mock.method(console, "error", () => undefined);
  t.after(async () => {
    await Promise.all(visitors.map((rivulet) => rivulet.destroy()));
    await origin.close();
  });
  let seed = 0;
  return {
    origin,
    network,
    visit({ options = {}, environment = {}, onMade } = {}) {
      const plain: string[] = [];
      const fetchPlainly = (input: RequestInfo | URL, init?: RequestInit) => {
        const url = input instanceof Request ? input.url : String(new URL(String(input), origin.url));
        const { pathname, search } = new URL(url);
        if (pathname !== "/rivulet.json") plain.push(pathname + search);
        return fetch(input instanceof Request ? input : url, init);
      };
      const given = { signal: "wss://signal.invalid", manifest: "/rivulet.json", ...options };
      const world = { ...testEnvironment(origin.url, network, ++seed), fetch: fetchPlainly, ...environment };
      const rivulet = new Rivulet(given, world);
      visitors.push(rivulet);
      onMade?.(rivulet);
      return { rivulet, plain, ...listen(rivulet) };
    },
  };
}

function testEnvironment(pageUrl: string, network: MemoryNetwork, seed: number): Environment {
  const random = seededRandom(seed);
  return {
    pageUrl: `${pageUrl}/page.html`,
    fetch,
    now: () => performance.now(),
    random,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    conditions: () => ({ restraint: "none", relayOnly: false, onChange: () => () => undefined }),
    hasher: webCryptoSha256,
    transport: () => network.transport(),
    tracker: (options) => network.tracker(options),
    origin: () => new FetchOrigin({ random, retries: 1, backoffMs: 1 }),
    store: async () => new MemoryStore({ quotaBytes: 64 * MIB }),
  };
}

function listen(rivulet: Rivulet): Pick<Visitor, "events" | "of" | "heard"> {
  const events: Heard[] = [];
  for (const name of NAMES) rivulet.on(name, (event) => events.push({ name, event } as Heard));
  const of = <Name extends keyof RivuletEvents>(name: Name) =>
    events.filter((one) => one.name === name).map(({ event }) => event as RivuletEvents[Name]);
  return {
    events,
    of,
    heard: async (name) => {
      const [first] = of(name);
      return first ?? new Promise((resolve) => rivulet.on(name, resolve));
    },
  };
}

export async function bytesIn(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}
