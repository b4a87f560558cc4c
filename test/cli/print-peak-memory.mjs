// Preloaded into the command line: says on stderr how much memory the process held at most.
import { readFileSync } from "node:fs";

process.on("exit", () => {
  // Not resourceUsage().maxRSS: on Linux that starts from the memory of the process that spawned this one.
  const kib = /VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  process.stderr.write(`peak memory ${kib} KiB\n`);
});
