/** What an email holds, whatever it is shown as. All of it is text, none is markup. */
export interface Content {
  readonly heading: string;
  /** What a mailbox shows beside the subject. */
  readonly preview: string;
  readonly lead: string;
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** Stands between the lead and the button. */
  readonly advice: readonly string[];
  readonly button?: { readonly label: string; readonly href: string } | undefined;
  /** Whether the button's address also stands in the HTML to be copied. */
  readonly isCopyable?: boolean;
  readonly code?: { readonly hint: string; readonly digits: string };
  readonly notes: readonly string[];
  readonly why: string;
}
