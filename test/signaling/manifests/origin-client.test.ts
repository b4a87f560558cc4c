import assert from "node:assert/strict";
import { test } from "node:test";
import { AllowedOrigins } from "#signaling/manifests/allowed-origins.ts";
import { MANIFEST_DEFAULTS } from "#signaling/manifests/manifest-options.ts";
import { OriginClient } from "#signaling/manifests/origin-client.ts";
import { serve, until } from "./manifest-stage.ts";

function clientOf(origin: string): OriginClient {
  const options = { ...MANIFEST_DEFAULTS, manifestAllowPrivate: true };
  const resolve = () => assert.fail("An address is not looked up.");
  return new OriginClient({ options, origins: new AllowedOrigins([origin]), resolve });
}

test("of what says that it is too large not a byte is taken", async (t) => {
  const origin = await serve(t, (_request, response) => response.end("12345"));
  const client = clientOf(origin);
  t.after(() => client.close());
  const url = new URL(`${origin}/a`);
  const taken: string[] = [];
  const receive = () => (chunk: Uint8Array) => void taken.push(Buffer.from(chunk).toString());
  const refused = await client.get({ url, maxBytes: 4, receive });
  assert.equal(refused.type === "failed" && refused.code, "resource-too-large");
  assert.deepEqual([taken, client.bytes], [[], 0]);
  assert.equal((await client.get({ url, maxBytes: 5, receive })).type, "complete");
  assert.deepEqual([taken.join(""), client.bytes, client.fetches], ["12345", 5, 2]);
});

test("closing ends what is under way", async (t) => {
  let asked = 0;
  const origin = await serve(t, () => {
    asked += 1;
  });
  const client = clientOf(origin);
  const answer = client.get({ url: new URL(`${origin}/a`), maxBytes: 1, receive: () => () => {} });
  await until(() => asked === 1);
  client.close();
  assert.equal((await answer).type, "failed");
});

test("an answer that has not changed is one only to who knew it", async (t) => {
  const origin = await serve(t, (request, response) => {
    response.writeHead(request.headers["if-modified-since"] ? 304 : 200).end();
  });
  const client = clientOf(origin);
  t.after(() => client.close());
  const request = { url: new URL(`${origin}/a`), maxBytes: 1, receive: () => () => {} };
  const validators = { etag: undefined, lastModified: "Thu, 01 Jan 2026 00:00:00 GMT" };
  assert.equal((await client.get({ ...request, validators })).type, "unchanged");
  assert.equal((await client.get(request)).type, "complete");
});
