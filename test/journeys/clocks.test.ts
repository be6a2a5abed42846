import { afterAll, beforeAll, expect, it } from 'vitest'
import { arrived, faultSend, useAgents } from '../../server/features/messages/messages.fixture.ts'
import { callerOf, startWorld, type World } from '../harness.ts'
import { eventually, type ServerProcess, startProcess } from './server-process.ts'

const aheadMs = 600_000

/** Loaded before the program: a machine whose clock is ten minutes ahead. */
const wrongClock = `
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length === 0 ? [Real.now() + ${aheadMs}] : given))
    }
    static now() { return Real.now() + ${aheadMs} }
  }`

let world: World
let ahead: ServerProcess
beforeAll(async () => {
  world = await startWorld()
  await useAgents(world)
  ahead = await startProcess({
    ...world.env,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(wrongClock)}`,
  })
})
afterAll(async () => {
  await ahead.kill()
  await world.close()
})

it('messages that wait at a node whose clock is ten minutes ahead wait no longer for it, nor for its death', {
  timeout: 60_000,
}, async () => {
  const there = callerOf(ahead.url, world.dev)
  await faultSend(world, 'code:-1', { times: 3 })
  const sent = await Promise.all(
    [0, 1, 2].map(n =>
      there.post('/api/message/send', {
        toUser: 'zhangsan',
        sendType: '0',
        msgType: '03',
        agentName: '审批',
        content: `钟快了 ${n}`,
      }),
    ),
  )
  expect(sent.map(one => one.retCode)).toEqual(['0', '0', '0'])
  const metrics = await (await fetch(`${ahead.url}/metrics`)).text()
  expect(Number(/^wisp_clock_ahead_seconds ([\d.]+)$/m.exec(metrics)?.[1])).toBeCloseTo(aheadMs / 1000, 0)
  await ahead.kill()
  await eventually('all of them', async () => (await arrived(world, '钟快了')).length === 3, 30_000, 200)
})
