/** Tool text is read by a model as instructions, so nothing may hide in it. */

import type { AnyTool } from "../connector/any.ts";
import { HubError } from "../errors.ts";

/** Control, bidirectional, zero-width and tag characters; markup that claims authority. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|<\/?(important|system|instructions?)\b/iu;

/** Throws `config`, naming the tool but never its text. */
export const refusePoisonedText = (tool: AnyTool): void => {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(tool.name))
    throw new HubError(
      "config",
      "A connector brings a tool whose name is not lower-case ASCII of at most 64 characters.",
    );
  if (HIDDEN.test(tool.title) || HIDDEN.test(tool.description))
    throw new HubError(
      "config",
      `The text of the tool ${tool.name} hides characters or poses as instructions; it is not loaded.`,
    );
};
