import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { brokenTransport } from '../connection/broken-transport.ts'
import { couldNotTell, type Finding, type HealthCheck, notOk, ok } from './check.ts'
import type { Patient } from './patient.ts'
import { TLS_REMEDIES } from './tls-remedies.ts'

const DAY_MS = 86_400_000
const EXPIRES_SOON_DAYS = 14
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

export const networkChecks: readonly HealthCheck[] = [
  {
    name: 'name resolution',
    asks: 'The system’s resolver for the host name of the address.',
    means: 'Without an address for the name nothing can be sent.',
    change: 'Check the spelling of the host name and the name servers of this machine.',
    needed: true,
    after: [],
    inspect: async patient => {
      const host = hostOf(patient)
      if (patient.isInProcess) return ok('the instance runs in this process')
      if (isIP(host)) return ok(`${host} is an address already`)
      try {
        const { address } = await lookup(host)
        return ok(`${host} is ${address}`)
      } catch (error) {
        return notOk(`${host} is not known (${(error as NodeJS.ErrnoException).code})`)
      }
    },
  },
  {
    name: 'encryption',
    asks: 'A TLS handshake, with the client certificate where there is one.',
    means: 'Credentials must not travel readable, nor to somebody who only claims to be the instance.',
    change: 'Use an https:// address whose certificate is valid.',
    needed: true,
    after: ['name resolution'],
    inspect: async patient => {
      if (patient.isInProcess) return ok('the instance runs in this process')
      if (patient.url.protocol === 'https:') return checkHandshake(patient)
      if (LOOPBACK.test(hostOf(patient))) return ok('plain HTTP, which stays on this machine')
      return notOk('plain HTTP: everybody on the way can read the credentials')
    },
  },
  {
    name: 'awake',
    asks: 'The Table API without credentials, which an instance refuses in JSON.',
    means: 'A developer instance that hibernates, or a portal in front, answers with a web page.',
    change: 'Wake a developer instance at developer.servicenow.com. Otherwise check that the address is the instance’s own.',
    needed: true,
    after: ['encryption'],
    inspect: async patient => {
      try {
        const { status, isPage, headers, reason, isList } = await patient.knock()
        if (isPage && status < 300)
          return notOk('the instance answers with a web page: it hibernates, or this is not the address of its API')
        if (isPage) return notOk(`a web page with status ${status} answers, not an instance`)
        if (status >= 300 && status < 400) return notOk(`it sends elsewhere: ${headers.get('location') ?? `status ${status}`}`)
        if (status >= 500) return notOk(`it answers with status ${status}`, 'Look at the instance, or wait until its maintenance is over.')
        if (reason !== undefined && [401, 403, 429].includes(status)) return ok('the instance answers')
        // The certificate came along.
        if (isList && patient.options.signIn.kind === 'certificate') return ok('the instance answers')
        if (status < 300) return notOk('it answers whoever asks, without credentials: that is not the API of an instance')
        return notOk(`it answers with status ${status}, but not in the form in which an instance refuses`)
      } catch (error) {
        if (patient.signal.aborted)
          return notOk('no answer in time', 'See whether a firewall stands between, and whether the instance is up.')
        const { detail } = brokenTransport(error)
        return notOk(`no answer: ${detail}`, remedyFor(detail))
      }
    },
  },
  {
    name: 'clock',
    asks: 'The time that the instance sends with its answers.',
    means:
      'What changed is noticed by the instance’s own time, and by ours where it says none; tokens, logs and signatures read badly with a wrong clock.',
    change: 'Set the clock of this machine by NTP.',
    needed: false,
    after: ['awake'],
    inspect: async patient => {
      const { headers, asked } = await patient.knock()
      const theirs = Date.parse(headers.get('date') ?? '')
      if (Number.isNaN(theirs)) return couldNotTell('the instance does not say its time')
      // The header has whole seconds.
      const seconds = Math.round((theirs + 500 - asked) / 1000)
      const difference = `the instance’s clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`
      return Math.abs(seconds) > 60 ? notOk(difference) : ok(Math.abs(seconds) <= 1 ? 'the clocks agree' : difference)
    },
  },
]

const hostOf = ({ url }: Patient) => url.hostname.replace(/^\[|\]$/g, '')

function remedyFor(text: string): string | undefined {
  return TLS_REMEDIES.find(({ matches }) => matches.test(text))?.change
}

async function checkHandshake(patient: Patient): Promise<Finding> {
  const host = hostOf(patient)
  const { certificate, key, passphrase, ca } = patient.options.tls ?? {}
  const own = { cert: certificate, key, passphrase, ca }
  const socket = connectTls({ host, port: Number(patient.url.port || 443), ...(isIP(host) ? {} : { servername: host }), ...own })
  const end = () => socket.destroy(new Error('no answer in time'))
  patient.signal.addEventListener('abort', end, { once: true })
  try {
    await new Promise((done, failed) => socket.once('secureConnect', done).once('error', failed))
    if (!socket.authorized) return notOk('certificates are not checked here', 'Take NODE_TLS_REJECT_UNAUTHORIZED out of the environment.')
    return certificateOf(socket)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const text = [code, message].filter(Boolean).join(' ')
    return notOk(text, remedyFor(text))
  } finally {
    patient.signal.removeEventListener('abort', end)
    socket.destroy()
  }
}

function certificateOf(socket: TLSSocket): Finding {
  const until = new Date(socket.getPeerCertificate().valid_to)
  const days = Math.floor((until.getTime() - Date.now()) / DAY_MS)
  const says = `${socket.getProtocol()}, the certificate is valid until ${until.toISOString().slice(0, 10)}`
  return ok(days < EXPIRES_SOON_DAYS ? `${says}: only ${days} days more` : says)
}
