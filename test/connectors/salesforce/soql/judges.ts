/** Two parsers of SOQL that others wrote. They judge ours; neither is ever in the way of a request. */
import { ApexParserFactory, ThrowingErrorListener } from "@apexdevtools/apex-parser";
import { isQueryValid } from "@jetstreamapp/soql-parser-js";

export type Judge = "jetstream" | "apex";

/** Whether each judge reads the whole text as one query. */
export const accepts: Readonly<Record<Judge, (text: string) => boolean>> = {
  jetstream: isQueryValid,
  apex(text) {
    try {
      const { parser } = ApexParserFactory.createLexerAndParser(text, ThrowingErrorListener.INSTANCE);
      parser.query();
      return parser.getCurrentToken().type === END;
    } catch {
      return false;
    }
  },
};

/** `Token.EOF` of ANTLR, which the parser's package does not export. */
const END = -1;
