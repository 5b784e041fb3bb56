import { choice, moment, refers, type ShippedTable, text, whole, yesNo } from './definition.ts'

/** OAuth clients. Secrets are stored as a digest and shown to nobody. */
export const oauthEntity: ShippedTable = {
  name: 'oauth_entity',
  label: 'Application Registry',
  source: 'OAuth application registry (servicenow-core 2.6)',
  leftOut: 'the fields of `sys_metadata`, which it extends; scopes, addresses to return to, formats of tokens',
  readers: 'administrators',
  writers: 'administrators',
  display: 'name',
  unique: ['client_id'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    text('client_id', 'Client ID', { maxLength: 100 }),
    { name: 'client_secret', label: 'Client Secret', type: 'password' },
    refers('user', 'OAuth Application User', 'sys_user'),
    yesNo('active', 'Active', 'true'),
    whole('access_token_lifespan', 'Access Token Lifespan', { default: '1800' }),
    whole('refresh_token_lifespan', 'Refresh Token Lifespan', { default: '8640000' }),
    text('comments', 'Comments', { maxLength: 1000 }),
  ],
}

/** Tokens, each of which ends when its row is deleted. */
export const oauthCredential: ShippedTable = {
  name: 'oauth_credential',
  label: 'OAuth Credential',
  source: 'OAuth tokens (servicenow-core 2.6)',
  leftOut: 'scopes',
  readers: 'administrators',
  writers: 'administrators',
  display: 'type',
  unique: ['peer,user,type'],
  indexes: ['token'],
  columns: [
    choice(
      'type',
      'Type',
      [
        ['access_token', 'Access Token'],
        ['refresh_token', 'Refresh Token'],
      ],
      { readOnly: true },
    ),
    refers('peer', 'Peer', 'oauth_entity', { readOnly: true }),
    refers('user', 'User', 'sys_user', { readOnly: true }),
    moment('expires', 'Expires', { readOnly: true }),
    { name: 'token', label: 'Token', type: 'password', readOnly: true },
    { name: 'nonce', label: 'Nonce', type: 'password', readOnly: true },
  ],
}

/** Keys for the header `x-sn-apikey`: an administrator writes the key, nobody reads it again. */
export const apiKey: ShippedTable = {
  name: 'api_key',
  label: 'REST API Key',
  source: 'API keys (servicenow-core 2.6)',
  leftOut: 'inbound authentication profiles, scopes; keys are not generated',
  readers: 'administrators',
  writers: 'administrators',
  display: 'name',
  unique: ['token'],
  columns: [
    text('name', 'Name', { maxLength: 100 }),
    { name: 'token', label: 'Token', type: 'password' },
    refers('user', 'User', 'sys_user'),
    yesNo('active', 'Active', 'true'),
    moment('expires', 'Expires'),
    text('description', 'Description', { maxLength: 1000 }),
  ],
}
