import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, describe, expect, test } from 'vitest'
import { ask } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const { status, body: document } = await ask(`${system.firstSteps.exchange}/openapi.json`, { method: 'GET' })

describe('the OpenAPI document', () => {
  test('passes a linter’s recommended rules', async () => {
    expect(status).toBe(200)
    const problems = await lintFromString({
      source: JSON.stringify(document),
      config: await createConfig({ extends: ['recommended'] }),
    })
    const errors = problems.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`)).toEqual([])
  })

  test('has KPN’s operations at KPN’s paths, with its names and answers', () => {
    const operations = Object.entries(document.paths as Record<string, Record<string, { operationId: string; responses: object }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId, responses }]) => ({ path, method, operationId, responses })),
    )
    for (const [method, path, operationId] of [
      ['post', '/Ticket', 'ticket-post'],
      ['patch', '/Ticket', 'ticket-patch'],
      ['get', '/Ticket', 'ticket-get'],
      ['patch', '/Task', 'task-patch'],
      ['get', '/ListOpenTickets', 'ticket-list'],
      ['get', '/TicketUpdates', 'ticketupdates-get'],
      ['get', '/GetAttachment/{attachment_id}', 'get-attachment'],
    ] as const) {
      const found = operations.find(operation => operation.path === `/network/kpn/servicenow${path}` && operation.method === method)
      expect(found?.operationId).toBe(operationId)
      for (const code of ['200', '401', '403', '429', '500']) expect(Object.keys(found!.responses)).toContain(code)
    }
  })

  test('names the same required fields as KPN’s', () => {
    const bodyOf = (path: string, method: string) =>
      document.paths[`/network/kpn/servicenow${path}`][method].requestBody.content['application/json'].schema
    expect(bodyOf('/Ticket', 'post').required.sort()).toEqual(['customer_reference_number', 'service', 'short_description', 'ticket_type'])
    for (const path of ['/Ticket', '/Task'])
      expect(bodyOf(path, 'patch').required.sort()).toEqual(['action', 'customer_reference_number', 'kpn_ticket_number'])
  })

  test('lets a request have fields that it does not name, since they are ignored', () => {
    for (const path of Object.values(document.paths as Record<string, Record<string, Record<string, never>>>))
      for (const operation of Object.values(path))
        expect(JSON.stringify(operation.requestBody ?? {})).not.toContain('"additionalProperties":false')
  })
})
