import type { Writable } from "node:stream";

/** Where a command writes: results to stdout, everything meant for the person to stderr. */
export interface Terminal {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** One subcommand of `rivulet`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `rivulet COMMAND --help` prints. */
  readonly usage: string;
  /** @throws RivuletError `bad-option` when it was called wrongly (exit code 2), another code when it failed (1). */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
