import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { sign } from '../../upstream/wecom/crypto.ts'
import type { Account } from '../accounts/accounts.ts'
import { bindAccount, type NewAccount, setAccount } from '../accounts/bind.ts'
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
