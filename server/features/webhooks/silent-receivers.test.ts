import type { ServerResponse } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { startTarget, type Target } from './target.fixture.ts'
import { addWebhook } from './webhooks.ts'

/** More than there are places for on both nodes, and each of a developer of its own. */
const silentOnes = 80

let world: World
let second: Server
let silent: Target
let target: Target
/** Calls of silent receivers that are under way, and how many have ended. */
const open = new Set<ServerResponse>()
let ended = 0
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  await world.connectCallback()
  silent = await startTarget()
  target = await startTarget()
  silent.answer((_received, response) => {
    open.add(response)
    response.on('close', () => {
      open.delete(response)
      ended++
    })
  })
  const all = Array.from({ length: silentOnes }, async () => subscribe(await newDeveloper(), silent))
  await Promise.all(all)
  second = await startServer(readConfig(world.env), { log: createLog('silent') })
}, 120_000)
afterAll(async () => {
  await second.close()
  await world.close()
  await silent.close()
  await target.close()
})

const newDeveloper = () => world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] })
const subscribe = ({ devId }: Caller, { url }: Target) =>
  addWebhook(world.ctx, 'test', { corpId: world.corpId, devId }, { url, types: ['directory'] })
const rename = (name: string) => world.admin('user/update', { userid: 'zhangsan', name })
const heard = (name: string) =>
  until(name, () => target.got.some(one => one.event.data.value?.userName === name))
const silentInDatabase = async () =>
  (await sql`select from webhook where silent_since is not null`.execute(world.ctx.db)).rows.length

describe('receivers that never answer', () => {
  it('hold up nobody else, neither when they are met first nor when they are known', async () => {
    await subscribe(await newDeveloper(), target)
    await rename('第一次')
    await heard('第一次')
    // All of them are called within the time that the first one is waited for.
    await until('all silent ones', () => open.size === silentOnes)
    expect(ended).toBe(0)
    await until('all are known', async () => (await silentInDatabase()) === silentOnes, 60_000)

    // Everything that waits for them is due again, before what is told to the others.
    await sql`update webhook_delivery set next_at = now() where state = 'waiting'`.execute(world.ctx.db)
    await sql`update queue set due_at = now() where stream = 'webhook' and lease is null`.execute(
      world.ctx.db,
    )
    world.ctx.queue.kick()
    await until('silent ones again', () => open.size >= 32)
    ended = 0
    await subscribe(await newDeveloper(), target)
    for (let n = 0; n < 10; n++) {
      await rename(`第 ${n} 个`)
      await heard(`第 ${n} 个`)
    }
    expect(ended).toBe(0)
    expect(open.size).toBeLessThanOrEqual(2 * 32)
  }, 120_000)

  it('are as good as others once they answer', async () => {
    silent.answer((_received, response) => void response.end('ok'))
    for (const response of open) response.end('ok')
    await sql`update webhook_delivery set next_at = now() where state = 'waiting'`.execute(world.ctx.db)
    await sql`update queue set due_at = now() where stream = 'webhook' and lease is null`.execute(
      world.ctx.db,
    )
    world.ctx.queue.kick()
    await until('nobody is silent', async () => (await silentInDatabase()) === 0, 60_000)
  }, 120_000)
})
