import { z } from 'zod'
import type { Database } from '../platform/database.ts'
import { pathPart } from '../platform/json-input.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Operator, Passwords } from '../sign-in/index.ts'
import { readOperators } from './people.store.ts'
import { addOperator, changePassword, newPassword, personInput, removeOperator } from './people.ts'

const READ = ['internal', 'exchange_unavailable'] as const
const CHANGE = [...READ, 'invalid_field', 'outcome_unknown'] as const
const BODY = ['malformed_json', 'duplicate_key', 'too_large', 'unsupported_media_type'] as const

const peopleOutput = z.object({
  result: z.array(z.object({ email: z.string(), made_at: z.string().nullable(), made_by: z.string().nullable() })),
})
const ofPerson = z.object({ email: pathPart(200) })
const passwordInput = z.object({ password: newPassword })
const removedOutput = z.object({
  removed: z.string(),
  ended_tokens: z.array(z.string()).meta({ description: 'The tokens that this person had made: they ended with it' }),
})

const administration = { tag: 'Administration' } as const
const ALL = '/operator/people'
const ONE = `${ALL}/:email` as const

/** The people of the operator. Who they are is changed by one of them with the password, by no token. */
export const peopleRoutes = (database: Database, passwords: Passwords): Route[] => [
  route({
    ...administration,
    access: 'operator',
    method: 'GET',
    path: ALL,
    operationId: 'person-list',
    summary: 'The people of the operator, and who added them when',
    output: peopleOutput,
    errors: READ,
    handle: async () => ({
      result: (await readOperators(database)).map(({ email, madeAt, madeBy }) => ({
        email,
        made_at: madeAt?.toISOString() ?? null,
        made_by: madeBy,
      })),
    }),
  }),
  route({
    ...administration,
    access: 'person',
    method: 'POST',
    path: ALL,
    operationId: 'person-add',
    summary: 'Adds a person of the operator. The first one is added on the machine: deskbridge operator add',
    body: personInput,
    output: z.object({ email: z.string() }),
    errors: [...CHANGE, ...BODY, 'name_taken'],
    ifUnknown: 'The person may be there already: look at GET /operator/people. If it is, its password is the one that you sent.',
    handle: async ({ body, caller }: Call<Operator, unknown, z.output<typeof personInput>>) => {
      await addOperator(database, passwords, body, caller.name)
      return { email: body.email }
    },
  }),
  route({
    ...administration,
    access: 'person',
    method: 'PUT',
    path: `${ONE}/password`,
    params: ofPerson,
    operationId: 'person-password',
    summary: 'Gives a person of the operator another password; the old one opens nothing from then on, in every process',
    body: passwordInput,
    output: z.object({ email: z.string() }),
    errors: [...CHANGE, ...BODY, 'not_found'],
    handle: async ({ body, params }: Call<Operator, unknown, z.output<typeof passwordInput>, z.output<typeof ofPerson>>) => {
      await changePassword(database, passwords, { email: params.email, password: body.password })
      return { email: params.email }
    },
  }),
  route({
    ...administration,
    access: 'person',
    method: 'DELETE',
    path: ONE,
    params: ofPerson,
    operationId: 'person-remove',
    summary: 'Removes a person of the operator, and ends the tokens that it had made; the last person stays',
    output: removedOutput,
    errors: [...CHANGE, 'not_found', 'last_operator'],
    handle: async ({ params }: Call<Operator, unknown, unknown, z.output<typeof ofPerson>>) => ({
      removed: params.email,
      ended_tokens: await removeOperator(database, params.email),
    }),
  }),
]
