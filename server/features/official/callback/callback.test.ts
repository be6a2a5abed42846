import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { sign } from '../../../upstream/transport/message-crypto.ts'
import { checkCauses } from '../../alerts/check.ts'
import { begins } from '../../alerts/open-alerts.fixture.ts'
import type { Account } from '../accounts/accounts.ts'
import { bindAccount, type NewAccount, setAccount } from '../accounts/bind.ts'
import { pushesRefused } from '../pushes/pushes-refused.ts'
import { addRules } from '../replies/edit.ts'
import { newRule, say } from '../replies/replies.fixture.ts'
import { eventFields, pushTo, pushXml, textFields } from './push.fixture.ts'

let world: World
let secure: Account
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  secure = await bind('gh_secure')
})
afterAll(() => world.close())

const bind = (originalId: string, settings: Partial<NewAccount> = {}) =>
  bindAccount(world.ctx, 'test', world.corpId, {
    originalId,
    name: '示例公众号',
    appId: 'wxba5fad812f8e6fb9',
    secret: 'made up',
    ...settings,
  })
const push = (account: Account, plain: string, options = {}) =>
  pushTo(world.server.url, account, plain, options)
const stored = (account: Account) =>
  world.ctx.db
    .selectFrom('inbox_event')
    .selectAll()
    .where('account', '=', account.originalId)
    .orderBy('id')
    .execute()

describe('the verification of the URL', () => {
  const verify = async (token: string, signature?: string) => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const query = new URLSearchParams({
      timestamp,
      nonce: '486452656',
      signature: signature ?? sign(token, timestamp, '486452656', ''),
      echostr: '4375120948345356249',
    })
    const answer = await fetch(`${world.server.url}/admin/publicMessage/callback?${query}`)
    return { status: answer.status, body: await answer.text() }
  }

  it('is answered for the account whose token fits, and noted', async () => {
    const account = await bind('gh_verified')
    expect(await verify(account.callback.token)).toEqual({ status: 200, body: '4375120948345356249' })
    await expect
      .poll(() => world.ctx.accounts.get(world.corpId, 'gh_verified').callbackVerifiedAt)
      .toBeInstanceOf(Date)
    expect(world.ctx.accounts.get(world.corpId, 'gh_secure').callbackVerifiedAt).toBeNull()
  })

  it('is answered for two accounts with one token, whose pushes are told apart', async () => {
    const token = 'TheSameToken'
    const accounts = [await bind('gh_one', { token }), await bind('gh_two', { token })] as const
    expect(await verify(token)).toMatchObject({ status: 200 })
    for (const { originalId } of accounts)
      await expect
        .poll(() => world.ctx.accounts.get(world.corpId, originalId).callbackVerifiedAt)
        .toBeInstanceOf(Date)
    const [one, two] = accounts
    const plain = pushXml('gh_two', { msgId: '1', fields: textFields('第二个') })
    expect(await push(two, plain)).toMatchObject({ status: 200 })
    expect(await stored(one)).toEqual([])
    expect(await stored(two)).toHaveLength(1)
    // The signature fits, and the key does not.
    expect(await push({ ...one, callback: two.callback }, plain)).toMatchObject({ status: 400 })
  })

  it('is refused for a token of nobody', async () => {
    expect((await verify('nobodyhasthis')).status).toBe(403)
  })
})

describe('a push', () => {
  it('in secure mode is stored with its account before it is answered', async () => {
    const account = await bind('gh_stored')
    const plain = pushXml('gh_stored', { msgId: '9223372036854775807', fields: textFields('你好 😀') })
    expect(await push(account, plain)).toEqual({ status: 200, body: 'success' })
    const [row, ...others] = await stored(account)
    expect(others).toEqual([])
    expect(row).toMatchObject({ kind: 'text', entity: 'follower:gh_stored:oFollower1', plain })
    expect(row?.dedupe_key).toBe('gh_stored oFollower1 9223372036854775807')
  })

  it('that is repeated is stored once, whatever its nonce', async () => {
    const account = await bind('gh_once')
    const message = pushXml('gh_once', { msgId: '1', fields: textFields('a') })
    const event = pushXml('gh_once', { at: 1714112445, fields: eventFields('subscribe') })
    for (const plain of [message, message, event, event])
      expect((await push(account, plain)).status).toBe(200)
    expect(await stored(account)).toHaveLength(2)
  })

  it('of equal messages with ids of their own is stored twice, and so are events of other keys', async () => {
    const account = await bind('gh_twice')
    for (const msgId of ['1', '2'])
      await push(account, pushXml('gh_twice', { at: 1714112445, msgId, fields: textFields('a') }))
    for (const key of ['a', 'b'])
      await push(account, pushXml('gh_twice', { at: 1714112445, fields: eventFields('CLICK', key) }))
    expect(await stored(account)).toHaveLength(4)
  })

  it('in compatible mode counts by its encrypted part alone', async () => {
    const account = await bind('gh_compatible', { mode: 'compatible' })
    const plain = pushXml('gh_compatible', { msgId: '1', fields: textFields('sealed') })
    expect((await push(account, plain)).status).toBe(200)
    expect((await stored(account))[0]?.plain).toContain('sealed')
    const wrong = await push(account, plain, { token: 'another1' })
    expect(wrong).toMatchObject({ status: 403, body: 'msg_signature is wrong' })
  })

  it('in plain mode is taken by an account that is set so, and by no other', async () => {
    const account = await bind('gh_plain', { mode: 'plain' })
    const plain = pushXml('gh_plain', { msgId: '1', fields: textFields('clear') })
    expect((await push(account, plain)).status).toBe(200)
    expect(await push(account, plain, { token: 'another1' })).toMatchObject({ status: 403 })
    const toSecure = pushXml('gh_secure', { msgId: '1', fields: textFields('clear') })
    expect(await push(secure, toSecure, { mode: 'plain' })).toMatchObject({
      status: 403,
      body: 'the account takes encrypted pushes only',
    })
  })

  it('in JSON is read like XML, its MsgId as text', async () => {
    const account = await bind('gh_json')
    const plain =
      '{"ToUserName":"gh_json","FromUserName":"o1","CreateTime":1714112445,"MsgType":"text","Content":"hi","MsgId":9223372036854775807}'
    expect((await push(account, plain)).status).toBe(200)
    expect((await stored(account))[0]?.dedupe_key).toBe('gh_json o1 9223372036854775807')
  })

  it('in JSON that holds what cannot be stored is taken, without that', async () => {
    const account = await bind('gh_unstorable')
    const pushRest = (id: number, rest: string) =>
      push(
        account,
        `{"ToUserName":"gh_unstorable","FromUserName":"o1","CreateTime":1714112445,"MsgId":${id},${rest}}`,
      )
    expect(await pushRest(1, '"MsgType":"text","Content":"a\\u0000b\\ud83d"')).toMatchObject({ status: 200 })
    const event = '"MsgType":"event","Event":"CLICK\\ud800","EventKey":"k\\u0000","X\\u0000":{"y":"\\udfff"}'
    expect(await pushRest(2, event)).toMatchObject({ status: 200 })
    expect(await pushRest(3, '"MsgType":"te\\u0000xt\\ud800","Content":"c"')).toMatchObject({ status: 200 })
    await until('all acted on', async () => {
      const events = await stored(account)
      return events.length === 3 && events.every(one => one.state === 'done')
    })
  })

  it('made with the Token and EncodingAESKey that the document prints is taken where they are entered', async () => {
    const fresh = secure.callback
    const printed = {
      token: 'sunjeewisp',
      encodingAesKey: 'hwalcVnreqvinaIjegpN63SzdVtZeQCWcukMT4AgFY7',
    }
    expect([fresh.token, fresh.encodingAesKey]).not.toEqual(Object.values(printed))
    const account = await bind('gh_documented', printed)
    const plain = pushXml('gh_documented', { msgId: '1', fields: textFields('按文档') })
    expect(await push(account, plain)).toMatchObject({ status: 200 })
    expect(await stored(account)).toHaveLength(1)
  })

  it('that is published as a vector is taken by the account that it is made for', async () => {
    const vectors = JSON.parse(readFileSync(new URL('vectors.fixture.json', import.meta.url), 'utf8'))
    const account = await bind('gh_97417a04a28d', { token: 'AAAAA', encodingAesKey: 'A'.repeat(43) })
    const [{ timestamp, nonce, encrypt, msgSignature, plaintext }] = vectors
    world.clock.offsetMs = Number(timestamp) * 1000 - Date.now()
    try {
      const query = new URLSearchParams({
        timestamp,
        nonce,
        encrypt_type: 'aes',
        msg_signature: msgSignature,
      })
      const answer = await fetch(`${world.server.url}/admin/publicMessage/callback?${query}`, {
        method: 'POST',
        body: JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypt }),
      })
      expect(answer.status).toBe(200)
      expect((await stored(account))[0]).toMatchObject({ kind: 'debug_demo', plain: plaintext })
    } finally {
      world.clock.offsetMs = 0
    }
  })
})

describe('refused, with nothing stored, is', () => {
  const text = (originalId: string) => pushXml(originalId, { msgId: '77', fields: textFields('x') })

  it.each<[string, () => Promise<{ status: number }>, number]>([
    ['an unknown account', () => push({ ...secure, originalId: 'gh_nobody' }, text('gh_nobody')), 404],
    ["another account's token", () => push(secure, text('gh_secure'), { token: 'another1' }), 403],
    ["another account's AppID", () => push(secure, text('gh_secure'), { appId: 'wx1' }), 403],
    ['an event of another account inside', () => push(secure, text('gh_other')), 400],
    ['an old timestamp', () => push(secure, text('gh_secure'), { timestamp: 1714112445 }), 403],
    ['1 MB of text', () => push(secure, pushXml('gh_secure', { fields: textFields('x'.repeat(1e6)) })), 413],
    ['a DOCTYPE', () => push(secure, `<!DOCTYPE x>${text('gh_secure')}`), 400],
    [
      'an entity',
      () => push(secure, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${text('gh_secure')}`),
      400,
    ],
    [
      'two receivers',
      () => push(secure, text('gh_secure').replace('<xml>', '<xml><ToUserName>x</ToUserName>')),
      400,
    ],
    ['elements without end', () => push(secure, `<xml>${'<a>'.repeat(10_000)}`), 400],
    [
      'a field that is no text',
      () => push(secure, text('gh_secure').replace('<![CDATA[text]]>', '<a>1</a>')),
      400,
    ],
    ['rubbish inside', () => push(secure, 'rubbish'), 400],
    ['no sender', () => push(secure, '<xml><ToUserName>gh_secure</ToUserName></xml>'), 400],
  ])('%s', async (_what, send, status) => {
    const before = await stored(secure)
    expect((await send()).status).toBe(status)
    expect(await stored(secure)).toEqual(before)
  })

  it('a push to a disabled account', async () => {
    const account = await bind('gh_disabled')
    await setAccount(world.ctx, 'test', world.corpId, 'gh_disabled', { enabled: false })
    expect((await push(account, text('gh_disabled'))).status).toBe(404)
  })
})

it('administrators are told which account refuses all pushes, and not of a stranger for another one', async () => {
  const account = await bind('gh_refusing', { name: '校园公众号' })
  const { callback } = account
  const send = (to = account, options = {}) =>
    push(to, pushXml(to.originalId, { msgId: '1', fields: textFields('你好') }), options)
  const open = async () => {
    await checkCauses(world.ctx, { pushesRefused: { find: () => pushesRefused.find(world.ctx) } })
    const rows = await world.ctx.needsAttention({ corpId: world.corpId, withInstallation: false })
    return rows.filter(one => one.path.endsWith('gh_refusing'))
  }
  expect((await send(account, { token: 'wrong' })).status).toBe(403)
  expect((await send(account, { mode: 'plain' })).status).toBe(403)
  expect(await open()).toEqual([])
  const encodingAesKey = 'A'.repeat(43)
  expect((await send({ ...account, callback: { ...callback, encodingAesKey } })).status).toBe(400)
  for (let n = 0; n < 3; n++)
    expect((await send({ ...account, originalId: 'gh_nobody' }, { token: 'wrong' })).status).toBe(404)
  await begins(world.ctx, 'pushesRefused')
  expect(await open()).toMatchObject([
    {
      kind: 'pushesRefused',
      title: { zh: '公众号「校园公众号」的推送被拒绝' },
      what: { zh: expect.stringContaining('3 次发给 gh_refusing 的推送') },
      path: '/console/official/accounts/gh_refusing',
    },
  ])
  expect((await send()).status).toBe(200)
  expect(await open()).toEqual([])
})

it('a push is answered at once while WeChat is silent', async () => {
  const account = await world.bindOfficial()
  await addRules(world.ctx, { actor: 'test', account }, [newRule({ words: ['在吗'], contents: say('在') })])
  await world.control('faults', { match: 'official/', mode: 'timeout' })
  const subscribe = pushXml(account.originalId, { fields: eventFields('subscribe') })
  expect(await push(account, subscribe)).toMatchObject({ status: 200 })
  // The details of the follower are asked for behind it, and the call hangs.
  await until('a call that hangs', async () => {
    const { faults } = (await world.control('faults')) as { faults: { hits: number }[] }
    return faults.some(one => one.hits > 0)
  })
  const startedAt = performance.now()
  const message = pushXml(account.originalId, { msgId: '1', fields: textFields('在吗') })
  const answer = await push(account, message)
  expect(performance.now() - startedAt).toBeLessThan(1000)
  expect(answer.body).toContain('<Encrypt>')
  await until('the message acted on', async () => {
    const [, event] = await stored(account)
    return event?.state === 'done'
  })
})
