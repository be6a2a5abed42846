import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'

describe('reconciling on the command line', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 5 })
  })
  afterAll(() => world.close())

  const wisp = (...words: string[]) => runCommand(world.ctx, words)

  it('needs a merchant', async () => {
    await expect(wisp('pay', 'reconcile')).rejects.toThrow('--merchant')
    await expect(wisp('pay', 'reconcile', '--merchant', '1900000404')).rejects.toThrow('1900000404')
  })

  it('fails with the reason while the bill is not made, and tells what matched when it is', async () => {
    const { mchId } = await connectMerchant(world)
    await world.control('pay/settings', { billReadyHour: 48 })
    const waiting = await wisp('pay', 'reconcile')
    expect(waiting).toMatchObject({ failed: true, data: { mchId, state: 'waiting' } })
    expect(waiting.text).toContain('还没有生成')
    await world.control('pay/settings', { billReadyHour: 0 })
    const yesterday = dayOf(world.ctx.now() - 86_400_000)
    const done = await wisp('pay', 'reconcile', '--date', yesterday)
    expect(done).toMatchObject({ data: { mchId, day: yesterday, state: 'done', open: 0, differences: [] } })
    expect(done.failed).toBeUndefined()
    await expect(wisp('pay', 'reconcile', '--date', '2020-01-01')).rejects.toThrow('三个月')
  })
})
