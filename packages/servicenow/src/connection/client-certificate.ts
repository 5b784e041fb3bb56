import { createSecureContext } from 'node:tls'
import { ServiceNowError } from '../error.ts'
import type { Fetch } from './attempt.ts'

/** What a connection shows and trusts while TLS begins; all in PEM. */
export interface TlsOptions {
  /** The client certificate, with its chain where there is one. */
  certificate?: string | undefined
  /** Its private key. */
  key?: string | undefined
  /** Of the private key, when it is encrypted. */
  passphrase?: string | undefined
  /** Trusted instead of Node's list, for an instance behind a company's own authority. */
  ca?: string | undefined
}

/**
 * The fetch of a connection: its own, one that shows a certificate, or Node's. For whoever stands between a connection and the network.
 * @example
 * const reach = fetchFor({})
 * const connection = connect({ baseUrl, signIn: { kind: 'basic', userName, password }, fetch: request => reach(request) })
 * const user = await serviceNow(connection).user.current()
 * user.user_name // → userName
 */
export function fetchFor({ fetch, tls }: { fetch?: Fetch | undefined; tls?: TlsOptions | undefined }): Fetch {
  return fetch ?? (tls ? fetchWithCertificate(tls) : request => globalThis.fetch(request))
}

/**
 * A fetch that shows a client certificate. Node's own fetch takes the dispatcher of the npm package of the same major version; the
 * package is read only by those who need it.
 * @throws ServiceNowError kind `invalid` when certificate and key cannot be read or do not belong together.
 */
function fetchWithCertificate({ certificate, key, passphrase, ca }: TlsOptions): Fetch {
  const options = { cert: certificate, key, passphrase, ca }
  try {
    createSecureContext(options)
  } catch (cause) {
    const detail = `tls: the certificate, its key or the authority cannot be used: ${(cause as Error).message}`
    throw new ServiceNowError({ kind: 'invalid', action: 'connect', written: 'no', detail, cause })
  }
  let dispatcher: Promise<unknown> | undefined
  return async request => {
    dispatcher ??= import('undici').then(({ Agent }) => new Agent({ connect: options }))
    return globalThis.fetch(request, { dispatcher: await dispatcher } as RequestInit)
  }
}
