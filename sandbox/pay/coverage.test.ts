import { expect, test } from 'vitest'
import { buildApp } from '../sandbox.ts'
import { openWorld } from '../world/world.ts'
import { payCoverage } from './coverage.ts'

test('the coverage table names exactly the routes below /v3', async () => {
  const world = openWorld({ size: { members: 1 }, dataDir: undefined, now: Date.now })
  const routes: string[] = []
  const app = buildApp(world, route => routes.push(`${String(route.method)} ${route.url}`))
  await app.ready()
  const pay = routes.filter(route => / \/v3\/./.test(route) && !route.endsWith(' /v3/*'))
  expect(pay.sort()).toEqual(payCoverage.map(item => `${item.method} ${item.path}`).sort())
  await app.close()
  await Promise.all([world.pusher.close(), world.official.close(), world.pay.close()])
})
