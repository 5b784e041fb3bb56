/** What says who calls: a header of each request, or nothing. */
export interface Signer {
  readonly header: 'authorization' | 'x-sn-apikey'
  /** The header's value, '' for none; a promise only when a token has to be fetched. @throws ServiceNowError with `written: 'no'` */
  authorization(action: string, signal: AbortSignal | undefined): string | Promise<string>
  /** Told that the instance did not accept this value: true when another attempt with a new one makes sense. */
  renew(rejected: string): boolean
}
