/**
 * Text in a record that speaks to the model instead of about the deal. A heuristic: it decides what is
 * fenced, not what is safe, so it may miss, and must stay silent on what sales people write.
 */

const QUALIFIER =
  "(?:all|any|every|the|your|my|our|these|those|of|previous|prior|above|earlier|preceding|former|existing|current|original|initial|system|other|safety|security)";

const ENGLISH = [
  // ignore all previous instructions
  `\\b(?:ignore|disregard|forget|override|bypass|discard)(?: ${QUALIFIER}){1,6} (?:instruction|prompt|rule|directive|guardrail|guideline|command|restriction)s?\\b`,
  "\\b(?:ignore|disregard|forget) (?:everything|anything|all)(?: of)?(?: the| that| what)? (?:above|before|previous|prior|you (?:were|have been|know))",
  "\\bsystem[ _-]?prompt\\b",
  "\\b(?:developer|system|admin|root) (?:message|override|instructions?|prompt|mode)\\s{0,2}[:=]",
  "\\b(?:new|updated|important|hidden|secret|special) (?:system )?instructions? (?:for|to) (?:you|the (?:ai|assistant|model|agent))\\b",
  "\\byou are (?:now )?(?:an?|the) (?:\\w{1,16} )?(?:ai\\b|llm\\b|language model|chatbot)",
  "\\b(?:dear|attention|hey|hi|hello|note to(?: the| any)?|instructions? (?:for|to)(?: the| any)?|if you are an?) (?:ai|llm|language model|chatgpt|claude|gpt-?\\d)\\b(?: (?:assistant|agent|model)s?)?\\s{0,2}[:,!-]",
  "\\b(?:do not|don't|never) (?:tell|inform|mention|reveal|show|report|disclose)(?: (?:this|it|that|anything|any of this))?(?: to)? the (?:user|human|operator)\\b",
  "\\bwithout (?:telling|informing|asking|notifying|confirmation from) the (?:user|human|operator)\\b",
  "\\b(?:reveal|print|repeat|output|show|leak) (?:me )?(?:your|the) (?:system |hidden |initial |original )?(?:prompt|instructions)\\b",
];

const OTHER_LANGUAGES = [
  "\\b(?:ignorieren? (?:sie )?|vergiss |vergessen sie |missachten? (?:sie )?)(?:(?:alle|die|deine|ihre|sämtliche|bisherigen?|vorherigen?|vorigen?|obigen?|früheren?) ){1,4}(?:anweisung|instruktion|befehl|regel|vorgabe)",
  "\\b(?:ignore[zr]?|oublie[zr]?) (?:(?:toutes?|les|tes|vos|ces) ){1,3}(?:instructions?|consignes?|règles?)",
  "\\b(?:ignor[ae]|olvid[ae]|descart[ae]) (?:(?:todas?|las|tus|sus|estas) ){1,3}(?:instrucciones|reglas|órdenes|indicaciones)",
  "\\b(?:ignore|esqueça|desconsidere) (?:(?:todas?|as|suas|tuas) ){1,3}(?:instruções|regras|ordens)",
  "\\b(?:ignora|dimentica) (?:(?:tutte|le|tue) ){1,3}(?:istruzioni|regole)",
  "\\b(?:negeer|vergeet) (?:(?:alle|de|je|uw|vorige|eerdere|bovenstaande) ){1,4}(?:instructies|opdrachten|regels)",
  "(?:игнорируй(?:те)?|забудь(?:те)?) [^.!?\\n]{0,32}(?:инструкци|указани|правил)",
  "(?:忽略|无视|忘记)[^。\\n]{0,10}(?:指令|指示|提示|规则)",
  "(?:以前|前|上記|これまで|すべて)の[^。\\n]{0,8}(?:指示|命令|ルール)[^。\\n]{0,6}(?:無視|忘れ)",
];

const VERB =
  "(?:get|list|set|update|create|delete|add|send|query|search|find|fetch|read|write|remove|insert|upsert|post|export|approve|execute|run|call|download|upload)";
const STAGING = [
  // <IMPORTANT>, </tool_result>, <|im_start|>, [INST], <<SYS>>
  "[<‹]/?\\s?(?:important|system|instructions?|assistant|user|human|admin|tool_?(?:call|use|result|response|output)s?|function_?(?:call|result|response)s?|invoke|thinking|untrusted)\\b",
  "<\\|[a-z_]{2,20}\\|>|\\[/?inst\\]|<<\\s?/?sys\\s?>>",
  "#{2,} ?(?:system|instructions?|assistant|response)\\b ?:?",
  '"(?:tool_calls?|tool_use|tool_use_id|tool_result|function_call|jsonrpc|structuredContent|isError)"\\s{0,2}:',
  "\\b(?:tool|function) (?:result|output|response|call)s?\\s{0,2}[:=]",
  // call update_field, use the salesforce_update_record tool
  `\\b(?:call|use|using|invoke|run|execute|trigger)(?: the| tool| function){0,2} [\`'"]?(?:[a-z0-9]{2,20}_){0,3}${VERB}_[a-z0-9_]{2,40}(?<!__c)\\b`,
  // A line that begins as a turn of a conversation and goes on as an order.
  "(?:^|\\n)\\s{0,8}(?:system|assistant|human|user|developer)\\s{0,2}:\\s{0,4}(?:you (?:are|must|should|will|can)|ignore|disregard|forget|call|use|sure|ok(?:ay)?\\b|i (?:am|will|have)|i'm|approved|confirmed)",
];

const ADDRESSED = new RegExp([...ENGLISH, ...OTHER_LANGUAGES, ...STAGING].join("|"), "iu");

/** Words of which at least one stands in everything {@link ADDRESSED} can match. */
const HINT =
  /ignor|disregard|forget|overrid|bypass|discard|prompt|instru|system|mode|you are|\b(?:ai|llm)\b|claude|gpt|the (?:user|human|operator)|[<‹]|\[\/?inst|##|"|tool|function|_|:|vergi|vergess|vergeet|missacht|oublie|olvid|descart|esque|desconsid|dimentica|negeer|игнор|забуд|忽略|无视|忘|無視/i;

/** Whether text seems to be addressed to a model: orders about its instructions, fake tool traffic, turns. */
export const looksLikeInstructions = (text: string): boolean => HINT.test(text) && ADDRESSED.test(text);
