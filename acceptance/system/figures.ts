import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { ask } from './answer.ts'
import type { OpenSystem } from './open-system.ts'

/** What /metrics says, as a program from npm reads it. */
export class SeenFigures {
  readonly text: string
  readonly families: ReturnType<typeof parsePrometheusTextFormat>

  constructor(text: string) {
    this.text = text
    this.families = parsePrometheusTextFormat(text)
  }

  /** The figure of this name with these labels; undefined where nothing is said. */
  of(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.families
      .find(family => family.name === name)
      ?.metrics.find(one => Object.entries(labels).every(([label, value]) => one.labels?.[label] === value))
    return found?.value === undefined ? undefined : Number(found.value)
  }
}

/** Reads /metrics as a monitoring system does, with or without a credential. */
export async function readFigures({ firstSteps }: Pick<OpenSystem, 'firstSteps'>, authorization?: string): Promise<SeenFigures> {
  const headers = authorization === undefined ? {} : { authorization }
  const { status, body } = await ask(`${firstSteps.exchange}/metrics`, { method: 'GET', headers })
  if (status !== 200) throw new Error(`/metrics was answered ${status}`)
  return new SeenFigures(body)
}
