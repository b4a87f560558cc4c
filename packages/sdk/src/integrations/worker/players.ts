import { readPlayers, writePlayers } from "../../adapters/catalogue-records.ts";
import { keyOf } from "../../client/resource-key.ts";
import type { Asked } from "./asked.ts";
import type { Pages } from "./leaders.ts";

/** Players ask for a film from its first byte on before they ask for other parts of it. */
const FIRST = /^bytes=0-/;

/**
 * Which players the worker answers. Chromium's give a file up when some of its answers were made by a worker and others are
 * the network's own: what the network began it goes on with, also where the worker was ended and begins anew, and what the
 * worker began gets answers of its making.
 */
export class Players {
  readonly #pages: Pick<Pages, "matchAll">;
  /**
   * By page and URL, whether it is the worker's; by the page alone, false: what has begun there, it began unseen. On a page
   * that is not here, what nothing is said of is the worker's if it is listed.
   */
  readonly #ours = new Map<string, boolean>();
  #keep = false;
  #isSaving = false;
  #isLoaded = false;
  /** Settles when what an earlier worker knew has been read. */
  readonly loaded: Promise<void>;

  constructor(pages: Pick<Pages, "matchAll">) {
    this.#pages = pages;
    this.loaded = readPlayers()
      .then(
        (players) => {
          if (players.size > 0) this.#keep = true;
          for (const [player, isOurs] of players) if (!this.#ours.has(player)) this.#ours.set(player, isOurs);
        },
        // Where storage is forbidden, a worker that begins anew takes all that is listed for its own.
        () => undefined,
      )
      .then(() => {
        this.#isLoaded = true;
      });
  }

  /** This may be written on disk. */
  keep(): void {
    if (this.#keep) return;
    this.#keep = true;
    void this.#save();
  }

  /** A page that was loaded before there was a worker, and URLs of what its players are known to have begun. */
  late(page: string, begun: readonly string[]): void {
    this.#set(page, false);
    for (const url of begun) this.#set(nameOf(page, url), false);
  }

  /** The network's own answer has begun it, or may have. */
  networkBegan(page: string, { url, range }: Asked): void {
    if (isFirst(range)) this.#set(nameOf(page, url), false);
  }

  /**
   * True for what the worker has to answer, false for what the network has to, undefined while that cannot be told.
   * `isListed`: the worker could answer, if the player begins now.
   */
  isOurs(page: string, { url, range }: Asked, isListed: boolean): boolean | undefined {
    if (!this.#isLoaded) return undefined;
    const player = nameOf(page, url);
    const known = this.#ours.get(player);
    if (known !== undefined) return known;
    // What nothing is known of is left alone when it is not listed: an earlier worker may have left it to the network.
    const isOurs = isListed && (isFirst(range) || !this.#ours.has(page));
    this.#set(player, isOurs);
    return isOurs;
  }

  #set(player: string, isOurs: boolean): void {
    this.#ours.set(player, isOurs);
    void this.#save();
  }

  async #save(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    const pages = await this.#pages.matchAll({ type: "window", includeUncontrolled: true });
    // What changes from here on is saved the next time.
    this.#isSaving = false;
    const open = new Set(pages.map(({ id }) => id));
    for (const player of this.#ours.keys())
      if (!open.has(player.split(" ", 1)[0] ?? "")) this.#ours.delete(player);
    if (this.#keep) await writePlayers(this.#ours).catch(() => undefined);
  }
}

function isFirst(range: string | null): boolean {
  return range === null || FIRST.test(range);
}

function nameOf(page: string, url: string): string {
  return `${page} ${keyOf(url)}`;
}
