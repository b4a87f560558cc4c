import type { Conditions, Restraint } from "../adapters/conditions.ts";
import type { Input } from "../engine/io.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { TrackerLine } from "./tracker-line.ts";

/** Does what the conditions ask for, now and each time they change. The function it returns ends that. */
export function restrain(parts: {
  readonly conditions: Conditions;
  readonly input: (input: Input) => void;
  readonly links: PeerLinks;
  readonly line: TrackerLine;
  readonly options: { readonly upload: boolean };
}): () => void {
  const { conditions, input, links, line, options } = parts;
  const heed = (restraint: Restraint) => {
    input({ type: "upload-allowed", allowed: restraint === "none" && options.upload });
    const peers = restraint !== "no-peers";
    // The link first: the engine, told that peers have gone, is not to look for others.
    line.allow(peers);
    links.allow(peers);
  };
  heed(conditions.restraint);
  return conditions.onChange(heed);
}
