/** What is checked of every answer while it arrives. */
import { HubError } from "../errors.ts";

export const refuseRedirect = (system: string, response: Response): void => {
  if (response.status < 300 || response.status >= 400 || response.status === 300 || response.status === 304)
    return;
  void response.body?.cancel();
  throw new HubError("vendor_malformed", `${system} answered with a redirect, which is never followed.`, {
    hint: "Check the base URL in the connector's config: it must be the API's own address.",
    facts: { status: response.status },
  });
};

/** Small, so that what is made of a piece is gone before the next: long streams then cost hardly any memory. */
const PIECE = 4096;

/** Hands over the text as it arrives. Throws `vendor_malformed` over the cap. */
export const readBody = async (
  system: string,
  response: Response,
  maxBytes: number,
  take: (piece: string) => void | Promise<void>,
): Promise<void> => {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new HubError(
        "vendor_malformed",
        `${system} sent more than ${maxBytes} bytes; nothing of it was used.`,
        {
          hint: "Ask a narrower question.",
        },
      );
    for (let from = 0; from < chunk.byteLength; from += PIECE) {
      const taken = take(decoder.decode(chunk.subarray(from, from + PIECE), { stream: true }));
      if (taken) await taken;
    }
  }
  await take(decoder.decode());
};
