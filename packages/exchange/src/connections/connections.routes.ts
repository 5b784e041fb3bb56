import { z } from 'zod'
import type { ErrorCode } from '../platform/errors.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import {
  addInput,
  connectionAnswer,
  connectionOutput,
  emptyInput,
  environmentInput,
  examinationAnswer,
  examinationOutput,
  named,
  rotateInput,
  valuesOf,
} from './connection-wire.ts'
import type { OperatorConnections } from './connections.ts'

const READ: readonly ErrorCode[] = ['invalid_field', 'sign_in_required', 'not_found', 'internal', 'exchange_unavailable']
const CHANGE: readonly ErrorCode[] = [...READ, 'other_site']
const WRITE: readonly ErrorCode[] = [...CHANGE, 'malformed_json', 'duplicate_key', 'too_large', 'unsupported_media_type', 'key_unusable']

const row = { tag: 'Operator', access: 'operator' } as const
const ALL = '/operator/connections'
const ONE = `${ALL}/:name` as const

type Named<Body = unknown> = Call<unknown, unknown, Body, { name: string }>
const nameOf = ({ params }: Named) => params.name

/** Saved connections, for people of the operator. No answer ever holds a secret, nor its sealed form. */
export const connectionRoutes = (connections: OperatorConnections): Route[] => [
  route({
    ...row,
    method: 'GET',
    path: ALL,
    operationId: 'connections-list',
    summary: 'The saved connections: who and where, and their health',
    output: z.object({ result: z.array(connectionOutput) }),
    errors: ['sign_in_required', 'internal', 'exchange_unavailable'],
    handle: async () => ({ result: (await connections.list()).map(connectionAnswer) }),
  }),
  route({
    ...row,
    method: 'POST',
    path: ALL,
    operationId: 'connection-add',
    summary: 'Saves a connection and checks it; one that does not work yet is saved too, and its health says why',
    body: addInput,
    output: connectionOutput,
    errors: [...WRITE, 'name_taken'],
    handle: async ({ body }: Call<unknown, unknown, z.output<typeof addInput>>) => {
      const { name, environment, url, way } = body
      return connectionAnswer(await connections.add({ name, environment, url, way, values: valuesOf(body) }))
    },
  }),
  route({
    ...row,
    method: 'GET',
    path: ONE,
    params: named,
    operationId: 'connection-show',
    summary: 'One saved connection',
    output: connectionOutput,
    errors: READ,
    handle: async (call: Named) => connectionAnswer(await connections.show(nameOf(call))),
  }),
  route({
    ...row,
    method: 'PATCH',
    path: ONE,
    params: named,
    operationId: 'connection-move',
    summary: 'Moves it to another environment. Another address is another connection: credentials are given for one address alone',
    body: environmentInput,
    output: connectionOutput,
    errors: [...WRITE, 'connection_in_use'],
    handle: async (call: Named<z.output<typeof environmentInput>>) =>
      connectionAnswer(await connections.move(nameOf(call), call.body.environment)),
  }),
  route({
    ...row,
    method: 'DELETE',
    path: ONE,
    params: named,
    operationId: 'connection-remove',
    summary: 'Forgets a connection and its credentials',
    output: z.object({ removed: z.string() }),
    errors: [...CHANGE, 'connection_in_use'],
    handle: async (call: Named) => {
      await connections.remove(nameOf(call))
      return { removed: nameOf(call) }
    },
  }),
  route({
    ...row,
    method: 'POST',
    path: `${ONE}/check`,
    params: named,
    operationId: 'connection-check',
    onlyLooks: true,
    summary: 'The doctor: what works and what does not, and which setting of ServiceNow to change; nothing is changed there',
    body: emptyInput,
    output: examinationOutput,
    errors: WRITE,
    handle: async (call: Named) => examinationAnswer(await connections.check(nameOf(call))),
  }),
  route({
    ...row,
    method: 'POST',
    path: `${ONE}/rotate`,
    params: named,
    operationId: 'connection-rotate',
    summary: 'Puts new credentials in use once they have been seen to work; the old ones stay usable until they are retired',
    body: rotateInput,
    output: connectionOutput,
    errors: [...WRITE, 'credentials_do_not_work'],
    handle: async (call: Named<z.output<typeof rotateInput>>) =>
      connectionAnswer(await connections.rotate(nameOf(call), valuesOf(call.body), call.body.way)),
  }),
  route({
    ...row,
    method: 'POST',
    path: `${ONE}/back`,
    params: named,
    operationId: 'connection-back',
    summary: 'Takes the credentials of before the last rotation into use again',
    body: emptyInput,
    output: connectionOutput,
    errors: WRITE,
    handle: async (call: Named) => connectionAnswer(await connections.back(nameOf(call))),
  }),
  route({
    ...row,
    method: 'POST',
    path: `${ONE}/retire`,
    params: named,
    operationId: 'connection-retire',
    summary: 'Forgets the credentials of before the last rotation',
    body: emptyInput,
    output: connectionOutput,
    errors: WRITE,
    handle: async (call: Named) => connectionAnswer(await connections.retire(nameOf(call))),
  }),
]
