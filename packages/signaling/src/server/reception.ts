import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Door } from "../access/door.ts";
import type { TokenRefusal, TokenVerifier } from "../access/grant.ts";
import type { Counts, Protocol } from "../operation/counts.ts";
import type { Logger } from "../operation/logger.ts";
import type { Arriving } from "../service.ts";
import { pathOf, queryOf, rawAnswer, refusedUpgrade } from "./http-answer.ts";

export interface ReceptionParts {
  readonly door: Door;
  readonly tokens: TokenVerifier;
  readonly counts: Counts;
  readonly logger: Pick<Logger, "debug">;
  readonly paths: ReadonlyMap<string, Protocol>;
  readonly now: () => number;
  readonly epochNow: () => number;
}

/** Somebody who gets a WebSocket. Why a token was refused is said on it: a page is not shown a refused upgrade's answer. */
export type Received = {
  /** As it is counted at the door. */
  readonly address: string;
  /** Listens to the socket's close, to count it out; who counts it out himself takes it off. */
  readonly onClose: () => void;
} & (
  | ({ readonly outcome: "admitted" } & Arriving)
  | { readonly outcome: "turned-away"; readonly protocol: Protocol; readonly refusal: TokenRefusal }
);

/** Looks at who asks for a WebSocket before there is one. */
export class Reception {
  readonly #parts: ReceptionParts;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
  }

  /** Undefined when there is to be no WebSocket; the socket was answered then. */
  async receive(request: IncomingMessage, socket: Duplex): Promise<Received | undefined> {
    const { door, tokens, counts, logger, paths, now, epochNow } = this.#parts;
    const protocol = paths.get(pathOf(request.url));
    const arrival = door.arrivalOf(request.socket.remoteAddress, request.headers);
    const refusal = protocol ? door.refusal(arrival, now()) : ({ status: 404, code: "not-found" } as const);
    if (!protocol || refusal) {
      const { status, code } = refusal ?? { status: 404, code: "not-found" };
      counts.refusedUpgrade(code);
      logger.debug({ code, address: arrival.address }, "An upgrade was refused.");
      socket.once("finish", () => socket.destroy());
      socket.end(rawAnswer(refusedUpgrade(status, code)));
      return undefined;
    }
    const { address, group } = arrival;
    // Counted from now on, so that many at once do not all pass before the first is through.
    door.enter(address, now());
    const onClose = () => door.exit(address, now());
    socket.on("close", onClose);
    const verified = await tokens.verify(queryOf(request.url).get("token") ?? undefined);
    if ("refusal" in verified)
      return { outcome: "turned-away", protocol, refusal: verified.refusal, address, onClose };
    const { grant } = verified;
    const { expiresAtMs } = grant;
    const expiresAt = expiresAtMs === undefined ? undefined : now() + expiresAtMs - epochNow();
    return { outcome: "admitted", protocol, caller: { address, group, grant }, expiresAt, address, onClose };
  }
}
