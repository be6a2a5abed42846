import { expect, test } from 'vitest'
import { coverage } from './coverage.ts'
import { buildApp } from './sandbox.ts'
import { openWorld } from './world/world.ts'

test('the coverage table names exactly the routes of /cgi-bin and the sign-in pages', async () => {
  const world = openWorld({ size: { members: 1 }, dataDir: undefined, now: Date.now })
  const routes: string[] = []
  const app = buildApp(world, route => routes.push(`${String(route.method)} ${route.url}`))
  await app.ready()
  const isUpstream = (route: string) => / \/(cgi-bin|connect|wwlogin|wwopen)\//.test(route)
  const upstream = routes.filter(isUpstream)
  expect(upstream.sort()).toEqual(coverage.map(item => `${item.method} ${item.path}`).sort())
  const others = routes.filter(route => !isUpstream(route))
  for (const route of others)
    expect(route).toMatch(
      /^(POST \/$|POST \/(robot\/send|sms(-gateway)?\/.+|open-apis\/bot\/v2\/hook\/:token)$|GET \/(phone|phone\/official|corp|callback|agents|faults|tour|_sandbox)?$|[A-Z,]+ \/(_sandbox|avatar|pages|sign-in|official|v3|pay)\/)/,
    )
  await app.close()
  await world.pusher.close()
})
