import pg from 'pg'
import { afterAll, beforeAll, expect } from 'vitest'
import { createInstance } from '../index.ts'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
  await room.create('incident', { correlation_id: 'T1', description: 'The kettle in the galley hums, and hums again' })
  await room.create('incident', { correlation_id: 'T2', short_description: 'Kettle cold', description: 'no hum at all' })
  await room.create('incident', { correlation_id: 'T3', short_description: 'A teapot', work_notes: 'Its lid fits a kettle of brass' })
  await room.create('problem', { correlation_id: 'T4', short_description: 'Kettles everywhere' })
})
afterAll(() => room.close())

const ids = (table: string, text: string, user = 'admin') => room.find(table, text, 'correlation_id', user)

test('words are found in any text field, whatever their ending, and in journals', async () => {
  expect((await ids('incident', '123TEXTQUERY321=kettle')).sort()).toEqual(['T1', 'T2', 'T3'])
  expect((await ids('incident', '123TEXTQUERY321=KETTLES')).sort()).toEqual(['T1', 'T2', 'T3'])
  expect((await ids('task', '123TEXTQUERY321=kettle')).sort()).toEqual(['T1', 'T2', 'T3', 'T4'])
  expect(await ids('incident', '123TEXTQUERY321=galley humming')).toEqual(['T1'])
  expect(await ids('incident', '123TEXTQUERY321=brass lid')).toEqual(['T3'])
  expect(await ids('incident', '123TEXTQUERY321=nosuchword')).toEqual([])
  expect(await ids('incident', '123TEXTINDEXGROUP321=galley')).toEqual(['T1'])
})

test('quotation marks, or, and a minus mean something', async () => {
  expect(await ids('incident', '123TEXTQUERY321="kettle cold"')).toEqual(['T2'])
  expect((await ids('incident', '123TEXTQUERY321=galley or cold')).sort()).toEqual(['T1', 'T2'])
  expect(await ids('incident', '123TEXTQUERY321=kettle -cold -brass^short_descriptionISEMPTY')).toEqual(['T1'])
})

test('what fits best comes first, unless an order is asked for', async () => {
  expect((await ids('incident', '123TEXTQUERY321=kettle')).slice(0, 2)).toEqual(['T2', 'T1'])
  expect(await ids('incident', '123TEXTQUERY321=kettle^ORDERBYDESCcorrelation_id')).toEqual(['T3', 'T2', 'T1'])
})

test('words combine with other terms', async () => {
  expect(await ids('incident', '123TEXTQUERY321=kettle^correlation_id=T2')).toEqual(['T2'])
  expect((await ids('incident', '123TEXTQUERY321=galley^NQcorrelation_id=T3')).sort()).toEqual(['T1', 'T3'])
  expect((await ids('incident', '123TEXTQUERY321=galley^ORcorrelation_id=T3')).sort()).toEqual(['T1', 'T3'])
})

test('a changed text is found by its new words and no longer by its old ones', async () => {
  const { sys_id } = await room.create('incident', { correlation_id: 'T5', short_description: 'Samovar' })
  expect(await ids('incident', '123TEXTQUERY321=samovar')).toEqual(['T5'])
  await room.call('PATCH', `/api/now/table/incident/${sys_id}`, { short_description: 'Urn' })
  expect(await ids('incident', '123TEXTQUERY321=samovar')).toEqual([])
  expect(await ids('incident', '123TEXTQUERY321=urn')).toEqual(['T5'])
})

test('a table without a text index ignores the words', async () => {
  const all = await room.find('sys_user_group', '', 'name')
  expect(await room.find('sys_user_group', '123TEXTQUERY321=nosuchword', 'name')).toHaveLength(all.length)
})

test('a work note is not found by somebody who may not read it', async () => {
  const caller = DEMO.customers[0].users[0].sysId
  await room.create('incident', { correlation_id: 'T6', caller_id: caller, short_description: 'percolator', work_notes: 'zeppelin' })
  expect(await ids('incident', '123TEXTQUERY321=zeppelin')).toEqual(['T6'])
  expect(await ids('incident', '123TEXTQUERY321=zeppelin', 'north.user.one')).toEqual([])
  expect(await ids('incident', '123TEXTQUERY321=percolator', 'north.user.one')).toEqual(['T6'])
})

test('a text longer than an index takes is stored all the same', async () => {
  const words = Array.from({ length: 300_000 }, (_, at) => `word${at}`).join(' ')
  const { sys_id } = await room.create('incident', { correlation_id: 'T7', comments: words })
  expect(await ids('incident', '123TEXTQUERY321=word7')).toEqual(['T7'])
  expect(await room.find('sys_journal_field', `element_id=${sys_id}`, 'value')).toEqual([words])
})

test.each([
  ['angle', '<!--'],
  ['underscore', 'a_'],
  ['tilde', '~/'],
  ['hyphen', '1-a-'],
])('a text in which the end of a word is looked for again and again is saved and found like any other: %s', async (word, part) => {
  const text = `${word} ${part.repeat(50_000 / part.length)}`
  await room.create('incident', { correlation_id: word, description: text, comments: text })
  expect(await ids('incident', `123TEXTQUERY321=${word}`)).toEqual([word])
  expect(await ids('incident', `123TEXTQUERY321=${text.slice(0, 1_000)} nosuchword`)).toEqual([])
})

test('what stands in angle brackets is text, and found', async () => {
  await room.create('incident', { correlation_id: 'T9', description: 'Set <ReplicaCount>3</ReplicaCount> in <a>config.xml</a>' })
  expect(await ids('incident', '123TEXTQUERY321=replicacount')).toEqual(['T9'])
})

test('a schema of an earlier version is searched anew', async () => {
  const old = await openRoom()
  await old.create('incident', { correlation_id: 'T10', description: 'An <!-- old --> kettle', comments: 'of tin' })
  const connection = new pg.Client({ connectionString: old.databaseUrl })
  await connection.connect()
  await connection.query(
    `alter table sandbox.task drop column searched_words;
     alter table sandbox.task add column text_search tsvector generated always as (to_tsvector('english', left(description, 50000))) stored;
     create index task_text on sandbox.task using gin (text_search);
     drop index sandbox.sys_journal_field_words;
     create index sys_journal_field_text on sandbox.sys_journal_field using gin (to_tsvector('english', left(value, 50000)));
     comment on schema sandbox is 'earlier'`,
  )
  const instance = await createInstance({ databaseUrl: old.databaseUrl, schema: 'sandbox' })
  expect(await old.find('incident', '123TEXTQUERY321=old kettle', 'correlation_id')).toEqual(['T10'])
  expect(await old.find('incident', '123TEXTQUERY321=tin', 'correlation_id')).toEqual(['T10'])
  const left = await connection.query(`select indexdef from pg_indexes where schemaname = 'sandbox' and indexdef like '%to_tsvector%'`)
  expect(left.rows).toHaveLength(1)
  await connection.end()
  await instance.close()
  await old.close()
})
