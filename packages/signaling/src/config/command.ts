import { assemble } from "./assemble.ts";
import { readConfigFile } from "./config-file.ts";
import { CONFIG_VARIABLE, readEnvironment } from "./environment.ts";
import { CONFIG_FLAG, readFlags } from "./flags.ts";
import type { SignalingOptions } from "./option-table.ts";
import { type ReadFile, readSecrets } from "./written.ts";

/** What the command line asks for. */
export type Command =
  | { readonly type: "run"; readonly options: SignalingOptions }
  | { readonly type: "print-config"; readonly options: SignalingOptions }
  | { readonly type: "help" }
  | { readonly type: "version" };

/** Where a command and its options come from. */
export interface CommandSources {
  /** Without the program's own name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
}

/**
 * The options of a process: flags win over the environment, that over the configuration file, that over the defaults.
 * @throws RivuletError `bad-option`, in one line that names the flag, the variable or the key.
 */
export function readCommand({ args, env, readFile }: CommandSources): Command {
  const flags = readFlags(args);
  if (flags.wish === "help" || flags.wish === "version") return { type: flags.wish };
  const environment = readEnvironment(env);
  const configPath = flags.configPath ?? environment.configPath;
  const label = flags.configPath === undefined ? CONFIG_VARIABLE : CONFIG_FLAG;
  const file = configPath === undefined ? [] : readConfigFile(configPath, label, readFile);
  const layers = [file, environment.settings, flags.settings].map((settings) =>
    readSecrets(settings, readFile),
  );
  return { type: flags.wish, options: assemble(layers) };
}
