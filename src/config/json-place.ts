/**
 * Where `JSON.parse(text)` stopped with `error`. V8 says so in most of its messages, but not for an
 * unexpected token: that one is the first character without which the text would not fail in this way.
 */
export const placeOfError = (text: string, error: SyntaxError): { line: number; column: number } => {
  const stated = / at position (\d+)/.exec(error.message)?.[1];
  const before = text.slice(0, stated ? Number(stated) : firstUnexpected(text));
  const lines = before.split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
};

const firstUnexpected = (text: string): number => {
  let fine = 0;
  let failing = text.length + 1;
  while (failing - fine > 1) {
    const middle = Math.floor((fine + failing) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) failing = middle;
    else fine = middle;
  }
  return fine;
};

const hasUnexpectedToken = (text: string): boolean => {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith("Unexpected token");
  }
};
