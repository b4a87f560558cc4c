import type { IncomingHttpHeaders } from "node:http";
import { addressKey, forwardedAddress } from "./address.ts";
import { type HttpAnswer, NOT_FOUND, refusedUpgrade, WEBSOCKET_PATH } from "./http-answer.ts";
import { ConnectionCounter, type ConnectionLimits } from "./limits.ts";

export interface DoorOptions extends ConnectionLimits {
  readonly allowOrigins: readonly string[];
  readonly trustForwardedFor: boolean;
}

/** Somebody who asks for a WebSocket. */
export interface Caller {
  readonly path: string;
  /** The page's origin as its browser states it; a program states none, or what it likes. */
  readonly origin: string | undefined;
  /** As `addressOf` names it. */
  readonly address: string;
}

/** Decides who comes in, before a WebSocket exists: what is refused here costs one HTTP answer. */
export class Door {
  readonly #options: DoorOptions;
  readonly #counter: ConnectionCounter;
  readonly #origins: ReadonlySet<string>;
  #draining = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#counter = new ConnectionCounter(options);
    this.#origins = new Set(options.allowOrigins);
  }

  get connections(): number {
    return this.#counter.total;
  }

  /** The name under which a caller's connections are counted. */
  addressOf(remoteAddress: string | undefined, headers: IncomingHttpHeaders): string {
    const forwarded = this.#options.trustForwardedFor
      ? forwardedAddress(headers["x-forwarded-for"]?.toString())
      : undefined;
    return addressKey(forwarded ?? remoteAddress ?? "");
  }

  /** Why this caller stays outside; undefined when it may come in. */
  refusal({ path, origin, address }: Caller): HttpAnswer | undefined {
    if (path !== WEBSOCKET_PATH) return NOT_FOUND;
    if (this.#draining) return refusedUpgrade(503, "draining");
    if (this.#origins.size > 0 && (origin === undefined || !this.#origins.has(origin))) {
      return refusedUpgrade(403, "origin-not-allowed");
    }
    const code = this.#counter.refusal(address);
    return code && refusedUpgrade(code === "too-many-connections" ? 503 : 429, code);
  }

  enter(address: string): void {
    this.#counter.add(address);
  }

  exit(address: string): void {
    this.#counter.remove(address);
  }

  /** From now on nobody comes in. */
  drain(): void {
    this.#draining = true;
  }
}
