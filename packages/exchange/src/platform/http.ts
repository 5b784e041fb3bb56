import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { noteEffects } from './effects.ts'
import { ExchangeError } from './errors.ts'
import { asExchangeError } from './failures.ts'
import { type AnswerHeaders, refusalWithoutRow } from './http-answer.ts'
import type { HttpSettings } from './http-settings.ts'
import type { Bindings } from './request-input.ts'
import { assertPlainPath, noSuchPath, writtenPath } from './request-path.ts'
import type { Route } from './route.ts'
import { serve } from './serve.ts'

/** The whole HTTP face: each row of the table becomes a path; everything around a handler happens here, once. */
export function httpFace(settings: HttpSettings): (request: Request, env: HttpBindings) => Response | Promise<Response> {
  const app = router(settings)
  return (request, env) => {
    try {
      assertPlainPath(writtenPath(env.incoming.url ?? ''))
    } catch (error) {
      return refusalWithoutRow(asExchangeError(error))
    }
    return app.fetch(request, env)
  }
}

function router(settings: HttpSettings): Hono<Bindings> {
  const app = new Hono<Bindings>()
  for (const row of settings.routes) app.on(row.method, row.path, context => answer(context, row, settings))
  for (const path of new Set(settings.routes.filter(row => row.access === 'partner').map(row => row.path)))
    app.options(
      path,
      () => new Response(null, { status: 204, headers: settings.preflight.map(([name, value]): [string, string] => [name, value]) }),
    )
  for (const path of new Set(settings.routes.map(row => row.path))) {
    const methods = settings.routes.filter(row => row.path === path).map(row => row.method)
    app.all(path, context =>
      refusalWithoutRow(
        new ExchangeError('method_not_allowed', `${context.req.method} is not a method of ${path}.`, {
          headers: { allow: methods.join(', ') },
        }),
      ),
    )
  }
  app.notFound(context => refusalWithoutRow(noSuchPath(writtenPath(context.env.incoming.url ?? ''))))
  return app
}

async function answer(context: Context<Bindings>, row: Route, settings: HttpSettings): Promise<Response> {
  const started = performance.now()
  const headers: AnswerHeaders = { 'cache-control': 'no-store' }
  const response = await settings.phase.track(() => noteEffects(() => serve(context, row, settings, headers)))
  settings.metrics.countAnswer(row.operationId, response.status, performance.now() - started)
  return response
}
