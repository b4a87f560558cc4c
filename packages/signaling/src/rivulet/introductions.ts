import {
  type IntroduceMessage,
  type PeerId,
  parseContentId,
  parseDialId,
  parsePeerId,
} from "@rivulet/sdk/protocol";
import { type Delivery, type Refusal, refuse } from "../delivery.ts";
import type { Directory } from "../directory/directory.ts";
import type { Elsewhere, Entry, ProcessId } from "../elsewhere.ts";
import { type Counts, stepOf } from "../operation/counts.ts";
import { asWireText, wireText } from "../wire-text.ts";
import type { ScannedIntroduction } from "./scan-introduction.ts";
import type { Sessions } from "./sessions.ts";

export interface IntroductionsParts {
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly elsewhere: Elsewhere;
  readonly counts: Counts;
}

/** What the protocol's decoder read, as the scanner would have read it. */
export function introductionOf({ to, content, dial, signal }: IntroduceMessage): ScannedIntroduction {
  return { to, content, dial, signal: wireText(JSON.stringify(signal)), step: stepOf(signal) };
}

/** Carries offers, answers and candidates between two members of a swarm, wherever they are connected. */
export class Introductions {
  readonly #parts: IntroductionsParts;

  constructor(parts: IntroductionsParts) {
    this.#parts = parts;
  }

  /** Undefined when they are not two members of a swarm, or the other one is out of reach; `refusal` says which. */
  relay(from: PeerId, { to, content, dial, signal, step }: ScannedIntroduction): Delivery[] | undefined {
    const { directory, counts, elsewhere, sessions } = this.#parts;
    const room = directory.room(content);
    const sender = room?.get(from);
    const receiver = room?.get(to);
    if (!sender || sender.home !== undefined || !receiver || receiver === sender) return undefined;
    if (step === "offer") directory.dialled(receiver);
    const head = `{"type":"introduce","from":"${from}","content":"${content}","dial":"${dial}","signal":`;
    const text = asWireText(`${head}${signal}}`);
    const { home } = receiver;
    if (home === undefined) {
      const connection = sessions.connectionOf(receiver.peer);
      if (connection === undefined) return undefined;
      counts.rivulet.introduced(step);
      return [{ type: "send", to: connection, text }];
    }
    if (!elsewhere.carry(home, { kind: "introduce", from, to, content, dial, text })) return undefined;
    counts.rivulet.introduced(step);
    return [];
  }

  /** Why `relay` did nothing. */
  refusal(from: PeerId, { to, content, dial }: IntroduceMessage): Refusal {
    const sender = this.#parts.directory.member(from, content);
    const about = { content, to, dial };
    if (sender && sender.home === undefined) return unknown(about);
    return { code: "not-a-member", message: "Announce the content first.", about };
  }

  /** Something that another process had carried here; it is of the same make, but what it says may be out of date. */
  carried(home: ProcessId, payload: Entry): Delivery[] {
    const { directory, sessions, elsewhere } = this.#parts;
    const to = parsePeerId(payload.to);
    const content = parseContentId(payload.content);
    const dial = parseDialId(payload.dial);
    const from = parsePeerId(payload.from);
    const receiver = sessions.connectionOf(to);
    const member = directory.member(to, content);
    const isHere = receiver !== undefined && member !== undefined && member.home === undefined;
    if (payload.kind === "introduce" && typeof payload.text === "string") {
      if (isHere) return [{ type: "send", to: receiver, text: asWireText(payload.text) }];
      elsewhere.carry(home, { kind: "unknown", from: to, to: from, content, dial });
    }
    if (payload.kind === "unknown" && isHere) return refuse(receiver, unknown({ content, to: from, dial }));
    return [];
  }
}

function unknown(about: NonNullable<Refusal["about"]>): Refusal {
  return { code: "unknown-peer", message: "There is no other peer of that id in this swarm.", about };
}
