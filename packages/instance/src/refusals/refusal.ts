/**
 * An answer that is not a success, in the envelope of the platform
 * (contract servicenow-core.md 2.4: `{"error":{"message","detail"},"status":"failure"}`).
 */
export class Refusal extends Error {
  readonly status: number
  readonly detail: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, detail: string | null = null, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.detail = detail
    this.headers = headers
  }

  body(): string {
    return JSON.stringify({ error: { message: this.message, detail: this.detail }, status: 'failure' })
  }
}
