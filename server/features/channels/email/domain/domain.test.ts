import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { callerWith, signInAs } from '../../../../../test/sign-in.ts'
import { runCommand } from '../../../../cli/in-process.fixture.ts'
import { sendText, useSmtp } from '../../../messages/messages.fixture.ts'
import { checkDomain, recordOf } from './check-domain.ts'
import { keysOf } from './keys.ts'

/** What the DNS knows, which tests fill. */
const dns = new Map<string, string[]>()
let isSilent = false
const askTexts = async (name: string) => {
  if (isSilent) await new Promise(() => {})
  const found = dns.get(name)
  if (!found) throw Object.assign(new Error(name), { code: 'ENODATA' })
  // As the DNS keeps long texts.
  return found.map(record => record.match(/.{1,255}/gs) ?? [])
}

type ArrivedMail = { from: string; to: string[]; raw: string }
const arrived: ArrivedMail[] = []
const mailServer = new SMTPServer({
  authOptional: true,
  closeTimeout: 50,
  disabledCommands: ['STARTTLS', 'AUTH'],
  async onData(stream, { envelope }, done) {
    const raw = await text(stream)
    const from = envelope.mailFrom ? envelope.mailFrom.address : ''
    arrived.push({ from, to: envelope.rcptTo.map(one => one.address), raw })
    done()
  },
})

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, overrides: { outboundOptions: { askTexts, textsWithinMs: 300 } } })
  mailServer.listen(0, '127.0.0.1')
  await once(mailServer.server, 'listening')
  const { port } = mailServer.server.address() as AddressInfo
  await useSmtp(world, { host: '127.0.0.1', port, security: 'none', user: '', password: '', ca: '' })
})
afterAll(async () => {
  await new Promise<void>(resolve => mailServer.close(() => resolve()))
  await world.close()
})
beforeEach(() => {
  dns.clear()
  isSilent = false
  arrived.length = 0
})

const key = (...words: string[]) => runCommand(world.ctx, ['message', 'mail-key', ...words])
const isJudgedGood = async (raw: string) => {
  const resolver = async (name: string, type: string) => {
    if (type !== 'TXT') throw Object.assign(new Error(type), { code: 'ENODATA' })
    return askTexts(name)
  }
  const { results } = await dkimVerify(Buffer.from(raw), { resolver })
  return results.map(one => [one.signingDomain, one.status.result])
}
async function mailOf(content: string): Promise<ArrivedMail> {
  const { code } = await sendText(world, content, { sendType: '2', title: '你好' })
  expect(code).toBe('0')
  return arrived.at(-1)!
}

describe('a key', () => {
  it('signs once its line is in the DNS, and a foreign judge agrees; the next one takes its place', async () => {
    expect((await mailOf('一')).raw).not.toMatch(/^dkim-signature/im)
    await key('--make')
    const [made] = await keysOf(world.ctx, world.corpId)
    expect((await mailOf('二')).raw).not.toMatch(/^dkim-signature/im)
    await expect(key('--use', made!.selector)).rejects.toThrow('_domainkey.huayu.example')
    const { name, value } = recordOf(made!)
    dns.set(name, [value])
    await key('--use', made!.selector)
    const signed = await mailOf('三')
    expect(await isJudgedGood(signed.raw)).toEqual([['huayu.example', 'pass']])
    expect(await isJudgedGood(signed.raw.replace(/^Subject: .*/m, 'Subject: x'))).toEqual([
      ['huayu.example', 'fail'],
    ])
    // Long texts come piece by piece.
    expect(await isJudgedGood((await mailOf('长'.repeat(200_000))).raw)).toEqual([['huayu.example', 'pass']])
    await key('--make')
    await key('--make')
    const keys = await keysOf(world.ctx, world.corpId)
    expect(keys).toHaveLength(2)
    dns.set(recordOf(keys[1]!).name, [recordOf(keys[1]!).value])
    await key('--use', keys[1]!.selector)
    expect((await keysOf(world.ctx, world.corpId)).map(one => one.selector)).toEqual([keys[1]!.selector])
    const next = await mailOf('四')
    expect(next.raw).toContain(`s=${keys[1]!.selector}`)
    expect(await isJudgedGood(next.raw)).toEqual([['huayu.example', 'pass']])
    await useSmtp(world, {
      ...world.ctx.messageSettings.setupOf<object>(world.corpId, 'email').settings,
      from: 'a@other.example',
    })
    expect((await mailOf('五')).raw).not.toMatch(/^dkim-signature/im)
    await useSmtp(world, {
      ...world.ctx.messageSettings.setupOf<object>(world.corpId, 'email').settings,
      from: '消息中心 <noreply@huayu.example>',
    })
    await key('--drop', keys[1]!.selector)
    expect(await keysOf(world.ctx, world.corpId)).toEqual([])
  })

  it('is shown and changed in the console, and its private half nowhere', async () => {
    const admin = await signInAs(world, 'super')
    expect((await admin.post('/web/messages/mail/key', { act: 'make' })).retCode).toBe('0')
    const shown = await admin.get('/web/messages/mail')
    expect(shown.body).toMatchObject({
      domain: 'huayu.example',
      keys: [{ isUsed: false, value: expect.stringMatching(/^v=DKIM1; k=rsa; p=MII/) }],
    })
    const { selector } = shown.body.keys[0]
    const refused = await admin.post('/web/messages/mail/key', { act: 'use', selector })
    expect([refused.retCode, refused.retMessage]).toEqual(['1000', expect.stringContaining('TXT')])
    expect((await admin.post('/web/messages/mail/key', { act: 'use' })).retCode).toBe('1001')
    expect((await admin.post('/web/messages/mail/key', { act: 'drop', selector: 'x' })).retCode).toBe('1000')
    const rows = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'message.mail-key')
      .execute()
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify([rows, shown.body])).not.toContain('PRIVATE')
    await admin.post('/web/messages/mail/key', { act: 'drop', selector })
  })
})

describe('a mail', () => {
  it('is automatic, and says so to programs that answer', async () => {
    const { raw } = await mailOf('自动')
    expect(raw).toMatch(/^auto-submitted: auto-generated\r?$/im)
    expect(raw).toMatch(/^x-auto-response-suppress: OOF, AutoReply\r?$/im)
    expect(raw).toMatch(/^message-id: <[\w-]{32}\.\d+@huayu\.example>\r?$/im)
  })
})

describe('the check-up of the domain', () => {
  const signing = { selector: 's1', domain: 'a.example.com', publicKey: 'AAAA', usedSince: new Date() }
  const look = async (records: Record<string, string[]>, keys = [signing]) => {
    const texts = async (name: string) => records[name] ?? []
    return (await checkDomain({ texts }, 'a.example.com', keys)).map(({ state, detail }) => [
      state,
      typeof detail === 'string' ? detail : detail.zh,
    ])
  }
  const good = {
    'a.example.com': ['other', 'v=spf1 include:spf.mail.qq.com ~all'],
    's1._domainkey.a.example.com': ['v=DKIM1; k=rsa; p=AA AA'],
    '_dmarc.example.com': ['v=DMARC1; p=none'],
  }
  it('finds what is right', async () => {
    expect((await look(good)).map(([state]) => state)).toEqual(['ok', 'ok', 'ok'])
  })
  it.each([
    [{ 'a.example.com': [] }, 0, 'failed', '没有 SPF'],
    [{ 'a.example.com': ['v=spf1 -all', 'v=spf1 ~all'] }, 0, 'failed', '2 条'],
    [{ 'a.example.com': ['v=spf1 +all'] }, 0, 'warning', '任何服务器'],
    [{ 'a.example.com': [`v=spf1 ${'include:x.example '.repeat(11)}-all`] }, 0, 'failed', '11 次'],
    [{ 's1._domainkey.a.example.com': [] }, 1, 'failed', '没有 s1'],
    [{ 's1._domainkey.a.example.com': ['v=DKIM1; p='] }, 1, 'failed', '吊销'],
    [{ 's1._domainkey.a.example.com': ['v=DKIM1; p=BBBB'] }, 1, 'failed', '另一个密钥'],
    [{ '_dmarc.example.com': [] }, 2, 'failed', '没有 DMARC'],
    [{ '_dmarc.example.com': ['v=DMARC1; p=maybe'] }, 2, 'failed', '无效'],
  ] as const)('finds what is wrong: %o', async (records, at, state, words) => {
    const found = await look({ ...good, ...records } as unknown as Record<string, string[]>)
    expect(found[at]).toEqual([state, expect.stringContaining(words)])
  })
  it('warns where wisp signs nothing, and fails for a key of another domain', async () => {
    expect((await look(good, []))[1]![0]).toBe('warning')
    expect((await look(good, [{ ...signing, domain: 'b.example' }]))[1]![0]).toBe('failed')
  })
  it('comes to no conclusion when the DNS is silent, and ends', async () => {
    isSilent = true
    const admin = await signInAs(world, 'super')
    const { body } = await admin.post('/web/messages/mail/check', {})
    expect(body.checks.map((one: { state: string }) => one.state)).toEqual(['warning', 'warning', 'warning'])
  })
  it('takes a mail server first', async () => {
    await useSmtp(world, null)
    const admin = callerWith(world.server.url, '', '', '')
    expect((await admin.get('/web/messages/mail')).status).toBe(401)
    const signedIn = await signInAs(world, 'super')
    expect((await signedIn.get('/web/messages/mail')).retCode).toBe('1008')
  })
})
