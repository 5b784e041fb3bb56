import { describe, expect, test } from 'vitest'
import { ExchangeError } from '../platform/errors.ts'
import { actionsThatHold, instanceNumber, mappingWith, partnerFields, shownNumber, stateWord } from './index.ts'

const mapping = mappingWith({})

describe('numbers', () => {
  test('INC0010001 is shown as INC#0010001 and understood both ways, in any letter case', () => {
    expect(shownNumber('INC0010001', 'hash')).toBe('INC#0010001')
    expect(shownNumber('INC0010001', 'plain')).toBe('INC0010001')
    for (const written of ['INC#0010001', 'INC0010001', 'inc#0010001', ' inc0010001 ']) expect(instanceNumber(written)).toBe('INC0010001')
  })

  test('a number that was cut off at its # is refused with the reason', () => {
    expect(() => instanceNumber('INC')).toThrow('cut off at the character #')
    expect(() => instanceNumber('INC')).toThrow(ExchangeError)
    expect(() => instanceNumber('INC0010001^active=true')).toThrow('is not a number')
  })

  test('a prefix tells the kind: SCTASK is a Request Task, RITM is nothing that a partner knows', () => {
    expect(mapping.ofNumber('SCTASK0010001')?.word).toBe('Request Task')
    expect(mapping.ofNumber('TASK0020001')?.word).toBe('Incident Task')
    expect(mapping.ofNumber('INC0010001')?.word).toBe('Incident')
    expect(mapping.ofNumber('RITM0010001')).toBeUndefined()
  })
})

describe('states', () => {
  test('a change that moves on from New is In Progress, and stays it until it is put on hold', () => {
    const change = mapping.of('Change Request')
    expect(stateWord(change, { state: '-5' })).toBe('New')
    for (const state of ['-4', '-3', '-2', '-1']) expect(actionsThatHold(change, { state, on_hold: 'false' })).toEqual(['In Progress'])
    expect(actionsThatHold(change, { state: '-1', on_hold: 'true' })).toEqual(['On Hold'])
    expect(actionsThatHold(change, { state: '0' })).toEqual(['Executed'])
    expect(actionsThatHold(change, { state: '4', on_hold: 'true' })).toEqual(['Canceled'])
  })

  test('a service request that completes and closes in one save is Completed, then Closed', () => {
    const request = mapping.of('Service Request')
    expect(actionsThatHold(request, { request_state: 'closed_complete', state: '3' })).toEqual(['Completed', 'Closed'])
    expect(actionsThatHold(request, { request_state: 'closed_cancelled', state: '4' })).toEqual(['Canceled'])
  })

  test('a pending item puts its request on hold, whatever the other items do', () => {
    const request = mapping.of('Service Request')
    expect(actionsThatHold(request, { request_state: 'requested', state: '1', item_states: '1,2' })).toEqual(['In Progress'])
    expect(actionsThatHold(request, { request_state: 'in_process', state: '1', item_states: '2,-5' })).toEqual(['On Hold'])
  })

  test('4 is Closed Incomplete for an incident task and Canceled for a change task', () => {
    expect(actionsThatHold(mapping.of('Incident Task'), { state: '4' })).toEqual(['Closed'])
    expect(actionsThatHold(mapping.of('Change Task'), { state: '4' })).toEqual(['Canceled'])
  })
})

test('an environment says differently what it must, and keeps the rest', () => {
  const other = mappingWith({ numberLook: 'plain', kinds: { Incident: { prefix: 'TKT', actions: [] } } })
  expect(other.ofNumber('TKT0000001')?.word).toBe('Incident')
  expect(other.of('Incident').actions).toEqual([])
  expect(other.of('Change Request')).toEqual(mapping.of('Change Request'))
})

test('people of another company than the ticket’s are not told to the partner', () => {
  const incident = mapping.of('Incident')
  const shown = {
    opened_by: 'Agent',
    'opened_by.email': 'agent@operator.example',
    caller_id: 'User',
    'caller_id.email': 'user@north.example',
  }
  const values = { company: 'north', 'opened_by.company': 'operator', 'caller_id.company': 'north', opened_by: 'a', caller_id: 'u' }
  const fields = partnerFields(incident, values, shown, new Set())
  expect(fields.user).toBe('user@north.example')
  expect(fields.contact).toBeUndefined()
})
