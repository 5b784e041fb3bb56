import type { Mutation } from '../mutation.ts'

const EXCHANGE = 'acceptance/access/every-row.test.ts'
const INSTANCE = 'packages/instance/src/conformance/every-row.test.ts'
const TABLES = 'packages/instance/src/conformance/every-table.test.ts'
const TOOLS = 'packages/cli/src/mcp/every-tool.test.ts'

const KNOWN = { file: EXCHANGE, title: 'is known to this walk: what it takes, and whose it is' }
const REFUSED = { file: EXCHANGE, title: 'is refused to every credential that is not of those for whom it is, and nothing happens' }
const ABSENT = { file: EXCHANGE, title: 'answers about what is another one’s, or of the other environment, as about what is not there' }
const OWN = { file: EXCHANGE, title: 'that names nothing speaks of what is the caller’s own alone' }
const CLIENTS = {
  file: EXCHANGE,
  title: 'of the token endpoint knows clients that are there and may sign in, and nobody else; none ends what is another one’s',
}

/** What the walks over every row notice without having been told of it. */
export const ACCESS: readonly Mutation[] = [
  {
    sentence: 'each row of the routes says',
    breaks: 'anyone fetches attachments',
    file: 'packages/exchange/src/attachments/attachments.routes.ts',
    text: "    access: 'partner',",
    replacement: "    access: 'anyone',",
    proof: KNOWN,
  },
  {
    sentence: 'each row of the routes says',
    breaks: 'a row comes that names something of which the walk knows nothing',
    file: 'packages/exchange/src/operator/operator.routes.ts',
    text: 'const olderThan = z.object({',
    replacement: 'const olderThan = z.object({ vendor: z.string().optional(),',
    proof: KNOWN,
  },
  {
    sentence: 'each row of the routes says',
    breaks: 'a partner’s person passes for one of the operator',
    file: 'packages/exchange/src/sign-in/operators.ts',
    text: "person?.role === 'operator' ? person.passwordHash : undefined",
    replacement: 'person?.passwordHash',
    proof: REFUSED,
  },
  {
    sentence: 'each row of the routes says',
    breaks: 'a token opens what is the operator’s',
    file: 'packages/exchange/src/start/parts/front.ts',
    text: 'operator: operators.findOperator,',
    replacement:
      "operator: call => (call.authorization?.startsWith('Bearer') ? tokens.findHolder(call.authorization) : operators.findOperator(call)),",
    proof: REFUSED,
  },
  {
    sentence: 'each row of the routes says',
    breaks: 'a token of a project that is switched off stays good',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: ' and t.expires_at > now() and p.active',
    replacement: ' and t.expires_at > now()',
    proof: REFUSED,
  },
  {
    sentence: 'each row of the routes says',
    breaks: 'a project that is switched off gets tokens',
    file: 'packages/exchange/src/sign-in/tokens.ts',
    text: 'return right && found?.active ? found : undefined',
    replacement: 'return right ? found : undefined',
    proof: CLIENTS,
  },
  {
    sentence: 'What is not yours is 404,',
    breaks: 'it is said that a record is somebody else’s',
    file: 'packages/exchange/src/ownership/owned-record.ts',
    text: 'if (!record || own.length > 1) throw missing()',
    replacement:
      "if (!record || own.length > 1) throw rows.length ? new ExchangeError('not_found', `${asShown} is not yours.`) : missing()",
    proof: ABSENT,
  },
  {
    sentence: 'A credential of one environment',
    breaks: 'an update is found in whatever environment',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'from exchange.update where environment = $1 and partner_id = $2 and transaction_id = $3',
    replacement: 'from exchange.update where $1::text is not null and partner_id = $2 and transaction_id = $3',
    proof: ABSENT,
  },
  {
    sentence: 'Partner and environment are',
    breaks: 'what has come since a moment is read of both environments',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: '  where environment = $1 and partner_id = $2 and (at >=',
    replacement: '  where $1::text is not null and partner_id = $2 and (at >=',
    proof: OWN,
  },
  {
    sentence: 'so at the practice instance,',
    breaks: 'whoever signs in does what is an administrator’s',
    file: 'packages/instance/src/answering/answer-call.ts',
    text: `  if (route.access === 'administrators' && !caller.roles.has('admin')) throw adminsOnly()
`,
    replacement: '',
    proof: { file: INSTANCE, title: 'every row lets in whom it is for, and is refused to every other credential' },
  },
  {
    sentence: 'so at the practice instance,',
    breaks: 'the Change Management API asks for no role',
    file: 'packages/instance/src/apis/change-rows.ts',
    text: 'if (!MAY[doing].some(role => caller.roles.has(role))) throw noRole()',
    replacement: 'if (!MAY[doing]) throw noRole()',
    proof: {
      file: INSTANCE,
      title: 'every row answers about a record that somebody may not read as about one that is not there, and changes nothing for him',
    },
  },
  {
    sentence: 'so at the practice instance,',
    breaks: 'any bearer token calls tools',
    file: 'packages/cli/src/mcp/guard.ts',
    text: 'if (!equal(authorization, `Bearer ${token}`))',
    replacement: "if (!authorization.startsWith('Bearer '))",
    proof: {
      file: TOOLS,
      title: 'every tool is refused to whoever does not come with the token of this server, to it and from a page of it',
    },
  },
  {
    sentence: 'and each table of the practice instance',
    breaks: 'an administrator writes what nobody writes',
    file: 'packages/instance/src/seeds/access-rules.ts',
    text: "nobody: { roles: ['nobody'], strict: true }",
    replacement: "nobody: { roles: ['admin'] }",
    proof: { file: TABLES, title: 'is read and written by those whom its row names, and by nobody else' },
  },
  {
    sentence: 'and each table of the practice instance',
    breaks: 'whoever sees his own ticket sees what the desk notes on it',
    file: 'packages/instance/src/seeds/access-rules.ts',
    text: '    ...deskOnly.map(field =>',
    replacement: '    ...deskOnly.slice(deskOnly.length).map(field =>',
    proof: { file: TABLES, title: '…: some records are open to whom its row names besides' },
  },
]
