// `npm start`: sees to it that everything is there, then runs the demo. Plain JavaScript, because packages may be missing.
import { spawn } from "node:child_process";
import { ensureBuilt, ensureChromium, ensureFfmpeg, ensureInstalled, root, SetupError } from "./ensure.mjs";

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
  if (options.viewers > 0) ensureChromium();
  if (options.viewers === 0 || options.page === "live") offerFfmpeg();
  return runServer(args);
}

/** It draws the clock into the live channel. Whoever cannot have it sees the same picture without. */
function offerFfmpeg() {
  try {
    ensureFfmpeg();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`${error.message} Until then, the live channel has no clock in its picture.`);
  }
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
