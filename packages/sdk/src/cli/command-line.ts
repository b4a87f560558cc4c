import packageJson from "../../package.json" with { type: "json" };
import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { Command, Terminal } from "./command.ts";
import { manifestCommand } from "./manifest-command.ts";
import { seedCommand } from "./seed/seed-command.ts";
import { getCommand } from "./share/get-command.ts";
import { sendCommand } from "./share/send-command.ts";

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["manifest", manifestCommand],
  ["send", sendCommand],
  ["get", getCommand],
  ["seed", seedCommand],
]);

/** Runs `rivulet ARGS` and returns its exit code: 0 done, 1 failed, 2 called wrongly. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  // A reader that has seen enough (`rivulet manifest . | head`) closes the pipe; that is no failure of ours.
  terminal.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const name = args[0] ?? "";
  const command = COMMANDS.get(name);
  try {
    if (!command) runWithoutCommand(args, terminal);
    else if (args.includes("--help") || args.includes("-h")) terminal.stdout.write(command.usage);
    else await command.run(args.slice(1), terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof RivuletError)) throw error;
    terminal.stderr.write(`rivulet${command ? ` ${name}` : ""}: ${error.message}\n`);
    return error.code === "bad-option" ? 2 : 1;
  }
}

function runWithoutCommand(args: readonly string[], terminal: Terminal): void {
  const name = args[0];
  if (name === "--help" || name === "-h" || name === "help") terminal.stdout.write(help());
  else if (name === "--version") terminal.stdout.write(`${packageJson.version}\n`);
  else throw new RivuletError("bad-option", whatToTypeInstead(name));
}

function whatToTypeInstead(name: string | undefined): string {
  if (name === undefined) return "Say what to do, for example `rivulet manifest DIR`; see `rivulet --help`.";
  const isOption = name.startsWith("-");
  const near = nearestName(name, isOption ? ["--help", "--version"] : [...COMMANDS.keys()]);
  const hint = near === undefined ? "See `rivulet --help`." : `Did you mean ${near}?`;
  return `There is no ${isOption ? "option" : "command"} ${name}. ${hint}`;
}

function help(): string {
  const list = [...COMMANDS].map(([name, command]) => `  ${name.padEnd(10)}${command.summary}\n`).join("");
  return `Usage: rivulet COMMAND [OPTIONS]\n\n${list}\nrivulet COMMAND --help says more; rivulet --version prints the version.\n`;
}
