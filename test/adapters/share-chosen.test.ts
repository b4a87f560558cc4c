import { describe, it } from "node:test";
import { BrowserShareSource } from "#sdk/adapters/share/browser-source.ts";
import { chosenFiles } from "#sdk/adapters/share/chosen-files.ts";
import type { ShareSource } from "#sdk/client/share/ports.ts";
import type { Shareable } from "#sdk/integrations/share/api.ts";
import { CROSSING, equal, failure, type Given, streamOf } from "../contract/share-bytes.ts";
import { describeShareSource } from "../contract/share-source.ts";

const chosen = (files: readonly Given[]) =>
  files.map(({ path, bytes }) => ({ path, file: new File([bytes], path) }));

describeShareSource("BrowserShareSource without a worker", {
  open: async (files) => ({ source: new BrowserShareSource(chosen(files)) satisfies ShareSource }),
  describe,
  it,
});

/** A file that the system refuses to read. */
class RefusedFile extends File {
  readonly #name: string;

  constructor(sizeBytes: number, name: string) {
    super([new Uint8Array(sizeBytes)], "refused.bin");
    this.#name = name;
  }

  override slice(): Blob {
    const blob = new Blob([]);
    blob.arrayBuffer = () => Promise.reject(new DOMException("It was refused.", this.#name));
    return blob;
  }
}

describe("a file that cannot be read", () => {
  for (const [name, code] of [
    ["NotReadableError", "file-changed"],
    ["NotFoundError", "file-changed"],
    ["AbortError", "file-changed"],
    ["SecurityError", "file-unreadable"],
  ] as const) {
    it(`is ${code} when the browser says ${name}`, async () => {
      const source = new BrowserShareSource([{ path: "a/b.bin", file: new RefusedFile(10, name) }]);
      const stream = streamOf([{ path: "a/b.bin", bytes: new Uint8Array(10) }], 4);
      const { message } = await failure(code, source.read(stream, 1));
      equal(message.includes('"a/b.bin"'), true);
    });
  }

  it("is file-changed when it is longer or shorter than was announced", async () => {
    const source = new BrowserShareSource(chosen(CROSSING));
    for (const change of [-1, 1]) {
      const announced = CROSSING.map(({ path, bytes: { byteLength } }) => ({
        path,
        bytes: new Uint8Array(path === "film.mp4" ? byteLength + change : byteLength),
      }));
      const { message } = await failure("file-changed", source.read(streamOf(announced, 1000), 5));
      equal(message.includes('"film.mp4"'), true);
    }
  });
});

describe("chosenFiles", () => {
  const paths = async (...things: Shareable[]) =>
    (await chosenFiles(things)).map(({ path }) => path).join("|");
  const file = (name: string) => new File(["x"], name);
  const at = (path: string) => ({ path, file: file("x") });

  it("takes files by their names, in any script", async () => {
    equal(await paths(file("a.txt"), file("写真.jpg"), file("e\u0301.txt")), "a.txt|写真.jpg|e\u0301.txt");
  });

  it("keeps the folders of a path that was given, and leaves out what means nothing", async () => {
    equal(await paths(at("trip/day 1/a.jpg"), at("/trip//./b.jpg")), "trip/day 1/a.jpg|trip/b.jpg");
  });

  it("keeps the folders of files that came from a folder's input", async () => {
    const inFolder = file("a.jpg");
    Object.defineProperty(inFolder, "webkitRelativePath", { value: "trip/a.jpg" });
    equal(await paths(inFolder), "trip/a.jpg");
  });

  it("numbers equal paths before the extension", async () => {
    equal(
      await paths(file("a.tar.gz"), file("a.tar.gz"), file("a.tar.gz"), file(".env"), file(".env")),
      "a.tar.gz|a.tar (2).gz|a.tar (3).gz|.env|.env (2)",
    );
  });

  it("numbers a file that has the name of a folder, and a folder that has that of a file", async () => {
    equal(await paths(at("a/b"), at("a")), "a/b|a (2)");
    equal(await paths(at("a"), at("a/b"), at("a/c")), "a|a (2)/b|a (2)/c");
  });

  it("refuses a path that leads upward, or nowhere", async () => {
    for (const path of ["../a", "a/../../b", "", "/", "."])
      await failure("bad-option", chosenFiles([at(path)]));
  });
});
