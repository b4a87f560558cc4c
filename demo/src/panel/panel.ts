import { Actions } from "./actions.ts";
import { html, setText } from "./element.ts";
import { Files } from "./files.ts";
import { formatPercent, shortPeer } from "./format.ts";
import { Graph } from "./graph.ts";
import type { LiveRivulet, LiveStats, TrackerState } from "./live.ts";
import { Log } from "./log.ts";
import { chooseNotice, NoticeBox } from "./notice.ts";
import { Palette } from "./palette.ts";
import { Summary } from "./summary.ts";

const TRACKER_WORDS: Record<TrackerState, string> = {
  off: "No tracker",
  connecting: "Tracker: connecting",
  up: "Tracker: up",
  down: "Tracker: down",
};

/** The live side panel: shows one Rivulet's deliveries. On a narrow screen it is a sheet that slides up. */
export class Panel {
  readonly palette = new Palette();
  readonly #root: HTMLElement;
  readonly #handle = html("button", { type: "button", class: "handle", "aria-expanded": "false" });
  readonly #handleText = html("span", {}, "Live delivery");
  readonly #tracker = html(
    "span",
    { class: "tracker", "data-state": "connecting" },
    TRACKER_WORDS.connecting,
  );
  readonly #me = html("span", { class: "me-id" });
  readonly #notice = new NoticeBox();
  readonly #summary = new Summary(this.palette);
  readonly #graph = new Graph(this.palette);
  readonly #files = new Files(this.palette);
  readonly #log = new Log();
  #rivulet: LiveRivulet | undefined;
  #problem: string | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    const actions = new Actions(() => this.#rivulet);
    const body = html(
      "div",
      { class: "panel-body", id: "panel-body" },
      html(
        "header",
        { class: "panel-head" },
        html("div", {}, html("h2", {}, "Live delivery"), this.#me),
        this.#tracker,
      ),
      this.#summary.element,
      this.#notice.element,
      this.#graph.element,
      this.#files.element,
      this.#log.element,
      actions.other,
      actions.main,
    );
    this.#handle.setAttribute("aria-controls", body.id);
    this.#handle.append(this.#handleText);
    this.#handle.addEventListener("click", () => this.#toggle());
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && root.classList.contains("open")) {
        this.#toggle();
        this.#handle.focus();
      }
    });
    root.append(this.#handle, body);
    this.#refresh();
  }

  /** Shows this Rivulet from now on. */
  attach(rivulet: LiveRivulet): void {
    this.#rivulet = rivulet;
    // The state first, then the event: "Started" is told by the former.
    const tell = (text: string): void => {
      this.#refresh();
      this.#log.add(text);
    };
    rivulet.on("stats", () => this.#refresh());
    rivulet.on("peer-connected", ({ peer }) => tell(`Connected to peer ${shortPeer(peer)}`));
    rivulet.on("peer-disconnected", ({ peer, reason }) => tell(`Peer ${shortPeer(peer)} left (${reason})`));
    rivulet.on("peer-banned", ({ peer, reason }) => tell(`Cut off peer ${shortPeer(peer)}: ${reason}`));
    rivulet.on("tracker", ({ state }) => tell(TRACKER_WORDS[state]));
    rivulet.on("problem", ({ message }) => tell(message));
    this.#refresh();
  }

  /** Says that the page cannot work as it should. */
  fail(message: string): void {
    this.#problem = message;
    this.#log.add(message);
    this.#refresh();
  }

  log(message: string): void {
    this.#log.add(message);
  }

  #refresh(): void {
    const stats = this.#rivulet?.stats;
    const situation = {
      stats,
      webRtc: "RTCPeerConnection" in globalThis,
      problem: this.#problem,
      originOnly: this.#rivulet?.error?.message,
    };
    this.#notice.show(chooseNotice(situation));
    if (stats) this.#show(stats);
  }

  #show(stats: LiveStats): void {
    if (stats.peer !== "" && this.#me.textContent === "") {
      setText(this.#me, `You are ${shortPeer(stats.peer)}`);
      this.#log.add(`Started as ${shortPeer(stats.peer)}`);
    }
    setText(this.#tracker, TRACKER_WORDS[stats.tracker]);
    this.#tracker.dataset.state = stats.tracker;
    this.#summary.update(stats);
    this.#graph.update(stats.peers);
    this.#files.update(stats.resources);
    const count = stats.peers.length === 1 ? "1 peer" : `${stats.peers.length} peers`;
    setText(this.#handleText, `${formatPercent(stats.offloadRatio)}% from peers · ${count}`);
  }

  #toggle(): void {
    const open = this.#root.classList.toggle("open");
    this.#handle.setAttribute("aria-expanded", String(open));
  }
}
