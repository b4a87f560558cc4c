import assert from "node:assert/strict";
import { test } from "node:test";
import { OPTION_NAMES, OPTION_TABLE, rowOf, SECTIONS } from "#signaling/config/option-table.ts";
import { DEFAULTS, signalingOptions } from "#signaling/config/options.ts";
import { complains } from "./bad-option.ts";

test("without options the defaults hold: this machine only, every limit set, nothing of third parties", () => {
  assert.deepEqual(signalingOptions({}), DEFAULTS);
  assert.equal(DEFAULTS.host, "127.0.0.1");
  for (const name of OPTION_NAMES) {
    const row = rowOf(name);
    if (row.kind === "list") assert.deepEqual(row.default, [], name);
    if (row.kind === "number") assert.ok(row.default >= row.min && row.default <= row.max, name);
  }
});

test("every option is in one section of the help", () => {
  const listed = SECTIONS.flatMap(({ names }) => names);
  assert.deepEqual([...listed].sort(), Object.keys(OPTION_TABLE).sort());
});

test("an unknown option is refused with the nearest known name", () => {
  const mistyped: object = { maxRoms: 3 };
  assert.throws(
    () => signalingOptions(mistyped),
    complains(/^There is no option maxRoms; did you mean maxRooms\?$/),
  );
  assert.throws(() => signalingOptions(JSON.parse('{"__proto__":1}')), complains(/__proto__\.$/));
});

test("a program reads its secrets' files itself", () => {
  const given: object = { turnSecretFile: "/run/secrets/turn" };
  assert.throws(() => signalingOptions(given), complains(/turnSecretFile; did you mean turnSecret\?/));
});

test("an option of an earlier version says what took its place", () => {
  const old: object = { trustForwardedFor: true };
  assert.throws(
    () => signalingOptions(old),
    complains(/^trustForwardedFor is gone; name the proxy by trustProxy, such as loopback\.$/),
  );
});

test("every option is checked, and the complaint names it", () => {
  for (const name of OPTION_NAMES) {
    const mayBeLeftOut = rowOf(name).kind !== "list" && rowOf(name).default === undefined;
    for (const wrong of [...(mayBeLeftOut ? [] : [undefined]), null, -1, 1.5, "", {}, [{}]]) {
      assert.throws(
        () => signalingOptions({ [name]: wrong }),
        complains(new RegExp(`^${name} `)),
        `${name}=${JSON.stringify(wrong)}`,
      );
    }
    if (mayBeLeftOut) assert.equal(signalingOptions({ [name]: undefined })[name], undefined);
  }
});

test("a number is taken up to its bounds, and no further", () => {
  for (const name of OPTION_NAMES) {
    const row = rowOf(name);
    if (row.kind !== "number" && row.kind !== "port") continue;
    for (const fits of [row.min, row.max]) assert.equal(signalingOptions({ [name]: fits })[name], fits);
    for (const wrong of [row.min - 1, row.max + 1]) {
      const bounds = new RegExp(`^${name} is a whole number from ${row.min} to ${row.max}, not ${wrong}\\.$`);
      assert.throws(() => signalingOptions({ [name]: wrong }), complains(bounds));
    }
  }
});

test("no complaint shows a secret", () => {
  const secret = "hunter2";
  for (const name of OPTION_NAMES.filter((each) => rowOf(each).kind === "secret")) {
    for (const wrong of [[secret], { secret }]) {
      assert.throws(() => signalingOptions({ [name]: wrong }), complains(/^((?!hunter2).)*$/), name);
    }
  }
  assert.throws(() => signalingOptions({ tokenSecret: secret }), complains(/^((?!hunter2).)*32 bytes\.$/));
  const url = `http://:${secret}@redis.example`;
  assert.throws(() => signalingOptions({ redisUrl: url }), complains(/^((?!hunter2).)*$/));
});

test("origins are taken as a browser would state them, and nothing with a path is one", () => {
  const { allowOrigins } = signalingOptions({
    allowOrigins: ["https://WWW.example:443/", "http://localhost:3000"],
  });
  assert.deepEqual(allowOrigins, ["https://www.example", "http://localhost:3000"]);
  const wrongs = ["www.example", "https://www.example/path", "*", "data:,", "https://a/?q", "https://me@a"];
  for (const wrong of wrongs) {
    assert.throws(
      () => signalingOptions({ allowOrigins: [wrong] }),
      complains(/^allowOrigins takes origins/),
      wrong,
    );
  }
});

const READERS: readonly (readonly [name: string, fits: readonly string[], wrongs: readonly string[]])[] = [
  [
    "trustProxy",
    ["loopback", "private", "192.0.2.1", "10.0.0.0/8", "2001:db8::/32"],
    ["proxy.example", "10.0.0.0/33", "2001:db8::/129", "/8", "0", "33", "1.2.3"],
  ],
  [
    "stunUrls",
    ["stun:a.example", "stuns:a.example:5349", "stun:[::1]:3478"],
    ["a.example", "turn:a", "stun:", "stun://a"],
  ],
  ["origins", ["https://www.example", "http://127.0.0.1:3000"], ["ftp://a.example", "https://www.example/a"]],
];

for (const [name, fits, wrongs] of READERS) {
  test(`what ${name} takes, and what not`, () => {
    for (const text of fits) assert.doesNotThrow(() => signalingOptions({ [name]: [text] }), text);
    for (const text of wrongs)
      assert.throws(
        () => signalingOptions({ [name]: [text] }),
        complains(new RegExp(`^${name} takes`)),
        text,
      );
  });
}

test("a key set comes from a file, over TLS, or from this machine", () => {
  for (const tokenJwks of [
    "keys.json",
    "/etc/keys.json",
    "https://id.example/jwks",
    "http://127.0.0.1:1/jwks",
  ])
    assert.equal(signalingOptions({ tokenJwks }).tokenJwks, tokenJwks);
  for (const tokenJwks of ["http://id.example/jwks", "ftp://id.example/jwks"])
    assert.throws(
      () => signalingOptions({ tokenJwks }),
      complains(/^tokenJwks takes a path or an https URL/),
    );
});

test("a region header is looked up as Node has it", () => {
  const options = { trustProxy: ["loopback"], regionHeader: "CF-IPCountry" };
  assert.equal(signalingOptions(options).regionHeader, "cf-ipcountry");
  assert.throws(
    () => signalingOptions({ ...options, regionHeader: "a b" }),
    complains(/^regionHeader takes/),
  );
});

test("what makes sense only together is checked together", () => {
  const tokenSecret = "s".repeat(32);
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ tlsCert: "cert.pem" }, /^tlsCert needs tlsKey too\.$/],
    [{ tlsKey: "key.pem" }, /^tlsKey needs tlsCert too\.$/],
    [{ turnUrls: ["turn:a.example"] }, /^turnUrls needs turnSecret too/],
    [{ regionHeader: "cf-ipcountry" }, /^regionHeader needs trustProxy too/],
    [{ tokenSecret, tokenJwks: "k.json" }, /^tokenSecret and tokenJwks exclude each other/],
    [{ trustProxy: ["1", "loopback"] }, /^trustProxy takes one number of proxies, or addresses/],
  ];
  for (const [given, pattern] of cases) assert.throws(() => signalingOptions(given), complains(pattern));
  const together = {
    tlsCert: "cert.pem",
    tlsKey: "key.pem",
    turnUrls: ["turn:a.example"],
    turnSecret: "s",
    tokenSecret,
  };
  assert.deepEqual(signalingOptions(together), { ...DEFAULTS, ...together });
});
