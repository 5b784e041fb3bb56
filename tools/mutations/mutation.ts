import type { Proof } from '../proofs/documents.ts'

/** One rule of the product, broken by one replaced text; the named test must notice. */
export interface Mutation {
  /** The beginning of the sentence in GUARANTEES.md or SECURITY.md. */
  sentence: string
  /** What is broken, in words. */
  breaks: string
  file: string
  /** It stands in the file once. */
  text: string
  replacement: string
  proof: Proof
  /** What the test says where it notices by a wait that does not end; otherwise such a failure counts for nothing. */
  says?: string
}
