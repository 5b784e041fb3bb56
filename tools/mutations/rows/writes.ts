import type { Mutation } from '../mutation.ts'

export const WRITES: readonly Mutation[] = [
  {
    sentence: '200 means that ServiceNow',
    breaks: 'a refused write is answered as done',
    file: 'packages/exchange/src/recorded-writes/attempt-step.ts',
    text: "if (failure instanceof ServiceNowError && failure.written === 'no') throw await endRefused(held, place, failure)",
    replacement: "if (failure instanceof ServiceNowError && failure.written === 'no') return { begun: true, done: true }",
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title:
        'a file of a type that the service desk does not take > is refused with 400 and the reason, on a new ticket, which is there, and on one that was there before',
    },
  },
  {
    sentence: 'It has it once, whatever was',
    breaks: 'what was sent on a connection that broke counts as not written',
    file: 'packages/servicenow/src/connection/broken-transport.ts',
    text: "written: neverSent ? 'no' : 'unknown' }",
    replacement: "written: neverSent ? 'unknown' : 'no' }",
    proof: {
      file: 'acceptance/faults/connection-cut.test.ts',
      title: 'the connection … is cut while a ticket is made, and then while a comment is written: each is there once',
    },
  },
  {
    sentence: 'It has it once, whatever',
    breaks: 'a ticket whose answer was lost is not looked for',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: 'return findCreated(search, step)',
    replacement: 'return undefined',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title: 'a ticket is filed once, whatever happens to the call > … while a … is created: the partner’s retry gets the one ticket',
    },
  },
  {
    sentence: 'It has it once, whatever',
    breaks: 'a comment whose answer was lost is not looked for',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: 'return (await isAdded(search, step, journal)) ? ({ begun: true, done: true } as const) : undefined',
    replacement: 'return undefined',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title: 'a comment is written once, whatever happens to the call > … while a comment is written',
    },
  },
  {
    sentence: 'It has it once, whatever',
    breaks: 'a file whose answer was lost is not looked for',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: 'return findAttached(search, step)',
    replacement: 'return undefined',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title: 'a file is added once, whatever happens to the call > … while a file is added',
    },
  },
  {
    sentence: 'The same reference with the',
    breaks: 'the same content is refused too',
    file: 'packages/exchange/src/recorded-writes/join-write.ts',
    text: '!sameKey || !hasContentOf(write, existing)',
    replacement: 'sameKey',
    proof: {
      file: 'acceptance/tickets/customer-files-a-ticket.test.ts',
      title: 'the same request again > answers as before and makes no second ticket',
    },
  },
  {
    sentence: 'The same reference with the',
    breaks: 'other content counts as the same',
    file: 'packages/exchange/src/recorded-writes/join-write.ts',
    text: '!sameKey || !hasContentOf(write, existing)',
    replacement: '!sameKey',
    proof: {
      file: 'acceptance/tickets/customer-files-a-ticket.test.ts',
      title: 'the same request again > with other content is refused: the reference is taken',
    },
  },
  {
    sentence: 'Fifty at once are one ticket.',
    breaks: 'each request has a key of its own',
    file: 'packages/exchange/src/recorded-writes/request.ts',
    text: '`reference:${filing.referenceKey}`',
    replacement: '`reference:${randomUUID()}`',
    proof: {
      file: 'acceptance/concurrency/two-processes.test.ts',
      title: 'one reference filed 50 times at once over two processes is one ticket, and all 50 hear the same',
    },
  },
  {
    sentence: 'One exception: what was deleted',
    breaks: 'what was done before is not looked at again',
    file: 'packages/exchange/src/tickets/file-ticket.ts',
    text: `      onDoneBefore: existing => assertNotDeleted(desk, existing, call.signal),
`,
    replacement: '',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title:
        'a ticket that was deleted in ServiceNow > filed again it is 409 with its number, never a 200 that names what is not there; while ServiceNow is away 200 as before',
    },
  },
  {
    sentence: 'A reference is the same in',
    breaks: 'letters in two parts are other letters',
    file: 'packages/exchange/src/mapping/same-name.ts',
    text: "name.normalize('NFC').replace",
    replacement: 'name.replace',
    proof: {
      file: 'acceptance/access/same-reference-in-other-bytes.test.ts',
      title: 'a reference > that comes again in another form is the same, and is given back as it was first sent',
    },
  },
  {
    sentence: 'A reference is the same in',
    breaks: 'a line break is no blank',
    file: 'packages/exchange/src/mapping/same-name.ts',
    text: ".replace(LINE_BREAK, ' ')",
    replacement: '',
    proof: {
      file: 'acceptance/access/same-reference-in-other-bytes.test.ts',
      title: 'a reference > that comes again in another form is the same, and is given back as it was first sent',
    },
  },
  {
    sentence: 'A reference is the same in',
    breaks: 'a reference is given back as it came last',
    file: 'packages/exchange/src/ownership/reference.ts',
    text: 'return reference !== undefined && !bond?.keepsItsForm && sameName(reference, given) ? reference : given',
    replacement: 'return given',
    proof: {
      file: 'acceptance/access/same-reference-in-other-bytes.test.ts',
      title: 'a reference > that comes again in another form is the same, and is given back as it was first sent',
    },
  },
  {
    sentence: 'Names of services, things',
    breaks: 'the desk’s names are found in one form only',
    file: 'packages/exchange/src/mapping/same-name.ts',
    text: "normalName(name).normalize('NFD')])",
    replacement: 'normalName(name)])',
    proof: {
      file: 'acceptance/access/same-reference-in-other-bytes.test.ts',
      title: 'names of a service, a thing and a person > are found in whatever form they are sent, and whatever form the desk has them in',
    },
  },
  {
    sentence: 'What ServiceNow will never',
    breaks: 'no refusal is final',
    file: 'packages/exchange/src/connections/trouble.ts',
    text: 'if (!FINAL.has(kind) ||',
    replacement: 'if (FINAL.has(kind) ||',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title: 'a refusal of the instance itself is for good, a page of what stands before it is not > …',
    },
  },
  {
    sentence: 'A page that something before',
    breaks: 'the status of a page decides',
    file: 'packages/exchange/src/connections/trouble.ts',
    text: 'return status === undefined ? detail : reason',
    replacement: 'return detail',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title: 'a refusal of the instance itself is for good, a page of what stands before it is not > …',
    },
  },
  {
    sentence: 'No wait that an instance',
    breaks: 'a call tries it again after fifty minutes',
    file: 'packages/servicenow/src/connection/pace.ts',
    text: 'const PROBE_EVERY_MS = 30_000',
    replacement: 'const PROBE_EVERY_MS = 3_000_000',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title:
        'an instance that asks to be left alone for days > is tried again within half a minute, and the partner is told to wait a minute at most',
    },
  },
  {
    sentence: 'No wait that an instance',
    breaks: 'no call tries it before the pause is over',
    file: 'packages/servicenow/src/connection/pace.ts',
    text: 'const isProbe = paused > 0 && this.#untilProbe() === 0',
    replacement: 'const isProbe = paused < 0',
    proof: {
      file: 'packages/servicenow/src/connection/pace.test.ts',
      title: 'in a pause one call is let through now and then, and the pause is over once the instance lets it in',
    },
  },
  {
    sentence: 'A partner is told to wait',
    breaks: 'a partner is told to wait for as long as the instance asks',
    file: 'packages/exchange/src/connections/trouble.ts',
    text: 'const LONGEST_AGAIN_SECONDS = 60',
    replacement: 'const LONGEST_AGAIN_SECONDS = 100_000',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title:
        'an instance that asks to be left alone for days > is tried again within half a minute, and the partner is told to wait a minute at most',
    },
  },
  {
    sentence: 'A field without a value is',
    breaks: 'a field of blanks has a value',
    file: 'packages/exchange/src/platform/json-input.ts',
    text: "typeof value === 'string' && value.trim() === ''",
    replacement: "typeof value === 'string' && value === ''",
    proof: {
      file: 'acceptance/tickets/empty-fields.test.ts',
      title: 'a field that may be left out counts as left out when it is … > in a comment, which is not made twice',
    },
  },
  {
    sentence: 'A field without a value is',
    breaks: 'null is a value',
    file: 'packages/exchange/src/platform/json-input.ts',
    text: 'const field = z.preprocess(value => (isLeftOut(value) ? undefined : value)',
    replacement: 'const field = z.preprocess(value => (value !== null && isLeftOut(value) ? undefined : value)',
    proof: {
      file: 'acceptance/tickets/empty-fields.test.ts',
      title: 'a field that may be left out counts as left out when it is … > in the work on a task, and in the answer to an update',
    },
  },
  {
    sentence: 'An empty parameter of a query',
    breaks: 'an empty parameter is left out',
    file: 'packages/exchange/src/platform/request-input.ts',
    text: 'Object.entries(given).map(([name, [value]]) => [name, value]))',
    replacement: 'Object.entries(given).flatMap(([name, [value]]) => (value ? [[name, value]] : [])))',
    proof: {
      file: 'acceptance/tickets/empty-fields.test.ts',
      title: 'in a query an empty parameter is a mistake, and nothing is handed out > …',
    },
  },
  {
    sentence: 'A file arrives byte for byte,',
    breaks: 'what stands over a piece of the text is dropped',
    file: 'packages/attachment/src/base64-decoder.ts',
    text: 'letters.copy(this.#held, this.#heldLength, 0, at)',
    replacement: 'letters.copy(this.#held, 0, 0, at)',
    proof: {
      file: 'packages/attachment/src/base64-decoder.test.ts',
      title: 'the base64 decoder > decodes every length in pieces of every size',
    },
  },
  {
    sentence: 'A file arrives byte for byte,',
    breaks: 'a carriage return is no blank',
    file: 'packages/attachment/src/base64-decoder.ts',
    text: 'byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte',
    replacement: 'byte !== LINE_FEED && byte',
    proof: { file: 'packages/attachment/src/base64-decoder.test.ts', title: 'the base64 decoder > takes lines as of …, cut anywhere' },
  },
  {
    sentence: 'A file arrives byte for byte,',
    breaks: 'the last block of a file is lost on its way',
    file: 'packages/exchange/src/spool/spool.ts',
    text: 'target.set(bytes.subarray(from, from + taken), filled)',
    replacement: 'target.set(bytes.subarray(from, from + taken).toReversed(), filled)',
    proof: {
      file: 'acceptance/tickets/attachments.test.ts',
      title: '2.2.1 attachments > come with the filing of a …, several at once, and the desk has each byte',
    },
  },
  {
    sentence: 'Of what is no base64 the',
    breaks: 'a wrong character is not looked for',
    file: 'packages/attachment/src/base64-decoder.ts',
    text: 'if (written !== (length >> 2) * 3 - padding || letters.includes(HYPHEN) || letters.includes(UNDERSCORE)) return -1',
    replacement: 'if (written < 0) return -1',
    proof: {
      file: 'packages/attachment/src/base64-decoder.test.ts',
      title: 'the base64 decoder > accepts 64 characters and no other, at each place of a group, in short and in long texts',
    },
  },
  {
    sentence: 'Of what is no base64 the',
    breaks: 'what is no base64 counts as nothing',
    file: 'packages/exchange/src/spool/intake/read-body.ts',
    text: "      throw new IntakeError('invalid-base64', `${path} ${error.message}`, { path })",
    replacement: '      return (path ? Buffer.alloc(0) : undefined) as Result',
    proof: { file: 'acceptance/tickets/attachments.test.ts', title: '2.2.1 attachments > nothing is filed when a file is not base64' },
  },
  {
    sentence: 'A PATCH that equals one of',
    breaks: 'no equal PATCH is a retry',
    file: 'packages/exchange/src/recorded-writes/same-request.ts',
    text: 'const SAME_REQUEST_MS = 10 * 60_000',
    replacement: 'const SAME_REQUEST_MS = 0',
    proof: {
      file: 'acceptance/tickets/customer-comments.test.ts',
      title: '2.2 the customer updates the ticket > the same comment sent again within ten minutes is a retry, not a second comment',
    },
  },
  {
    sentence: 'A PATCH that equals one of',
    breaks: 'one of ten hours ago is a retry',
    file: 'packages/exchange/src/recorded-writes/same-request.ts',
    text: 'const SAME_REQUEST_MS = 10 * 60_000',
    replacement: 'const SAME_REQUEST_MS = 600 * 60_000',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title:
        'a comment is written once, whatever happens to the call > the same comment is a retry until 10 minutes have passed since it was accepted, and another one from then on',
    },
  },
  {
    sentence: 'It is none when somebody',
    breaks: 'what changed since does not count',
    file: 'packages/exchange/src/recorded-writes/same-request.ts',
    text: '(write.movedOn !== undefined && Number.isFinite(lastSave) && lastSave < write.movedOn)',
    replacement: 'false',
    proof: {
      file: 'acceptance/tickets/when-things-go-back-and-forth.test.ts',
      title:
        'the same words again are no retry when somebody has changed the record since > the same answer to a second question is written, and moves the incident on again',
    },
  },
  {
    sentence: 'An Idempotency-Key overrides',
    breaks: 'the key is ignored',
    file: 'packages/exchange/src/recorded-writes/request.ts',
    text: '`key:${idempotencyKey}`',
    replacement: '`content:${given.sysId}:${contentSha256}`',
    proof: {
      file: 'acceptance/tickets/customer-comments.test.ts',
      title: '2.2 the customer updates the ticket > with an Idempotency-Key of its own, the same words are a second comment',
    },
  },
  {
    sentence: 'Nothing is cut.',
    breaks: 'a long description is cut',
    file: 'packages/exchange/src/tickets/file-ticket.ts',
    text: 'short_description: fieldValue(ticket.short_description,',
    replacement: 'short_description: fieldValue(ticket.short_description.slice(0, 150),',
    proof: {
      file: 'acceptance/tickets/limits.test.ts',
      title: '160 and 4,000 characters, a reference of 64, twenty files, a file name of 100',
    },
  },
  {
    sentence: 'What is too long is refused,',
    breaks: 'a text may have any length',
    file: 'packages/exchange/src/platform/json-input.ts',
    text: '.refine(value => value.length <= longest || [...value].length <= longest,',
    replacement: '.refine(value => value.length <= longest || [...value].length > 0,',
    proof: {
      file: 'acceptance/tickets/limits.test.ts',
      title: 'what is too long, missing or wrong in a new ticket is refused with 400, and the field is named > …: …',
    },
  },
  {
    sentence: 'What is too long is refused,',
    breaks: 'no field is named',
    file: 'packages/exchange/src/platform/json-input.ts',
    text: '...(first.field ? { field: first.field } : {}),',
    replacement: '',
    proof: {
      file: 'acceptance/tickets/limits.test.ts',
      title: 'what is too long, missing or wrong in a new ticket is refused with 400, and the field is named > …: …',
    },
  },
  {
    sentence: 'No action of the catalogue',
    breaks: 'a write is repeated as a read is',
    file: 'packages/servicenow/src/connection/retry.ts',
    text: 'return !writes && (error.kind',
    replacement: 'return (error.kind',
    proof: { file: 'packages/servicenow/src/performing/faults.test.ts', title: '… > … is sent once, and its failure names the cause' },
  },
  {
    sentence: 'A failure after a write never',
    breaks: 'a failure after a write speaks for itself alone',
    file: 'packages/servicenow/src/performing/sender.ts',
    text: `        written = 'unknown'
`,
    replacement: '',
    proof: {
      file: 'packages/servicenow/src/performing/faults.test.ts',
      title: 'what fails after the write of an action, in a look at what came of it, does not say that nothing was written',
    },
  },
  {
    sentence: 'A failure after a write never',
    breaks: 'a write whose answer cannot be printed ends like one that did nothing',
    file: 'packages/cli/src/action/run.ts',
    text: 'const OUTCOME_UNTOLD = 3',
    replacement: 'const OUTCOME_UNTOLD = 1',
    proof: {
      file: 'packages/cli/src/process/nobody-reads.test.ts',
      title: 'a write whose answer could not be written is not told as one that did nothing',
    },
  },
  {
    sentence: 'A list that is read to its',
    breaks: 'what has the time of a page’s last row is left out',
    file: 'packages/servicenow/src/sdk/walking.ts',
    text: `            query().where('sys_updated_on', '=', updatedOn).where('sys_id', '>', sysId).text(),
`,
    replacement: '',
    proof: { file: 'packages/servicenow/src/sdk/walking.test.ts', title: 'many changed in the same second: no loss, no endless loop' },
  },
]
