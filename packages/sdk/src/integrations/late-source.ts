import { graceOf } from "../client/playback-patience.ts";
import { abortable, within } from "../client/waiting.ts";
import type { RivuletRequestInit, SegmentSource } from "./segment-source.ts";

/** A Rivulet whose script is still on its way: a player need not wait for it, and its first segment hardly. */
export function lateSource(given: SegmentSource | Promise<SegmentSource>): SegmentSource {
  if (!(given instanceof Promise)) return given;
  let source: SegmentSource | undefined;
  const arrived = given.then(
    (found) => {
      source = found;
    },
    // A script that cannot be loaded is the page's to complain of; its segments come from the origin.
    () => undefined,
  );
  return {
    async fetch(url: string, init: RivuletRequestInit = {}): Promise<Response> {
      if (!source) {
        const { playback = { dueInMs: 0 }, signal } = init;
        await abortable(within(graceOf(playback), arrived), signal ?? undefined);
      }
      return source ? source.fetch(url, init) : fetch(url, init);
    },
    get line() {
      return source?.line;
    },
  };
}
