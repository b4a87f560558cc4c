import type { IncomingHttpHeaders } from "node:http";
import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import { addressGroup, addressKey } from "./address.ts";
import { type AllowanceOptions, type Allowances, addressAllowances } from "./allowance.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

export interface DoorOptions extends AllowanceOptions {
  readonly allowOrigins: readonly string[];
  readonly trustProxy: readonly string[];
  readonly regionHeader: string | undefined;
  readonly maxConnections: number;
}

/** Where somebody who asks for a WebSocket comes from. */
export interface Arrival {
  /** The name under which its connections are counted. */
  readonly address: string;
  /** Those of one group are near each other. */
  readonly group: string;
  /** The page's origin as its browser states it; a program states none, or what it likes. */
  readonly origin: string | undefined;
}

/** An upgrade that is refused: the HTTP status, and the protocol's code for the body. */
export interface DoorRefusal {
  readonly status: 403 | 429 | 503;
  readonly code: SignalErrorCode;
}

/** A region is a name, not a text. */
const MAX_REGION_LENGTH = 64;

/** Decides who comes in, before a WebSocket exists: what is refused here costs one HTTP answer. */
export class Door {
  readonly #options: DoorOptions;
  readonly #proxies: TrustedProxies;
  readonly #allowances: Allowances;
  readonly #origins: ReadonlySet<string>;
  #connections = 0;
  #draining = false;

  /** @throws RivuletError `bad-option` for a `trustProxy` that is none. */
  constructor(options: DoorOptions) {
    this.#options = options;
    this.#proxies = new TrustedProxies(options.trustProxy);
    this.#allowances = addressAllowances(options);
    this.#origins = new Set(options.allowOrigins);
  }

  /** Those that came in and have not gone. */
  get connections(): number {
    return this.#connections;
  }

  arrivalOf(remoteAddress: string | undefined, headers: IncomingHttpHeaders): Arrival {
    const forwarded = headers["x-forwarded-for"]?.toString();
    const { address, throughProxy } = this.#proxies.clientOf(remoteAddress, forwarded);
    const region = throughProxy ? this.#regionOf(headers) : undefined;
    return {
      address: addressKey(address),
      group: region ?? addressGroup(address),
      origin: headers.origin,
    };
  }

  /** Why this one stays outside; undefined when it may come in. */
  refusal({ origin, address }: Arrival, now: number): DoorRefusal | undefined {
    if (this.#draining) return { status: 503, code: "draining" };
    if (this.#origins.size > 0 && (origin === undefined || !this.#origins.has(origin))) {
      return { status: 403, code: "origin-not-allowed" };
    }
    if (this.#connections >= this.#options.maxConnections) {
      return { status: 503, code: "too-many-connections" };
    }
    const code = this.#allowances.refusal(address, now);
    return code && { status: 429, code };
  }

  /** To be called for each that came in; `exit` when it has gone. */
  enter(address: string, now: number): void {
    this.#connections += 1;
    this.#allowances.add(address, now);
  }

  exit(address: string, now: number): void {
    this.#connections -= 1;
    this.#allowances.exit(address, now);
  }

  /** Takes one message from what the connections of one address share; false: too many. */
  message(address: string, now: number): boolean {
    return this.#allowances.message(address, now);
  }

  /** To be called now and then: lets go of what need not be remembered. */
  sweep(now: number): void {
    this.#allowances.sweep(now);
  }

  /** From now on nobody comes in. */
  drain(): void {
    this.#draining = true;
  }

  #regionOf(headers: IncomingHttpHeaders): string | undefined {
    const { regionHeader } = this.#options;
    const region = regionHeader === undefined ? undefined : headers[regionHeader.toLowerCase()];
    const text = region?.toString().trim() ?? "";
    return text === "" || text.length > MAX_REGION_LENGTH ? undefined : text;
  }
}
