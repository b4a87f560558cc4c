import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const READY_WITHIN_MS = 15_000;

export interface ManifestWatcher {
  stop(): Promise<void>;
}

/** Runs `rivulet manifest --watch` beside a packager's folder; resolves when the manifest is there. */
export async function startManifestWatcher(folder: string): Promise<ManifestWatcher> {
  const program = join(ROOT, "packages/sdk/src/cli/main.ts");
  const args = ["--conditions=rivulet-source", "--import", "tsx", program, "manifest", "--watch", folder];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => child.kill();
  // Also when the bench is interrupted.
  process.once("exit", kill);
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    process.off("exit", kill);
    if (isOver()) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (!existsSync(join(folder, "rivulet.json"))) {
    if (isOver() || performance.now() > giveUpAt) {
      await stop();
      throw new Error(`\`rivulet manifest --watch\` wrote no manifest: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { stop };
}
