import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { wispJson } from '../../../cli/cli.fixture.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  await connectMerchant(world)
})
afterAll(() => world.close())

const wisp = (...words: string[]) => runCommand(world.ctx, ['pay', 'bill', ...words])
const given = ['create', 'W-1', '--user', 'zhangsan', '--title', '会费', '--amount', '128050']

it('makes a bill once', async () => {
  const made = await wispJson(world.env, ['pay', 'bill', ...given])
  expect(made).toMatchObject({
    billNo: 'W-1',
    userId: 'zhangsan',
    userName: '张三',
    amount: 128_050,
    state: 'open',
    createdBy: 'cli',
    devId: '',
  })
  const again = await wisp(...given)
  expect(again.text).toBe('账单 W-1：张三 (zhangsan) ¥1,280.50')
  expect(again.data).toMatchObject({ id: made.id })
})

it('lists bills by payer, state and text', async () => {
  const { devId } = world.dev
  const { text, data } = await wisp('list')
  expect(text).toMatch(/W-1 +— +张三 \(zhangsan\) +会费 +¥1,280\.50 +待付款/)
  expect(data).toMatchObject({ total: 1, list: [{ billNo: 'W-1' }] })
  for (const words of [
    ['--user', 'zhangsan'],
    ['--state', 'open'],
    ['--developer', 'none'],
    ['--search', '会费'],
  ])
    expect((await wisp('list', ...words)).data).toMatchObject({ total: 1 })
  for (const words of [
    ['--user', 'lisi'],
    ['--state', 'paid'],
    ['--developer', devId],
    ['--search', '学费'],
  ])
    expect((await wisp('list', ...words)).text).toBe('（没有账单）')
})

it('closes a bill', async () => {
  expect((await wisp('close', 'W-1')).text).toBe('已关闭 W-1')
  expect((await wisp('list', '--state', 'closed')).data).toMatchObject({ total: 1 })
  await expect(wisp('close', 'W-9')).rejects.toThrow('没有账单 W-9（开发者创建的账单须同时给出其 devId）')
})
