import { expect, test } from 'vitest'
import { buildApp } from '../sandbox.ts'
import { openWorld } from '../world/world.ts'
import { officialCalls } from './calls.ts'
import { officialCoverage } from './coverage.ts'
import { access } from './rules/access.ts'

test('the coverage table names exactly the routes below /official', async () => {
  const world = openWorld({ size: { members: 1 }, dataDir: undefined, now: Date.now })
  const routes: string[] = []
  const app = buildApp(world, route => routes.push(`${[route.method].flat().join(', ')} ${route.url}`))
  await app.ready()
  const official = routes.filter(route => route.includes(' /official/'))
  expect(official.sort()).toEqual(officialCoverage.map(item => `${item.method} /official${item.path}`).sort())
  await app.close()
  await Promise.all([world.pusher.close(), world.official.close()])
})

test('every call has a row that says who may make it', () => {
  const calls = officialCalls.map(call => call.path)
  expect(calls.filter(path => !access[path])).toEqual([])
  expect(Object.keys(access).filter(path => !calls.includes(path))).toEqual([])
})
