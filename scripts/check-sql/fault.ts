/** Something in a source file that is not as the database has it. */
export interface Fault {
  /** Relative to the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}
