export interface FrontPageFacts {
  exchange: string
  /** Whether it has a demo company. */
  demo: boolean
  instances: readonly { environment: string; url: string; practice: boolean }[]
}

/** The page at `/`: what runs, and where. */
export function frontPage({ exchange, demo, instances }: FrontPageFacts): string {
  const rows = instances.map(
    ({ environment, url, practice }) =>
      `<tr><th scope="row">${asText(environment)}</th><td><a href="${asText(url)}">${asText(url)}</a></td><td>${practice ? 'practice instance' : 'ServiceNow'}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deskbridge</title>
<style>
  body { font: 1rem/1.6 system-ui, sans-serif; color: #1c2733; background: #fff; max-width: 50rem; margin: 3rem auto; padding: 0 1.5rem }
  h1 { font-size: 1.6rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid #d8dee6; vertical-align: top }
  code { background: #f1f4f7; padding: .1rem .3rem; border-radius: .2rem; word-break: break-all } a { color: #0b5cad }
</style>
<h1>Deskbridge</h1>
<p>Service desks of different companies pass tickets to each other here.</p>
<h2>The Connect API</h2>
<table>
  <tr><th scope="row">Token</th><td><code>POST ${asText(exchange)}/oauth/client_credential/accesstoken</code></td></tr>
  <tr><th scope="row">Operations</th><td><code>${asText(exchange)}/network/kpn/servicenow/…</code></td></tr>
  <tr><th scope="row">Description</th><td><a href="/openapi.json">/openapi.json</a></td></tr>
</table>
<h2>The service desks behind it</h2>
<table>${rows.join('')}</table>
<h2>How it is doing</h2>
<p><a href="/healthz">/healthz</a> · <a href="/readyz">/readyz</a> · <a href="/metrics">/metrics</a></p>
${demo ? '<p>Credentials of the demo company are in <code>first-steps.json</code>, in the data folder.</p>\n' : ''}</html>
`
}

const asText = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
