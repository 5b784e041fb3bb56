import type { Action, FailureKind, ServiceNowError } from '@deskbridge/servicenow'

type Row = Pick<Action, 'name' | 'effect' | 'needs' | 'repeat'>

/** What each kind of failure is, and what to do about it when nothing was written. */
const KINDS: Readonly<Record<FailureKind, { what: string; remedy: string | ((row: Row) => string) }>> = {
  refused: { what: 'a rule of the record said no', remedy: 'Give what the rule asks for, then try again.' },
  invalid: { what: 'the request was wrong', remedy: 'Correct the input.' },
  unauthorised: {
    what: 'the credentials were not accepted',
    remedy: 'Check the credentials of the connection, and that their user is active and not locked out.',
  },
  forbidden: { what: 'the user lacks a right', remedy: remedyForRights },
  'not-found': {
    what: 'there is no such record, or the user may not read it',
    remedy: 'Check the sys_id, number or table, and the user’s rights.',
  },
  'rate-limited': { what: 'the instance asked for a pause', remedy: 'Try again in a minute, or raise its rate limit rule.' },
  'too-large': { what: 'more than the instance takes at once', remedy: 'Send or ask less at once.' },
  'time-out': { what: 'no answer came in time', remedy: 'Try again, or allow it more seconds with --timeout.' },
  unreachable: {
    what: 'there is no connection to the instance',
    remedy: 'Check its address, and the network, proxy and TLS on the way to it.',
  },
  asleep: {
    what: 'a web page came instead of an answer',
    remedy: 'Wake the instance if it is a developer instance that sleeps; otherwise correct the address of the connection.',
  },
  'server-error': { what: 'the instance failed', remedy: 'Try again later; the instance’s system log says more.' },
  'broken-answer': {
    what: 'the answer is not whole, or not what was asked for',
    remedy: 'Try again; if it stays, ask for less at once: a lower limit, fewer fields, a narrower query.',
  },
  unreadable: { what: 'there is something that the user may not read, so the answer would not be complete', remedy: remedyForRights },
}

/** A failure for a person or an assistant: what was wrong, whether something was written, what to do. Never a credential. */
export function failureWords(row: Row, error: ServiceNowError): string {
  const { what, remedy } = KINDS[error.kind]
  const status = error.status === undefined ? '' : ` (HTTP ${error.status})`
  const first = `${row.name} failed, ${error.kind}: ${what}${status}${error.detail ? `: ${ended(error.detail)}` : '.'}`
  if (isOutcomeUnknown(error)) {
    const probe = row.repeat === 'safe' ? 'It may be repeated.' : `Do not simply repeat it. Find out first: ${row.repeat.probe}`
    return `${first}\nThe outcome is unknown: it may have been written. ${probe}`
  }
  const nothing = row.effect === 'reads' ? '' : 'Nothing was written. '
  return `${first}\n${nothing}${error.retryAfterMs ? `Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.` : typeof remedy === 'string' ? remedy : remedy(row)}`
}

export const isOutcomeUnknown = (error: ServiceNowError) => error.written === 'unknown'

function remedyForRights({ needs: { roles, plugins, checks } }: Row): string {
  if (!roles.length) return checks[0]?.otherwise ?? 'Grant the user a role that may.'
  const active = plugins.length ? `, and see that ${plugins.join(' and ')} is active` : ''
  return `Grant the user ${roles.join(' or ')}${active}. An access rule of the instance may stand in the way.`
}

const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
