import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openPractice, PASSWORD, type Practice } from '../proof/practice.ts'

/** `deskbridge action` as a person at a prompt, or a script, meets it. */

let practice: Practice
beforeAll(async () => {
  practice = await openPractice()
})
afterEach(() => practice.noFaults())
afterAll(() => practice.close())

const run = (line: string, ...more: string[]) => practice.run(['action', ...line.split(' '), ...more])
const create = (name: string) => ['run', 'incident.create', '--timeout', '1', '--values', `short_description=${name}`].join(' ')
const named = async (name: string) => (await practice.ask(`/api/now/table/incident?sysparm_query=short_description=${name}`)).result

async function madeIncident(name: string): Promise<string> {
  const { out } = await run(`${create(name)} --fields sys_id --json`)
  return JSON.parse(out).sys_id
}

describe('what there is', () => {
  test('a list as a table, and as JSON by effect', async () => {
    expect((await run('list')).out).toMatch(/^ACTION +EFFECT +WHAT IT DOES\n(.*\n)*incident\.create +changes +Create an incident\n/)
    const deletes = JSON.parse((await run('list --effect deletes --json')).out) as { name: string; effect: string }[]
    expect(deletes).toContainEqual(expect.objectContaining({ name: 'table.delete', effect: 'deletes' }))
    expect(new Set(deletes.map(({ effect }) => effect))).toEqual(new Set(['deletes']))
  })

  test('the help of an action, without any instance, is the same wherever it is asked for', async () => {
    const nowhere = { env: { SERVICENOW_INSTANCE_URL: '' } }
    const help = await practice.run(['action', 'run', 'incident.update', '--help'], nowhere)
    expect(help).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/--sys-id TEXT {3}\(needed; string\)\n.*32 lower-case/) })
    expect((await practice.run(['action', 'describe', 'incident.update'], nowhere)).out).toBe(help.out)
    expect(JSON.parse((await run('describe incident.update --json')).out)).toMatchObject({ name: 'incident.update', effect: 'changes' })
  })
})

describe('doing', () => {
  test('an incident is made, read and changed, and a person sees it as a table', async () => {
    const made = await run(
      'run incident.create --json',
      '--values',
      'short_description=Wi-Fi = bad',
      '--values',
      '{"impact":2,"urgency":2}',
    )
    expect(made).toMatchObject({ code: 0, err: '' })
    const { number, sys_id } = JSON.parse(made.out)
    const input = JSON.stringify({ sysId: sys_id, values: { urgency: '1' }, fields: ['number'] })
    const changed = await practice.run(['action', 'run', 'incident.update', '--input', '-', '--fields', 'number,priority'], {
      stdin: input,
    })
    expect(changed).toMatchObject({ code: 0, out: `number    ${number}\npriority  2\n` })
    const listed = await run(`run incident.list --query number=${number} --fields number,short_description`)
    expect(listed.out).toBe(`NUMBER${' '.repeat(number.length - 4)}SHORT_DESCRIPTION\n${number}  Wi-Fi = bad\n`)
  })

  test('a file goes up and comes down as it was', async () => {
    const file = join(practice.folder, 'photo.png')
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 256))
    writeFileSync(file, bytes)
    const sysId = await madeIncident('file')
    const up = await run(`run attachment.upload --table incident --sys-id ${sysId} --file ${file} --json`)
    expect(JSON.parse(up.out)).toMatchObject({ file_name: 'photo.png', content_type: 'image/png', size_bytes: '300000' })
    const back = join(practice.folder, 'back.png')
    const download = `run attachment.download --sys-id ${JSON.parse(up.out).sys_id}`
    // As another user may have made it in a folder that all share.
    const elsewhere = join(practice.folder, 'elsewhere')
    symlinkSync(elsewhere, `${back}.part`)
    expect(await run(`${download} --output ${back}`)).toMatchObject({ code: 0, out: expect.stringContaining(back) })
    expect(existsSync(elsewhere)).toBe(false)
    expect(readFileSync(back).equals(bytes)).toBe(true)
    expect(await run(download)).toMatchObject({ code: 2, err: expect.stringContaining('--output FILE') })
    await practice.fault({ kind: 'asleep' })
    expect((await run(`${download} --output ${join(practice.folder, 'never.png')}`)).code).toBe(1)
    expect(readdirSync(practice.folder).filter(name => name.startsWith('never'))).toEqual([])
  })

  test('the type of a file is that of its name, and in JSON a file is base64', async () => {
    const sysId = await madeIncident('typed')
    const upload = (input: object) => run('run attachment.upload --json --input', JSON.stringify({ table: 'incident', sysId, ...input }))
    expect(JSON.parse((await upload({ name: 'a.docx', body: 'QUJD\r\nREVG\n' })).out)).toMatchObject({
      size_bytes: '6',
      content_type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    })
    expect(JSON.parse((await upload({ name: 'a.bin', contentType: 'text/plain;', body: 'QUJD' })).out)).toMatchObject({
      content_type: 'text/plain',
    })
    expect(await upload({ name: 'a.bin', body: 'QUJD_' })).toMatchObject({
      code: 2,
      err: '--input: body is not base64 (RFC 4648, section 4): character 5 is "_".\n',
    })
  })

  test('a field is cleared by name or by the empty value', async () => {
    const sysId = await madeIncident('cleared')
    const update = (...more: string[]) => run(`run incident.update --sys-id ${sysId} --fields description,close_notes --json`, ...more)
    const filled = { description: 'long', close_notes: 'none' }
    const set = () => update('--values', JSON.stringify(filled))
    expect(JSON.parse((await set()).out)).toEqual(filled)
    expect(JSON.parse((await update('--values', 'description=')).out)).toEqual({ ...filled, description: '' })
    await set()
    expect(JSON.parse((await update('--clear', 'description', '--clear', 'close_notes')).out)).toEqual({ description: '', close_notes: '' })
    await set()
    expect(await update('--clear', 'description', '--values', 'description=x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--clear: description: to be set, and to be cleared'),
    })
    expect(await update()).toMatchObject({ code: 2, err: expect.stringContaining('--values is missing') })
    await practice.fault({ kind: 'unwritable-field', fields: ['description'] })
    expect(await update('--clear', 'description')).toMatchObject({
      code: 4,
      err: expect.stringContaining('description: asked for nothing, it has "long"'),
    })
  })

  test('--all reads every page, and tells how far it is', async () => {
    const { total } = JSON.parse((await run('run incident.list --limit 1 --json')).out)
    const all = await run('run incident.list --all --limit 4 --fields number --json')
    const { rows } = JSON.parse(all.out)
    expect(new Set(rows.map(({ number }: { number: string }) => number)).size).toBe(total)
    expect(all.err).toMatch(new RegExp(`^4 rows so far…\\n8 rows so far…\\n(.*\\n)*${total} rows, all there are\\.\\n$`))
    expect(JSON.parse((await run('run incident.list --all --query number=none --json')).out)).toEqual({ rows: [] })
  })

  test('a delete without a person to ask needs --yes', async () => {
    const sysId = await madeIncident('gone')
    const line = `run table.delete --table incident --sys-id ${sysId}`
    expect(await run(line)).toMatchObject({ code: 2, err: expect.stringMatching(/add --yes\. Nothing was done\.\n$/) })
    expect(await named('gone')).toHaveLength(1)
    expect(await run(`${line} --yes`)).toMatchObject({ code: 0, out: 'deleted  true\n' })
    expect(await named('gone')).toHaveLength(0)
  })

  test('a saved connection is used by its name, and not the environment', async () => {
    const { SERVICENOW_INSTANCE_URL, ...rest } = practice.env
    await practice.run(['connection', 'add', 'desk', '--url', SERVICENOW_INSTANCE_URL!, '--user-name', 'admin'], { env: rest })
    const elsewhere = { SERVICENOW_INSTANCE_URL: 'http://127.0.0.1:1', SERVICENOW_PASSWORD: 'other' }
    const who = await practice.run(['action', 'run', 'user.current', '--connection', 'desk', '--json'], { env: elsewhere })
    expect(JSON.parse(who.out)).toMatchObject({ user_name: 'admin' })
  })

  test('what somebody wrote into a record cannot command the terminal', async () => {
    await practice.run([
      'action',
      'run',
      'incident.create',
      '--input',
      JSON.stringify({ values: { short_description: 'red \u001b[31m \u0007 text' } }),
    ])
    const { out } = await run('run incident.list --query short_descriptionLIKEred --fields short_description')
    expect(out).toContain('red')
    expect(out.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/)
  })
})

describe('what ServiceNow leaves out of a write is said beside the answer, and is 4', () => {
  test('a field, in a table and as JSON', async () => {
    const unwritable = { kind: 'unwritable-field', fields: ['description'], method: 'POST', path: '/incident' }
    const line = ['run', 'incident.create', '--fields', 'short_description', '--values', 'short_description=here', '--values']
    await practice.fault(unwritable)
    expect(await practice.run(['action', ...line, 'description=not \u001b[31mhere'])).toEqual({
      code: 4,
      out: 'short_description  here\n',
      err: expect.stringMatching(
        /^incident\.create was done, but ServiceNow did not take all of it\. .*\n {2}description: asked for "not {2}\[31mhere", it has nothing\n.*right.*\n$/,
      ),
    })
    const { code, out } = await practice.run(['action', ...line, 'description=x', '--json'])
    expect({ code, answer: JSON.parse(out) }).toEqual({
      code: 4,
      answer: { short_description: 'here', notTaken: [{ field: 'description', asked: 'x', kept: '' }] },
    })
    await practice.noFaults()
    expect(await practice.run(['action', ...line, 'description=x'])).toEqual({ code: 0, out: 'short_description  here\n', err: '' })
  })

  test('a comment; where the journal cannot be read, it is only said that nobody knows', async () => {
    const sysId = await madeIncident('comment')
    const comment = `run incident.addComment --sys-id ${sysId} --text hello --fields number`
    await practice.fault({ kind: 'unwritable-field', fields: ['comments'] })
    expect(await run(comment)).toMatchObject({ code: 4, err: expect.stringContaining('comments: asked for "hello", it has nothing') })
    await practice.noFaults()
    expect(await run(comment)).toMatchObject({ code: 0, err: '' })
    await practice.fault({ kind: 'hidden-journal' })
    expect(await run(comment)).toMatchObject({ code: 0, err: expect.stringMatching(/^Whether comments was taken is not known: .*\n$/) })
  })

  test('a field of a request in a batch', async () => {
    await practice.fault({ kind: 'unwritable-field', fields: ['impact'], path: '/incident' })
    const requests = [{ method: 'POST', path: '/api/now/table/incident', json: { short_description: 'batch', impact: 1 } }]
    const sent = await practice.run(['action', 'run', 'batch.send', '--yes', '--requests', JSON.stringify(requests)])
    expect(sent).toMatchObject({ code: 4, err: expect.stringContaining('0.impact: asked for "1", it has "3"') })
  })
})

describe('wrong use is 2, and says what to write', () => {
  test.each<[string, string[], RegExp]>([
    ['no verb', [], /^What about the actions\?/],
    ['an unknown action', ['run', 'incident.resolved'], /^There is no action "incident\.resolved"\. Did you mean .*incident\.get/],
    ['an unknown flag', ['run', 'incident.get', '--colour', 'red'], /^Unknown option '--colour'\.\nincident\.get takes --sys-id/],
    ['nothing given', ['run', 'incident.get'], /^--sys-id is missing: sys_id of the record/],
    ['a sys_id that is none', ['run', 'incident.get', '--sys-id', 'INC1'], /^--sys-id: a sys_id has 32 characters/],
    ['a field without a value', ['run', 'incident.create', '--values', 'state'], /^--values is written FIELD=VALUE/],
    ['a number that is none', ['run', 'incident.list', '--limit', 'many'], /^--limit needs a number, not "many"/],
    ['an unknown input', ['run', 'incident.list', '--input', '{"colour":"red"}'], /colour/],
    ['JSON that is none', ['run', 'incident.list', '--input', '{"limit":'], /^--input is not JSON/],
    ['all of what has no pages', ['run', 'user.current', '--all'], /has no pages/],
  ])('%s', async (_, args, sentence) => {
    expect(await practice.run(['action', ...args])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(sentence) })
  })
})

describe('a failure is told, and its code says whether something may have been written', () => {
  test('a wrong password, which is not shown', async () => {
    const { code, err, out } = await practice.run(['action', 'run', 'user.current'], { env: { SERVICENOW_PASSWORD: 'not it' } })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^user\.current failed, unauthorised: the credentials were not accepted \(HTTP 401\): .*\nCheck the credentials/)
    expect(err).not.toContain('not it')
  })

  test.each<[string, { kind: string }, number, RegExp, number]>([
    [
      'no answer after the write',
      { kind: 'timeout-after-write' },
      3,
      /time-out: .*\nThe outcome is unknown: it may have been written\. Do not simply repeat it\. Find out first: .*correlation_id/,
      1,
    ],
    ['a connection that breaks after the write', { kind: 'reset-after-write' }, 3, /The outcome is unknown/, 1],
    ['a 500 after the write', { kind: 'server-error-after-write' }, 3, /server-error: .*\(HTTP 500\).*\nThe outcome is unknown/, 1],
    ['a success with an error in it', { kind: 'error-in-200' }, 3, /broken-answer: .*Transaction cancelled.*\nThe outcome is unknown/, 1],
    ['a web page', { kind: 'asleep' }, 3, /asleep: a web page came instead of an answer/, 0],
    ['no answer and no write', { kind: 'timeout-before-write' }, 3, /The outcome is unknown/, 0],
    ['429 without headers', { kind: 'too-many-requests' }, 1, /rate-limited: .*\(HTTP 429\).*\nNothing was written\. Try again/, 0],
  ])('a write meets %s', async (name, fault, code, sentence, written) => {
    await practice.fault({ ...fault, method: 'POST', path: '/incident' })
    const word = name.replaceAll(' ', '-')
    const ran = await run(create(word))
    expect(ran).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) })
    expect(ran.err).not.toContain(PASSWORD)
    await practice.noFaults()
    expect(await named(word)).toHaveLength(written)
  })

  test.each<[string, { kind: string }, RegExp]>([
    ['half of the rows', { kind: 'error-in-200' }, /broken-answer.*\nTry again; if it stays, ask for less/],
    ['no answer', { kind: 'timeout-before-write' }, /time-out: .*\n.*--timeout/],
    ['a web page', { kind: 'asleep' }, /asleep.*\nWake the instance/],
  ])('a read meets %s: nothing can have been written', async (_, fault, sentence) => {
    await practice.fault({ ...fault, method: 'GET' })
    expect(await run('run incident.list --limit 2 --timeout 0.5')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(sentence) })
  })

  test('a rule of the record, no such record, no instance, no connection', async () => {
    const sysId = await madeIncident('rule')
    const update = `run incident.update --sys-id ${sysId} --values state=6`
    expect(await run(update)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/refused: .*mandatory.*\nNothing was written\. Give what the rule asks/),
    })
    expect(await run(`run incident.get --sys-id ${'0'.repeat(32)}`)).toMatchObject({ code: 1, err: expect.stringMatching(/not-found/) })
    const line = ['action', 'run', 'user.current']
    const nobody = await practice.run(line, { env: { SERVICENOW_INSTANCE_URL: 'http://127.0.0.1:1' } })
    expect(nobody).toMatchObject({ code: 1, err: expect.stringMatching(/unreachable.*\nCheck its address/) })
    expect(await practice.run(line, { env: { SERVICENOW_INSTANCE_URL: '' } })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Which instance\?/),
    })
  })
})
