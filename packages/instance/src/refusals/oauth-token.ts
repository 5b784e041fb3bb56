import { json } from '../wire/answer.ts'

/** The token endpoint has an envelope of its own (contract servicenow-core.md 2.6). */
function denied(error: string): Response {
  return json(401, { error_description: 'access_denied', error })
}

export const wrongClient = () => denied('invalid_client')

/** Wrong user, wrong password, and users who may not sign in. */
export const wrongUser = () => denied('server_error')

export const wrongRefreshToken = () => denied('server_error')

export const unknownGrant = () => denied('unsupported_grant_type')
