import { Writable } from "node:stream";

/**
 * Takes stdout for the protocol alone: whatever else is printed, by a library or a stray console.log,
 * goes to stderr from here on. What comes back never fails: when nobody reads any more, `onGone` is told
 * and the rest is dropped, so that a write under way still ends in order.
 */
export const reserveStdout = (onGone: () => void): Writable => {
  const write = process.stdout.write.bind(process.stdout) as (
    chunk: unknown,
    done: (error?: Error | null) => void,
  ) => boolean;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  process.stdout.on("error", onGone);
  // Nor must a log that nobody reads end anything.
  process.stderr.on("error", () => {});
  return new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => void write(chunk, () => done()),
    // What queued up while the pipe was full leaves in one piece.
    writev: (chunks, done) => void write(chunks.map(({ chunk }) => String(chunk)).join(""), () => done()),
  });
};
