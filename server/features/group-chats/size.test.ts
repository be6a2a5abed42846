import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { begins, ends } from '../alerts/open-alerts.fixture.ts'
import { useAgents } from '../messages/messages.fixture.ts'

const most = 2000
let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: most, isOneClock: true })
  await useAgents(world)
  await world.connectCallback()
  dev = await world.addDeveloper({ scopes: ['message:send', 'chat:write'] })
})
afterAll(() => world.close())

const everybody = { name: '全员群', toParty: ['1'] }
const create = (body: object) => dev.post('/api/chat/create', { ...everybody, ...body })
const chats = async () => (await world.control('chats'))['chats'] as { chatid: string; members: string[] }[]
const sizeOf = async (id: string) => (await chats()).find(one => one.chatid === id)?.members.length
const join = (n: number) =>
  world.admin('user/create', {
    userid: `joined${n}`,
    name: `新同事${n}`,
    department: [1],
    mobile: `1390000${String(n).padStart(4, '0')}`,
  })
const settle = async () => {
  await world.settle()
  world.clock.offsetMs += 4000
  world.ctx.queue.kick(world.corpId)
}

it('a chat has 2000 members at most: the next who joins is not in it, and no chat is made for 2001', async () => {
  const { body, retMessage } = await create({ follow: '1' })
  expect(body?.status, retMessage).toBe('ready')
  // Some of the sandbox's people are not active: as many join.
  for (let n = body.members; n < most; n++) await join(n)
  await settle()
  await until('all are in it', async () => (await sizeOf(body.chatId)) === most)
  await join(most)
  await settle()
  await begins(world.ctx, 'group-chat-not-following')
  expect((await dev.get('/api/chat/get', { chatId: body.chatId })).body.problem).toContain('2001')
  expect(await sizeOf(body.chatId)).toBe(most)
  for (const follow of ['0', '1']) {
    const refused = await create({ follow })
    expect(`${refused.retCode} ${refused.retMessage}`).toMatch(/^1000 .*2 到 2000 名成员，收到的有 2001 名/)
  }
  expect(await chats()).toHaveLength(1)
  const leaver = `joined${most - 1}`
  await world.admin('user/delete', { userid: leaver })
  await settle()
  await ends(world.ctx, 'group-chat-not-following')
  await until('the newcomer took the place', async () =>
    Boolean((await chats())[0]?.members.includes(`joined${most}`)),
  )
  expect(await sizeOf(body.chatId)).toBe(most)
})
