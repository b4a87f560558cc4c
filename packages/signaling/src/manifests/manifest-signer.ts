import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import { RivuletError } from "@rivulet/sdk/protocol";

/** Before the manifest's bytes in what is signed, so that a signature over them means this and nothing else. */
export const SIGNATURE_CONTEXT = "rivulet manifest 1\n";

/** A public Ed25519 key as a JSON Web Key (RFC 8037 §2), named by its thumbprint (RFC 7638). */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** 32 bytes as base64url: what the SDK's `manifestKey` takes. */
  readonly x: string;
  readonly kid: string;
}

/** Bytes that are ready to be served, and what proves where they come from. */
export interface SealedManifest {
  readonly bytes: Uint8Array;
  /** Ed25519 over the context and the bytes, base64url. */
  readonly signature: string;
  /** A strong entity tag: the SHA-256 of the bytes. */
  readonly etag: string;
}

/** Holds the server's key. */
export class ManifestSigner {
  readonly publicKey: PublicKey;
  readonly #key: KeyObject;

  /** @throws RivuletError `bad-option` for a key of another kind. */
  constructor(key: KeyObject) {
    const jwk = createPublicKey(key).export({ format: "jwk" });
    if (key.asymmetricKeyType !== "ed25519" || jwk.x === undefined)
      throw new RivuletError("bad-option", `The manifest key must be an Ed25519 key; ${HOW_TO_MAKE}`);
    const { x } = jwk;
    const thumbprint = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
    this.publicKey = { kty: "OKP", crv: "Ed25519", x, kid: thumbprint.digest("base64url") };
    this.#key = key;
  }

  /** With a key that nobody else has, and that is gone with the process. */
  static withFreshKey(): ManifestSigner {
    return new ManifestSigner(generateKeyPairSync("ed25519").privateKey);
  }

  /** @throws RivuletError `file-unreadable`, or `bad-option` for what is not an Ed25519 key. */
  static async fromFile(path: string): Promise<ManifestSigner> {
    const pem = await readFile(path, "utf8").catch((cause: unknown) => {
      throw new RivuletError("file-unreadable", `The manifest key "${path}" cannot be read.`, { cause });
    });
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      // Without its cause: that may quote the file.
      throw new RivuletError("bad-option", `"${path}" is no private key in PEM form; ${HOW_TO_MAKE}`);
    }
    return new ManifestSigner(key);
  }

  seal(text: string): SealedManifest {
    const bytes = Buffer.from(text);
    const signature = sign(null, Buffer.concat([Buffer.from(SIGNATURE_CONTEXT), bytes]), this.#key);
    const etag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
    return { bytes, signature: signature.toString("base64url"), etag };
  }
}

const HOW_TO_MAKE = "make one with `openssl genpkey -algorithm ed25519`.";
