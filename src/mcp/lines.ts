import { Transform } from "node:stream";

const NEWLINE = 0x0a;

/**
 * Passes on whole lines, never a part of one, so that whoever reads them need not join. A line
 * of more than `most` bytes is skipped as it comes, never held; `onTooLong` is told once it has ended.
 */
export const wholeLines = (most: number, onTooLong: () => void): Transform => {
  let held: Buffer[] = [];
  let size = 0;

  const take = (part: Buffer) => {
    size += part.length;
    if (size > most) held = [];
    else if (part.length > 0) held.push(part);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // Nearly always: whole lines, and nothing begun before.
      if (size === 0 && chunk.length <= most && chunk.at(-1) === NEWLINE) {
        this.push(chunk);
        return done();
      }
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        take(chunk.subarray(from, end));
        if (size > most) onTooLong();
        else if (size > 0) this.push(Buffer.concat([...held, chunk.subarray(end, end + 1)]));
        held = [];
        size = 0;
        from = end + 1;
      }
      take(chunk.subarray(from));
      done();
    },
  });
};
