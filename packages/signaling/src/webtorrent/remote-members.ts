import type { Delivery } from "../delivery.ts";
import type { Elsewhere, Entry, ProcessId } from "../elsewhere.ts";
import { bytesOfHex, hexOf } from "./hex.ts";
import type { OfferCarrier } from "./offer-carrier.ts";
import type { SwarmMember } from "./swarm.ts";
import type { SwarmNews, Swarms } from "./swarms.ts";
import { isBinaryId } from "./tracker-message.ts";

/** Own members of swarms, as the other processes are told of them. `roomOf` names a swarm by its info hash in hex. */
export function swarmNews(elsewhere: Elsewhere, roomOf: (hex: string) => string): SwarmNews {
  return {
    opened: (infoHash) => elsewhere.opened(roomOf(hexOf(infoHash))),
    emptied: (infoHash) => elsewhere.emptied(roomOf(hexOf(infoHash))),
    put: (infoHash, { number }, member) =>
      elsewhere.put(roomOf(hexOf(infoHash)), String(number), entryOf(member, number)),
    gone: (infoHash, { number }) => elsewhere.gone(roomOf(hexOf(infoHash)), String(number)),
  };
}

function entryOf({ peerId, isSeeder }: SwarmMember, number: number): Entry {
  return { peerId: hexOf(peerId), number, seeder: isSeeder };
}

/** What other processes say of the swarms that this one has members in. */
export class RemoteMembers {
  readonly #swarms: Swarms;
  readonly #offers: OfferCarrier;

  constructor(parts: {
    readonly swarms: Swarms;
    readonly offers: OfferCarrier;
  }) {
    this.#swarms = parts.swarms;
    this.#offers = parts.offers;
  }

  entries(hex: string): { readonly peer: string; readonly entry: Entry }[] {
    return (this.#swarms.get(bytesOfHex(hex))?.here ?? []).map((member) => {
      const { number } = member.place;
      return { peer: String(number), entry: entryOf(member, number) };
    });
  }

  put(home: ProcessId, hex: string, entry: unknown): void {
    if (typeof entry !== "object" || entry === null) return;
    const { peerId, number, seeder }: Entry = { ...entry };
    if (typeof peerId !== "string" || typeof number !== "number" || typeof seeder !== "boolean") return;
    const id = bytesOfHex(peerId);
    if (!isBinaryId(id)) return;
    const place = { kind: "elsewhere", home, number } as const;
    this.#swarms.putElsewhere(bytesOfHex(hex), {
      peerId: id,
      place,
      isSeeder: seeder,
      announcedAt: 0,
      position: 0,
    });
  }

  gone(home: ProcessId, hex: string, peer: string): void {
    this.#swarms.goneElsewhere(bytesOfHex(hex), home, Number(peer));
  }

  lost(home: ProcessId): void {
    this.#swarms.lostProcess(home);
  }

  carried(home: ProcessId, payload: Entry, now: number): Delivery[] {
    return this.#offers.carried(home, payload, now);
  }
}
