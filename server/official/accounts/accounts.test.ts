import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5 })
})
afterAll(() => world.close())

describe('an account of the sandbox', () => {
  it('is bound, verifies the callback and pushes', async () => {
    const account = await world.bindOfficial()
    expect(account).toMatchObject({ kind: 'service', verified: true, enabled: true })
    const { originalId } = account
    const { openid } = await world.control('official/act', { originalId, act: 'subscribe', wait: true })
    await world.settleOfficial(account)
    const events = await world.ctx.db.selectFrom('inbox_event').selectAll().execute()
    expect(events).toMatchObject([{ account: originalId, kind: 'subscribe', state: 'done' }])
    expect(events[0]?.entity).toContain(String(openid))
  })
})
