import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMass, massOf } from '../../server/features/official/mass/mass.ts'
import { startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

let world: World
const processes: ServerProcess[] = []
beforeAll(async () => {
  world = await startWorld({ members: 5 })
}, 60_000)
afterAll(async () => {
  for (const one of processes) await one.kill()
  await world.close()
})

it('a mass message of several calls is sent once each, though two nodes are killed in the middle of one', async () => {
  const account = await world.bindOfficial()
  const { originalId } = account
  await world.control('official/rules', { massJobMs: 0, massRetrySeconds: 0 })
  const found = await world.control(`official/followers?originalId=${originalId}&limit=60`)
  const known = (found['followers'] as { openid: string }[]).map(one => one.openid)
  const strangers = Array.from({ length: 20_000 }, (_, n) => `stranger-${String(n).padStart(8, '0')}`)
  const audience = { to: 'openids', openids: [...known, ...strangers] } as const
  // This node answers pushes; only the processes send.
  await world.ctx.queue.stop()
  let sender = await startProcess(world.env)
  processes.push(sender)
  // WeChat carries the first calls out, and nobody gets the answers.
  await world.control('faults', {
    match: 'official/cgi-bin/message/mass/send',
    mode: 'acceptedThenTimeout',
    times: 2,
  })
  const { id } = await createMass(world.ctx, 'test', account, {
    audience,
    content: { type: 'text', text: '只发一次' },
  })
  const sending = async () => {
    const { parts } = await massOf(world.ctx, account, id)
    return parts.find(part => part.state === 'sending')
  }
  const hits = async () => {
    const { faults } = (await world.control('faults')) as { faults?: { hits: number }[] }
    return faults?.[0]?.hits ?? 0
  }
  for (const n of [0, 1]) {
    await until('a call that WeChat has taken', async () => (await sending()) && (await hits()) > n, 40_000)
    const next = await startProcess(world.env)
    processes.push(next)
    await sender.kill()
    sender = next
  }
  await until(
    'the end',
    async () => (await massOf(world.ctx, account, id)).parts.every(part => part.msgId !== null),
    60_000,
  )
  const state = await world.control(`official/state?originalId=${originalId}`)
  const sent = state['mass'] as { clientMsgId: string }[]
  expect(sent.map(mass => mass.clientMsgId).sort()).toEqual([`${id}-1`, `${id}-2`, `${id}-3`])
}, 150_000)
