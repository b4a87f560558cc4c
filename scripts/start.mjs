// `npm start`: sees to it that everything is there, then runs the demo. Plain JavaScript, because packages may be missing.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureChromium, ensureInstalled, root, SetupError } from "./ensure.mjs";

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  // `code` is RivuletError's: a mistake on the command line, for which the message is all there is to say.
  if (!(error instanceof SetupError) && error?.code !== "bad-option") throw error;
  console.error(error.message);
  process.exitCode = error instanceof SetupError ? 1 : 2;
}

async function start(args) {
  ensureInstalled();
  const { tsImport } = await import("tsx/esm/api");
  const { readOptions, USAGE } = await tsImport("../demo/server/options.ts", import.meta.url);
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  ensureBuilt();
  ensurePagesBuilt();
  if (options.viewers > 0) ensureChromium();
  return runServer(args);
}

/** The demo's own scripts are no package, so ensureBuilt does not look at them. */
function ensurePagesBuilt() {
  const built = join(root, "demo/public/build/gallery.js");
  const sources = readdirSync(join(root, "demo/src"), { recursive: true }).map((name) =>
    join(root, "demo/src", name),
  );
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new SetupError("The build failed; see its message above.");
}

/** Resolves with the server's exit code. */
function runServer(args) {
  const command = ["--conditions=rivulet-source", "--import", "tsx", "demo/server/main.ts", ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes: this one waits for the other to close what it opened.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
