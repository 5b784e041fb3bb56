/**
 * A partner's text as it may stand in ServiceNow: there `[code]` switches on HTML in an agent's screen, so it is taken apart
 * and stays readable as text. It does not grow: what fits before fits after.
 */
export function harmless(text: string): string {
  return text.replace(/\[(\s*\/?\s*code\s*)\]/gi, '($1)')
}
