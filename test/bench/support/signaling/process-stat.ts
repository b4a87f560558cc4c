import { readFileSync } from "node:fs";

/** `getconf CLK_TCK`: 100 on every Linux that Node runs on. */
const TICK_MS = 10;
/** proc(5), /proc/pid/stat: utime and stime are fields 14 and 15; the second one, in parentheses, may hold spaces. */
const UTIME = 14 - 3;

/** Processor time that a process has used, all its threads together, in ms. Throws when there is no such process. */
export function processorMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME]) + Number(fields[UTIME + 1])) * TICK_MS;
}
