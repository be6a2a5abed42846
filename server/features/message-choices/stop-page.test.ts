import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import { approveType } from '../message-types/change-type.ts'
import { type ShownMail, shownMail, useAgents, useSmtp } from '../messages/messages.fixture.ts'
import { choicesOf } from './choices.ts'

type MailWithHeaders = ShownMail & { headers: { key: string; value: string }[] }

let world: World
let dev: Caller
let n = 0
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  await useAgents(world)
  await useSmtp(world)
  await setCorp(world.ctx, 'test', world.corpId, { publicUrl: 'https://wisp.example.com' })
  dev = await world.addDeveloper({ name: '人事系统', scopes: ['message:send', 'message:type'] })
  for (const [key, level] of [
    ['leave', 'normal'],
    ['salary', 'must'],
    ['alarm', 'urgent'],
  ] as const)
    await put(key, level)
  for (const key of ['salary', 'alarm']) await approveType(world.ctx, 'test', world.corpId, key, 1)
})
afterAll(() => world.close())
beforeEach(() => n++)

async function put(key: string, level: string, version?: string): Promise<void> {
  const email = { zh: { title: '{{ n }}', content: `正文${version ?? ''}` } }
  const body = { key, name: '请假 <审批>', level, channels: ['email'], templates: { email } }
  const answer = await dev.post('/api/message/type/put', body)
  expect(answer.retCode, answer.retMessage).toBe('0')
}

const mails = async () => (await shownMail(world)) as MailWithHeaders[]
/** Sends a mail of the type to these, and returns what arrived. */
async function mailsOf(type: string, toUser = 'lisi'): Promise<MailWithHeaders[]> {
  const before = (await mails()).length
  const answer = await dev.post('/api/message/notify', { type, toUser, data: { n } })
  expect(answer.retCode, answer.retMessage).toBe('0')
  const count = toUser.split('|').length
  return (await mails()).slice(before, before + count)
}
const header = (mail: MailWithHeaders, name: string) => mail.headers.find(one => one.key === name)?.value
const linkOf = (mail: MailWithHeaders) => {
  const url = /^<(https:\/\/wisp\.example\.com\/mail\/stop\/[^>]+)>$/.exec(
    header(mail, 'List-Unsubscribe') ?? '',
  )
  return new URL(url?.[1] ?? 'https://no.link/').pathname
}
const ask = (path: string, init: RequestInit = {}) => fetch(`${world.server.url}${path}`, init)
/** As mail programs do (RFC 8058). */
const post = (path: string) =>
  ask(path, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
const withoutOf = async (userId: string, type = 'leave') => {
  const { id } = world.ctx.mirrors.of(world.corpId).members.byKey(userId)!
  return (await choicesOf(world.ctx, world.corpId, type, [id])).get(id)?.without
}

describe('the link at the foot of a mail', () => {
  it('is in each mail of a normal type, and each receiver’s own', async () => {
    const sent = await mailsOf('leave', 'lisi|wangwu')
    expect(new Set(sent.map(linkOf)).size).toBe(2)
    for (const mail of sent) {
      expect(header(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
      expect(mail.text).toContain(
        `不再接收这类邮件 / Stop mails of this kind: https://wisp.example.com${linkOf(mail)}`,
      )
      expect(mail.html).toContain(`href="https://wisp.example.com${linkOf(mail)}"`)
    }
  })

  it('is not in mails that must arrive or are urgent, nor in those without a type', async () => {
    const untyped = { sendType: '2', toUser: 'lisi', agentName: '甲', title: '乙', content: '丙' }
    const before = (await mails()).length
    for (const type of ['salary', 'alarm']) await mailsOf(type)
    await dev.post('/api/message/send', untyped)
    for (const mail of (await mails()).slice(before)) {
      expect(mail.headers.filter(one => one.key.startsWith('List-'))).toEqual([])
      expect(mail.text).not.toContain('不再接收')
    }
  })

  it('shows what it does and changes nothing, however often it is opened', async () => {
    const [mail] = await mailsOf('leave', 'wangwu')
    for (const method of ['GET', 'GET', 'HEAD']) {
      const page = await ask(linkOf(mail!), { method })
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
      if (method === 'GET') expect(await page.text()).toContain('不再接收「请假 &#60;审批&#62;」邮件？')
    }
    const english = await ask(linkOf(mail!), { headers: { 'accept-language': 'en' } })
    expect(await english.text()).toContain('Stop these mails')
    // A scanner that posts what it finds does not say what a mail program says.
    for (const body of [undefined, '', 'a=b']) {
      const page = await ask(linkOf(mail!), { method: 'POST', ...(body === undefined ? {} : { body }) })
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('不再接收「')])
    }
    expect(await withoutOf('wangwu')).toBeUndefined()
  })

  it('stops that person’s mails of that type when it is posted, once', async () => {
    const [mail] = await mailsOf('leave')
    const done = await post(linkOf(mail!))
    const page = await done.text()
    expect(done.status).toBe(200)
    expect(page).toContain('已停收「请假 &#60;审批&#62;」邮件')
    expect(page).toContain('href="https://wisp.example.com/portal?me=messageChoices"')
    expect([await withoutOf('lisi'), await withoutOf('wangwu')]).toEqual([['email'], undefined])
    const body = new FormData()
    body.set('List-Unsubscribe', 'One-Click')
    const again = await ask(linkOf(mail!), { method: 'POST', body })
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('之前已停收')])
    const entries = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'message.choice.mail')
      .execute()
    expect(entries).toMatchObject([{ actor: 'lisi', target: 'leave', target_name: '请假 <审批>' }])
  })

  it('does nothing when it is altered, of another kind, or of a type that is no more', async () => {
    const [mail] = await mailsOf('leave', 'wangwu')
    const path = linkOf(mail!)
    const [named = '', signature = ''] = path.slice('/mail/stop/'.length).split('.')
    const [corpId, , type] = JSON.parse(Buffer.from(named, 'base64url').toString())
    const other = Buffer.from(JSON.stringify([corpId, 1, type])).toString('base64url')
    const foreign = `${other}.${world.ctx.seal.sign('csrf', other)}`
    for (const token of [
      `${other}.${signature}`,
      foreign,
      named,
      `${named}.`,
      `${named}.${signature}x`,
      '%00',
    ])
      for (const page of [await ask(`/mail/stop/${token}`), await post(`/mail/stop/${token}`)])
        expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('链接无效')])
    expect(await withoutOf('wangwu')).toBeUndefined()
  })

  it('leaves a type alone that has to arrive by now', async () => {
    const [mail] = await mailsOf('leave', 'wangwu')
    await put('leave', 'must', '2')
    await approveType(world.ctx, 'test', world.corpId, 'leave', 2)
    for (const page of [await ask(linkOf(mail!)), await post(linkOf(mail!))])
      expect([page.status, await page.text()]).toEqual([409, expect.stringContaining('不能停收')])
    expect(await withoutOf('wangwu')).toBeUndefined()
    // What was stopped before keeps its only way.
    expect(await withoutOf('lisi')).toEqual([])
    await put('leave', 'normal', '3')
  })

  it('is limited', async () => {
    const [mail] = await mailsOf('leave', 'zhangsan')
    for (let done = 0; done < 20; done++) expect((await post(linkOf(mail!))).status).toBe(200)
    const page = await post(linkOf(mail!))
    expect([page.status, await page.text()]).toEqual([429, expect.stringContaining('操作过于频繁')])
  })
})
