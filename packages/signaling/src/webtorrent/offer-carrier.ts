import type { Delivery } from "../delivery.ts";
import type { Elsewhere, Entry, ProcessId } from "../elsewhere.ts";
import type { Counts } from "../operation/counts.ts";
import { asWireText, type WireText } from "../wire-text.ts";
import { idHash } from "./id-hash.ts";
import type { Identities, Identity } from "./identities.ts";
import type { Place, Swarm, SwarmMember } from "./swarm.ts";
import type { Swarms } from "./swarms.ts";
import {
  type AnnounceMessage,
  type AnswerMessage,
  type BinaryId,
  isBinaryId,
  type TrackerRefusal,
} from "./tracker-message.ts";
import { answerText, offerHead, offerText } from "./write-message.ts";

export interface OfferCarrierParts {
  readonly identities: Identities;
  readonly swarms: Swarms;
  readonly elsewhere: Elsewhere;
  readonly counts: Counts;
}

export interface HandOut {
  readonly identity: Identity;
  readonly swarm: Swarm;
  readonly message: AnnounceMessage;
  readonly receivers: readonly SwarmMember[];
  readonly now: number;
}

interface Answering {
  readonly toPeerId: BinaryId;
  readonly offerId: BinaryId;
  /** Where who answers is. */
  readonly from: Place;
  readonly text: WireText;
  readonly now: number;
}

/** Carries offers to members and answers back to who offered, wherever they are connected. */
export class OfferCarrier {
  readonly #parts: OfferCarrierParts;

  constructor(parts: OfferCarrierParts) {
    this.#parts = parts;
  }

  /** Hands offer i to receiver i; appends to `deliveries`, which is what the hottest path of the server has. */
  handOut({ identity, swarm, message, receivers, now }: HandOut, deliveries: Delivery[]): void {
    const head = offerHead(swarm.text, identity.peerText);
    for (const [n, { place }] of receivers.entries()) {
      const offer = message.offers[n];
      if (!offer) return;
      const text = offerText(head, offer);
      if (place.kind === "here") {
        const receiver = this.#parts.identities.numbered(place.number);
        if (!receiver) continue;
        deliveries.push({ type: "send", to: receiver.connection, text });
      } else if (!this.#parts.elsewhere.carry(place.home, { kind: "offer", to: place.number, text }))
        continue;
      identity.sentOffers.add(offer.idHash, place, now);
      this.#parts.counts.webtorrent.introduced("offer");
    }
  }

  /** Only who was offered something can answer, once, and only to who offered it. */
  answer(
    identity: Identity,
    message: AnswerMessage,
    now: number,
  ): { readonly deliveries: Delivery[] } | { readonly refusal: TrackerRefusal } {
    const { infoHash, toPeerId, offerId, answer, offerIdText } = message;
    const { swarms, elsewhere } = this.#parts;
    const swarm = identity.memberships.has(infoHash) ? swarms.get(infoHash) : undefined;
    if (!swarm) {
      return { refusal: { code: "not-a-member", message: "Announce the info hash first.", infoHash } };
    }
    const parts = { infoHash: swarm.text, peerId: identity.peerText, answer, offerId: offerIdText };
    const text = answerText(parts);
    const place = { kind: "here", number: identity.number } as const;
    const delivery = this.#toOfferer({ toPeerId, offerId, from: place, text, now });
    if (delivery) return { deliveries: [delivery] };
    const homes = swarm.homesOf(toPeerId);
    const payload = { kind: "answer", from: identity.number, toPeerId, offerId, text };
    const carried = [...homes].filter((home) => elsewhere.carry(home, payload));
    if (carried.length > 0) return { deliveries: [] };
    const refusal = {
      code: "unknown-peer",
      message: "No such offer waits for an answer of yours.",
      infoHash,
    } as const;
    return { refusal };
  }

  /** Something that another process had carried here; what it says may be out of date. */
  carried(home: ProcessId, payload: Entry, now: number): Delivery[] {
    const { kind, text } = payload;
    if (typeof text !== "string") return [];
    if (kind === "offer" && typeof payload.to === "number") {
      const receiver = this.#parts.identities.numbered(payload.to);
      return receiver ? [{ type: "send", to: receiver.connection, text: asWireText(text) }] : [];
    }
    const { toPeerId, offerId, from } = payload;
    if (kind !== "answer" || !isBinaryId(toPeerId) || !isBinaryId(offerId) || typeof from !== "number")
      return [];
    const place = { kind: "elsewhere", home, number: from } as const;
    const delivery = this.#toOfferer({ toPeerId, offerId, from: place, text: asWireText(text), now });
    return delivery ? [delivery] : [];
  }

  /** Takes the offer that is answered; undefined when nobody here made it to who answers. */
  #toOfferer({ toPeerId, offerId, from, text, now }: Answering): Delivery | undefined {
    const { identities, counts } = this.#parts;
    const hash = idHash(offerId);
    const offerer = identities
      .withPeerId(toPeerId)
      .find(({ sentOffers }) => sentOffers.take(hash, from, now));
    if (!offerer) return undefined;
    counts.webtorrent.introduced("answer");
    return { type: "send", to: offerer.connection, text };
  }
}
