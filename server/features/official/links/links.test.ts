import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import type { Account } from '../accounts/accounts.ts'

let world: World
let service: Account
let subscription: Account
let openids: string[]
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  service = await world.bindOfficial()
  subscription = await world.bindOfficial('subscription')
  as = await signIn(world, { userId: 'zhangsan' })
  const found = await world.control(`official/followers?originalId=${service.originalId}&limit=10`)
  openids = (found['followers'] as { openid: string }[]).map(one => one.openid)
})
afterAll(() => world.close())

const own = async (who = as, account = service) =>
  (await who.get('/web/official/own')).body.list.find(
    (one: { originalId: string }) => one.originalId === account.originalId,
  )
const begin = async (who = as, account = service) =>
  (await who.post('/web/official/own/begin', { originalId: account.originalId })).body
const end = (who = as, account = service) =>
  who.post('/web/official/own/end', { originalId: account.originalId })
const open = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  return { status: answer.status, to: answer.headers.get('location') ?? '', text: await answer.text() }
}
/** What WeChat's own page does with the address, for this follower. */
const choose = async (url: string, openid: string, choice: object = {}) =>
  String((await world.control('official/authorize', { url, openid, ...choice }))['location'])
/** Opens a link in WeChat, up to the page that shows both names. */
const see = async (url: string, openid: string, choice: object = {}, query = '') => {
  const asked = await open(`${url}/go${query}`)
  return open(await choose(asked.to, openid, choice))
}
const tokenIn = (text: string) => /name="token" value="([\w-]+)"/.exec(text)?.[1] ?? ''
const confirm = (token: string) =>
  open(`${world.server.url}/official/linked`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }),
  })

describe('a member who opens the link in WeChat', () => {
  it('sees both names, confirms, and is linked; nickname only with consent', async () => {
    const { url, way } = await begin()
    expect(way).toBe('web')
    const offered = await open(url)
    expect(offered.text).toContain('张三')
    expect(offered.text).toContain(service.name)
    const seen = await see(url, openids[0]!, {}, '?profile=1')
    expect(seen.text).toContain('张三')
    expect((await own()).link).toBeNull()
    const done = await confirm(tokenIn(seen.text))
    expect(done.text).toContain('已绑定')
    expect((await own()).link).toMatchObject({ nickname: expect.stringMatching(/./) })
    const acts = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'official.link')
      .execute()
    expect(acts).toMatchObject([{ actor: 'zhangsan', target: service.originalId }])
    expect((await confirm(tokenIn(seen.text))).status).toBe(400)
  })

  it('gets no second link before the first is ended, and none for a WeChat of somebody else', async () => {
    expect(
      (await as.post('/web/official/own/begin', { originalId: service.originalId })).retMessage,
    ).toContain('已绑定')
    const other = await signIn(world, { userId: 'lisi' })
    const seen = await see((await begin(other)).url, openids[0]!)
    expect((await confirm(tokenIn(seen.text))).text).toContain('已绑定其他成员')
    expect((await own(other)).link).toBeNull()
    expect((await end()).retCode).toBe('0')
    expect((await own()).link).toBeNull()
    expect((await end()).retCode).not.toBe('0')
  })

  it('can use each step once, and for five minutes', async () => {
    const { url } = await begin()
    const asked = await open(`${url}/go`)
    expect(asked.status).toBe(302)
    expect((await open(`${url}/go`)).text).toContain('已失效')
    const back = await choose(asked.to, openids[0]!)
    expect((await open(back)).status).toBe(200)
    expect((await open(back)).text).toContain('已失效')
    const late = await begin()
    world.clock.offsetMs += 5 * 60_000 + 1
    expect((await open(late.url)).status).toBe(400)
    world.clock.offsetMs = 0
    expect((await confirm('made-up')).status).toBe(400)
    expect((await open(`${world.server.url}/official/linked?code=x&state=made-up`)).status).toBe(400)
  })

  it('is told when a code was used before', async () => {
    const first = await open(`${(await begin()).url}/go`)
    const code = new URL(await choose(first.to, openids[0]!)).searchParams.get('code') ?? ''
    await service.visitorOf(code, false)
    const state = new URL(first.to).searchParams.get('state') ?? ''
    const again = await open(`${world.server.url}/official/linked?${new URLSearchParams({ code, state })}`)
    expect(again).toMatchObject({ status: 400, text: expect.stringContaining('只能使用一次') })
  })

  it('is linked neither from a snapshot page nor without agreeing', async () => {
    expect((await see((await begin()).url, openids[0]!, { snapshot: true })).text).toContain('快照页')
    expect((await see((await begin()).url, openids[0]!, { refuse: true })).text).toContain('没有同意')
    expect((await own()).link).toBeNull()
  })

  it('shows no nickname that was not consented to', async () => {
    const seen = await see((await begin()).url, openids[0]!, { consent: false }, '?profile=1')
    expect(seen.text).toContain(openids[0])
    expect(seen.text).not.toContain('微信用户')
    await confirm(tokenIn(seen.text))
    expect((await own()).link).toMatchObject({ nickname: '' })
    await end()
  })
})

describe('a follower of an account without web authorisation', () => {
  const account = () => subscription
  const say = async (openid: string, content: string) => {
    const { originalId } = account()
    await world.control('official/act', { originalId, openid, act: 'text', content, wait: true })
    await world.settleOfficial(account())
  }
  const followers = async () => {
    const found = await world.control(`official/followers?originalId=${account().originalId}&limit=5`)
    return (found['followers'] as { openid: string }[]).map(one => one.openid)
  }

  it('sends the code, once', async () => {
    const [first = '', second = ''] = await followers()
    const { way, code } = await begin(as, account())
    expect(way).toBe('code')
    await say(first, ` ${code} `)
    expect((await own(as, account())).link).not.toBeNull()
    await say(second, code)
    const linked = await world.ctx.db
      .selectFrom('official_follower')
      .select('openid')
      .where('original_id', '=', account().originalId)
      .where('member_id', 'is not', null)
      .execute()
    expect(linked).toEqual([{ openid: first }])
    await end(as, account())
  })

  it('hears with the answer that it has arrived, where the account may send nothing later', async () => {
    const unverified = account()
    const { originalId } = unverified
    const found = await world.control(`official/followers?originalId=${originalId}&limit=1`)
    const [follower] = found['followers'] as { openid: string }[]
    const say = async (content: string) =>
      (await world.control('official/act', { originalId, ...follower, act: 'text', content, wait: true }))[
        'reply'
      ]
    expect(await say('123456')).toBeNull()
    const { code } = await begin(as, unverified)
    expect(await say(code)).toMatchObject({ content: { content: expect.stringContaining('已收到验证码') } })
    await world.settleOfficial(unverified)
    expect((await own(as, unverified)).link).not.toBeNull()
    await end(as, unverified)
  })

  it('cannot try many codes', async () => {
    const [, , guesser = ''] = await followers()
    const { code } = await begin(as, account())
    for (let n = 1; n <= 5; n++) await say(guesser, String((Number(code) + n) % 1_000_000).padStart(6, '0'))
    await say(guesser, code)
    expect((await own(as, account())).link).toBeNull()
  })
})

describe('the end of a membership', () => {
  it('ends the link, and what was begun', async () => {
    const gone = await signIn(world, { userId: 'wangwu' })
    const seen = await see((await begin(gone)).url, openids[3]!)
    await confirm(tokenIn(seen.text))
    expect((await own(gone)).link).not.toBeNull()
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await world.sync()
    const row = await until('the end of the link', async () =>
      world.ctx.db
        .selectFrom('official_follower')
        .select(['member_id', 'nickname'])
        .where('openid', '=', openids[3]!)
        .executeTakeFirst(),
    )
    expect(row).toEqual({ member_id: null, nickname: '' })
    const acts = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'official.unlink')
      .orderBy('id', 'desc')
      .execute()
    expect(acts[0]).toMatchObject({ actor: 'wisp', detail: { openid: openids[3] } })
  })
})
