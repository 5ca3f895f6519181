/**
 * What a user needs when an error shows itself. Every package keeps a table from its codes to these, typed so
 * that a code without a story does not compile.
 */
export interface ErrorGuide {
  /** What happened, and why it can happen. */
  readonly cause: string
  /** Where it is seen: a line of a log or terminal, an answer, an exit code. */
  readonly evidence: string
  /** What to do. */
  readonly remedy: string
}

/** A story with the number under which clients see it. */
export interface NumberedGuide extends ErrorGuide {
  readonly number: number
}
