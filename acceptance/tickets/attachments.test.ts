import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { type FiledTicket, filed } from '../stories/tickets.ts'
import { carried } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const desk = system.desk('sandbox')

const file = (name: string, size: number) => ({ name, bytes: randomBytes(size), contentType: 'application/octet-stream' })
const sameBytes = (content: string, bytes: Uint8Array) => Buffer.from(content, 'base64').equals(bytes)

describe('2.2.1 attachments', () => {
  test.each(['Incident', 'Request for Information', 'Change Request', 'Service Request'])(
    'come with the filing of a %s, several at once, and the desk has each byte',
    async type => {
      const files = [file('een.bin', 0), file('twee.bin', 1), file('drie – ü.bin', 300_000)]
      const { number } = await filed(customer, { ticket_type: type, attachments: files.map(carried) })
      const stored = await desk.filesOf(await desk.record(number))
      expect(stored.map(({ file_name }) => file_name).sort()).toEqual(files.map(({ name }) => name).sort())
      for (const { name, bytes } of files) {
        const { sys_id } = stored.find(({ file_name }) => file_name === name)!
        expect(Buffer.from(await desk.bytesOf(sys_id!)).equals(bytes)).toBe(true)
      }
    },
  )

  test('come with a comment, and without one: a comment message without a comment', async () => {
    const ticket = await filed(customer)
    const [withWords, alone] = [file('with-words.log', 2_000), file('alone.log', 3_000)]
    expect((await attachedTo(ticket, { comment: 'See the log.', attachments: [carried(withWords)] })).status).toBe(200)
    expect((await attachedTo(ticket, { attachments: [carried(alone)] })).status).toBe(200)
    const incident = await desk.record(ticket.number)
    expect((await desk.filesOf(incident)).map(({ file_name }) => file_name).sort()).toEqual(['alone.log', 'with-words.log'])
    expect(await desk.journal(incident, 'comments')).toEqual(['See the log.'])
  })

  test('are fetched back byte for byte, with the id in the path and as a query parameter', async () => {
    const { number } = await filed(customer)
    const bytes = randomBytes(400_001)
    const id = await desk.attach(await desk.record(number), { name: 'ontwerp – v2.docx', bytes, contentType: 'application/msword' })
    await customer.updates.until({ number, action: 'Attachment' })
    for (const answer of [
      await customer.getAttachment(id),
      await customer.ask('GET', '/GetAttachment', { query: { attachment_id: id } }),
    ]) {
      expect(answer.status).toBe(200)
      expect(Object.keys(answer.body).sort()).toEqual(['content', 'content_type', 'name'])
      expect(answer.body).toMatchObject({ name: 'ontwerp – v2.docx', content_type: 'application/msword' })
      expect(sameBytes(answer.body.content, bytes)).toBe(true)
    }
  })

  test.each([
    ['as openssl writes it', /.{64}/g, '$&\n'],
    ['as coreutils does', /.{76}/g, '$&\n'],
    ['as Java, Python and .NET do', /.{76}/g, '$&\r\n'],
    ['with blanks', /.{48}/g, '\t$&  '],
  ])('base64 in lines, %s, is the same file', async (_, every, line) => {
    const bytes = randomBytes(200_001)
    const content = `${bytes.toString('base64').replace(every, line)}\n`
    const { number } = await filed(customer, { attachments: [{ name: 'lines.bin', content }] })
    const [stored] = await desk.filesOf(await desk.record(number))
    expect(Buffer.from(await desk.bytesOf(stored!.sys_id!)).equals(bytes)).toBe(true)
  })

  test.each([
    ['photo.JPG', undefined, 'image/jpeg'],
    ['report.pdf', '', 'application/pdf'],
    ['mail.eml', null, 'message/rfc822'],
    ['notes.txt', 'text', 'text/plain'],
    ['unknown', undefined, 'application/octet-stream'],
    ['png', undefined, 'application/octet-stream'],
    ['.txt', undefined, 'application/octet-stream'],
    ['a.bin', 'text/plain;', 'text/plain'],
    ['a.bin', 'Text/Plain;charset=UTF-8', 'text/plain; charset=UTF-8'],
    ['a.bin', 'application/pdf; name=a b.pdf', 'application/pdf; name="a b.pdf"'],
    ['a.bin', 'text/plain; name="ü"', 'text/plain'],
    ['a.bin', 'text/plain\r\nx-evil: 1', 'application/octet-stream'],
  ])('%s with the type %j is stored as %s', async (name, content_type, stored) => {
    const ticket = await filed(customer)
    const { status, headers } = await attachedTo(ticket, { attachments: [{ name, content: 'QQ==', content_type }] })
    expect(status).toBe(200)
    const isNone = content_type && !/^\w+\/\w+(;.*)?$/.test(content_type)
    expect(headers.get('warnings') ?? '').toContain(isNone ? `is not a media type; ${stored} was taken` : '')
    expect(await desk.filesOf(await desk.record(ticket.number))).toMatchObject([{ file_name: name, content_type: stored }])
  })

  test('the customer’s own files are not told to it, and it can read them back', async () => {
    const own = file('own.bin', 10_000)
    const ticket = await filed(customer, { attachments: [carried(own)] })
    await desk.comment(await desk.record(ticket.number), 'Thank you for the file.')
    await customer.updates.untilActions(ticket.number, ['Comment'])
    const { body } = await customer.readTicket(ticket.number)
    const [{ attachment_id, name, size }] = body.result[0].attachments
    expect({ name, size }).toEqual({ name: 'own.bin', size: 10_000 })
    expect(sameBytes((await customer.getAttachment(attachment_id)).body.content, own.bytes)).toBe(true)
  })

  test('two equal files in one request stay two', async () => {
    const twice = carried(file('same.bin', 100))
    const { number } = await filed(customer, { attachments: [twice, twice] })
    expect(await desk.filesOf(await desk.record(number))).toHaveLength(2)
  })

  test('a retry of the same request adds no file again', async () => {
    const ticket = await filed(customer)
    const update = { comment: 'With a file', attachments: [carried(file('once.bin', 500))] }
    for (let turn = 0; turn < 2; turn++) expect((await attachedTo(ticket, update)).status).toBe(200)
    expect(await desk.filesOf(await desk.record(ticket.number))).toHaveLength(1)
  })

  test('come with every action of a provider, and alone with Attachment', async () => {
    const { number } = await filed(customer)
    const provider = system.partner('provider')
    const group = system.firstSteps.provider.solverGroup
    const task = await assignedTo(group, desk, await desk.record(number))
    const known = await accepted(provider, task)
    for (const [action, more] of [
      ['In Progress', {}],
      ['Comment', { comment: 'See the photo.' }],
      ['Worknote', { worknotes: 'See the photo.' }],
      ['Attachment', {}],
      ['On Hold', { worknotes: 'No access.' }],
      ['Closed Complete', { close_notes: 'Done.' }],
    ] as const)
      await worked(provider, known, { action, ...more, attachments: [carried(file(`${action}.jpg`, 50))] })
    expect((await desk.filesOf(task)).map(({ file_name }) => file_name).sort()).toEqual([
      'Attachment.jpg',
      'Closed Complete.jpg',
      'Comment.jpg',
      'In Progress.jpg',
      'On Hold.jpg',
      'Worknote.jpg',
    ])
  })

  test('nothing is filed when a file is not base64', async () => {
    const reference = customer.newReference()
    const { status, body } = await customer.fileTicket({
      customer_reference_number: reference,
      attachments: [{ name: 'broken.bin', content: 'this is *not* base64' }],
    })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'invalid_base64', field: 'attachments[0].content' })
    expect(body.error.message).toContain('character 9 is "*"')
    expect(await desk.find('incident', `correlation_display=${reference}`)).toHaveLength(0)
  })
})

const attachedTo = ({ number, reference }: FiledTicket, update: object) =>
  customer.updateTicket({ action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, ...update })
