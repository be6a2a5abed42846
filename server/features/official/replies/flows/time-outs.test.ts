import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../../test/sign-in.ts'
import { until } from '../../../../../test/until.ts'
import { deleteEndedPlaces } from '../../../auto-replies/store.ts'
import type { Account } from '../../accounts/accounts.ts'
import type { NewFlow } from '../account-rules.ts'
import { newRule, say } from '../replies.fixture.ts'

let world: World
let account: Account
let admin: SignedInClient
let openids: string[]
const text = '没有收到您的回答，预约已取消。'
const flow: NewFlow = {
  name: '限时',
  minutes: 10,
  timeoutText: text,
  enabled: true,
  steps: [
    {
      id: 'day',
      contents: say('哪一天？'),
      next: {
        type: 'wait',
        branches: [{ match: 'contains', words: ['周一'], to: 'end' }],
        otherwise: 'again',
      },
    },
  ],
}
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  account = await world.bindOfficial()
  admin = await signInAs(world, 'super')
  await begun(flow)
  const found = await world.control(`official/followers?originalId=${account.originalId}&limit=9`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
})
afterAll(() => world.close())

const act = async (what: string, more: object) =>
  (await admin.post(`/web/official/replies/${what}`, { originalId: account.originalId, ...more })).body
/** A flow that begins with its name. */
async function begun(given: NewFlow): Promise<number> {
  const { id } = await act('flows/save', { flow: given })
  await act('rules/save', { rule: newRule({ words: [given.name], flowId: id }) })
  return id
}
const write = (openid: string, content: string) =>
  world.control('official/act', {
    originalId: account.originalId,
    openid,
    act: 'text',
    content,
    wait: true,
  })
const told = async (openid: string) =>
  (
    (await world.control(`official/messages?originalId=${account.originalId}&openid=${openid}`))[
      'messages'
    ] as { how: string; content: { content?: string } }[]
  )
    .filter(message => message.how === 'custom')
    .map(message => message.content.content)
const placeOf = (openid: string) =>
  world.ctx.db.selectFrom('official_flow_state').selectAll().where('openid', '=', openid).execute()
/** Makes it so long ago that the time was up. */
const pass = async (ms: number) => {
  const end = new Date(world.ctx.now() - ms)
  await world.ctx.db.updateTable('official_flow_state').set({ expires_at: end }).execute()
  await world.ctx.db.updateTable('queue').set({ due_at: end }).where('stream', '=', 'official-flow').execute()
  world.ctx.queue.kick(world.corpId)
}
const over = (openid: string) => until('the end', async () => (await placeOf(openid)).length === 0)

describe('a flow whose time is up', () => {
  it('tells the follower so, once, and shows it in the conversation', async () => {
    const openid = openids[0]!
    await write(openid, '限时')
    await world.settleOfficial(account)
    await pass(1000)
    await until('the text', async () => (await told(openid)).length > 0)
    expect(await placeOf(openid)).toEqual([])
    world.ctx.queue.kick(world.corpId)
    await write(openid, '周一')
    await world.settleOfficial(account)
    expect(await told(openid)).toEqual([text])
    const conversation = { originalId: account.originalId, openid }
    const lines = async () => (await admin.get('/web/official/conversation', conversation)).body
    await until('the text in the conversation', async () => JSON.stringify(await lines()).includes(text))
  })

  it('tells nobody who answered, who left, or whom WeChat does not let it write to', async () => {
    const [answered, left, closed] = openids.slice(1) as [string, string, string]
    for (const openid of [answered, left, closed]) await write(openid, '限时')
    await write(answered, '周一')
    await world.control('official/act', {
      originalId: account.originalId,
      openid: left,
      act: 'unsubscribe',
      wait: true,
    })
    await world.settleOfficial(account)
    await world.ctx.db.deleteFrom('official_window').where('openid', '=', closed).execute()
    expect([...(await placeOf(answered)), ...(await placeOf(left))]).toEqual([])
    await pass(1000)
    await over(closed)
    const sends = await world.ctx.db.selectFrom('official_send').select('openid').execute()
    for (const openid of [answered, left, closed]) expect(sends.map(one => one.openid)).not.toContain(openid)
  })

  it('tells nobody long after, as when the service stood still', async () => {
    const openid = openids[4]!
    await write(openid, '限时')
    await world.settleOfficial(account)
    await pass(3_700_000)
    await over(openid)
    expect(await told(openid)).toEqual([])
  })

  it('tells nobody after a restore whom it told before', async () => {
    const [over, going] = openids.slice(7, 9) as [string, string]
    for (const openid of [over, going]) await write(openid, '限时')
    await world.settleOfficial(account)
    const soon = new Date(world.ctx.now() + 60_000)
    await world.ctx.db
      .updateTable('official_flow_state')
      .set({ expires_at: soon })
      .where('openid', '=', over)
      .execute()
    await deleteEndedPlaces(world.ctx.db, soon)
    expect(await placeOf(over)).toEqual([])
    expect(await placeOf(going)).toHaveLength(1)
  })

  it('tells those too who were in it before it had the text', async () => {
    const openid = openids[5]!
    const id = await begun({ ...flow, name: '后来', timeoutText: '' })
    await write(openid, '后来')
    await world.settleOfficial(account)
    await act('flows/save', { id, flow: { ...flow, name: '后来' } })
    await pass(1000)
    await until('the text', async () => (await told(openid)).length > 0)
  })

  it('is seen in the simulator', async () => {
    const { place } = await act('simulate', { event: { kind: 'message', text: '限时' } })
    expect(await act('simulate', { event: { kind: 'silence' }, place })).toMatchObject({
      by: '',
      timeout: text,
      place: null,
    })
    const at = new Date(Date.now() + 86_400_000).toISOString()
    const late = { event: { kind: 'message', text: '限时' }, place, at }
    expect(await act('simulate', late)).toMatchObject({ timeout: text, by: '限时', place: { stepId: 'day' } })
  })
})
