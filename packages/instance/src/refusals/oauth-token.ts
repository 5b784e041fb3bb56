import { Refusal } from './refusal.ts'

/** The token endpoint has an envelope of its own (contract servicenow-core.md 2.6). */
class Denied extends Refusal {
  constructor(error: string) {
    super(401, error)
  }

  override body(): string {
    return JSON.stringify({ error_description: 'access_denied', error: this.message })
  }
}

export const wrongClient = () => new Denied('invalid_client')

/** Wrong user, wrong password, and users who may not sign in. */
export const wrongUser = () => new Denied('server_error')

export const wrongRefreshToken = () => new Denied('server_error')

export const unknownGrant = () => new Denied('unsupported_grant_type')
