import { expect, test } from 'vitest'
import { coverage } from './coverage.ts'
import { buildApp } from './sandbox.ts'
import { openWorld } from './world.ts'

test('the coverage table names exactly the routes of /cgi-bin', async () => {
  const world = openWorld({ size: { members: 1 }, dataDir: undefined, now: Date.now })
  const routes: string[] = []
  const app = buildApp(world, route => routes.push(`${String(route.method)} ${route.url}`))
  await app.ready()
  const upstream = routes.filter(route => route.includes(' /cgi-bin/'))
  expect(upstream.sort()).toEqual(coverage.map(item => `${item.method} ${item.path}`).sort())
  const others = routes.filter(route => !route.includes(' /cgi-bin/'))
  for (const route of others)
    expect(route).toMatch(/^(POST \/$|GET \/(phone)?$|[A-Z]+ \/(_sandbox|avatar|pages)\/)/)
  await app.close()
  await world.pusher.close()
})
