import { RivuletError } from "@rivulet/sdk/protocol";
import { assemble, type Given, withDefaults } from "./assemble.ts";
import type { SignalingOptions } from "./option-table.ts";
import { AS_KEY, meaningOf } from "./spelling.ts";

export type { SignalingOptions } from "./option-table.ts";

export const DEFAULTS: SignalingOptions = withDefaults(new Map());

/**
 * Fills in the defaults.
 * @throws RivuletError `bad-option`, naming the option.
 */
export function signalingOptions(given: Partial<SignalingOptions>): SignalingOptions {
  const layer = Object.entries(given).map(([key, value]): Given => {
    const { name, isFile } = meaningOf(key, AS_KEY);
    // A program reads its own files.
    if (isFile) throw new RivuletError("bad-option", `There is no option ${key}; did you mean ${name}?`);
    return { name, label: key, spelling: AS_KEY, value };
  });
  return assemble([layer]);
}
