/** An operation as the exchange describes it itself: who may call it, and everything that a request of it names. */
export interface Row {
  method: string
  path: string
  access: Access
  tag: string
  names: Named[]
  /** The content type of its body. */
  takes: string | undefined
}

export type Access = 'anyone' | 'partner' | 'operator' | 'person'

export interface Named {
  /** As values.ts has it: a parameter of the path together with what stands before it, `connections/{name}`. */
  key: string
  name: string
  in: 'path' | 'query' | 'body'
  required: boolean
  choices: string[] | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document, read as anybody's program reads it
type Json = any

/** The rows of an OpenAPI document. */
export function rowsOf(document: Json): Row[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, { security, tags, parameters, requestBody }]) => {
      const [takes, content] = Object.entries<Json>(requestBody?.content ?? {})[0] ?? []
      const { properties = {}, required = [] } = content?.schema ?? {}
      const ways = security.flatMap((way: Json) => Object.keys(way))
      const access: Access = ways.includes('operatorToken') ? 'operator' : (ways[0] ?? 'anyone')
      const inAddress = parameters.filter((one: Json) => one.in !== 'header')
      return {
        method: method.toUpperCase(),
        path,
        access,
        tag: tags[0],
        takes,
        names: [
          ...inAddress.map((one: Json) => ({ ...named(path, one.name, one.in, one.schema), required: one.required })),
          ...Object.entries<Json>(properties).map(([name, schema]) => ({
            ...named(path, name, 'body', schema),
            required: required.includes(name),
          })),
        ],
      }
    }),
  )
}

function named(path: string, name: string, where: Named['in'], schema: Json): Omit<Named, 'required'> {
  const before = where === 'path' ? new RegExp(`[^/]+/\\{${name}\\}`).exec(path)?.[0] : undefined
  return { key: before ?? name, name, in: where, choices: schema.enum?.filter(Boolean) ?? (schema.const ? [schema.const] : undefined) }
}

/** What one request of a row names: its optional records of a query one at a time, since each is a question of its own. */
export interface Variant {
  row: Row
  names: Named[]
  /** Where the row leaves a choice that decides what is done. */
  chosen: Readonly<Record<string, string>>
}

/** @param isRecord whether something names what belongs to somebody */
export function variantsOf(row: Row, isRecord: (named: Named) => boolean, isChosen: (named: Named) => boolean): Variant[] {
  const isQuestion = (named: Named) => named.in === 'query' && !named.required && isRecord(named)
  const plain = row.names.filter(named => !isQuestion(named))
  const questions = row.names.filter(isQuestion).map(question => row.names.filter(named => named.required || named === question))
  const choice = row.names.find(named => named.required && named.choices && isChosen(named))
  const choices = choice?.choices?.map(value => ({ [choice.name]: value })) ?? [{}]
  return [plain, ...questions].flatMap(names => choices.map(chosen => ({ row, names, chosen })))
}

export const titleOf = ({ row, names, chosen }: Variant) =>
  `${row.method} ${row.path} (${[...names.map(({ name }) => name), ...Object.values(chosen)].join(', ')})`

export interface Request {
  method: string
  target: string
  headers: Record<string, string>
  body?: string
}

/** The request of a variant with these values, by name; undefined is left out. */
export function requestOf({ row, names }: Variant, values: Readonly<Record<string, unknown>>): Request {
  const of = (where: Named['in']) =>
    names.filter(one => one.in === where && values[one.name] !== undefined).map(one => [one.name, values[one.name]])
  const path = row.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(values[name])))
  const query = new URLSearchParams(of('query') as [string, string][]).toString()
  const request = { method: row.method, target: query ? `${path}?${query}` : path, headers: {} }
  if (!row.takes) return request
  const fields = of('body')
  const body =
    row.takes === 'application/json'
      ? JSON.stringify(Object.fromEntries(fields))
      : row.takes === 'application/x-www-form-urlencoded'
        ? new URLSearchParams(fields as [string, string][]).toString()
        : String(values[row.takes])
  return { ...request, headers: { 'content-type': row.takes }, body }
}
