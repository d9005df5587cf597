/** Text of a connector that a model reads as instructions must be all that a person sees of it. */
import { everyString } from "../text/strings.ts";

/** Control, bidirectional, zero-width and tag characters; markup that claims authority. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|<\/?(important|system|instructions?)\b/iu;

/** Whether any string in the value hides characters or poses as instructions. */
export const hidesText = (value: unknown): boolean => {
  let found = false;
  everyString(value, (text) => {
    found ||= HIDDEN.test(text);
  });
  return found;
};
