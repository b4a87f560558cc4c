import { readdirSync, readFileSync } from "node:fs";

/** What a browser's processes hold, bytes: memory of their own and their part of what they share, without mapped files. */
export interface ProcessMemory {
  /** The processes of its pages. */
  readonly renderer: number;
  /** The process that has all sockets. */
  readonly network: number;
  /** The browser itself, graphics, storage. */
  readonly others: number;
}

/** Of a browser, by its first process. Linux only. */
export function browserMemory(browserPid: number): ProcessMemory {
  const memory = { renderer: 0, network: 0, others: 0 };
  for (const pid of family(browserPid)) memory[kindOf(pid)] += heldBytes(pid);
  return memory;
}

/** A process and all that come of it: renderers are children of a helper that Chromium forks them from. */
function family(first: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // proc(5): the parent follows the name, in parentheses, and the state.
    const stat = read(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [first];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function kindOf(pid: number): keyof ProcessMemory {
  const command = read(`/proc/${pid}/cmdline`);
  if (command.includes("--type=renderer")) return "renderer";
  return command.includes("network.mojom.NetworkService") ? "network" : "others";
}

function heldBytes(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
  // Pages of the program's file, which come in as its code is first used, are not what a transfer holds.
  return (kilobytes("Pss_Anon") + kilobytes("Pss_Shmem") + kilobytes("SwapPss")) * 1024;
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
