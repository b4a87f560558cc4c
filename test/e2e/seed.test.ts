import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { plant, startCli } from "../cli/run-cli.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { assertRight, fetchAll, stats, until } from "./support/visit.ts";

const SIZES = { "film.bin": 6_000_000, "photo.bin": 300_000, "page.bin": 700 };
const NAMES = Object.keys(SIZES);
const TOTAL_BYTES = 6_300_700;

describe("a super peer on Node", { timeout: 180_000 }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ sizes: SIZES });
  });
  after(() => stage?.close());

  /** The site's files and its manifest on a disk, as on the one that publishes them. */
  function site(context: TestContext): { readonly folder: string; readonly manifest: string } {
    const root = plant(context);
    const folder = join(root, "assets");
    mkdirSync(folder);
    for (const name of NAMES)
      writeFileSync(join(folder, name), stage.origin.files.get(`/assets/${name}`) as Uint8Array);
    const manifest = join(root, "rivulet.json");
    writeFileSync(manifest, stage.origin.files.get("/rivulet.json") as Uint8Array);
    return { folder, manifest };
  }

  function seed(context: TestContext, folder: string, manifest: string) {
    return startCli(context, ["seed", folder, "--manifest", manifest, "--signal", stage.signalUrl]);
  }

  async function withoutOrigin(run: () => Promise<void>): Promise<void> {
    for (const name of NAMES) stage.origin.faults.set(`/assets/${name}`, { down: true });
    try {
      await run();
    } finally {
      for (const name of NAMES) stage.origin.faults.delete(`/assets/${name}`);
    }
  }

  it("gives a page everything when the site's files cannot be reached, and ends when it is told", async (context) => {
    const { folder, manifest } = site(context);
    const seeder = seed(context, folder, manifest);
    await seeder.said(/Seeding 6\.0 MiB of 6\.0 MiB/);
    await seeder.said(/knows this peer/);
    await withoutOrigin(async () => {
      const viewer = await stage.open();
      await until(viewer, ({ tracker }) => tracker === "up");
      assertRight(stage, await fetchAll(viewer, NAMES));
      const { peerBytes, originBytes } = await stats(viewer);
      assert.deepEqual([peerBytes, originBytes], [TOTAL_BYTES, 0]);
      await viewer.close();
    });
    const { status, stderr } = await seeder.stop("SIGTERM");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Connected: 1 viewer/);
    assert.match(stderr, /Ended: 6\.0 MiB sent\./);
  });

  it("takes the manifest from where the site serves it", async (context) => {
    const seeder = seed(context, site(context).folder, `${stage.origin.url}/rivulet.json`);
    await seeder.said(/Seeding 6\.0 MiB of 6\.0 MiB/);
    assert.equal((await seeder.stop("SIGINT")).status, 0);
  });

  it("names the files that are not what the manifest says, and offers the others", async (context) => {
    const { folder, manifest } = site(context);
    rmSync(join(folder, "page.bin"));
    writeFileSync(join(folder, "photo.bin"), new Uint8Array(SIZES["photo.bin"]));
    const seeder = seed(context, folder, manifest);
    await seeder.said(
      /2 file\(s\) differ from the manifest, or are missing: page\.bin, photo\.bin\.|photo\.bin, page\.bin\./,
    );
    await seeder.said(/Seeding 5\.7 MiB of 6\.0 MiB/);
    const viewer = await stage.open();
    await until(viewer, ({ tracker }) => tracker === "up");
    assertRight(stage, await fetchAll(viewer, NAMES));
    await viewer.close();
    assert.equal((await seeder.stop("SIGINT")).status, 0);
  });

  it("sends nothing of a file that is changed while it runs", async (context) => {
    const { folder, manifest } = site(context);
    const seeder = seed(context, folder, manifest);
    await seeder.said(/Seeding 6\.0 MiB/);
    writeFileSync(join(folder, "film.bin"), new Uint8Array(SIZES["film.bin"]));
    appendFileSync(join(folder, "film.bin"), "more");
    const viewer = await stage.open();
    await until(viewer, ({ tracker }) => tracker === "up");
    assertRight(stage, await fetchAll(viewer, NAMES));
    const { originBytes } = await stats(viewer);
    assert.ok(originBytes >= SIZES["film.bin"]);
    await viewer.close();
    assert.equal((await seeder.stop("SIGINT")).status, 0);
  });
});
