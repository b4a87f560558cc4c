import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoPage } from "./demo-stage.ts";

/** Files of a test on disk: what is sent, and where downloads go. */
export class TestFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), "rivulet-share-page-")));
  }

  /** Writes a file; resolves with where it is. */
  async write(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, bytes);
    return path;
  }

  /** A file's bytes; undefined while it is not there, or not as long as it will be. */
  async read(name: string, sizeBytes?: number): Promise<Buffer | undefined> {
    const bytes = await readFile(join(this.path, name)).catch(() => undefined);
    return sizeBytes === undefined || bytes?.length === sizeBytes ? bytes : undefined;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Has everything that this visitor downloads land in a folder. */
export async function keepDownloads({ page, context }: DemoPage, folder: TestFolder): Promise<void> {
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allow",
    downloadPath: folder.path,
    ...(context.id === undefined ? {} : { browserContextId: context.id }),
  });
}

/** Presses the button of that name, as a pointer does. */
export async function press({ page }: DemoPage, name: string, role = "button"): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
}

/** Chooses files in the dialog that an act opens. */
export async function chooseBy(
  { page }: DemoPage,
  paths: readonly string[],
  open: () => Promise<void>,
): Promise<void> {
  const chooser = page.waitForFileChooser();
  // Only once the browser hands dialogs over may one open: the answer to what was asked later comes after that.
  await page.evaluate(() => undefined);
  await open();
  await (await chooser).accept([...paths]);
  await page.waitForSelector(".full");
}

/** Chooses files with "Choose files". */
export function choose(visitor: DemoPage, paths: readonly string[]): Promise<void> {
  return chooseBy(visitor, paths, () => press(visitor, "Choose files"));
}

/** Waits until the page asks for the password again: by itself or, where nobody says that it is wrong, when told to. */
export async function asksAgain({ page }: DemoPage): Promise<void> {
  const told = "::-p-text(That is not the password. Type it again.)";
  const button = '::-p-aria([name="Type the password again"][role="button"])';
  const found = await Promise.race(
    [told, button].map((selector) => page.waitForSelector(selector, { visible: true })),
  );
  if (await found?.evaluate((element) => element.matches("button"))) await found?.click();
  await page.waitForSelector("#password", { visible: true });
}

/** The link that a sender's page shows, once it does. */
export async function shownLink({ page }: DemoPage): Promise<string> {
  const field = await page.waitForSelector("#link");
  return (await field?.evaluate((element) => (element as HTMLInputElement).value)) ?? "";
}

/** What has the focus, as somebody would hear it. */
export function focused({ page }: DemoPage): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });
}

/** Drops files or folders of the disk on the page, as from a file manager. */
export async function dropFromDisk({ page }: DemoPage, files: readonly string[]): Promise<void> {
  const session = await page.createCDPSession();
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  await page.waitForSelector(".full");
}

const PIXELS_PER_SQUARE = 4;

/** The QR code on the page, as a camera would have it. */
export async function qrBitmap({
  page,
}: DemoPage): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { size, path } = await page.$eval(".qr", (code) => ({
    size: Number(code.getAttribute("viewBox")?.split(" ")[2]),
    path: code.querySelector("path")?.getAttribute("d") ?? "",
  }));
  const width = size * PIXELS_PER_SQUARE;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, left, top] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let pixel = 0; pixel < PIXELS_PER_SQUARE ** 2; pixel++) {
      const x = Number(left) * PIXELS_PER_SQUARE + (pixel % PIXELS_PER_SQUARE);
      const y = Number(top) * PIXELS_PER_SQUARE + Math.floor(pixel / PIXELS_PER_SQUARE);
      data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height: width, data };
}

/** Whenever the page asks for a folder, this visitor picks "picked"; no program can use the dialog. */
export function pickOwnFolder({ page }: DemoPage): Promise<void> {
  return page.evaluate(() => {
    Object.assign(window, {
      async showDirectoryPicker() {
        return (await navigator.storage.getDirectory()).getDirectoryHandle("picked", { create: true });
      },
    });
  });
}

/** The text of a file in the folder that was picked. */
export function readPicked({ page }: DemoPage, path: readonly string[]): Promise<string> {
  return page.evaluate(async (path) => {
    let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("picked");
    for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    const handle = await folder.getFileHandle(path.at(-1) ?? "");
    return (await handle.getFile()).text();
  }, path);
}

/** Waits until the page says so. */
export async function says(visitor: DemoPage, text: string | RegExp): Promise<void> {
  const pattern = typeof text === "string" ? { test: (all: string) => all.includes(text) } : text;
  await visitor.until(
    () => visitor.text("#share"),
    (all) => pattern.test(all),
    10,
  );
}

/** Closes the page, which had no errors. */
export async function leave(visitor: DemoPage): Promise<void> {
  assert.deepEqual(visitor.errors, []);
  await visitor.context.close();
}
