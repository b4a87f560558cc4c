import { html } from "../../panel/element.ts";
import { ratioOf } from "../figures.ts";
import { FilesView } from "../files/files-view.ts";
import type { Announcer } from "../parts/announcer.ts";
import { button } from "../parts/button.ts";
import { PeopleView } from "../parts/people-view.ts";
import { StateView } from "../parts/state-view.ts";
import { failedWords } from "../parts/state-words.ts";
import type { TroubleList } from "../parts/trouble-list.ts";
import { shareTitle } from "../share-title.ts";
import type { SentShare, ShareProgress } from "../sharing.ts";
import { LinkView } from "./link-view.ts";
import { senderWords } from "./sender-words.ts";

export interface SendingViewOptions {
  readonly share: SentShare;
  readonly hasPassword: boolean;
  readonly announcer: Announcer;
  readonly troubles: TroubleList;
  readonly stop: () => void;
  /** Back to the same files, to make a new link for them. */
  readonly sendAgain: () => void;
  readonly sendOther: () => void;
}

/** A share that is open at its sender: the link, who gets it, and what it is. */
export class SendingView {
  readonly element: HTMLElement;
  readonly #open: HTMLElement;
  readonly #side: HTMLElement;
  readonly #state: StateView;
  readonly #link: LinkView;
  readonly #people = new PeopleView({
    title: "Receivers",
    called: "Receiver",
    nobody: "Nobody has opened the link yet, or is here now.",
  });
  readonly #files: FilesView;
  readonly #keepOpen = html("p", { class: "keep-open" }, "Keep this page open while others receive.");
  readonly #stop: HTMLButtonElement;
  readonly #again: HTMLButtonElement;

  constructor(options: SendingViewOptions) {
    const { share, hasPassword, announcer, troubles } = options;
    this.#state = new StateView(announcer, "Reading the files");
    this.#link = new LinkView({ link: share.link, hasPassword, title: shareTitle(share.files), announcer });
    this.#files = new FilesView(share.files, { doing: "Read of", marksWhole: false });
    this.#stop = button("Stop", { icon: "cross" }, options.stop);
    this.#again = button("Send again", { kind: "primary" }, options.sendAgain);
    const buttons = html(
      "div",
      { class: "buttons" },
      this.#stop,
      this.#again,
      button("Send something else", {}, options.sendOther),
    );
    this.#state.element.append(this.#keepOpen, buttons);
    this.#side = html("div", { class: "side" }, this.#link.element);
    this.#open = html(
      "div",
      { class: "share-open" },
      this.#state.element,
      this.#side,
      html("div", { class: "main-column" }, this.#people.element, this.#files.element),
    );
    this.element = html("div", {}, troubles.element, this.#open);
  }

  focus(): void {
    this.#link.focus();
  }

  /** For who has stopped it: the button that was pressed is gone. */
  focusAgain(): void {
    this.#again.focus();
  }

  show(progress: ShareProgress): void {
    const isHashing = progress.state === "hashing";
    const isOver = progress.state === "stopped" || progress.state === "failed";
    const words = progress.error && isOver ? failedWords(progress.error) : senderWords(progress);
    this.#state.show(words, isHashing ? ratioOf(progress.doneBytes, progress.totalBytes) : undefined);
    this.#people.show(progress.peers);
    this.#files.show(progress.fileDoneBytes);
    this.#open.classList.toggle("over", isOver);
    this.#stop.hidden = isOver;
    this.#again.hidden = !isOver;
    this.#keepOpen.hidden = isOver;
    // A link that leads nowhere should not be handed on.
    this.#side.hidden = isOver;
    this.#people.element.hidden = isOver;
  }
}
