import type { EngineEvent } from "../engine/events.ts";
import type { Effect, Input, WantId } from "../engine/io.ts";
import type { Tracker } from "../engine/ports.ts";
import type { OriginRunner } from "./origin-runner.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { Perform } from "./runner.ts";
import type { WantStream } from "./want-stream.ts";

/** Who performs which effects. */
interface Crew {
  readonly input: (input: Input) => void;
  readonly keeper: PieceKeeper;
  readonly links: PeerLinks;
  readonly origin: OriginRunner;
  readonly tracker: Tracker;
  readonly stream: (want: WantId) => WantStream | undefined;
  readonly tell: (event: EngineEvent) => void;
}

/** Hands each effect to the one who performs it; results come back as inputs. */
export function performer({ input, keeper, links, origin, tracker, stream, tell }: Crew): Perform {
  const verify = async ({ content, piece, parts }: Extract<Effect, { type: "verify" }>) => {
    const data = await keeper.verify(piece, parts);
    input(data ? { type: "verified", content, piece, data } : { type: "corrupt", content, piece });
  };
  const read = async ({ read, piece, offset, length }: Extract<Effect, { type: "read" }>) => {
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
        return origin.start(effect);
      case "cancel-origin":
        return origin.cancel(effect.fetch);
      case "deliver":
        return stream(effect.want)?.deliver(effect);
      case "want-failed":
        return stream(effect.want)?.fail(effect.error);
      case "event":
        return tell(effect.event);
    }
  };
}
