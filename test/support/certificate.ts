import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface CertificateFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Makes a certificate for localhost and 127.0.0.1 that nobody vouches for, in PEM files of this folder. */
export function makeCertificate(folder: string, name = "localhost"): CertificateFiles {
  const files = { certPath: join(folder, `${name}.cert.pem`), keyPath: join(folder, `${name}.key.pem`) };
  const args = [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-keyout", files.keyPath, "-out", files.certPath],
  ];
  execFileSync(process.env.OPENSSL_PATH || "openssl", args, { stdio: "pipe" });
  return files;
}
