import { KIB } from "../../base/bytes.ts";
import { second } from "../../base/time.ts";
import type { Playback } from "../../client/playback.ts";
import type { ByteRange } from "../../client/range-header.ts";
import { answerFor } from "../../client/response.ts";
import { type BodyPart, continuedBody } from "../../client/tabs/continued-body.ts";
import type { RemoteAnswer } from "../../client/tabs/leader-asks.ts";
import { turn } from "../../client/tabs/turn.ts";
import { within } from "../../client/waiting.ts";
import type { Listed } from "./catalogues.ts";
import type { Leader, Leaders } from "./leaders.ts";
import { type NetworkPart, networkPart } from "./network-part.ts";
import { storedPart } from "./stored-part.ts";

/** A page whose main thread is busy for so long would answer late; while pages load, some are for half of it. */
const TAKEN_WITHIN_MS = second;

/** A player that jumps stands still until it has about so much: known peers have a moment to bring it, unknown ones none. */
const JUMP: Playback = { dueInMs: 0.6 * second, bytes: 256 * KIB };

/** A page takes so long to start its engine, at most; only a network that fails is reason to wait for it. */
const NEXT_LEADER_MS = 3 * second;

/** The answer to one request: from the store, from the leading page, from the network, each going on where another ends. */
export class Answer {
  readonly #listed: Listed;
  readonly #leaders: Leaders;
  readonly #isPlayer: boolean;
  #playback: Playback | undefined;
  /** Who could not, or would not: the network goes on then, until another leads. */
  #refusedBy: Leader | undefined;
  #answeredBy: Leader | undefined;
  #etag: string | null = null;
  #fromOrigin: NetworkPart | undefined;

  /** `isPlayer`: a `<video>` or `<audio>` asks. */
  constructor(listed: Listed, leaders: Leaders, isPlayer: boolean) {
    this.#listed = listed;
    this.#leaders = leaders;
    this.#isPlayer = isPlayer;
  }

  /** The response, and when its body is through. What peers cannot answer is the network's own. */
  async to(request: Request): Promise<{ readonly response: Response; readonly ended: Promise<void> }> {
    const head = answerFor(this.#listed, request.headers.get("range"));
    const through = { ended: Promise.resolve() };
    if (!head || head.range.end === head.range.start) return { response: await fetch(request), ...through };
    const { range, status, headers } = head;
    this.#etag = headers.get("etag");
    if (this.#isPlayer && range.start > 0) this.#playback = JUMP;
    const first = (await this.#apartFromNetwork(range)) ?? (await this.#fromNetwork(request, range));
    if (first instanceof Response) return { response: first, ...through };
    const ended = turn();
    const next = async (start: number) => {
      if (this.#fromOrigin?.mayFollow() === false) return undefined;
      const rest = { start, end: range.end };
      // Who broke off is not asked again; another leader may be.
      this.#refusedBy = this.#answeredBy ?? this.#refusedBy;
      return (
        (await this.#apartFromNetwork(rest)) ??
        (await this.#restFromNetwork(rest).catch(() => undefined)) ??
        this.#fromNextLeader(rest)
      );
    };
    const body = continuedBody({ first, range, next, onEnd: ended.tell });
    return { response: new Response(body, { status, headers }), ended: ended.promise };
  }

  async #apartFromNetwork(range: ByteRange): Promise<BodyPart | undefined> {
    const { url, manifest } = this.#listed;
    const onUsed = (used: ByteRange) => this.#leaders.used(manifest, { url, ...used, from: "store" });
    return (await storedPart(this.#listed, range, onUsed)) ?? (await this.#fromLeader(range));
  }

  async #fromLeader({ start, end }: ByteRange): Promise<RemoteAnswer | undefined> {
    const leader = this.#leaders.get(this.#listed.manifest);
    if (!leader || leader === this.#refusedBy) return undefined;
    const { url, sizeBytes } = this.#listed;
    const range = start === 0 && end === sizeBytes ? null : `bytes=${start}-${end - 1}`;
    this.#leaders.watch();
    const found = await leader.asks.ask({ url, range, playback: this.#playback }, TAKEN_WITHIN_MS);
    // A page that was opened before the last deployment may know another version.
    if (found && found !== "gone" && found.headers.get("etag") === this.#etag) {
      this.#answeredBy = leader;
      return found;
    }
    this.#refusedBy = leader;
    if (found && found !== "gone") found.cancel();
    return undefined;
  }

  /** The network's answer to the request itself, unless a page begins to lead before it is there. */
  async #fromNetwork(request: Request, bytes: ByteRange): Promise<BodyPart | Response> {
    const abort = new AbortController();
    const range = request.headers.get("range");
    // A copy of an element's own request would lose its Range header.
    const again = range === null ? request : request.url;
    const init: RequestInit = range === null ? {} : { headers: { range } };
    const fetching = fetch(again, { ...init, signal: abort.signal }).catch((error: unknown) => ({ error }));
    let answered = await Promise.race([fetching, this.#leaderComes()]);
    if (!answered || "error" in answered || answered.status >= 500) {
      // Before the leader is asked: its own requests would wait behind this one, of which browsers allow six at once.
      if (!answered) abort.abort();
      const found = await this.#fromNextLeader(bytes);
      if (found) return found;
      answered ??= await fetch(again, init);
      if ("error" in answered) throw answered.error;
    }
    const { status, headers } = answered;
    const [, from = 0] = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "") ?? [];
    const length = headers.get("content-encoding") ? null : headers.get("content-length");
    const fits = status === (range === null ? 200 : 206) && Number(from) === bytes.start;
    // An error, or another version than is listed: that is for the page to see.
    if (!fits || (length !== null && Number(length) !== bytes.end - bytes.start)) return answered;
    return this.#network(answered, Number(from), bytes, false);
  }

  /** What is left of a body of which something went out. */
  async #restFromNetwork(range: ByteRange): Promise<BodyPart | undefined> {
    const { url, pieceBytes, sizeBytes } = this.#listed;
    const from = range.start - (range.start % pieceBytes);
    const to = Math.min(sizeBytes, Math.ceil(range.end / pieceBytes) * pieceBytes);
    const init: RequestInit = { headers: { range: `bytes=${from}-${to - 1}` }, cache: "no-store" };
    const response = await fetch(url, init);
    if (!response.ok) return undefined;
    return this.#network(response, response.status === 206 ? from : 0, range, true);
  }

  #network(response: Response, from: number, range: ByteRange, strict: boolean): BodyPart {
    const { url, manifest } = this.#listed;
    const adopt = (offset: number, bytes: Uint8Array) =>
      this.#leaders.adopt({ manifest, url, offset, bytes });
    const mayEnd = () => {
      const leader = this.#leaders.get(manifest);
      return leader !== undefined && leader !== this.#refusedBy;
    };
    this.#fromOrigin = networkPart({ listed: this.#listed, response, from, range, strict, adopt, mayEnd });
    return this.#fromOrigin;
  }

  /** What the network fails to bring, some peer may: once there is an engine, which may be about to start. */
  async #fromNextLeader(range: ByteRange): Promise<RemoteAnswer | undefined> {
    await within(NEXT_LEADER_MS, this.#leaderComes());
    return this.#fromLeader(range);
  }

  /** Settles when there is a leader that did not refuse. */
  async #leaderComes(): Promise<undefined> {
    for (;;) {
      const leader = this.#leaders.get(this.#listed.manifest);
      if (leader && leader !== this.#refusedBy) return;
      await this.#leaders.came;
    }
  }
}
