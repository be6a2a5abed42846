import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { avatarPng } from '../../../../sandbox/avatar.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { fileUses, storeFile } from '../../../platform/files/files.ts'
import type { Account } from '../accounts/accounts.ts'
import { saveDraft } from '../drafts/drafts.ts'
import { massOf } from './mass.ts'
import { settleRestoredMasses } from './part-store.ts'

let world: World
let account: Account
let as: SignedInClient
let openids: string[]
const monthMs = 32 * 86_400_000
beforeAll(async () => {
  world = await startWorld({ members: 8, overrides: { officialOptions: { timeoutMs: 2000, retries: 0 } } })
  account = await world.bindOfficial()
  as = await signInAs(world, 'super', 'zhangsan')
  const found = await world.control(`official/followers?originalId=${account.originalId}&limit=60`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
})
afterAll(() => world.close())
/** WeChat's quotas are those of a real clock, and have room for every test. */
const rules = (given: object) => world.control('official/rules', given)
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
  await rules({ rules: null })
  await rules({
    massJobMs: 0,
    massToAllPerDay: 99,
    massPerMonth: 99,
    massRetrySeconds: 0,
    massPerMinute: 999,
  })
})

type View = Record<string, unknown> & { state: string; parts: { state: string; told: string }[] }
let requests = 0
const base = () => ({ originalId: account.originalId, requestId: `r${++requests}` })
const create = (body: object) => as.post('/web/official/mass/create', { ...base(), ...body })
const list = (count = 3) => ({ to: 'openids', openids: openids.slice(0, count) })
const say = (text: string) => ({ type: 'text', text })
const view = async (id: string): Promise<View> =>
  (await as.get('/web/official/mass', { originalId: account.originalId, id })).body
const reach = async (id: string, ...states: string[]) => {
  await until(`the mass message to be ${states}`, async () => states.includes((await view(id)).state), 20_000)
  return view(id)
}
const sendAndEnd = async (body: object) => {
  const created = await create(body)
  expect(created.retCode, created.retMessage).toBe('0')
  return reach(created.body.id, 'done', 'partly', 'failed')
}
const post = (path: string, id: string, body = {}, who = as) =>
  who.post(`/web/official/mass/${path}`, { originalId: account.originalId, id, ...body })
const shown = async (openid: string) =>
  (
    (await world.control(`official/messages?originalId=${account.originalId}&openid=${openid}`))[
      'messages'
    ] as {
      how: string
      type: string
      content: Record<string, unknown>
    }[]
  ).filter(message => message.how === 'mass' || message.how === 'preview')
const texts = async (openid: string) => (await shown(openid)).map(message => message.content['content'])
const fault = (mode: string, times = 1, path = 'message/mass/send') =>
  world.control('faults', { match: `official/cgi-bin/${path}`, mode, times })
/** Makes everything older: pushes of a clock that is far off would be refused. */
const pass = async (ms: number) => {
  const by = sql`make_interval(secs => ${ms / 1000})`
  await sql`update official_mass set due_at = due_at - ${by}`.execute(world.ctx.db)
  await sql`update official_mass_part set due_at = due_at - ${by}, tried_at = tried_at - ${by},
    submitted_at = submitted_at - ${by}`.execute(world.ctx.db)
  await sql`update official_mass_result set at = at - ${by}`.execute(world.ctx.db)
  await sql`update queue set due_at = due_at - ${by} where stream = 'official-mass'`.execute(world.ctx.db)
  world.ctx.queue.kick(world.corpId)
}

describe('a mass message', () => {
  it('goes to everybody, and its result comes with counts', async () => {
    const sent = await sendAndEnd({ to: 'all', ...say('致全体') })
    expect(sent).toMatchObject({ state: 'done', receivers: 1200, counts: { total: 1200 } })
    expect(sent.parts).toMatchObject([{ state: 'done', told: '发送成功', receivers: null }])
    expect(await texts(openids[9]!)).toContain('致全体')
  })

  it('goes to a tag', async () => {
    const { tag } = (await account.client.send('/cgi-bin/tags/create', { tag: { name: '老会员' } })) as never
    const tagId = (tag as { id: number }).id
    await account.client.send('/cgi-bin/tags/members/batchtagging', {
      tagid: tagId,
      openid_list: openids.slice(0, 2),
    })
    const sent = await sendAndEnd({ to: 'tag', tagId, ...say('致会员') })
    expect(sent).toMatchObject({ tagName: '老会员', receivers: 2, counts: { total: 2, sent: 2 } })
    expect(await texts(openids[0]!)).toContain('致会员')
    expect(await texts(openids[2]!)).not.toContain('致会员')
    expect((await create({ to: 'tag', tagId: 9999, ...say('x') })).retCode).toBe('1000')
  })

  it('goes to members who are linked followers, and tells who is not', async () => {
    const members = await world.ctx.db.selectFrom('member').select(['id', 'user_id']).limit(3).execute()
    for (const [n, member] of members.slice(0, 2).entries())
      await world.ctx.db
        .insertInto('official_follower')
        .values({
          corp_id: world.corpId,
          original_id: account.originalId,
          openid: openids[n + 10]!,
          subscribed: true,
          subscribed_at: new Date(),
          member_id: member.id,
        })
        .execute()
    const audience = { to: 'members', toUser: members.map(member => member.user_id).join('|') }
    const forecast = await as.post('/web/official/mass/forecast', { ...base(), ...audience })
    expect(forecast.body).toMatchObject({ receivers: 2, notLinked: 1, calls: 1 })
    await sendAndEnd({ ...audience, ...say('致同事') })
    expect(await texts(openids[10]!)).toContain('致同事')
    const one = { to: 'members', toUser: members[0]!.user_id }
    expect((await create({ ...one, ...say('x') })).retMessage).toContain('至少 2 位')
  })

  it('carries pictures, voice and articles', async () => {
    const hashes = []
    for (const n of [1, 2])
      hashes.push((await storeFile(world.ctx, world.corpId, 'image', avatarPng(n, 20))).hash)
    await sendAndEnd({ ...list(), type: 'image', images: hashes })
    const mp3 = Buffer.from('ID3\x04 voice', 'latin1')
    const voice = (await storeFile(world.ctx, world.corpId, 'voice', mp3)).hash
    await sendAndEnd({ ...list(), type: 'voice', voice })
    const draft = await newDraft('号外')
    const news = await sendAndEnd({ ...list(), type: 'news', draft })
    expect(news).toMatchObject({ titles: ['号外'], urls: [expect.stringContaining('http')] })
    expect((await shown(openids[0]!)).slice(-3).map(one => one.type)).toEqual(['image', 'voice', 'mpnews'])
    expect((await post('delete', news['id'] as string)).retCode).toBe('0')
    expect((await view(news['id'] as string)).state).toBe('deleted')
    expect((await shown(openids[0]!)).at(-1)?.content).toMatchObject({ deleted: true })
  })
  const newDraft = async (title: string) => {
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(9, 20))
    const empty = {
      author: '',
      digest: '',
      sourceUrl: '',
      coverMediaId: '',
      hasComments: false,
      fansOnly: false,
    }
    const article = { ...empty, title, content: '<p>正文</p>', coverHash: hash }
    return (await saveDraft(world.ctx, 'test', account, [article])).mediaId
  }

  it('is shown to one follower first', async () => {
    const body = { originalId: account.originalId, openid: openids[20], ...say('样稿') }
    expect((await as.post('/web/official/mass/preview', body)).retCode).toBe('0')
    expect((await texts(openids[20]!)).at(-1)).toBe('样稿')
    const nobody = await as.post('/web/official/mass/preview', { ...body, openid: 'nobody-here' })
    expect(nobody.retCode).toBe('1011')
  })

  it('that is pressed for twice is sent once', async () => {
    const body = { ...base(), ...list(), ...say('一次') }
    const [one, two] = await Promise.all([1, 2].map(() => as.post('/web/official/mass/create', body)))
    expect(two?.body.id).toBe(one?.body.id)
    await reach(one?.body.id, 'done')
    expect((await texts(openids[0]!)).filter(text => text === '一次')).toHaveLength(1)
  })

  it('that was due when a backup was made is not sent after a restore', async () => {
    const sendAt = new Date(world.ctx.now() + 3_600_000).toISOString()
    const due = (await create({ ...list(), ...say('备份时到期'), sendAt })).body.id
    await settleRestoredMasses(world.ctx.db, new Date(world.ctx.now()))
    expect((await view(due)).state).toBe('waiting')
    await settleRestoredMasses(world.ctx.db, new Date(world.ctx.now() + 3_601_000))
    expect(await view(due)).toMatchObject({ state: 'failed', parts: [{ state: 'unknown' }] })
  })

  it('waits for its time, and is stopped before', async () => {
    const sendAt = new Date(world.ctx.now() + 3_600_000).toISOString()
    const later = (await create({ ...list(), ...say('稍后'), sendAt })).body.id
    const never = (await create({ ...list(), ...say('不发'), sendAt })).body.id
    expect((await view(later)).state).toBe('waiting')
    await post('stop', never)
    await pass(3_601_000)
    await reach(later, 'done')
    expect(await view(never)).toMatchObject({ state: 'stopped', parts: [{ state: 'stopped' }] })
    expect(await texts(openids[0]!)).not.toContain('不发')
    expect((await post('stop', later)).retMessage).toContain('已发送，不能停止')
    expect((await create({ ...list(), ...say('x'), sendAt: '2190-01-01T00:00:00Z' })).retCode).toBe('1000')
  })

  it('waits for a second administrator, where that is switched on', async () => {
    const other = await signInAs(world, 'super', 'lisi')
    await as.post('/web/official/mass/approval', { originalId: account.originalId, isNeeded: '1' })
    const { id, state } = (await create({ ...list(), ...say('待批') })).body
    expect(state).toBe('approval')
    expect((await post('decide', id, { decision: 'approve' })).retCode).toBe('1009')
    await post('decide', id, { decision: 'approve' }, other)
    expect(await reach(id, 'done')).toMatchObject({ decidedBy: expect.stringContaining('lisi') })
    const no = (await create({ ...list(), ...say('驳回') })).body.id
    await post('decide', no, { decision: 'reject' }, other)
    expect((await view(no)).state).toBe('rejected')
    expect((await post('decide', no, { decision: 'approve' }, other)).retCode).toBe('1000')
    await as.post('/web/official/mass/approval', { originalId: account.originalId, isNeeded: '0' })
    expect(await texts(openids[0]!)).not.toContain('驳回')
  })

  it.each([
    [{ to: 'openids', openids: ['only-one-openid'] }, '1000'],
    [{ to: 'openids', openids: [] }, '1001'],
    [{ to: 'openids', openids: ['<script>', 'another-openid'] }, '1000'],
    [{ to: 'tag' }, '1001'],
    [{ to: 'members' }, '1001'],
  ])('to %o is refused before WeChat is asked', async (audience, code) => {
    expect((await create({ ...audience, ...say('x') })).retCode).toBe(code)
  })

  it.each([
    [{ type: 'text' }, '1001'],
    [{ type: 'text', text: '长'.repeat(700) }, '1000'],
    [{ type: 'image' }, '1001'],
    [{ type: 'image', images: ['0'.repeat(64)] }, '1000'],
    [{ type: 'voice' }, '1001'],
    [{ type: 'news' }, '1001'],
    [{ type: 'news', draft: 'no-such-draft' }, '1011'],
  ])('with %o is refused before it is stored', async (content, code) => {
    expect((await create({ ...list(), ...content })).retCode).toBe(code)
  })

  it('with an SVG as a picture never comes to be', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const upload = await as.post('/web/files/upload', { use: 'image', content: svg.toString('base64') })
    expect(upload.retCode).toBe('1000')
    expect(fileUses.image.types).not.toContain('image/svg+xml')
    const webp = Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ', 'latin1')
    const { hash } = await storeFile(world.ctx, world.corpId, 'icon', webp)
    expect((await create({ ...list(), type: 'image', images: [hash] })).retCode).toBe('1000')
  })
})

describe('WeChat', () => {
  it('that took a message without answering is asked again under the same id, and sends nothing twice', async () => {
    await fault('acceptedThenTimeout')
    const { id } = (await create({ ...list(), ...say('没有应答') })).body
    await until('the first attempt', async () => (await view(id)).parts[0]?.told !== '', 20_000)
    expect((await view(id)).parts).toMatchObject([{ state: 'waiting', told: '无法确认微信是否已收到' }])
    await pass(62_000)
    expect(await reach(id, 'done')).toMatchObject({ parts: [{ attempts: 2, msgId: expect.any(String) }] })
    expect((await texts(openids[0]!)).filter(text => text === '没有应答')).toHaveLength(1)
  })

  it('that says "within a minute" (45066) is asked again a minute later', async () => {
    await fault('code:45066')
    const { id } = (await create({ ...list(), ...say('一分钟') })).body
    await until('the first attempt', async () => (await view(id)).parts[0]?.told !== '', 20_000)
    await pass(62_000)
    await reach(id, 'done')
  })

  it('that was silent for a day is not asked again, and the message is called unclear', async () => {
    await fault('timeout', 9)
    const { id } = (await create({ ...list(), ...say('一天') })).body
    await until('the first attempt', async () => (await view(id)).parts[0]?.told !== '', 20_000)
    await pass(24 * 3_600_000)
    expect(await reach(id, 'failed')).toMatchObject({ parts: [{ state: 'unknown' }] })
  })

  it('whose quota is used up says so (45028)', async () => {
    await rules({ massToAllPerDay: 0 })
    expect(await sendAndEnd({ to: 'all', ...say('超额') })).toMatchObject({
      state: 'failed',
      parts: [{ told: '群发次数已用完（45028）', rid: expect.stringMatching(/^[0-9a-f-]{20,}$/) }],
    })
  })

  it('that does not know the account as verified says so (48001)', async () => {
    await fault('code:48001')
    const ended = await sendAndEnd({ ...list(), ...say('未认证') })
    expect(ended).toMatchObject({ state: 'failed', parts: [{ told: expect.stringMatching(/48001/) }] })
    expect(await texts(openids[0]!)).not.toContain('未认证')
  })

  it('that is busy is asked again soon', async () => {
    await fault('busy', 1)
    const { id } = (await create({ ...list(), ...say('繁忙') })).body
    await until('the first attempt', async () => (await view(id)).parts[0]?.told !== '', 20_000)
    await pass(11_000)
    await reach(id, 'done')
  })

  it('that forgot a picture gets it again (40007)', async () => {
    await fault('code:40007')
    const { hash } = await storeFile(world.ctx, world.corpId, 'image', avatarPng(30, 20))
    expect(await sendAndEnd({ ...list(), type: 'image', images: [hash] })).toMatchObject({
      state: 'done',
      parts: [{ attempts: 2 }],
    })
  })

  it.each([
    ['err(20001)', '涉嫌政治（err(20001)）'],
    ['err (30003)', '原创校验判定为转载，且选择了「被判为转载时不群发」（err(30003)）'],
    ['send  fail', '发送失败'],
    ['sendsuccess', '发送成功'],
    ['something new', '微信报告 somethingnew'],
  ])('whose event says "%s" is told in words', async (massStatus, words) => {
    await rules({ massStatus })
    const ended = await sendAndEnd({ ...list(), ...say(`结果 ${massStatus}`) })
    expect(ended.parts[0]?.told).toBe(words)
  })

  it('waits for its administrator where the API protection is on', async () => {
    await world.control('official/settings', { originalId: account.originalId, apiProtection: true })
    const { id } = (await create({ to: 'all', ...say('要确认') })).body
    await until('the submission', async () => (await view(id)).parts[0]?.state === 'running', 20_000)
    const { confirmUntil, parts } = await view(id)
    expect(new Date(String(confirmUntil)).getTime()).toBeGreaterThan(world.ctx.now() + 29 * 60_000)
    const { msgId } = parts[0] as unknown as { msgId: string }
    await world.control('official/mass', {
      originalId: account.originalId,
      msgId: Number(msgId),
      confirm: false,
    })
    expect((await reach(id, 'failed')).parts[0]?.told).toContain('管理员在微信里拒绝')
    await world.control('official/settings', { originalId: account.originalId, apiProtection: false })
  })

  it('whose event stays out is asked', async () => {
    await world.control('faults', { match: 'official/MASSSENDJOBFINISH', mode: 'dropCallback', times: 3 })
    const { id } = (await create({ ...list(), ...say('没有事件') })).body
    await until('the submission', async () => (await view(id)).parts[0]?.state === 'running', 20_000)
    await world.settleOfficial(account)
    expect(await view(id)).toMatchObject({ state: 'going', counts: null })
    await pass(61_000)
    expect(await reach(id, 'done')).toMatchObject({ counts: null, parts: [{ told: '发送成功' }] })
  })
})

describe('before it is sent', () => {
  it('the limits of a service account and what is used of them are told', async () => {
    await pass(2 * monthMs)
    const before = await as.post('/web/official/mass/forecast', { ...base(), to: 'all' })
    expect(before.body).toMatchObject({
      receivers: 1200,
      calls: 1,
      needsApproval: false,
      limits: [
        { what: '今天发给全部粉丝', used: 0, most: 1 },
        { what: '本月发给全部粉丝', used: 0, most: 4 },
        { what: '微信今天的群发接口调用', used: expect.any(Number), most: 100 },
      ],
    })
    await sendAndEnd({ to: 'all', ...say('用掉一次') })
    const after = (await as.post('/web/official/mass/forecast', { ...base(), to: 'all' })).body
    expect(after.limits).toMatchObject([{ used: 1 }, { used: 1 }, { used: before.body.limits[2].used + 1 }])
    expect(after.notes[0]).toContain('45028')
    await fault('code:76021', 1, 'openapi/quota/get')
    const silent = (await as.post('/web/official/mass/forecast', { ...base(), ...list() })).body
    expect(silent).toMatchObject({ receivers: 3, limits: [] })
  })

  it('the one message a day of a 公众号 is told', async () => {
    const { originalId } = await world.bindOfficial('subscription', { verified: true })
    const { body } = await as.post('/web/official/mass/forecast', { ...base(), originalId, to: 'all' })
    expect(body.limits[0]).toEqual({ what: '今天群发', used: 0, most: 1 })
  })

  it('an account that may send none is refused (48001 is not asked for)', async () => {
    const unverified = await world.bindOfficial('subscription', { verified: false })
    const body = { ...base(), originalId: unverified.originalId, to: 'all', ...say('x') }
    expect((await as.post('/web/official/mass/create', body)).retCode).toBe('1009')
    const lists = { ...body, ...list() }
    expect((await as.post('/web/official/mass/create', lists)).retMessage).toContain('服务号')
  })
})

it('is written in the audit log without its text', async () => {
  const rows = await world.ctx.db
    .selectFrom('audit')
    .selectAll()
    .where('act', 'like', 'official.mass.%')
    .execute()
  expect(new Set(rows.map(row => row.act))).toEqual(
    new Set(
      ['create', 'approve', 'reject', 'stop', 'delete', 'preview', 'approval'].map(
        one => `official.mass.${one}`,
      ),
    ),
  )
  expect(JSON.stringify(rows)).not.toContain('致全体')
  await expect(massOf(world.ctx, account, 'no such id')).rejects.toMatchObject({ code: '1000' })
})
