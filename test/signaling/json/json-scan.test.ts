import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonScanner, type JsonVisitor, MALFORMED } from "#signaling/json/json-scan.ts";

const MAX_DEPTH = 16;
const DOCUMENTS = [
  '{"a":[1,-0.5e+10,true,false,null,"x"],"b":{"c":{}},"":[[]]}',
  '[ { "sdp" : "v=0\\r\\n\\u00ff\\ud83d\\/" } , -0 , 1E5 , "é😀" ]',
  '"\\"\\\\\\b\\f\\n\\r\\t"',
  "-12.5e-3",
  "null",
];

function scannerOf(bytes: Buffer): JsonScanner<"anywhere"> {
  const scanner: JsonScanner<"anywhere"> = new JsonScanner(bytes, {
    member: (_, start, depth) => scanner.skip(start, depth),
    item: (_, start, depth) => scanner.skip(start, depth),
  });
  return scanner;
}

/** Where the scanner says that one value and the white space around it end; MALFORMED for none. */
function endOf(text: string): number {
  const scanner = scannerOf(Buffer.from(text));
  const end = scanner.skip(scanner.skipSpace(0), 0);
  return end === MALFORMED ? MALFORMED : scanner.skipSpace(end);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Accepted as a whole exactly when JSON.parse takes it. The depth is another test's matter. */
function agrees(text: string): boolean {
  // What a text frame holds is UTF-8: a lone surrogate cannot come in one.
  const sent = Buffer.from(text).toString();
  fc.pre((sent.match(/[[{]/g)?.length ?? 0) <= MAX_DEPTH);
  return (endOf(sent) === Buffer.byteLength(sent)) === isJson(sent);
}

test("every JSON text is one value, and its end is found whatever follows", () => {
  const pretty = fc
    .tuple(fc.jsonValue({ maxDepth: 8, noUnicodeString: false }), fc.constantFrom("", " ", "\t", "\n\r "))
    .map(([value, space]) => JSON.stringify(value, null, space));
  fc.assert(
    fc.property(pretty, fc.constantFrom("", ",", "]", "}", " 1", ":", "\n"), (text, rest) => {
      assert.equal(scannerOf(Buffer.from(text + rest)).skip(0, 0), Buffer.byteLength(text));
    }),
    { numRuns: 500 },
  );
});

test("a JSON text in which something was changed is accepted exactly when JSON.parse accepts it", () => {
  const scrap = fc.constantFrom(
    ...['"', "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", "+", ".", "e", "E", "t", "n", "u", "\\u00"],
    ...["\u0000", "\u001f", " ", "\n", "\u00a0", "\ufeff", "null", "tru", "1e", "\\u00fg", "\\x", "é"],
  );
  const noise = fc.oneof(scrap, fc.string({ maxLength: 3, unit: "binary" }), fc.constant(""));
  const document = fc.oneof(fc.constantFrom(...DOCUMENTS), fc.json({ maxDepth: 3 }));
  const where = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(document, where, fc.nat(3), noise, (text, place, cut, put) => {
      const at = Math.floor(place * text.length);
      assert.ok(agrees(text.slice(0, at) + put + text.slice(at + cut)));
    }),
    { numRuns: 5000 },
  );
});

test("noise is accepted exactly when JSON.parse accepts it", () => {
  const pieces = fc.constantFrom(
    ...'{}[]",:\\-+.eE019 tfn\n',
    "true",
    "null",
    "false",
    "\\u12aF",
    '""',
    "[]",
  );
  const noise = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(noise, (text) => assert.ok(agrees(text))),
    { numRuns: 5000 },
  );
});

test("every short text of JSON's own characters is accepted exactly when JSON.parse accepts it", () => {
  const characters = [...'-01.eE+ "[]{},:'];
  const endings = (length: number): string[] =>
    length === 0 ? [""] : endings(length - 1).flatMap((text) => characters.map((one) => text + one));
  for (const text of [1, 2, 3, 4].flatMap(endings)) assert.ok(agrees(text), text);
});

test("sixteen levels are read, and no more: a million of them are refused without using up the stack", () => {
  const nested = (open: string, close: string, levels: number) =>
    `${open.repeat(levels)}0${close.repeat(levels)}`;
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"a":', "}]"],
  ] as const) {
    const [most, step] = [MAX_DEPTH / (open.length > 5 ? 2 : 1), 1];
    const text = nested(open, close, most);
    assert.equal(endOf(text), text.length);
    assert.equal(endOf(nested(open, close, most + step)), MALFORMED);
    assert.equal(endOf(nested(open, close, 1_000_000)), MALFORMED);
    assert.equal(endOf(open.repeat(1_000_000)), MALFORMED);
  }
});

test("members and items are visited once each, in order, with their names and values", () => {
  const name = fc.string({ unit: "binary" }).map((text) => Buffer.from(text).toString());
  const entries = fc.array(fc.tuple(name, fc.json({ maxDepth: 2 })));
  fc.assert(
    fc.property(entries, (all) => {
      const members = all.map(([key, json]) => ` ${JSON.stringify(key)} : ${json} `);
      const bytes = Buffer.from(
        `{"list":[${all.map(([, json]) => ` ${json} `).join(",")}],${members.join(",")}}`,
      );
      if (all.length === 0) return;
      const seen: [name: string, json: string][] = [];
      const visitor: JsonVisitor<"top" | "list"> = {
        member: (_, start, depth) => {
          const read: string = JSON.parse(`"${bytes.toString("utf8", scanner.nameStart, scanner.nameEnd)}"`);
          return scanner.isArray(start) && seen.length < all.length && read === "list"
            ? scanner.array(start, "list", depth)
            : note(read, start, depth);
        },
        item: (_, start, depth) => note("item", start, depth),
      };
      const scanner = new JsonScanner(bytes, visitor);
      const note = (read: string, start: number, depth: number) => {
        const end = scanner.skip(start, depth);
        seen.push([read, bytes.toString("utf8", start, end)]);
        return end;
      };
      assert.equal(scanner.object(0, "top", 0), bytes.length);
      assert.deepEqual(seen, [...all.map(([, json]) => ["item", json]), ...all]);
    }),
  );
});

test("bytes at every offset of every length are looked at: no quote, escape or control character is missed", () => {
  for (let length = 0; length < 24; length++) {
    for (let at = 0; at < length; at++) {
      for (const special of ['"', "\\", "\u0000", "\u001f", "\n"]) {
        const inside =
          "é!".repeat(length).slice(0, at) + special + "~\u007f".repeat(length).slice(0, length - at);
        assert.ok(agrees(`"${inside}"`), JSON.stringify(inside));
      }
    }
  }
});
