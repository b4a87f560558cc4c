import { RivuletError } from "../base/errors.ts";
import { complain } from "../client/complain.ts";
import type { SegmentSource } from "./segment-source.ts";
import type {
  ShakaContext,
  ShakaLibrary,
  ShakaNetworkingEngine,
  ShakaOperation,
  ShakaPlayer,
  ShakaPlugin,
  ShakaRequest,
  ShakaRequestFilter,
  ShakaResponseFilter,
} from "./shaka-api.ts";
import { shakaDueInMs } from "./shaka-clock.ts";
import { ShakaDoor } from "./shaka-door.ts";
import { ShakaFaults } from "./shaka-faults.ts";
import { ShakaSegmentLoad } from "./shaka-segment-load.ts";

export type { SegmentSource, ShakaLibrary, ShakaPlayer };

const ATTACHED = new WeakSet<ShakaNetworkingEngine>();

/**
 * Lets one player load its segments through Rivulet: `const detach = rivuletShaka(player, rivulet)`. Manifests, keys,
 * licenses and everything else stay with Shaka, other players of the page too; a segment that no manifest of Rivulet's
 * lists comes from the origin. The function that it returns undoes it; what is under way is then loaded anew by Shaka.
 * @param shaka the library, when it is not `window.shaka`: `import shaka from "shaka-player"`.
 * @throws RivuletError `bad-option` when there is no library, or the player was destroyed or is attached already.
 */
export function rivuletShaka(
  player: ShakaPlayer,
  source: SegmentSource,
  shaka: ShakaLibrary = libraryOfPage(),
): () => void {
  const engine = player.getNetworkingEngine();
  if (!engine) throw new RivuletError("bad-option", "This player was destroyed; attach to a living one.");
  if (ATTACHED.has(engine))
    throw new RivuletError(
      "bad-option",
      "This player is attached; call what the first call returned before.",
    );
  const { SEGMENT } = shaka.net.NetworkingEngine.RequestType;
  const door = ShakaDoor.of(shaka);
  /** What is under way, and how Shaka would load it. */
  const loads = new Map<ShakaSegmentLoad, () => ShakaOperation>();
  const reached = new WeakMap<ShakaRequest, boolean>();
  let isAttached = true;
  let isWarned = false;

  const load = (context: ShakaContext | undefined, args: Parameters<ShakaPlugin>) => {
    const [uri, request, requestType, progressUpdated, headersReceived, config] = args;
    reached.set(request, true);
    if (!isAttached || request.method !== "GET" || request.body) return door.http(...args);
    const load = new ShakaSegmentLoad({
      source,
      uri,
      request,
      faults: new ShakaFaults(shaka, uri, requestType),
      dueMs: shakaDueInMs(player, context),
      leastStepBytes: config?.minBytesForProgressEvents ?? 0,
      progressUpdated,
      headersReceived,
    });
    loads.set(load, () => door.http(...args));
    return load.finally(() => loads.delete(load));
  };
  const onRequest: ShakaRequestFilter = (type, request, context) => {
    // What was preloaded has a copy of this filter, and keeps it.
    if (!isAttached || type !== SEGMENT) return;
    reached.set(request, false);
    door.mark(request, (...args) => load(context, args));
  };
  const onResponse: ShakaResponseFilter = (_type, { originalRequest, originalUri }) => {
    if (isWarned || reached.get(originalRequest) !== false || !/^https?:/.test(originalUri)) return;
    isWarned = true;
    complain(new RivuletError("bad-option", OWN_PLUGIN));
  };

  door.open();
  engine.registerRequestFilter(onRequest);
  engine.registerResponseFilter(onResponse);
  ATTACHED.add(engine);
  return () => {
    if (!isAttached) return;
    isAttached = false;
    ATTACHED.delete(engine);
    engine.unregisterRequestFilter(onRequest);
    engine.unregisterResponseFilter(onResponse);
    door.close();
    for (const [load, loadPlainly] of [...loads]) load.handOver(loadPlainly);
  };
}

const OWN_PLUGIN =
  "This page registered a plugin of its own for http at Shaka's NetworkingEngine, so segments do not come through " +
  "Rivulet. Remove that plugin, or leave rivuletShaka out.";

function libraryOfPage(): ShakaLibrary {
  const found: unknown = Reflect.get(globalThis, "shaka");
  if (isLibrary(found)) return found;
  const message = "There is no window.shaka; pass the library as the third argument.";
  throw new RivuletError("bad-option", message);
}

function isLibrary(value: unknown): value is ShakaLibrary {
  return typeof value === "object" && value !== null && "net" in value && "util" in value;
}
