/**
 * Under which other names Salesforce shows what an object or a field holds. A deny-list that knew only
 * the names in it would be read around: a denied amount stands in the field history, a denied street in
 * the address. All names here are in lower case.
 */

const STANDARD_COMPANIONS = ["history", "fieldhistory", "feed", "share", "tag", "comment", "changeevent"];
const CUSTOM_COMPANIONS = ["__history", "__feed", "__share", "__tag", "__changeevent"];

const withSuffixes = (object: string, standard: readonly string[], custom: readonly string[]): string[] =>
  object.endsWith("__c")
    ? custom.map((suffix) => object.slice(0, -3) + suffix)
    : standard.map((suffix) => object + suffix);

/** Objects that exist because this one does, and repeat what it holds: `casehistory` for `case`. */
export const companionsOf = (object: string): string[] =>
  withSuffixes(object, STANDARD_COMPANIONS, CUSTOM_COMPANIONS);

/** Objects that keep former values of this one's fields. */
export const historiesOf = (object: string): string[] =>
  withSuffixes(object, ["history", "fieldhistory", "changeevent"], ["__history", "__changeevent"]);

/** Columns of every history object; whose value is in them stands in another column, row by row. */
export const HISTORY_VALUES: ReadonlySet<string> = new Set(["oldvalue", "newvalue"]);

/** Objects whose Name is put together from a person's names. */
export const PEOPLE: readonly string[] = ["contact", "lead", "user"];
export const NAME_PARTS: ReadonlySet<string> = new Set([
  ...["firstname", "middlename", "lastname", "salutation", "suffix"],
]);

const ADDRESS_PART =
  /^(.*?)(street|city|state|statecode|postalcode|country|countrycode|latitude|longitude|geocodeaccuracy)$/;
const CUSTOM_PART = /^(.+)__[a-z]+__s$/;

/** The compound address or location this field is a part of: `mailingaddress` for `mailingstreet`. */
export const compoundOf = (field: string): string | undefined => {
  const custom = CUSTOM_PART.exec(field);
  if (custom) return `${custom[1]}__c`;
  const address = ADDRESS_PART.exec(field);
  return address ? `${address[1]}address` : undefined;
};

/** Fields of other objects that show this one: `contactemail` of cases, `personemail` of person accounts. */
export const copiesOf = (field: string, object: string | undefined): string[] => [
  `prev${field}`,
  ...(object === undefined ? [] : [object + field]),
  ...(object === undefined || object === "contact"
    ? [`person${field}`, field.replace(/__c$/, "__pc")].filter((name) => name !== field)
    : []),
];

/** Fields elsewhere that show a denied object's records. */
export const showsRecordOf = (object: string, field: string): boolean =>
  object === "contact" && /^(contact(email|phone|mobile|fax)|person[a-z]+|.+__pc)$/.test(field);
