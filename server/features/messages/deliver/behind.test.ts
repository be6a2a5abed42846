import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { behindOthers } from '../../../platform/operation/background.ts'
import { addressLimit } from '../../../upstream/transport/pace/allowance.ts'
import { arrived, useAgents } from '../messages.fixture.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ isOneClock: true })
  await useAgents(world)
  dev = await world.addDeveloper({ scopes: ['message:send'] })
})
afterAll(() => world.close())

const minuteMs = 60_000
const send = (content: string, more: object = {}) =>
  dev.post('/api/message/send', { ...text, content, ...more })
const text = { sendType: '0', msgType: '03', agentName: '通知', toUser: 'zhangsan' }

/** Calls that had to wait, in the lane that goes first. */
async function waitedFirst(): Promise<number> {
  const line = /^wisp_upstream_waits_total\{lane="foreground",outcome="let"\} (\d+)/m
  return Number(line.exec(await world.ctx.metrics.text())?.[1] ?? 0)
}

it('what was due lets messages that are just being sent go first, where WeCom’s limit is used up', async () => {
  const { allowance } = world.ctx.upstreamPool
  const { origin } = new URL(world.sandbox.url)
  const take = (signal?: AbortSignal) => allowance!.take(origin, '/cgi-bin/message/send', signal)
  /** Leaves as many waiting as go in some seconds. */
  const fill = (seconds: number, signal?: AbortSignal) => {
    for (let n = 0; n < seconds * addressLimit.perSecond; n++)
      behindOthers(() => take(signal)).catch(() => undefined)
  }
  await send('明天开会', { sendAt: new Date(world.ctx.now() + minuteMs).toISOString() })
  for (let n = 0; n < addressLimit.burst; n++) await take()
  fill(1)
  world.clock.offsetMs += minuteMs
  world.ctx.queue.kick(world.corpId)
  await until('it was sent', async () => (await arrived(world, '明天开会')).length === 1)
  expect(await waitedFirst()).toBe(0)
  const stop = new AbortController()
  fill(20, stop.signal)
  const sent = await send('现在开会')
  stop.abort(new Error('seen'))
  expect(sent.body?.status, sent.retMessage).toBe('sent')
  expect(await waitedFirst()).toBe(1)
})
