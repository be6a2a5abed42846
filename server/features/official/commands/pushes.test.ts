import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { wispJson } from '../../../cli/cli.fixture.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import type { Account } from '../accounts/accounts.ts'
import { bindAccount } from '../accounts/bind.ts'
import { pushTo, pushXml, textFields } from '../callback/push.fixture.ts'

let world: World
let account: Account
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await bind('gh_pushed')
  await push('1', '第一条')
  await push('2', '第二条')
  await push('1', '别处', await bind('gh_other'))
})
afterAll(() => world.close())

const bind = (originalId: string) =>
  bindAccount(world.ctx, 'test', world.corpId, { originalId, name: '示例', appId: 'wx1', secret: 'made up' })
const push = async (msgId: string, text: string, to = account) => {
  const xml = pushXml(to.originalId, { msgId, fields: textFields(text) })
  expect(await pushTo(world.server.url, to, xml)).toMatchObject({ status: 200 })
}
const words = (...rest: string[]) => ['official', ...rest, '--account', 'gh_pushed']
const wisp = (...rest: string[]) => runCommand(world.ctx, words(...rest))
type PushList = { id: number; state: string }[]
const listed = async (...rest: string[]) => (await wisp('pushes', ...rest)).data as PushList
const done = (count: number) =>
  until(`${count} done`, async () => (await listed('--state', 'done')).length === count)
const park = () =>
  world.ctx.db
    .updateTable('inbox_event')
    .set({ state: 'parked', error: 'no such luck' })
    .where('stream', '=', 'official')
    .execute()

it('lists the pushes of one account, the newest first', async () => {
  await done(2)
  const found: PushList = await wispJson(world.env, words('pushes'))
  expect(found).toMatchObject([
    { kind: 'text', openid: 'oFollower1', state: 'done', error: '' },
    { kind: 'text', openid: 'oFollower1' },
  ])
  expect(found[0]!.id).toBeGreaterThan(found[1]!.id)
  expect(await listed('--limit', '1')).toMatchObject([{ id: found[0]!.id }])
  expect((await wisp('pushes', '--state', 'parked')).text).toBe('没有推送')
})

it('replays one push, or those that are parked, and none of another account', async () => {
  await park()
  const [newest, oldest] = await listed('--state', 'parked')
  expect((await wisp('pushes')).text).toMatch(/text +oFollower1 +搁置 +1 +no such luck/)
  // The command has a context of its own, and the server works on what it enqueued.
  expect(await wispJson(world.env, words('replay', String(newest!.id)))).toEqual({ count: 1 })
  await done(1)
  expect(await listed('--state', 'parked')).toMatchObject([{ id: oldest!.id }])
  await park()
  expect((await wisp('replay', '--parked')).text).toBe('将重新处理 2 条推送')
  await done(2)
  expect((await wisp('replay', '--parked')).data).toEqual({ count: 0 })
  const left = await world.ctx.db
    .selectFrom('inbox_event')
    .select('account')
    .where('state', '=', 'parked')
    .execute()
  expect(left).toEqual([{ account: 'gh_other' }])
})

it.each([
  [['replay'], '须给出且只给出一个'],
  [['replay', '1', '--parked'], '须给出且只给出一个'],
  [['replay', '4711'], '没有重放'],
  [['pushes', '--state', 'lost'], '--state'],
])('%j is refused', async (rest, why) => {
  await expect(wisp(...rest)).rejects.toThrow(why)
})
