import { RivuletError } from "@rivulet/sdk/protocol";
import type { OptionName, SignalingOptions } from "./option-table.ts";
import { AS_KEY, type Spelling } from "./spelling.ts";

interface Source {
  readonly label: string;
  readonly spelling: Spelling;
}

/**
 * What no option says alone. `sources` tell how those that were given are known to whoever gave them.
 * @throws RivuletError `bad-option`
 */
export function checkTogether(options: SignalingOptions, sources: ReadonlyMap<OptionName, Source>): void {
  const label = (name: OptionName) => sources.get(name)?.label ?? AS_KEY.spell({ name, isFile: false });
  const needs = (name: OptionName, other: OptionName, why: string) => {
    if (!isGiven(options[name]) || isGiven(options[other])) return;
    const missing = (sources.get(name)?.spelling ?? AS_KEY).spell({ name: other, isFile: false });
    throw new RivuletError("bad-option", `${label(name)} needs ${missing} too${why}.`);
  };
  needs("tlsCert", "tlsKey", "");
  needs("tlsKey", "tlsCert", "");
  needs("turnUrls", "turnSecret", ", to make credentials from");
  needs("regionHeader", "trustProxy", ": the header is believed from a trusted proxy only");
  if (isGiven(options.tokenSecret) && isGiven(options.tokenJwks)) {
    const names = `${label("tokenSecret")} and ${label("tokenJwks")}`;
    throw new RivuletError("bad-option", `${names} exclude each other: tokens are signed in one way.`);
  }
  if (options.trustProxy.length > 1 && options.trustProxy.some((entry) => /^\d+$/.test(entry))) {
    const text = `${label("trustProxy")} takes one number of proxies, or addresses: not both.`;
    throw new RivuletError("bad-option", text);
  }
}

function isGiven(value: SignalingOptions[OptionName]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
