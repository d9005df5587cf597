/**
 * Salesforce record ids: 15 case-sensitive characters, or the same with a 3-character checksum that
 * makes them safe where case is lost. The first three name the object.
 */
import { toId18 as withChecksum } from "#sandbox/company/ids.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters 4 to 10 of ids made here; the company's own differ, so the two never meet. */
const INSTANCE = "Kx00001";

/** The 18-character form, or undefined for what is no id (wrong alphabet, length or checksum). */
export const toId18 = (text: string): string | undefined => {
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text)) return undefined;
  const id18 = withChecksum(text.slice(0, 15));
  return text.length === 15 || text.slice(15).toUpperCase() === id18.slice(15) ? id18 : undefined;
};

/** The id of the `number`th record made here. */
export const makeId = (keyPrefix: string, number: number): string => {
  let digits = "";
  for (let rest = number; digits.length < 5; rest = Math.floor(rest / 62))
    digits = BASE62[rest % 62] + digits;
  return withChecksum(keyPrefix + INSTANCE + digits);
};
