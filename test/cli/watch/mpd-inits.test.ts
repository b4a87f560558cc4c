import assert from "node:assert/strict";
import { test } from "node:test";
import { readMpdInits } from "#sdk/cli/watch/mpd-inits.ts";

function inits(attributes: string): (name: string) => boolean {
  const isInit = readMpdInits(
    `<?xml version="1.0"?>\n<MPD type="dynamic"><SegmentTemplate ${attributes}/></MPD>`,
  );
  return isInit ?? assert.fail("it is an MPD");
}

test("a template names the initialization segment of each representation, whatever its folder", () => {
  const isInit = inits('initialization="video/init-$RepresentationID$.m4s" media="chunk-$Number%05d$.m4s"');
  assert.ok(isInit("init-0.m4s"));
  assert.ok(isInit("init-1080p.m4s"));
  for (const name of ["chunk-00001.m4s", "init-0.m4sx", "xinit-0.m4s", "init-0xm4s"])
    assert.ok(!isInit(name), name);
});

test("a name without a template, in quotes of either kind, is taken as it is", () => {
  assert.ok(inits("initialization='a (1).mp4?token=x'")("a%20(1).mp4"));
  assert.ok(inits('x="y"><Initialization sourceURL="b.mp4"/><SegmentTemplate ')("b.mp4"));
  assert.ok(inits('initialization="a$$b.mp4"')("a$b.mp4"));
  assert.ok(!inits('initialization="a$$b.mp4"')("axb.mp4"));
});

test("a manifest without initialization segments names none, a text that is no manifest says nothing", () => {
  assert.ok(!inits('initialization="folder/"')(""));
  assert.ok(!inits('media="a.m4s"')("a.m4s"));
  for (const text of ["", "<?xml", "#EXTM3U", "<MPDX>"]) assert.equal(readMpdInits(text), undefined);
});
