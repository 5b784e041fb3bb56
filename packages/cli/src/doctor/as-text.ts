import type { ActionReport, CheckReport, Examination } from '@deskbridge/servicenow'

const MARK = { ok: '✓', 'not ok': '✗', 'could not tell': '?' } as const
const ACTION_WORDS = { usable: 'usable', 'not-usable': 'not usable', 'not-proven': 'not proven' } as const

/** One check as a line, and below it what to do. What is only missing for some actions is no fault. */
export function checkLine({ check, state, says, change, needed }: CheckReport): string {
  const mark = state === 'not ok' && !needed ? '–' : MARK[state]
  return `  ${mark} ${check.padEnd(30)} ${says}\n${change ? `      → ${change}\n` : ''}`
}

/** The actions, those together that miss the same. */
export function actionLines(actions: readonly ActionReport[]): string {
  if (actions.length === 0) return ''
  const usable = actions.filter(({ state }) => state === 'usable').length
  const groups = Map.groupBy(
    actions.filter(({ state }) => state !== 'usable'),
    ({ state, because = '', change = '' }) => [state, because, change].join('\n'),
  )
  const lines = [...groups.values()].map(group => {
    const { state, because, change } = group[0]!
    const names = group.map(({ action }) => action).join(', ')
    return `  ${state === 'not-usable' ? '✗' : '?'} ${ACTION_WORDS[state]}: ${names}\n      ${because ?? ''}\n${change ? `      → ${change}\n` : ''}`
  })
  return `\n${usable} of ${actions.length} actions are usable.\n${lines.join('')}`
}

export function verdictLine({ ok, checks, tookMs }: Examination): string {
  const missing = checks.filter(({ needed, state }) => needed && state !== 'ok').map(({ check }) => check)
  const took = `(${(tookMs / 1000).toFixed(1)} s)`
  return ok ? `\nThe connection works ${took}.\n` : `\nThe connection does not work ${took}: ${missing.join(', ')}.\n`
}
