/** Text of a connector that a model reads as instructions must be all that a person sees of it. */
import { everyString } from "../text/strings.ts";

/** What shows as nothing or turns lines around, as in the text of vendors; markup that claims authority. */
const HIDDEN =
  /[[\p{Cc}--[\t\n]]\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]|<\/?(important|system|instructions?)\b/iv;

/** Whether any string in the value hides characters or poses as instructions. */
export const hidesText = (value: unknown): boolean => {
  let found = false;
  everyString(value, (text) => {
    found ||= HIDDEN.test(text);
  });
  return found;
};
