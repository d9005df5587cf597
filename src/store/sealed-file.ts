/** One secret in one file: AES-256-GCM, bound to its name, replaced as a whole or not at all. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { mkdir, open as openFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { HubError } from "../errors.ts";

const CIPHER = "aes-256-gcm";
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const sealedFile = z.strictObject({
  /** Where its key is. */
  key: z.enum(["keychain", "file"]),
  iv: z.base64(),
  tag: z.base64(),
  data: z.base64(),
});

export type Sealed = z.output<typeof sealedFile>;

/** A file that was renamed, or put in another's place, does not open: its name is part of the seal. */
export const seal = (text: string, key: Buffer, name: string): Omit<Sealed, "key"> => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return {
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
};

/** Undefined when the file, its name or the key is another than it was sealed with. */
export const open = ({ iv, tag, data }: Sealed, key: Buffer, name: string): string | undefined => {
  try {
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(iv, "base64"), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(name))
      .setAuthTag(Buffer.from(tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(data, "base64")), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
};

/** Undefined when there is no such file. */
export const readSealed = async (path: string): Promise<Sealed | "damaged" | undefined> => {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw unusable(path, error);
  });
  if (text === undefined) return undefined;
  try {
    return sealedFile.parse(JSON.parse(text));
  } catch {
    return "damaged";
  }
};

/** On disk when it resolves, also after a loss of power. */
export const writeSealed = async (path: string, sealed: Sealed): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(aside, `${JSON.stringify(sealed)}\n`, { mode: 0o600, flag: "wx", flush: true });
    await rename(aside, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw unusable(path, error);
  }
};

export const deleteSealed = async (path: string): Promise<void> => {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw unusable(path, error);
  }
};

/** A new name is durable when its folder is. Windows cannot open folders, and needs no such step. */
const flushFolder = async (folder: string): Promise<void> => {
  if (process.platform === "win32") return;
  const handle = await openFile(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const unusable = (path: string, error: unknown): HubError =>
  new HubError("config", `The file ${path} cannot be used: ${(error as NodeJS.ErrnoException).code}.`, {
    hint: "Check that the state folder is yours, on a local disk, writable, and not full.",
    cause: error,
  });
