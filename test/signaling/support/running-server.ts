import type { TestContext } from "node:test";
import { type SignalingOptions, type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { nodeSurroundings, type Surroundings } from "#signaling/surroundings.ts";

/** A server on a free port that is closed when the test ends. */
export async function runningServer(
  t: TestContext,
  options: Partial<SignalingOptions> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<SignalingServer> {
  const server = await startSignalingServer(
    { port: 0, ...options },
    { ...nodeSurroundings(), ...surroundings },
  );
  t.after(() => server.close());
  return server;
}

export function httpUrl(server: SignalingServer, path: string): string {
  return server.url.replace("ws:", "http:") + path;
}

/** Waits for something that happens on its own time; the test runner's own timeout is the only limit. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
