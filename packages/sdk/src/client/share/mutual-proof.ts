import type { ContentId, PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import { SHARE_VERSION } from "../../protocol/share/limits.ts";
import type { RefusalReason, ShareMessage } from "../../protocol/share/share-message.ts";
import { type End, judgeProof, makeProof, type Transcript } from "./handshake.ts";

type Said<Type extends ShareMessage["type"]> = Extract<ShareMessage, { readonly type: Type }>;

/** Why the other end is not to be trusted. `silent`: it proved nothing in time. `unruly`: it spoke out of turn. */
export type Distrust = RefusalReason | "silent" | "unruly";

export interface MutualProofParts {
  readonly own: End;
  readonly self: PeerId;
  readonly peer: PeerId;
  readonly content: ContentId;
  readonly nonce: Uint8Array;
  readonly prove: (message: Uint8Array) => Promise<Uint8Array>;
  /** Each end's certificate, as the descriptions that passed name it; undefined for one that names none, or several. */
  readonly prints: Readonly<Record<End, Uint8Array | undefined>>;
  readonly say: (message: ShareMessage) => void;
  /** Comes once. */
  readonly onVerdict: (verdict: "good" | Distrust) => void;
}

/** The other end has so long to prove itself, from when the channel is open. */
const PROOF_TIMEOUT_MS = 10 * second;

type State =
  | { readonly state: "fresh" | "greeted" | "over" }
  /** Both nonces are known. `shown` settles when our own proof was sent. */
  | {
      readonly state: "proving" | "judging";
      readonly transcript: Transcript;
      readonly shown: Promise<void>;
    };

export function otherEnd(end: End): End {
  return end === "dialler" ? "answerer" : "dialler";
}

/** Two ends of a connection prove to each other that they know the link, and that nobody sits between them; docs/security.md. */
export class MutualProof {
  readonly #parts: MutualProofParts;
  #state: State = { state: "fresh" };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: MutualProofParts) {
    this.#parts = parts;
  }

  /** The other end's proof is being checked: what it sends now may be taken once it turns out good. */
  get judging(): boolean {
    return this.#state.state === "judging";
  }

  /** The channel is open. */
  greet(): void {
    if (this.#state.state !== "fresh") return;
    this.#state = { state: "greeted" };
    this.#timer = setTimeout(() => this.#judged("silent"), PROOF_TIMEOUT_MS);
    this.#parts.say({ type: "greeting", version: SHARE_VERSION, nonce: this.#parts.nonce });
  }

  greeting({ version, nonce }: Said<"greeting">): void {
    const { own, self, peer, content, prove, prints, say } = this.#parts;
    if (this.#state.state !== "greeted") return this.#judged("unruly");
    if (version !== SHARE_VERSION) return this.#judged("version");
    const { dialler, answerer } = prints;
    // Without one certificate each there is nothing to bind the proof to.
    if (!dialler || !answerer) return this.#judged("intercepted");
    const pair = <T>(ours: T, theirs: T): Record<End, T> =>
      own === "dialler" ? { dialler: ours, answerer: theirs } : { dialler: theirs, answerer: ours };
    const transcript: Transcript = {
      content,
      peers: pair(self, peer),
      nonces: pair(this.#parts.nonce, nonce),
      prints: { dialler, answerer },
    };
    const shown = makeProof(own, transcript, prove).then((proof) => {
      if (this.#state.state !== "over") say({ type: "proof", ...proof });
    });
    this.#state = { state: "proving", transcript, shown };
  }

  async proof(proof: Said<"proof">): Promise<void> {
    if (this.#state.state !== "proving") return this.#judged("unruly");
    const { transcript, shown } = this.#state;
    this.#state = { state: "judging", transcript, shown };
    const by = otherEnd(this.#parts.own);
    const verdict = await judgeProof(proof, { by, transcript, prove: this.#parts.prove });
    // Ours first: what follows is for an end that trusts us.
    await shown;
    this.#judged(verdict);
  }

  /** The connection is over, whatever comes yet. */
  end(): void {
    clearTimeout(this.#timer);
    this.#state = { state: "over" };
  }

  #judged(verdict: "good" | Distrust): void {
    if (this.#state.state === "over") return;
    this.end();
    this.#parts.onVerdict(verdict);
  }
}
