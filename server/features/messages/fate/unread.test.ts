import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { callerWith, type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { sendText, useAgents } from '../messages.fixture.ts'

describe('the number of unread messages', () => {
  let world: World
  let other: Server
  let me: SignedInClient
  let there: SignedInClient

  beforeAll(async () => {
    world = await startWorld({ members: 6, departments: 2, tags: 1 })
    await useAgents(world)
    await world.control('limits', { perMemberMinute: null, perMemberHour: null })
    const overrides = { log: createLog('silent'), now: world.ctx.now }
    other = await startServer(readConfig(world.env), overrides)
    me = await signIn(world, { userId: 'zhangsan' })
    there = callerWith(other.url, me.cookie, me.sessionId, me.csrf)
  })
  afterAll(async () => {
    await other?.close()
    await world?.close()
  })

  const unread = async (as = me) => (await as.get('/web/portal/unread')).body.unread as number
  const next = async (known: number, as = me) =>
    (await as.get('/web/portal/unread', { known })).body.unread as number

  /** Waits on both nodes; what they say, and whether they said it within three seconds. */
  function wait(known: number) {
    const begun = performance.now()
    const both = Promise.all([next(known), next(known, there)])
    return both.then(counts => [...counts, performance.now() - begun < 3000])
  }

  it('is told to waiting pages on both nodes when a message arrives, and when it was read elsewhere', async () => {
    expect(await next(7)).toBe(0)
    const first = wait(0)
    await sendText(world, '有新消息')
    expect(await first).toEqual([1, 1, true])
    const second = wait(1)
    await sendText(world, '给大家', { toUser: '@all' })
    expect(await second).toEqual([2, 2, true])
    const third = wait(2)
    await me.post('/web/portal/messages/read', { upTo: new Date(world.ctx.now()).toISOString() })
    expect(await third).toEqual([0, 0, true])
  })

  it('lets ten pages of a person wait, and answers the oldest of more', async () => {
    const known = await unread()
    const first = next(known)
    const others = Array.from({ length: 10 }, () => next(known))
    expect(await first).toBe(known)
    await sendText(world, '都收到')
    expect(await Promise.all(others)).toEqual(others.map(() => known + 1))
  })

  it('is refused to a page whose session ended while it waited', async () => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const known = await unread()
    const waiting = session.get('/web/portal/unread', { known })
    await me.post('/web/sessions/end', { id: session.sessionId })
    await sendText(world, '已经退出')
    expect((await waiting).status).toBe(401)
  })

  it('does not keep a session alive, as other calls do', async () => {
    const [open, used] = [
      await signIn(world, { userId: 'zhangsan' }),
      await signIn(world, { userId: 'zhangsan' }),
    ]
    for (let hours = 0; hours < 5; hours++) {
      world.clock.offsetMs += 3_600_000
      await open.get('/web/portal/unread')
      await used.get('/web/portal/workbench')
    }
    expect((await open.get('/web/portal/unread')).status).toBe(401)
    expect((await used.get('/web/portal/unread')).status).toBe(200)
    me = await signIn(world, { userId: 'zhangsan' })
    there = callerWith(other.url, me.cookie, me.sessionId, me.csrf)
  })

  it('is answered to those who wait when the node stops', async () => {
    const known = await unread(there)
    const waiting = next(known, there)
    // The node must have the question before it stops.
    await until('the page waits', () => other.ctx.workbench.unread.waiting() > 0)
    await other.close()
    expect(await waiting).toBe(known)
  })
})
