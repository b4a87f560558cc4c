import { RivuletError } from "@rivulet/sdk/protocol";
import { OPTION_NAMES, type OptionName, rowOf, type SignalingOptions } from "./option-table.ts";
import { judge } from "./rows.ts";
import type { Spelling } from "./spelling.ts";
import { checkTogether } from "./together.ts";

/** One option as one source gives it. Nothing about the value is known yet. */
export interface Given {
  readonly name: OptionName;
  /** How whoever gave it knows it: `--port`, or `RIVULET_SIGNAL_PORT`. */
  readonly label: string;
  /** How the same source would write another option. */
  readonly spelling: Spelling;
  readonly value: unknown;
}

/**
 * The options that several sources make together; a later source wins over an earlier one. What is overridden is
 * checked all the same, or a mistake would wait for the day on which the flag is left out.
 * @throws RivuletError `bad-option`, naming what was wrong as its source does.
 */
export function assemble(layers: readonly (readonly Given[])[]): SignalingOptions {
  const values = new Map<OptionName, unknown>();
  const sources = new Map<OptionName, Given>();
  for (const given of layers.flat()) {
    const { name, label, value } = given;
    const verdict = judge(rowOf(name), value);
    if (verdict.type === "wrong") throw new RivuletError("bad-option", `${label} ${verdict.complaint}.`);
    values.set(name, verdict.value);
    sources.set(name, given);
  }
  const options = withDefaults(values);
  checkTogether(options, sources);
  return options;
}

/** Values that were judged, and the defaults for the rest. */
export function withDefaults(values: ReadonlyMap<OptionName, unknown>): SignalingOptions {
  const entries = OPTION_NAMES.map(
    (name) => [name, values.has(name) ? values.get(name) : rowOf(name).default] as const,
  );
  const options: object = Object.fromEntries(entries);
  if (!isComplete(options)) throw new TypeError("A row of the table does not accept its own default.");
  return options;
}

function isComplete(options: object): options is SignalingOptions {
  const values = new Map<string, unknown>(Object.entries(options));
  return OPTION_NAMES.every(
    (name) => values.has(name) && judge(rowOf(name), values.get(name)).type === "fits",
  );
}
