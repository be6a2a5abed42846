import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { certificateOf } from '../../../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../../../test/harness.ts'
import { signInAs } from '../../../../../test/sign-in.ts'
import { runCommand } from '../../../../cli/in-process.fixture.ts'
import { readReceipts } from '../../../messages/deliver/receipts.ts'
import { sendText, shownMail, statusOf, useSmtp } from '../../../messages/messages.fixture.ts'
import { isForGood } from '../bounce-status.ts'
import { bounceIdOf, returnPath } from './bounce-id.ts'
import { mailboxFailing } from './failing-cause.ts'
import { bounceMail, type MailboxOfTest, startImap } from './imap-server.fixture.ts'
import { parseBounce } from './parse-bounce.ts'
import { readBounces } from './read-bounces.ts'

const box: MailboxOfTest = {
  uidValidity: 7,
  uidNext: 1,
  // Most have been deleted, as in a mailbox that somebody tidies up.
  mailAt: uid => mails.get(uid) ?? (uid % 50 === 0 ? 'Content-Type: text/plain\r\n\r\nhello' : undefined),
  credentials: '',
  commands: [],
}
const mails = new Map<number, string>()
const arrive = (...raw: string[]) => {
  for (const mail of raw) mails.set(box.uidNext++, mail)
}

let world: World
let imap: Awaited<ReturnType<typeof startImap>>
let corpId: string
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  corpId = world.corpId
  imap = await startImap(box, certificateOf(1, '127.0.0.1'))
  box.credentials = '\0bounce@huayu.example\0of bounces'
  await useSmtp(world, {
    bounceAddress: 'bounce+{id}@huayu.example',
    bounces: 'imap',
    imapHost: '127.0.0.1',
    imapPort: imap.port,
    imapUser: 'bounce@huayu.example',
    imapPassword: 'of bounces',
  })
  arrive('Content-Type: multipart/report; report-type=delivery-status\r\n\r\nold')
  await read()
})
afterAll(async () => {
  await imap.close()
  await world.close()
})
beforeEach(async () => {
  box.commands.length = 0
  await world.ctx.db.deleteFrom('mail_stop').execute()
})

async function read(): Promise<Date | undefined> {
  const again = await readBounces(world.ctx, corpId)
  await readReceipts(world.ctx)
  return again
}
const mailTo = (toUser: string) => sendText(world, '信', { sendType: '2', title: '信', toUser })
type ShownHeaders = { headers: { key: string; value: string }[]; from: string; to: string[] }
/** The last mail, and the id that it carries. */
async function lastMail() {
  const mail = (await shownMail(world)).at(-1) as unknown as ShownHeaders
  const id = mail.headers.find(one => one.key.toLowerCase() === 'x-wisp-id')?.value ?? ''
  return { id, from: mail.from, address: mail.to[0] ?? '' }
}
const stops = async () =>
  (await world.ctx.db.selectFrom('mail_stop').selectAll().execute()).map(one => one.address)
const failedOf = async (msgId: string) => (await statusOf(world, msgId)).receivers.failed
const reasonOf = async (msgId: string) => {
  const admin = await signInAs(world, 'super')
  return (await admin.get('/web/messages/receivers', { msgId })).body.list[0].reason
}

describe('a mail that comes back', () => {
  it('stops its address for good, fails the message, and is sent again once the address is freed', async () => {
    const { msgId } = await mailTo('zhangsan')
    const { id, from, address } = await lastMail()
    expect(from).toBe(`bounce+${id}@huayu.example`)
    arrive(bounceMail({ to: from, status: '5.1.1', address }))
    await read()
    expect(await stops()).toEqual([address.toLowerCase()])
    expect(await failedOf(msgId)).toBe(1)
    expect(await reasonOf(msgId)).toContain('退信 5.1.1')
    const sentBefore = (await shownMail(world)).length
    const stopped = await mailTo('zhangsan')
    expect(await shownMail(world)).toHaveLength(sentBefore)
    expect(await reasonOf(stopped.msgId)).toContain('已停止发送')
    const listed = (await runCommand(world.ctx, ['message', 'mail-stopped'])) as { data: unknown }
    expect(listed.data).toMatchObject([{ address: address.toLowerCase(), status: '5.1.1' }])
    const admin = await signInAs(world, 'super')
    expect((await admin.get('/web/messages/mail/stopped')).body.list).toHaveLength(1)
    expect((await admin.post('/web/messages/mail/free', { address })).retCode).toBe('0')
    expect((await admin.post('/web/messages/mail/free', { address })).retCode).toBe('1000')
    expect((await mailTo('zhangsan')).code).toBe('0')
    expect(await shownMail(world)).toHaveLength(sentBefore + 1)
    // The bounce is not read a second time.
    await read()
    expect(await stops()).toEqual([])
  })

  it('is known by what it quotes where the address has no id', async () => {
    await mailTo('zhangsan')
    const { id, address } = await lastMail()
    arrive(bounceMail({ status: '5.2.1', address, quoted: `X-Wisp-Id: ${id}` }))
    await read()
    expect(await stops()).toEqual([address.toLowerCase()])
    await runCommand(world.ctx, ['message', 'mail-free', address])
    expect(await stops()).toEqual([])
  })

  it('stops nothing where the address is not to blame for good', async () => {
    const cases = [
      ['5.7.26', 'failed'],
      ['5.2.2', 'failed'],
      ['5.1.8', 'failed'],
      ['4.4.7', 'failed'],
      ['4.4.1', 'delayed'],
      ['2.0.0', 'delivered'],
    ] as const
    const sent: string[] = []
    for (const [status, action] of cases) {
      sent.push((await mailTo('zhangsan')).msgId)
      const { from, address } = await lastMail()
      arrive(bounceMail({ to: from, status, address, action }))
    }
    await read()
    expect(await stops()).toEqual([])
    for (const [at, [status, action]] of cases.entries())
      expect([status, await failedOf(sent[at]!)]).toEqual([status, action === 'failed' ? 1 : 0])
  })

  it('says nothing of another address, another corp, or what another installation sent', async () => {
    const { msgId } = await mailTo('zhangsan')
    const { id, from, address } = await lastMail()
    const foreign = bounceIdOf(
      { seal: { sign: () => 'x'.repeat(43) } as never },
      corpId,
      id.slice(0, -17),
      address,
    )
    const ofOtherCorp = bounceIdOf(world.ctx, 'ww-other', id.slice(0, -17), address)
    arrive(
      bounceMail({ to: from, status: '5.1.1', address: 'lisi@huayu.example' }),
      bounceMail({ to: `bounce+${foreign}@huayu.example`, status: '5.1.1', address }),
      bounceMail({ to: `bounce+${ofOtherCorp}@huayu.example`, status: '5.1.1', address }),
      bounceMail({ status: '5.1.1', address, quoted: `Message-ID: <${id}@huayu.example>` }),
    )
    await read()
    expect(await stops()).toEqual([])
    expect(await failedOf(msgId)).toBe(0)
  })

  it('may say what no database takes, and the mailbox is read on', async () => {
    await mailTo('zhangsan')
    const { from, address } = await lastMail()
    arrive(bounceMail({ to: from, status: '5.1.1', address, said: 'no\0such\x1buser' }))
    expect(await read()).toBeUndefined()
    const [stop] = await world.ctx.db.selectFrom('mail_stop').selectAll().execute()
    expect(stop?.said).toBe('550 5.1.1 no such user')
  })

  it('may have five megabytes, of which the beginning is read', async () => {
    await mailTo('zhangsan')
    const { from, address } = await lastMail()
    arrive(bounceMail({ to: from, status: '5.1.1', address, more: 'x'.repeat(5_000_000) }))
    await read()
    expect(await stops()).toEqual([address.toLowerCase()])
    expect(box.commands.filter(one => one.includes('BODY'))).toEqual([
      expect.stringContaining('HEADER.FIELDS'),
      expect.stringContaining('<0.262144>'),
    ])
  })
})

describe('the mailbox', () => {
  it('is read from where it stopped, in pages, and nothing in it is changed', async () => {
    box.uidNext = 100_000
    const place = 97_000
    await sql`update mail_box set next_uid = ${place}`.execute(world.ctx.db)
    box.commands.length = 0
    expect(await read()).toBeUndefined()
    const fetches = box.commands.filter(one => one.startsWith('UID FETCH'))
    expect(fetches).toHaveLength((100_000 - place) / 500)
    expect(fetches[0]).toContain(`UID FETCH ${place}:${place + 499} `)
    expect(box.commands.some(one => /^(SELECT|STORE|UID STORE|EXPUNGE)/.test(one))).toBe(false)
    box.commands.length = 0
    await read()
    expect(box.commands.filter(one => one.startsWith('UID FETCH'))).toEqual([])
  })

  it('goes on later where more came than is read at once', async () => {
    await sql`update mail_box set next_uid = 80000`.execute(world.ctx.db)
    expect(await read()).toEqual(expect.any(Date))
    expect((await placeOf()).nextUid).toBe(80_000 + 20 * 500)
  })

  it('that was numbered anew is read from its end', async () => {
    box.uidValidity++
    box.uidNext = 50
    await read()
    expect(box.commands.filter(one => one.startsWith('UID FETCH'))).toEqual([])
    const { nextUid } = await placeOf()
    expect(nextUid).toBe(50)
  })

  it('that refuses is told after an hour, and keeps its place', async () => {
    const right = box.credentials
    box.credentials = 'other'
    await read()
    const found = async () => (await mailboxFailing.find(world.ctx)).found
    expect(await found()).toEqual([])
    world.clock.offsetMs += 3_700_000
    expect(await found()).toMatchObject([
      { corpId, detail: { failure: { zh: expect.stringContaining('登录') } } },
    ])
    box.credentials = right
    await read()
    expect(await found()).toEqual([])
    expect((await placeOf()).nextUid).toBe(50)
    world.clock.offsetMs = 0
  })
})

const placeOf = async () => {
  const row = await world.ctx.db.selectFrom('mail_box').select('next_uid').executeTakeFirstOrThrow()
  return { nextUid: Number(row.next_uid) }
}

describe('a report', () => {
  it('is read whatever line ends and encodings it has, and nothing else is', () => {
    const raw = bounceMail({ status: '5.1.1', address: 'A@b.example' })
    const failed = [{ addresses: ['a@b.example', 'a@b.example'], status: '5.1.1', said: expect.any(String) }]
    expect(parseBounce(raw)?.failed).toEqual(failed)
    expect(parseBounce(raw.replaceAll('\r\n', '\n'))?.failed).toEqual(failed)
    const [head = '', status = '', tail = ''] = raw.split(
      /(?<=delivery-status\r\n\r\n)(?=Reporting)|(?=\r\n--b1\/mx\.example\r\nContent-Type: message\/rfc822)/,
    )
    const inBase64 = `${head.replace(/delivery-status\r\n\r\n$/, 'delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n')}${Buffer.from(status).toString('base64')}${tail}`
    expect(parseBounce(inBase64)?.failed).toEqual(failed)
    expect(parseBounce(raw.slice(0, 600))?.failed ?? []).toEqual([])
    for (const other of [
      '',
      'x',
      'Content-Type: multipart/report; report-type=feedback-report\r\n\r\n',
      raw.replace('; report-type=delivery-status', ''),
    ])
      expect(parseBounce(other)).toBeUndefined()
  })

  it.each([
    ['5.1.1', true],
    ['5.1.10', true],
    ['5.1.0', true],
    ['5.2.1', true],
    ['5.1.7', false],
    ['5.1.8', false],
    ['5.2.2', false],
    ['5.7.1', false],
    ['4.1.1', false],
    ['5.4.1', false],
  ])('with %s ends an address: %s', (status, isEnd) => expect(isForGood(status)).toBe(isEnd))

  it('has an address that mail servers take', () => {
    const key = `${'a'.repeat(32)}.1234567`
    expect(returnPath('bounce+{id}@x.example', `${key}.${'b'.repeat(16)}`)?.indexOf('@')).toBe(64)
    expect(returnPath('bounce+{id}@x.example', `${key}8.${'b'.repeat(16)}`)).toBeUndefined()
  })
})

describe('settings', () => {
  it.each([
    [{ bounceAddress: 'no address' }, 'bounceAddress'],
    [{ bounceAddress: 'far-too-long-{id}@x.example' }, 'bounceAddress'],
    [{ bounceAddress: 'b@{id}.example' }, 'bounceAddress'],
    [
      { auth: 'oauth2', oauthTokenUrl: 'http://x.example', oauthClientId: 'a', oauthClientSecret: 'b' },
      'oauthTokenUrl',
    ],
    [{ auth: 'oauth2', oauthTokenUrl: 'https://x.example', oauthClientSecret: 'b' }, 'oauthClientId'],
    [{ auth: 'oauth2', oauthTokenUrl: 'https://x.example', oauthClientId: 'a' }, 'oauthClientSecret'],
    [{ bounces: 'imap', imapUser: 'a' }, 'imapHost'],
    [{ bounces: 'imap', imapHost: 'i.example', imapUser: 'a' }, 'imapPassword'],
  ])('that are wrong are refused by name: %o', async (change, name) => {
    await useSmtp(world)
    await expect(useSmtp(world, change)).rejects.toThrow(name)
  })
})
