import type { ContentId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { TrackerState } from "../io.ts";

interface Announcement {
  /** When to announce (again), and when it was last announced. */
  dueAt: number;
  doneAt: number;
  /** When the tracker was asked and has not answered yet. */
  askedAt: number | undefined;
}

/** A tracker may not keep us from announcing for longer, nor make us announce more often. */
const SHORTEST_INTERVAL_MS = 5 * second;

/** An announce that was refused, or lost, is made again. */
const UNANSWERED_MS = 60 * second;

/** When to announce each content, and whether an answer that may bring peers is still to come. */
export class Announcer {
  readonly #graceMs: number;
  readonly #announcements = new Map<ContentId, Announcement>();
  #state: TrackerState["state"] = "down";
  #graceUntil = 0;

  constructor(options: { readonly graceMs: number }) {
    this.#graceMs = options.graceMs;
  }

  tracker(tracker: TrackerState, now: number): void {
    this.#state = tracker.state;
    if (tracker.state === "connecting") this.#graceUntil = now + tracker.graceMs;
    if (tracker.state === "reached") this.#graceUntil = now + this.#graceMs;
    if (tracker.state !== "up") return;
    // What was asked while the link was down is only now on its way: the link's adapter repeats every announce.
    for (const announcement of this.#announcements.values()) {
      if (announcement.askedAt !== undefined) announcement.askedAt = now;
    }
  }

  add(content: ContentId, now: number): void {
    this.#announcements.set(content, { dueAt: now, doneAt: Number.NEGATIVE_INFINITY, askedAt: undefined });
  }

  remove(content: ContentId): void {
    this.#announcements.delete(content);
  }

  /**
   * Announce at `at` what would be announced later: connections are missing, or a content became complete. Not before
   * `leastMs` after the last time.
   */
  hurry(content: ContentId, at: number, leastMs = 0): void {
    const announcement = this.#announcements.get(content);
    if (announcement) {
      announcement.dueAt = Math.min(announcement.dueAt, Math.max(at, announcement.doneAt + leastMs));
    }
  }

  /** Contents to announce now. */
  due(now: number): ContentId[] {
    const due = [...this.#announcements].filter(([, announcement]) => announcement.dueAt <= now);
    for (const [, announcement] of due) {
      announcement.dueAt = now + UNANSWERED_MS;
      announcement.askedAt = now;
      announcement.doneAt = now;
    }
    return due.map(([content]) => content);
  }

  answered(content: ContentId, intervalMs: number, now: number): void {
    const announcement = this.#announcements.get(content);
    if (!announcement) return;
    announcement.askedAt = undefined;
    announcement.dueAt = now + Math.max(SHORTEST_INTERVAL_MS, intervalMs);
  }

  /** Until when the tracker may yet bring peers for this content; in the past when nothing is expected of it. */
  hopeUntil(content: ContentId): number {
    if (this.#state === "down") return 0;
    if (this.#state !== "up") return this.#graceUntil;
    const askedAt = this.#announcements.get(content)?.askedAt;
    return askedAt === undefined ? 0 : askedAt + this.#graceMs;
  }

  get wakeAt(): number {
    let at = Number.POSITIVE_INFINITY;
    for (const announcement of this.#announcements.values()) at = Math.min(at, announcement.dueAt);
    return at;
  }
}
