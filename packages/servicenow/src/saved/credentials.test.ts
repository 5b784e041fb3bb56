import { expect, test } from 'vitest'
import { credentialsOf } from './credentials.ts'
import { type CredentialValues, SIGN_IN_WAYS } from './sign-in-ways.ts'

test.each<[CredentialValues, string]>([
  [{ userName: 'u', password: 'p' }, 'basic'],
  [{ clientId: 'c', clientSecret: 's' }, 'client-credentials'],
  [{ userName: 'u', password: 'p', clientId: 'c', clientSecret: 's' }, 'password-grant'],
  [{ clientId: 'c', clientSecret: 's', refreshToken: 'r' }, 'refresh-token'],
  [{ apiKey: 'k' }, 'api-key'],
])('the way is found by what is given: %j', (values, way) => {
  expect(credentialsOf(values)).toEqual({ way, values })
})

test.each<[CredentialValues, string | undefined, string]>([
  [{}, undefined, 'basic needs the user name and the password'],
  [{ userName: 'u' }, undefined, 'basic needs the password'],
  [{ clientId: 'c' }, undefined, 'client-credentials needs the OAuth client secret'],
  [{ userName: 'u', clientId: 'c', clientSecret: 's3cret' }, 'password-grant', 'password-grant needs the password'],
  [{ userName: 'u', clientId: 'c', clientSecret: 's3cret' }, undefined, 'password-grant needs the password'],
  [{ userName: 'u', apiKey: 's3cret', password: 'p' }, undefined, 'basic has no use for the REST API key'],
  [{ userName: 'u', password: 's3cret' }, 'telepathy', 'there is no way "telepathy"'],
  [{ userName: 'u\0', password: 's3cret' }, undefined, 'the user name has a character that cannot be typed'],
  [{ userName: 'u', password: 's3cret\n' }, undefined, 'the password has a character that cannot be typed'],
  [{ userName: 'u', password: 's3cret', certificate: 'x' }, 'basic', 'a client certificate and its private key belong together'],
  [{ certificate: 's3cret', certificateKey: 's3cret' }, undefined, 'is not readable PEM'],
])('what is missing, stray or wrong is named and never shown: %j as %s', (values, way, sentence) => {
  expect(() => credentialsOf(values, way)).toThrow(sentence)
  expect(() => credentialsOf(values, way)).toThrow(/^(?!.*s3cret)/)
})

test('every way says what it needs, and is made of it', () => {
  for (const row of SIGN_IN_WAYS) {
    expect(row.about).toBeTruthy()
    const values = Object.fromEntries(row.needs.map(name => [name, `the ${name}`]))
    const given = Object.values(row.signIn(values)).filter(value => value.startsWith('the '))
    expect(given.length, row.way).toBe(row.way === 'certificate' ? 0 : row.needs.length)
  }
})
