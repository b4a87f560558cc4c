import { html } from "../../panel/element.ts";
import type { Shareable } from "../sharing.ts";

/** Where the browser has it: Chromium. */
interface FolderPicker {
  showDirectoryPicker?(options: {
    readonly id: string;
    readonly mode: "read" | "readwrite";
  }): Promise<FileSystemDirectoryHandle>;
}

/** Whether a folder can be written to, not just read. */
export function hasFolderPicker(): boolean {
  return "showDirectoryPicker" in globalThis;
}

/** Has the person choose a folder; undefined when they chose none. */
export async function pickFolder(mode: "read" | "readwrite"): Promise<FileSystemDirectoryHandle | undefined> {
  const picker: FolderPicker = window as FolderPicker;
  try {
    return await picker.showDirectoryPicker?.({ id: `rivulet-${mode}`, mode });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}

/** Has the person choose files; none when they chose none. */
export function pickFiles(): Promise<Shareable[]> {
  return pickWith(html("input", { type: "file", multiple: "" }));
}

/** The same for a folder with all that is in it. */
export async function pickFolderToSend(): Promise<Shareable[]> {
  if (hasFolderPicker()) {
    const folder = await pickFolder("read");
    return folder ? [folder] : [];
  }
  return pickWith(html("input", { type: "file", webkitdirectory: "" }));
}

function pickWith(input: HTMLInputElement): Promise<Shareable[]> {
  return new Promise((resolve) => {
    // It must be on the page for as long as the choice takes: some browsers forget one that is not.
    input.hidden = true;
    document.body.append(input);
    const settle = (): void => {
      input.remove();
      resolve(
        Array.from(input.files ?? [], (file) =>
          file.webkitRelativePath === "" ? file : { file, path: file.webkitRelativePath },
        ),
      );
    };
    input.addEventListener("change", settle);
    input.addEventListener("cancel", settle);
    input.click();
  });
}
