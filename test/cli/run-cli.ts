import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rivulet ARGS` from its sources as a process of its own; `nodeOptions` are for Node. */
export function runCli(args: readonly string[], nodeOptions: readonly string[] = []): Promise<CliResult> {
  return spawnCli(args, nodeOptions).ended;
}

/** Starts `rivulet ARGS`, a command that runs until it is told to end; it is killed when the test is over. */
export function startCli(
  context: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const { child, ended, said } = spawnCli(args, [], env);
  context.after(() => child.kill("SIGKILL"));
  return {
    ended,
    /** Waits for something on either output; fails when the command ends without it. */
    said,
    stop: (signal: NodeJS.Signals): Promise<CliResult> => {
      child.kill(signal);
      return ended;
    },
  };
}

function spawnCli(
  args: readonly string[],
  nodeOptions: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const node = ["--conditions=rivulet-source", "--import", "tsx", ...nodeOptions];
  const child = spawn(process.execPath, [...node, "packages/sdk/src/cli/main.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let isOver = false; ; ) {
      const found = pattern.exec(stdout) ?? pattern.exec(stderr);
      if (found) return found;
      if (isOver) throw new Error(`Never said ${pattern}:\n${stdout}${stderr}`);
      const news = [child.stdout, child.stderr].map((stream) => once(stream, "data"));
      isOver = await Promise.race([ended.then(() => true), ...news.map((one) => one.then(() => false))]);
    }
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended, said };
}

/** A folder that is gone after the test, with these files in it. */
export function plant(
  context: TestContext,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "rivulet-cli-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** The path of every file below the folder, hidden ones too, sorted. */
export function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
