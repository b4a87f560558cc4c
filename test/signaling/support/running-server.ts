import type { TestContext } from "node:test";
import type { ConnectBackplane } from "#signaling/cluster/backplane.ts";
import { type SignalingOptions, type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { type Logger, SILENT_LOGGER } from "#signaling/operation/logger.ts";
import type { Surroundings } from "#signaling/surroundings.ts";

/** A server on a free port that is closed when the test ends; silent unless it is given another logger. */
export async function runningServer(
  t: TestContext,
  options: Partial<SignalingOptions> = {},
  surroundings: Partial<Surroundings> = {},
  connect?: ConnectBackplane,
): Promise<SignalingServer> {
  const server = await startSignalingServer(
    { port: 0, ...options },
    { logger: SILENT_LOGGER, ...surroundings },
    connect,
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

/** A logger that keeps its warnings and errors, each as its text and the message of its error. */
export function keptLog(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const keep: Logger["error"] = ({ error }, text) => {
    lines.push(error instanceof Error ? `${text} ${error.message}` : text);
  };
  return { lines, logger: { ...SILENT_LOGGER, warn: keep, error: keep } };
}
