import { html, setText } from "../../panel/element.ts";
import { formatBytes } from "../../panel/format.ts";
import { ratioOf } from "../figures.ts";
import { FilesView } from "../files/files-view.ts";
import type { Announcer } from "../parts/announcer.ts";
import { button } from "../parts/button.ts";
import { PeopleView } from "../parts/people-view.ts";
import { StateView } from "../parts/state-view.ts";
import { failedWords } from "../parts/state-words.ts";
import { streamsPicture } from "../parts/streams-picture.ts";
import type { TroubleList } from "../parts/trouble-list.ts";
import { shareTitle } from "../share-title.ts";
import type { ReceivedShare, ShareProgress } from "../sharing.ts";
import { LOOKING_IS_LONG_MS, receiverWords } from "./receiver-words.ts";
import { SaveView } from "./save-view.ts";

export interface ReceivingViewOptions {
  readonly share: ReceivedShare;
  readonly announcer: Announcer;
  readonly troubles: TroubleList;
  readonly discard: () => void;
  readonly tryAgain: () => void;
  /** Asks for the password again; undefined for a link without one. */
  readonly retype: (() => void) | undefined;
}

/** A share that is open at a receiver: what is offered, how far it got, and where to put it. */
export class ReceivingView {
  readonly element: HTMLElement;
  readonly #options: ReceivingViewOptions;
  readonly #open: HTMLElement;
  readonly #offer = html("p", { class: "offer" }, "Somebody sends you files");
  readonly #state: StateView;
  readonly #saving = html("div");
  readonly #again: HTMLButtonElement;
  readonly #retype: HTMLButtonElement | undefined;
  readonly #people = new PeopleView({
    title: "People",
    called: "Person",
    nobody: "Nobody is connected.",
  });
  readonly #list = html("div");
  readonly #end: HTMLElement;
  #save: SaveView | undefined;
  #files: FilesView | undefined;

  constructor(options: ReceivingViewOptions) {
    this.#options = options;
    this.#state = new StateView(options.announcer, "Received of all", this.#offer);
    this.#again = button("Try again", { kind: "primary" }, options.tryAgain);
    this.#state.element.prepend(streamsPicture(true));
    this.#retype = options.retype && button("Type the password again", {}, options.retype);
    this.#state.element.append(this.#saving, this.#again);
    if (this.#retype) this.#state.element.append(this.#retype);
    this.#end = html(
      "div",
      { class: "ends" },
      button("Delete from this browser", { kind: "quiet", icon: "cross" }, options.discard),
      html("a", { class: "button quiet", href: location.pathname }, "Send files yourself"),
    );
    this.#open = html(
      "div",
      { class: "share-open receiving" },
      this.#state.element,
      html("div", { class: "main-column" }, this.#list),
      html("div", { class: "side" }, this.#people.element, this.#end),
    );
    this.element = html("div", {}, options.troubles.element, this.#open);
  }

  focus(): void {
    this.#state.focus();
  }

  get isSaving(): boolean {
    return this.#save?.isSaving ?? false;
  }

  show(progress: ShareProgress, lookingMs: number): void {
    const { state, error, doneBytes, totalBytes, fileDoneBytes, peers } = progress;
    if (!this.#files && this.#options.share.files.length > 0) this.#showFiles();
    const isOver = state === "failed" || state === "stopped";
    const isMeasured = this.#files !== undefined && state !== "looking";
    const words =
      error && state === "failed"
        ? failedWords(error)
        : receiverWords(progress, lookingMs, this.#retype !== undefined);
    this.#state.show(words, isMeasured ? ratioOf(doneBytes, totalBytes) : undefined);
    this.#people.show(peers);
    this.#files?.show(fileDoneBytes);
    this.#save?.show(this.#files !== undefined && doneBytes >= totalBytes && state !== "checking", isOver);
    this.#again.hidden = !isOver;
    // Who does not answer may have another password, and not have said so.
    if (this.#retype) this.#retype.hidden = state !== "looking" || lookingMs < LOOKING_IS_LONG_MS;
    this.#open.classList.toggle("alone", this.#files === undefined);
  }

  #showFiles(): void {
    const { share, announcer, troubles } = this.#options;
    const save = new SaveView({ share, announcer, troubles });
    const several = share.files.length > 1;
    this.#save = save;
    this.#files = new FilesView(share.files, {
      doing: "Received of",
      marksWhole: true,
      download: several ? (file) => save.downloadNode(file) : undefined,
    });
    const size = share.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    setText(this.#offer, `${shareTitle(share.files)} · ${formatBytes(size)}`);
    this.#saving.replaceChildren(save.element);
    this.#list.replaceChildren(this.#files.element);
  }
}
