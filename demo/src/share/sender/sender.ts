import { html } from "../../panel/element.ts";
import { count } from "../figures.ts";
import type { Announcer } from "../parts/announcer.ts";
import { DrawPace } from "../parts/draw-pace.ts";
import { ask } from "../parts/question.ts";
import { TroubleList, troubleCard } from "../parts/trouble-list.ts";
import { SERVER_DOWN, troubleHere, troubleOf } from "../parts/trouble-words.ts";
import { UnloadWarning } from "../parts/unload-warning.ts";
import { loadSettings } from "../settings.ts";
import { shareTitle } from "../share-title.ts";
import type { SentShare, Shareable, Sharing } from "../sharing.ts";
import { DropTarget } from "./drop-target.ts";
import { intro } from "./intro.ts";
import { pickFiles, pickFolderToSend } from "./picked-files.ts";
import { SendingView } from "./sending-view.ts";
import { addItems, type StagedItem, stage } from "./staged-items.ts";
import { StagingView } from "./staging-view.ts";

const TITLE = "Send files · Rivulet";
const EMPTY_FOLDER = {
  code: "empty-folder",
  title: "There is nothing in that folder",
  text: "Choose one with files in it.",
};

export interface PageParts {
  readonly root: HTMLElement;
  readonly sharing: Sharing;
  readonly announcer: Announcer;
}

/** The page of who sends: first files are chosen, then they are shared until that is stopped. */
export class Sender {
  readonly #parts: PageParts;
  readonly #warning = new UnloadWarning();
  readonly #troubles = new TroubleList();
  readonly #staging: StagingView;
  #items: readonly StagedItem[] = [];
  /** From the press on "Create the link" on, until the files are chosen anew. */
  #isSharing = false;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.#staging = new StagingView({
      addFiles: () => this.#add(pickFiles()),
      addFolder: () => this.#add(pickFolderToSend()),
      remove: (item) => this.#remove(item),
      send: (password) => void this.#send(password),
    });
  }

  start(): void {
    const trouble = troubleHere();
    if (trouble) return this.#parts.root.replaceChildren(troubleCard(trouble, {}));
    new DropTarget(
      (data) => {
        const dropped = this.#parts.sharing.droppedFiles(data);
        this.#staging.setReading(true);
        void this.#add(dropped);
      },
      () => !this.#isSharing,
    );
    this.#choose([]);
  }

  /** Shows the place where files are chosen, with these in it. */
  #choose(items: readonly StagedItem[]): void {
    this.#isSharing = false;
    this.#items = items;
    document.title = TITLE;
    this.#staging.setBusy(false);
    this.#staging.show(items);
    const card = html("div", { class: "staging-column" }, this.#troubles.element, this.#staging.element);
    this.#parts.root.replaceChildren(html("div", { class: "share-start" }, intro(), card));
  }

  async #add(chosen: Promise<readonly Shareable[]>): Promise<void> {
    try {
      const found = await chosen;
      if (found.length === 0) return;
      this.#staging.setReading(true);
      const added = await stage(found);
      if (this.#isSharing) return;
      if (added.length === 0) this.#troubles.show(EMPTY_FOLDER);
      this.#items = addItems(this.#items, added);
      this.#staging.show(this.#items);
      this.#parts.announcer.answer(`${count(this.#items.length, "item")} to send.`);
    } catch (error) {
      this.#troubles.show(troubleOf(error));
    } finally {
      this.#staging.setReading(false);
    }
  }

  #remove(item: StagedItem): void {
    this.#items = this.#items.filter((other) => other !== item);
    this.#staging.show(this.#items);
    this.#staging.focusFirst();
  }

  async #send(password: string | undefined): Promise<void> {
    this.#isSharing = true;
    this.#staging.setBusy(true);
    try {
      const settings = await loadSettings();
      const files = this.#items.flatMap((item) => item.files);
      const options = { ...settings, ...(password === undefined ? {} : { password }) };
      this.#show(await this.#parts.sharing.share(files, options), password !== undefined);
    } catch (error) {
      this.#isSharing = false;
      this.#staging.setBusy(false);
      this.#troubles.show(troubleOf(error));
    }
  }

  #show(share: SentShare, hasPassword: boolean): void {
    const { root, announcer } = this.#parts;
    const troubles = new TroubleList();
    const items = this.#items;
    const leaveTo = (next: readonly StagedItem[]) => async (): Promise<void> => {
      if (!(await this.#mayStop(share))) return;
      pace.stop();
      await this.#stop(share);
      this.#choose(next);
      this.#staging.focusFirst();
    };
    const view = new SendingView({
      share,
      hasPassword,
      announcer,
      troubles,
      stop: async () => {
        if (!(await this.#mayStop(share))) return;
        await this.#stop(share);
        pace.now();
        view.focusAgain();
      },
      sendAgain: leaveTo(items),
      sendOther: leaveTo([]),
    });
    const draw = (): void => {
      const { progress } = share;
      view.show(progress);
      if (progress.tracker === "down") troubles.show(SERVER_DOWN);
      else troubles.hide(SERVER_DOWN);
      this.#warning.set(isCuttingOff(share));
    };
    const pace = new DrawPace(draw);
    share.on("progress", () => pace.request());
    share.on("problem", ({ error }) => {
      // What it failed of is told in large letters.
      if (error !== share.progress.error) troubles.show(troubleOf(error));
    });
    pace.now();
    document.title = `Sending ${shareTitle(share.files)} · Rivulet`;
    root.replaceChildren(view.element);
    scrollTo({ top: 0 });
    view.focus();
  }

  async #stop(share: SentShare): Promise<void> {
    this.#warning.set(false);
    await share.stop();
  }

  /** Asks first when somebody has not got everything. */
  async #mayStop(share: SentShare): Promise<boolean> {
    const getting = share.progress.peers.filter(({ complete }) => complete < 1).length;
    if (getting === 0 || !isCuttingOff(share)) return true;
    const text = `${count(getting, "person is", "people are")} still receiving, and will not get the rest from you.`;
    return ask({ title: "Stop sending?", text, yes: "Stop sending", no: "Go on" });
  }
}

/** Whether somebody is connected who could no longer get anything if this page closed. */
function isCuttingOff({ progress: { state, peers } }: SentShare): boolean {
  return state !== "stopped" && state !== "failed" && peers.length > 0;
}
