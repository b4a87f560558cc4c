import type { ProvedMessage } from "./secure-link.ts";

/** One proved connection, as those see it who tell each other what is shared. */
export interface Partner {
  say(message: ProvedMessage): unknown;
  /** Ends the connection for what it said. */
  cut(error: unknown): void;
}

/** One kind of what partners say. */
export type Said<Type extends ProvedMessage["type"]> = Extract<ProvedMessage, { readonly type: Type }>;
