/** Questions to a person, in the way of both eras: the client comes back with the call and the answer. */
import { randomBytes, randomUUID } from "node:crypto";
import {
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Ask, Question } from "../middleware/call.ts";
import { capabilitiesOf, type Server } from "./arrivals.ts";

const CONFIRM = "confirm";
const TTL_SECONDS = 600;

interface QuestionState {
  /** What exactly is asked about. */
  readonly subject: string;
  /** Which asking of it. */
  readonly asking: string;
}

export interface Questions {
  readonly verify: RequestStateCodec<QuestionState>["verify"];
  /** Undefined when the client cannot ask. */
  through(context: ServerContext, server: Server): Ask | undefined;
}

export const createQuestions = (): Questions => {
  const codec = createRequestStateCodec<QuestionState>({ key: randomBytes(32), ttlSeconds: TTL_SECONDS });
  // A person's answer counts once: sent again after the value was changed back, it is no answer.
  const open = new Set<string>();
  const newAsking = (): string => {
    const asking = randomUUID();
    open.add(asking);
    setTimeout(() => open.delete(asking), TTL_SECONDS * 1_000).unref();
    return asking;
  };

  return {
    verify: codec.verify,
    through: (context, server) => (canAsk(context, server) ? askThrough(context) : undefined),
  };

  function askThrough({ mcpReq }: ServerContext): Ask {
    return {
      async answer(subject) {
        const asked = mcpReq.requestState<QuestionState>();
        if (asked?.subject !== subject) return undefined;
        const response = inputResponse(mcpReq.inputResponses, CONFIRM);
        if (response.kind !== "elicit" || !open.delete(asked.asking)) return undefined;
        const agreed = response.action === "accept" && response.content?.confirm === true;
        return agreed ? "accepted" : "declined";
      },
      async question(subject, message): Promise<Question> {
        const requestedSchema = z.object({ confirm: z.boolean().describe("Make this change?") });
        return {
          question: inputRequired({
            inputRequests: { [CONFIRM]: inputRequired.elicit({ message, requestedSchema }) },
            requestState: await codec.mint({ subject, asking: newAsking() }),
          }),
        };
      },
    };
  }
};

const canAsk = (context: ServerContext, server: Server): boolean => {
  const elicitation = capabilitiesOf(context, server)?.elicitation;
  if (!elicitation) return false;
  // Our question is a form. An empty object means forms, from the time before there was anything else.
  return elicitation.form !== undefined || Object.keys(elicitation).length === 0;
};
