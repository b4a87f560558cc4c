import { html } from "../../panel/element.ts";
import { button } from "../parts/button.ts";
import { DrawPace } from "../parts/draw-pace.ts";
import { icon } from "../parts/icon.ts";
import { ask } from "../parts/question.ts";
import { TroubleList, troubleCard } from "../parts/trouble-list.ts";
import { NO_DISK, SERVER_DOWN, troubleHere, troubleOf } from "../parts/trouble-words.ts";
import { UnloadWarning } from "../parts/unload-warning.ts";
import type { PageParts } from "../sender/sender.ts";
import { loadSettings } from "../settings.ts";
import { shareTitle } from "../share-title.ts";
import type { ReceivedShare } from "../sharing.ts";
import { hasDisk } from "./has-disk.ts";
import { passwordCard } from "./password-card.ts";
import { LOOKING_IS_LONG_MS, tabTitle } from "./receiver-words.ts";
import { ReceivingView } from "./receiving-view.ts";

const PASSWORD_CODES = ["password-needed", "password-wrong"];
const WRONG = "That is not the password. Type it again.";

/** The page of who has opened a link. */
export class Receiver {
  readonly #parts: PageParts;
  readonly #warning = new UnloadWarning();
  /** Settles when the share that another password was tried on lets go of the disk. */
  #stopped: Promise<void> = Promise.resolve();

  constructor(parts: PageParts) {
    this.#parts = parts;
  }

  start(link: string): void {
    document.title = "Receive files · Rivulet";
    const trouble = troubleHere();
    if (trouble) return this.#end(troubleCard(trouble, {}));
    try {
      const { needsPassword } = this.#parts.sharing.readShareLink(link);
      if (needsPassword) this.#askPassword(link, "");
      else void this.#open(link, undefined);
    } catch (error) {
      this.#fail(error);
    }
  }

  #askPassword(link: string, complaint: string): void {
    this.#end(passwordCard(complaint, (password) => void this.#open(link, password)));
    if (complaint !== "") this.#parts.announcer.answer(complaint);
  }

  async #open(link: string, password: string | undefined): Promise<void> {
    const opening = html("p", { class: "opening" }, "Opening the link…");
    this.#parts.root.replaceChildren(opening);
    try {
      const settings = await loadSettings();
      await this.#stopped;
      const options = { ...settings, ...(password === undefined ? {} : { password }) };
      const share = await this.#parts.sharing.receive(link, options);
      const view = this.#show(link, share, password !== undefined);
      // The field that had the focus is gone.
      if (password !== undefined) view.focus();
    } catch (error) {
      const { code } = troubleOf(error);
      if (PASSWORD_CODES.includes(code)) this.#askPassword(link, code === "password-wrong" ? WRONG : "");
      else this.#fail(error);
    }
  }

  #show(link: string, share: ReceivedShare, hasPassword: boolean): ReceivingView {
    const { root, announcer } = this.#parts;
    const troubles = new TroubleList();
    const openedAt = performance.now();
    const leave = (next: () => void): void => {
      pace.stop();
      clearTimeout(patience);
      this.#warning.set(false);
      isLeft = true;
      next();
    };
    let isLeft = false;
    const askAgain = (complaint: string): void => {
      leave(() => this.#askPassword(link, complaint));
      this.#stopped = share.stop().catch(() => undefined);
    };
    const view = new ReceivingView({
      share,
      announcer,
      troubles,
      tryAgain: () => location.reload(),
      retype: hasPassword ? () => askAgain("") : undefined,
      discard: () => void this.#discard(share, leave),
    });
    const draw = (): void => {
      if (isLeft) return;
      const { progress } = share;
      view.show(progress, performance.now() - openedAt);
      if (progress.tracker === "down") troubles.show(SERVER_DOWN);
      else troubles.hide(SERVER_DOWN);
      document.title = tabTitle(progress, shareTitle(share.files));
      this.#warning.set(progress.state === "receiving" || view.isSaving);
    };
    const pace = new DrawPace(draw);
    // Nothing may happen for as long as nobody is there, and then that is what is to be told.
    const patience = setTimeout(() => pace.now(), LOOKING_IS_LONG_MS + 1);
    share.on("files", () => pace.request());
    share.on("progress", () => pace.request());
    share.on("problem", ({ error }) => {
      const { state, peers, error: failure } = share.progress;
      // What it failed of is told in large letters.
      if (isLeft || error === failure) return;
      if (error.code !== "password-wrong") return troubles.show(troubleOf(error));
      // Whoever is connected has the same password: it is somebody else's that is wrong.
      if (peers.length > 0 || state === "seeding") return;
      askAgain(WRONG);
    });
    void hasDisk().then((has) => (has ? undefined : troubles.show(NO_DISK)));
    // Told by the state, too.
    share.done.catch(() => {});
    root.replaceChildren(view.element);
    pace.now();
    return view;
  }

  async #discard(share: ReceivedShare, leave: (next: () => void) => void): Promise<void> {
    const isSure = await ask({
      title: "Delete it from this browser?",
      text: "What has come is deleted, and receiving stops. Files that you saved elsewhere stay.",
      yes: "Delete",
      no: "Keep",
    });
    if (!isSure) return;
    await share.discard();
    leave(() =>
      this.#end(
        html(
          "section",
          { class: "card-box end" },
          html("span", { class: "badge" }, icon("check")),
          html("h1", { tabindex: "-1" }, "Deleted from this browser"),
          html("p", {}, "Nothing of it is kept here. Files that you saved elsewhere are still there."),
          html(
            "div",
            { class: "buttons" },
            button("Receive it again", { kind: "primary" }, () => location.reload()),
            sendYourself(),
          ),
        ),
      ),
    );
  }

  #fail(error: unknown): void {
    this.#end(troubleCard(troubleOf(error), { reload: () => location.reload() }, sendYourself()));
  }

  /** Shows a card in the place of all else. */
  #end(card: HTMLElement): void {
    this.#parts.root.replaceChildren(card);
    card.querySelector<HTMLElement>("h1[tabindex]")?.focus();
  }
}

function sendYourself(): HTMLElement {
  return html("a", { class: "button plain", href: location.pathname }, "Send files yourself");
}
