// Runs one stage as a child process of its own group, and leaves nothing of it behind.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./ensure.mjs";

const MARK = "RIVULET_TEST_STAGE";
const running = new Set();

/** @returns {Promise<{status: number, output: string}>} */
export async function runChild({ command, args, timeoutMs, onOutput }) {
  const mark = `${process.pid}-${running.size}-${Date.now()}`;
  // Programs disagree on which of the two wins; what is shown is a log.
  const { FORCE_COLOR: _, ...environment } = process.env;
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...environment, [MARK]: mark, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const entry = { child, mark };
  running.add(entry);
  let output = "";
  const take = (text) => {
    output += text;
    onOutput?.(text);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const timer = setTimeout(() => {
    take(`\nStopped: it ran for more than ${timeoutMs / 60_000} minutes.\n`);
    void end(entry);
  }, timeoutMs);
  const closed = new Promise((resolve) => child.once("close", resolve));
  const status = await new Promise((resolve) => {
    child.once("error", (error) => {
      take(`${error.message}\n`);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
  // Its last words may still be in the pipe; a process left behind may hold the pipe open for ever.
  if (child.pid !== undefined) await Promise.race([closed, sleep(1000)]);
  clearTimeout(timer);
  await end(entry);
  running.delete(entry);
  return { status, output };
}

/** Ends what is running, for Ctrl-C. */
export async function endAll() {
  await Promise.all([...running].map(end));
}

/** A polite signal, some time to obey (a browser on its way out needs a moment), then an impolite one. */
async function end(entry) {
  const first = entry.child.exitCode === null && entry.child.signalCode === null;
  if (first) signalAll(entry, "SIGTERM");
  for (let i = 0; i < 20; i++) {
    if (!isAnyLeft(entry)) return;
    await sleep(100);
    if (i === 10) signalAll(entry, "SIGTERM");
  }
  signalAll(entry, "SIGKILL");
}

function isAnyLeft(entry) {
  return signalGroup(entry.child.pid, 0) || marked(entry.mark).length > 0;
}

function signalAll(entry, signal) {
  signalGroup(entry.child.pid, signal);
  for (const pid of marked(entry.mark)) signalProcess(pid, signal);
}

function signalGroup(pid, signal) {
  return pid !== undefined && signalProcess(-pid, signal);
}

function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Processes that inherited our mark: puppeteer starts browsers in groups of their own, out of reach of the above. */
function marked(mark) {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, "latin1").includes(`${MARK}=${mark}\0`);
    } catch {
      return false;
    }
  });
}
