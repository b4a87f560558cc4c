import type { Emitter } from "../base/emitter.ts";
import type { RivuletError } from "../base/errors.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { Catalog } from "./catalog.ts";
import type { RivuletEvents } from "./events.ts";
import type { Statistics } from "./statistics.ts";

/** Turns what the engine tells into the page's events and figures. */
export function reporter(parts: {
  readonly emitter: Emitter<RivuletEvents>;
  readonly problem: (error: RivuletError) => void;
  readonly catalog: Catalog;
  readonly statistics: Statistics;
}): (event: EngineEvent) => void {
  const { emitter, catalog, statistics } = parts;
  return (event) => {
    switch (event.type) {
      case "piece": {
        const { path } = catalog.resource(event.resource);
        return emitter.emit("piece", { path, bytes: event.bytes, source: event.source });
      }
      case "corrupt-piece":
        return statistics.wasted(catalog.geometry.place(event.piece).length);
      case "uploaded":
        return statistics.uploaded(event.bytes);
      case "stale-resource":
        return parts.problem(event.error);
      case "peer-connected":
        return emitter.emit("peer-connected", { peer: event.peer });
      case "peer-banned":
      case "peer-disconnected":
        return emitter.emit(event.type, { peer: event.peer, reason: event.reason });
    }
  };
}
