import { fileURLToPath } from "node:url";
import { ask, LOAD_CORE, startPinned } from "./children.ts";
import type { Command, Results } from "./load-commands.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const PROGRAM = fileURLToPath(new URL("load.ts", import.meta.url));

export interface LoadProcess {
  /** Throws what went wrong there. */
  run<Type extends Command["type"]>(
    command: Extract<Command, { readonly type: Type }>,
  ): Promise<Results[Type]>;
  /** Stops the process where it is; its connections stay open, and nobody reads them. */
  freeze(): void;
  end(): Promise<void>;
}

/** Starts a process of load on the load's core. */
export function startLoad(): LoadProcess {
  const options = ["--conditions=rivulet-source", "--import", "tsx", "--max-semi-space-size=64"];
  const child = startPinned(LOAD_CORE, process.execPath, [...options, PROGRAM], ROOT);
  return {
    run: async <Type extends Command["type"]>(command: Extract<Command, { readonly type: Type }>) => {
      const answer: unknown = await ask(child, command);
      if (typeof answer === "object" && answer !== null) {
        if ("result" in answer) return answer.result as Results[Type];
        if ("message" in answer) throw new Error(`The load failed: ${String(answer.message)}`);
      }
      throw new Error("The load gave no answer.");
    },
    freeze: () => child.process.kill("SIGSTOP"),
    end: () => child.kill(),
  };
}
