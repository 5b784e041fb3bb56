/** Anybody may have an address there; it says nothing of a company. */
const OPEN_TO_ALL = new Set(
  (
    'aol.com fastmail.com gmail.com gmx.at gmx.de gmx.net googlemail.com hetnet.nl hotmail.com hotmail.nl icloud.com kpnmail.nl live.com live.nl ' +
    'mail.com mail.ru me.com msn.com orange.fr outlook.com planet.nl proton.me protonmail.com t-online.de web.de xs4all.nl yahoo.com ziggo.nl'
  ).split(' '),
)

const DOMAIN = /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/

/** Whether an e-mail domain can be that of one company. */
export const saysWhose = (domain: string): boolean => DOMAIN.test(domain) && !OPEN_TO_ALL.has(domain)

/** The host of a website as people write it, without `www.`; empty when it is none. */
export function hostOf(website: string): string {
  const written = website.trim()
  const url = written && URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `https://${written}`)
  const host = url ? url.hostname.toLowerCase().replace(/^www\./, '') : ''
  return DOMAIN.test(host) ? host : ''
}

/** Whether a website's host is an e-mail domain, or lies in it. */
export const isAt = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)
