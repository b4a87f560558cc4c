import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** The processor core of everything that is measured. */
export const SERVER_CORE = 0;
/** The core of everything that puts load on it. */
export const LOAD_CORE = 1;

const STDERR_KEPT = 4000;
const living = new Set<ChildProcess>();

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Settles when the process has ended; how, in words. */
  readonly ended: Promise<string>;
  isAlive(): boolean;
  /** The end of what it wrote to stderr. */
  stderr(): string;
  /** Ends it without a word, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a program on one core, with an IPC channel; it is ended with this process, however that ends. */
export function startPinned(core: number, command: string, args: readonly string[], cwd?: string): Child {
  // taskset replaces itself by the program: the id is the program's own.
  const child = spawn("taskset", ["-c", String(core), command, ...args], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    cwd,
  });
  living.add(child);
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-STDERR_KEPT);
  });
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      living.delete(child);
      resolve(how);
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(signal ?? `exit code ${code}`));
  });
  const isAlive = () => living.has(child);
  return {
    process: child,
    pid: child.pid ?? 0,
    ended,
    isAlive,
    stderr: () => tail,
    kill: async () => {
      // SIGKILL ends stopped processes too.
      if (isAlive()) child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Asks a child over IPC and waits for its next word. */
export async function ask(child: Child, question: object): Promise<unknown> {
  const [answer] = await Promise.race([
    new Promise<[unknown]>((resolve, reject) => {
      once(child.process, "message").then(([message]) => resolve([message]), reject);
      child.process.send(question, (error) => error && reject(error));
    }),
    child.ended.then((how): never => {
      throw new Error(`A process ended while it was asked (${how}): ${child.stderr()}`);
    }),
  ]);
  return answer;
}

function endAll(): void {
  for (const child of living) child.kill("SIGKILL");
}

process.on("exit", endAll);
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));
