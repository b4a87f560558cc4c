import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResolvedAddress } from "#signaling/manifests/pinned-lookup.ts";
import { serve, stage } from "./manifest-stage.ts";

/*
 * Somebody outside chooses the URLs that the service fetches. Whatever they are, it must reach nothing but the origins
 * that the operator named, at addresses that are public.
 */

const ipv4 = (address: string): ResolvedAddress => ({ address, family: 4 });
const ipv6 = (address: string): ResolvedAddress => ({ address, family: 6 });

/** An inner machine that must not be asked; says whether it was. */
async function innerMachine(t: Parameters<typeof serve>[0]) {
  const asked: string[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(request.url ?? "");
    response.end("secret");
  });
  return { url, asked };
}

test("an origin that was not named is not asked: another host, port or scheme", async (t) => {
  const inner = await innerMachine(t);
  const { failure, origin } = await stage(t, { files: { "/a": "a" } });
  const { port } = new URL(origin.url);
  for (const url of [
    `${inner.url}/a`,
    `https://127.0.0.1:${port}/a`,
    `http://127.0.0.1:1${port.slice(1)}/a`,
    `http://localhost:${port}/a`,
    `http://127.0.0.1.evil.example:${port}/a`,
    "http://127.0.0.1/a",
    "http://169.254.169.254/latest/meta-data",
  ])
    assert.equal(await failure(url), "403 resource-origin-not-allowed", url);
  assert.deepEqual([inner.asked, origin.log.requests().length], [[], 0]);
});

test("what is no URL of http, and a URL with a name or a password in it, is refused", async (t) => {
  const { failure, ask, origin } = await stage(t, { files: { "/a": "a" } });
  const { host } = new URL(origin.url);
  for (const url of [
    `http://user@${host}/a`,
    `http://user:word@${host}/a`,
    `http://:word@${host}/a`,
    "a",
    "//x/a",
    "",
  ])
    assert.equal(await failure(url), "400 url-malformed", url);
  for (const url of ["file:///etc/passwd", "ftp://x/a", "data:,x", "javascript:1", "gopher://x/"])
    assert.equal(await failure(url), "403 resource-origin-not-allowed", url);
  // The host is after the @: the origin is only the name.
  assert.equal(await failure(`${origin.url}@evil.example/a`), "400 url-malformed");
  assert.equal((await ask([`${origin.url}\\@evil.example/a`])).status, 404);
});

test("a name that leads to a private address is not connected to, in whatever form it is", async (t) => {
  const inner = await innerMachine(t);
  const { port } = new URL(inner.url);
  let addresses: readonly ResolvedAddress[] = [];
  const looked: string[] = [];
  const { failure, clock } = await stage(t, {
    options: { manifestAllowPrivate: false },
    alsoAllowed: [`http://site.example:${port}`],
    resolve: async (hostname) => {
      looked.push(hostname);
      return addresses;
    },
  });
  const answers = [
    [ipv4("127.0.0.1")],
    [ipv4("10.0.0.1")],
    [ipv4("169.254.169.254")],
    [ipv6("::1")],
    [ipv6("::ffff:127.0.0.1")],
    [ipv6("64:ff9b::7f00:1")],
    // One good one beside it does not make it better.
    [ipv4("93.184.215.14"), ipv4("127.0.0.1")],
  ];
  for (addresses of answers) {
    assert.equal(await failure(`http://site.example:${port}/a`), "403 address-not-allowed");
    clock.pass(10_000);
  }
  assert.deepEqual(inner.asked, []);
  assert.deepEqual(
    looked,
    answers.map(() => "site.example"),
  );
});

test("the address that was checked is the one that is connected to: the name is looked up once", async (t) => {
  const inner = await innerMachine(t);
  const { port } = new URL(inner.url);
  const answers = [[ipv4("127.0.0.1")], [ipv4("192.0.2.1")]];
  const { manifest } = await stage(t, {
    alsoAllowed: [`http://site.example:${port}`],
    resolve: async () => answers.shift() ?? [],
  });
  assert.equal((await manifest(`http://site.example:${port}/a`)).resources.length, 1);
  assert.deepEqual([inner.asked, answers.length], [["/a"], 1]);
});

test("an address that is written as one is judged too, however it is written", async (t) => {
  const inner = await innerMachine(t);
  const { port } = new URL(inner.url);
  const hosts = ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "10.0.0.1"];
  const { failure, clock } = await stage(t, {
    options: { manifestAllowPrivate: false },
    alsoAllowed: hosts.map((host) => `http://${host}:${port}`),
  });
  for (const host of [...hosts, "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]"]) {
    assert.equal(await failure(`http://${host}:${port}/${host.length}`), "403 address-not-allowed", host);
    clock.pass(10_000);
  }
  assert.deepEqual(inner.asked, []);
});

test("a redirect to an origin that was not named is not followed", async (t) => {
  const inner = await innerMachine(t);
  const targets = new Map<string, string>();
  const url = await serve(t, (request, response) => {
    response.writeHead(302, { location: targets.get(request.url ?? "") ?? "" }).end();
  });
  const { failure } = await stage(t, { alsoAllowed: [url] });
  targets.set("/host", `${inner.url}/a`);
  targets.set("/scheme", "file:///etc/passwd");
  targets.set("/word", url.replace("//", "//user:word@"));
  for (const path of targets.keys())
    assert.equal(await failure(url + path), "502 redirect-not-allowed", path);
  assert.deepEqual(inner.asked, []);
});

test("a redirect from one allowed name to another is not followed to a private address", async (t) => {
  const inner = await innerMachine(t);
  const innerName = `http://inner.example:${new URL(inner.url).port}`;
  const public1 = await serve(t, (_request, response) => {
    response.writeHead(307, { location: `${innerName}/a` }).end();
  });
  const publicName = `http://public.example:${new URL(public1).port}`;
  const { failure } = await stage(t, {
    alsoAllowed: [publicName, innerName],
    options: { manifestAllowPrivate: false },
    resolve: async (hostname) => [hostname === "public.example" ? looksPublic() : ipv4("127.0.0.1")],
  });
  assert.match(await failure(`${publicName}/x`), /^403 address-not-allowed$/);
  assert.deepEqual(inner.asked, []);
});

/** Public when it is judged, this machine when it is connected to: as no real answer is, so that a test needs no network. */
function looksPublic(): ResolvedAddress {
  const reads = ["93.184.215.14"];
  return {
    get address() {
      return reads.shift() ?? "127.0.0.1";
    },
    family: 4,
  };
}

test("three redirects among allowed origins are followed, four are not", async (t) => {
  const url = await serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end("here");
    else response.writeHead(301, { location: `/${left - 1}` }).end();
  });
  const { manifest, failure } = await stage(t, { alsoAllowed: [url] });
  assert.equal((await manifest(`${url}/3`)).resources[0]?.path, "3");
  assert.equal(await failure(`${url}/4`), "502 too-many-redirects");
});

test("nothing of the caller's goes to the origin", async (t) => {
  const { ask, origin } = await stage(t, { files: { "/a": "a" } });
  await ask(["/a"], { page: "https://page.example", address: "198.51.100.7" });
  const [request] = origin.log.requests();
  const names = Object.keys(request?.headers ?? {}).sort();
  assert.deepEqual(names, ["accept", "accept-encoding", "connection", "host", "user-agent"]);
});
