import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** On stdio the principal is the operating system's user: whoever could start this process. */
export const authenticate = ({ principal }: Deps): Step =>
  async function authenticate(call, next) {
    call.principal = principal;
    return next();
  };
