import type { PeerId } from "../../base/ids.ts";
import type { ProvedMessage } from "./secure-link.ts";

/** One proved connection, as those see it who tell each other what is shared. */
export interface Partner {
  readonly peer: PeerId;
  /** What was said and has not left yet, among other things, bytes. */
  readonly bufferedBytes: number;
  say(message: ProvedMessage): unknown;
  /** Ends the connection for what it said. */
  cut(error: unknown): void;
}

/** One kind of what partners say. */
export type Said<Type extends ProvedMessage["type"]> = Extract<ProvedMessage, { readonly type: Type }>;
