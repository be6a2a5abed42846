import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import type { PushRow } from '../../../platform/inbox/pushes.ts'
import type { Account } from '../accounts/accounts.ts'
import { bindAccount, grantAccount } from '../accounts/bind.ts'
import { eventFields, pushTo, pushXml, textFields } from '../callback/push.fixture.ts'
import { addRules } from '../replies/edit.ts'
import { newRule, say } from '../replies/replies.fixture.ts'

let world: World
let account: Account
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  as = await signInAs(world, 'super')
  account = await bind('gh_seen')
})
afterAll(() => world.close())

const bind = (originalId: string) =>
  bindAccount(world.ctx, 'test', world.corpId, { originalId, name: '示例', appId: 'wx1', secret: 'made up' })
const push = async (fields: string, { to = account, msgId = undefined as string | undefined } = {}) => {
  const plain = pushXml(to.originalId, { fields, ...(msgId ? { msgId } : {}) })
  expect(await pushTo(world.server.url, to, plain)).toMatchObject({ status: 200 })
  return plain
}
const list = async (filter: Record<string, string> = {}, who = as) =>
  (await who.get('/web/official/pushes', { originalId: account.originalId, ...filter })).body as {
    list: PushRow<'openid'>[]
    total: number
    lastId: number
    kinds: string[]
  }
const show = async (id: number) =>
  (await as.get('/web/official/push', { originalId: account.originalId, id: String(id) })).body
const replay = (ids: number[], who = as) =>
  who.post('/web/official/push/replay', { originalId: account.originalId, ids })
const settled = (id: number, state: PushRow<'openid'>['state']) =>
  until(`push ${id} ${state}`, async () => {
    const found = await show(id)
    return found.state === state ? found : undefined
  })
const conversation = () =>
  world.ctx.db.selectFrom('official_talk').select(['kind', 'content']).orderBy('id').execute()

describe('the pushes of an account', () => {
  it('are shown as they came, decrypted, and with what was answered', async () => {
    await addRules(world.ctx, { actor: 'test', account }, [
      newRule({ name: '问好', words: ['你好'], contents: [...say('在'), ...say('请讲')] }),
    ])
    const plain = await push(textFields('你好'), { msgId: '1' })
    const [row] = (await list({ text: '你好' })).list
    expect(row).toMatchObject({ kind: 'text', openid: 'oFollower1', error: '' })
    const found = await settled(row?.id ?? 0, 'done')
    expect(found).toMatchObject({
      plain,
      answer: { by: '问好', passive: 'text', later: 1, person: false },
    })
    expect(found.raw).toMatch(/^[\w+/=]{100,}$/)
  })

  it('of kinds that nobody here knows are kept, shown and done', async () => {
    const options = ['OptionIds>', 'OpitonIds>'].map(
      name =>
        `<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><${name}<OptionId>1</OptionId></${name}</SelectedItem></SelectedItems>`,
    )
    for (const fields of [
      eventFields('made_up_in_2030'),
      `${eventFields('template_card_event')}${options.join('')}`,
      '<MsgType>hologram</MsgType><Content><a>1</a><a>2</a></Content>',
    ])
      await push(fields)
    const { kinds, list: rows } = await list()
    expect(kinds).toEqual(expect.arrayContaining(['made_up_in_2030', 'template_card_event', 'hologram']))
    for (const { id } of rows) await settled(id, 'done')
    const [card] = (await list({ kind: 'template_card_event' })).list
    expect((await show(card?.id ?? 0)).plain).toContain('<OpitonIds>')
  })

  it('are of this account alone, and shown to a graded administrator who has it', async () => {
    const other = await bind('gh_other')
    await push(textFields('别处'), { to: other, msgId: '1' })
    expect((await list({ text: '别处' })).total).toBe(0)
    const [row] = await world.ctx.db
      .selectFrom('inbox_event')
      .select('id')
      .where('account', '=', 'gh_other')
      .execute()
    const id = row?.id ?? 0
    const answer = await as.get('/web/official/push', { originalId: 'gh_seen', id: String(id) })
    expect(answer.retMessage).toContain(`没有推送 ${id}：编号不对，或已过保留期`)
    expect((await replay([id])).retMessage).toContain('没有重放')
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 1, manage: false }])
    const ask = () => graded.get('/web/official/pushes', { originalId: 'gh_seen' })
    expect(await ask()).toMatchObject({ status: 403 })
    await grantAccount(world.ctx, 'test', world.corpId, 'gh_seen', ['lisi'])
    expect((await ask()).body.total).toBeGreaterThan(0)
  })
})

describe('a poisonous push', () => {
  it('is parked without holding up the others, and done when it is replayed after the repair', async () => {
    const { db } = world.ctx
    await sql`alter table official_talk add constraint poison check (content::text not like '%有毒%')`.execute(
      db,
    )
    await push(textFields('有毒'), { msgId: '5' })
    await push(textFields('后来的'), { msgId: '6' })
    const [later] = (await list({ text: '后来的' })).list
    await settled(later?.id ?? 0, 'done')
    const [poison] = (await list({ state: 'pending' })).list
    expect(poison).toMatchObject({ openid: 'oFollower1', error: expect.stringMatching(/./) })
    const id = poison?.id ?? 0
    while ((await show(id)).state !== 'parked') {
      const { attempts } = await show(id)
      world.clock.offsetMs += 300_000
      world.ctx.queue.kick(world.corpId)
      await until('another attempt', async () => (await show(id)).attempts > attempts)
    }
    expect(await show(id)).toMatchObject({ attempts: 8 })
    world.clock.offsetMs = 0
    await sql`alter table official_talk drop constraint poison`.execute(db)
    const before = (await conversation()).length
    expect((await replay([id])).body).toEqual({ count: 1 })
    await settled(id, 'done')
    expect((await conversation()).length).toBe(before + 1)
  })
})

it('a replay changes nothing that was done, and answers nobody again', async () => {
  // Somebody who left and came back, and somebody who wrote and left.
  for (const fields of [eventFields('unsubscribe'), textFields('又来了')]) await push(fields)
  const gone = (fields: string) =>
    pushTo(world.server.url, account, pushXml('gh_seen', { from: 'oFollower3', fields }))
  for (const fields of [textFields('再见'), eventFields('unsubscribe')]) await gone(fields)
  await until('these done', async () => (await list({ state: 'pending' })).total === 0)
  const { total, lastId } = await list()
  const before = await conversation()
  const windows = () => world.ctx.db.selectFrom('official_window').selectAll().orderBy('openid').execute()
  const open = await windows()
  expect(open.map(one => one.openid)).not.toContain('oFollower3')
  expect(open.map(one => one.openid)).toContain('oFollower1')
  const sends = await world.ctx.db.selectFrom('official_send').select('id').execute()
  const filter = { originalId: 'gh_seen', upTo: lastId }
  const wrong = await as.post('/web/official/push/replay-filtered', { ...filter, expected: total + 1 })
  expect(wrong.retMessage).toContain('没有重放')
  const answer = await as.post('/web/official/push/replay-filtered', { ...filter, expected: total })
  expect(answer.body).toEqual({ count: total })
  await until('all of them', async () => (await list({ state: 'done' })).total === total)
  expect(await conversation()).toEqual(before)
  expect(await windows()).toEqual(open)
  // Alone, without what came after them.
  for (const filter of [{ kind: 'unsubscribe' }, { text: '再见' }]) {
    const ids = (await list(filter)).list.map(one => one.id)
    expect((await replay(ids)).body).toEqual({ count: ids.length })
    for (const id of ids) await settled(id, 'done')
    expect(await windows()).toEqual(open)
  }
  expect(await world.ctx.db.selectFrom('official_send').select('id').execute()).toEqual(sends)
  const acts = await world.ctx.db
    .selectFrom('audit')
    .select('detail')
    .where('act', '=', 'official.replay')
    .execute()
  expect(acts.map(one => one.detail)).toContainEqual(
    expect.objectContaining({ account: 'gh_seen', opened: total }),
  )
})
