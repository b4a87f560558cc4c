import { html, setText } from "../../panel/element.ts";
import { shownName } from "../files/file-name.ts";
import type { FileNode } from "../files/file-tree.ts";
import type { Announcer } from "../parts/announcer.ts";
import { button } from "../parts/button.ts";
import type { TroubleList } from "../parts/trouble-list.ts";
import { troubleOf } from "../parts/trouble-words.ts";
import { hasFolderPicker, pickFolder } from "../sender/picked-files.ts";
import type { ReceivedShare } from "../sharing.ts";
import { download } from "./save-files.ts";

export interface SaveViewOptions {
  readonly share: ReceivedShare;
  readonly announcer: Announcer;
  readonly troubles: TroubleList;
}

type FolderState = "none" | "saving" | "saved";

/** Takes what has come out of the browser's own store, to where the person wants it. */
export class SaveView {
  readonly element = html("div", { class: "save" });
  readonly #share: ReceivedShare;
  readonly #announcer: Announcer;
  readonly #troubles: TroubleList;
  readonly #note = html("p", { class: "hint" });
  /** What can be pressed only when all is here. */
  readonly #whenWhole: HTMLButtonElement;
  readonly #toFolder: HTMLButtonElement | undefined;
  #folder: FolderState = "none";
  #isZipping = false;

  constructor({ share, announcer, troubles }: SaveViewOptions) {
    this.#share = share;
    this.#announcer = announcer;
    this.#troubles = troubles;
    const buttons = html("div", { class: "buttons" });
    if (share.files.length === 1) {
      this.#whenWhole = button("Download", { icon: "down", kind: "primary" }, () => this.downloadFile(0));
    } else {
      if (hasFolderPicker()) {
        this.#toFolder = button("Save to a folder…", { icon: "folder", kind: "primary" }, () =>
          this.#saveToFolder(),
        );
        buttons.append(this.#toFolder);
      }
      const kind = this.#toFolder ? "plain" : "primary";
      this.#whenWhole = button("Download all as .zip", { icon: "down", kind }, () => this.#zip());
    }
    buttons.append(this.#whenWhole);
    this.element.append(buttons, this.#note);
  }

  /** Whether something is being written that would be cut off. */
  get isSaving(): boolean {
    return this.#folder === "saving" || this.#isZipping;
  }

  /** `isOver`: no more comes. */
  show(isWhole: boolean, isOver: boolean): void {
    this.element.hidden = isOver && !isWhole;
    this.#whenWhole.disabled = !isWhole || this.#isZipping;
    if (this.#folder !== "none") return;
    const early = this.#toFolder
      ? "Choose a folder now, and each file is saved there as soon as it is whole."
      : "It can be saved when all of it is here.";
    setText(this.#note, isWhole ? "All of it is in this browser. Save it where you want to have it." : early);
  }

  downloadNode({ index }: FileNode): void {
    this.downloadFile(index);
  }

  async downloadFile(index: number): Promise<void> {
    await this.#try(async () => {
      const file = await this.#share.file(index);
      const name = this.#share.files[index]?.path.split("/").at(-1) ?? "file";
      if (!file) return this.#announcer.answer(`${shownName(name)} is not whole yet.`);
      download(file, name);
      this.#announcer.answer(`${shownName(name)} is downloaded.`);
    });
  }

  async #saveToFolder(): Promise<void> {
    await this.#try(async () => {
      const folder = await pickFolder("readwrite");
      if (!folder) return;
      const name = shownName(folder.name);
      this.#setFolder("saving", `Saving to “${name}”, each file as soon as it is whole.`);
      try {
        await this.#share.saveTo(folder);
        this.#setFolder("saved", `All files are in “${name}”.`);
      } catch (error) {
        this.#setFolder("none", "");
        throw error;
      }
    });
  }

  #setFolder(state: FolderState, text: string): void {
    this.#folder = state;
    if (this.#toFolder) this.#toFolder.disabled = state === "saving";
    setText(this.#note, text);
    this.#note.classList.toggle("done", state === "saved");
    this.#announcer.answer(text);
  }

  async #zip(): Promise<void> {
    const label = this.#whenWhole.lastElementChild as Element;
    this.#isZipping = true;
    this.#whenWhole.disabled = true;
    setText(label, "Making the archive…");
    await this.#try(async () => {
      const file = await this.#share.zip();
      download(file, file.name);
      this.#announcer.answer("The archive is downloaded.");
    });
    this.#isZipping = false;
    this.#whenWhole.disabled = false;
    setText(label, "Download all as .zip");
  }

  async #try(save: () => Promise<void>): Promise<void> {
    try {
      await save();
    } catch (error) {
      const trouble = troubleOf(error);
      // Stopped by the person, who knows.
      if (trouble.code !== "aborted") this.#troubles.show(trouble);
    }
  }
}
