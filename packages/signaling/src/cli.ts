#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { RivuletError, second } from "@rivulet/sdk/protocol";
import { readCommand } from "./config/command.ts";
import { helpText, printedConfig } from "./config/help.ts";
import type { SignalingOptions } from "./config/options.ts";
import { type SignalingServer, startSignalingServer } from "./index.ts";

const EXIT_USAGE = 2;
const EXIT_FAILURE = 1;

/** The process's exit code, or undefined when it is to go on running. */
async function main(args: readonly string[]): Promise<number | undefined> {
  const command = readCommand({ args, env: process.env, readFile: (path) => readFileSync(path, "utf8") });
  switch (command.type) {
    case "help":
      print(helpText());
      return 0;
    case "version":
      print(readVersion());
      return 0;
    case "print-config":
      print(printedConfig(command.options));
      return 0;
    case "run": {
      const server = await startSignalingServer(command.options);
      stopOnSignal(server, command.options);
      print(`rivulet-signal listens on ${server.url}`);
      return undefined;
    }
    default:
      return command satisfies never;
  }
}

/** The first signal sends the clients away little by little, the second at once. */
function stopOnSignal(server: SignalingServer, { drainMs, closeTimeoutMs }: SignalingOptions): void {
  let isStopping = false;
  const stop = () => {
    // Whatever keeps a socket open, an operator's restart does not wait for it.
    const patienceMs = (isStopping ? 0 : drainMs) + closeTimeoutMs + second;
    setTimeout(() => process.exit(0), patienceMs).unref();
    void (isStopping ? server.close() : server.drain()).then(() => process.exit(0));
    isStopping = true;
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", () => server.reloadCertificate());
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "";
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  const exitCode = await main(process.argv.slice(2));
  if (exitCode !== undefined) process.exitCode = exitCode;
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`rivulet-signal: ${message}\n`);
  process.exitCode = error instanceof RivuletError && error.code === "bad-option" ? EXIT_USAGE : EXIT_FAILURE;
}
