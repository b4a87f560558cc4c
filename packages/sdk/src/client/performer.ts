import type { EngineEvent } from "../engine/events.ts";
import type { Effect, Input, OriginFetchId, WantId } from "../engine/io.ts";
import type { Tracker } from "../engine/ports.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { Perform } from "./runner.ts";

type Of<Type extends Effect["type"]> = Extract<Effect, { readonly type: Type }>;

/** Who performs which effects. */
interface Crew {
  readonly input: (input: Input) => void;
  readonly keeper: Pick<PieceKeeper, "verify" | "keep" | "read">;
  readonly links: PeerLinks;
  /** Undefined: no content has an origin. */
  readonly origin?: {
    start(effect: Of<"fetch-origin">): void;
    cancel(fetch: OriginFetchId): void;
  };
  readonly tracker: Tracker;
  readonly stream: (
    want: WantId,
  ) => { deliver(ready: Of<"deliver">): void; fail(error: unknown): void } | undefined;
  readonly tell: (event: EngineEvent) => void;
}

/** Hands each effect to the one who performs it; results come back as inputs. */
export function performer({ input, keeper, links, origin, tracker, stream, tell }: Crew): Perform {
  const verify = async ({ content, piece, parts }: Of<"verify">) => {
    const data = await keeper.verify(piece, parts);
    input(data ? { type: "verified", content, piece, data } : { type: "corrupt", content, piece });
  };
  const read = async ({ read, piece, offset, length }: Of<"read">) => {
    const bytes = await keeper.read(piece);
    const data = bytes?.subarray(offset, offset + length);
    input({ type: "read", read, data, queuedBytes: links.queuedBytes });
  };
  return (effect) => {
    switch (effect.type) {
      case "announce":
        return tracker.announce(effect.content, effect);
      case "leave":
        return tracker.leave(effect.content);
      case "introduce":
        return tracker.introduce(effect);
      case "introduced":
        return links.introduced(effect);
      case "dial":
        return links.dial(effect.peer, effect.content);
      case "accept":
        return links.accept(effect.peer);
      case "refuse":
        return links.refuse(effect.peer);
      case "hang-up":
        return links.hangUp(effect.peer);
      case "send":
        return links.send(effect.peer, effect.frame);
      case "verify":
        return void verify(effect);
      case "store":
        if (effect.data instanceof Uint8Array) keeper.keep(effect.piece, effect.data);
        return;
      case "read":
        return void read(effect);
      case "fetch-origin":
        return origin?.start(effect);
      case "cancel-origin":
        return origin?.cancel(effect.fetch);
      case "deliver":
        return stream(effect.want)?.deliver(effect);
      case "want-failed":
        return stream(effect.want)?.fail(effect.error);
      case "event":
        return tell(effect.event);
    }
  };
}
