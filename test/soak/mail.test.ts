import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../sandbox/smtp/certificate.ts'
import { runCommand } from '../../server/cli/in-process.fixture.ts'
import { bounceIdOf } from '../../server/features/channels/email/bounces/bounce-id.ts'
import { bounceMail } from '../../server/features/channels/email/bounces/imap-server.fixture.ts'
import { readBounces } from '../../server/features/channels/email/bounces/read-bounces.ts'
import { recordOf } from '../../server/features/channels/email/domain/check-domain.ts'
import { keysOf } from '../../server/features/channels/email/domain/keys.ts'
import type { Definition } from '../../server/features/message-types/definition.ts'
import { putType } from '../../server/features/message-types/put-type.ts'
import { readReceipts } from '../../server/features/messages/deliver/receipts.ts'
import { fresh, sendText, statusOf, useSmtp } from '../../server/features/messages/messages.fixture.ts'
import { settled } from '../../server/features/messages/waiting/waiting.fixture.ts'
import { startWorld, type World } from '../harness.ts'
import { type Dovecot, judgedByOpendkim, pointsOf, startDovecot } from './mail-programs.ts'

const mails = 1000
const inMailbox = 100_000

const dns = new Map<string, string>()
const askTexts = async (name: string) => {
  const found = dns.get(name)
  if (!found) throw Object.assign(new Error(name), { code: 'ENODATA' })
  return [found.match(/.{1,255}/gs) ?? []]
}

type ArrivedMail = { from: string; to: string; raw: string }
const arrived: ArrivedMail[] = []
const mailServer = new SMTPServer({
  authOptional: true,
  closeTimeout: 50,
  disabledCommands: ['STARTTLS', 'AUTH'],
  async onData(stream, { envelope }, done) {
    const raw = await text(stream)
    const from = envelope.mailFrom ? envelope.mailFrom.address : ''
    arrived.push({ from, to: envelope.rcptTo[0]?.address ?? '', raw })
    done()
  },
})

let world: World
let dovecot: Dovecot
beforeAll(async () => {
  const certificate = certificateOf(1, '127.0.0.1')
  dovecot = await startDovecot(certificate)
  world = await startWorld({
    members: mails + 100,
    overrides: { outboundOptions: { askTexts, textsWithinMs: 1000 } },
  })
  mailServer.listen(0, '127.0.0.1')
  await once(mailServer.server, 'listening')
  const { port } = mailServer.server.address() as AddressInfo
  await useSmtp(world, {
    ...{ host: '127.0.0.1', port, security: 'none', user: '', password: '', ca: certificate.cert },
    ...{ bounceAddress: 'bounce+{id}@huayu.example', bounces: 'imap' },
    ...{ imapHost: '127.0.0.1', imapPort: dovecot.port },
    ...{ imapUser: 'bounce@huayu.example', imapPassword: dovecot.password },
  })
  await runCommand(world.ctx, ['message', 'mail-key', '--make'])
  const [made] = await keysOf(world.ctx, world.corpId)
  const { name, value } = recordOf(made!)
  dns.set(name, value)
  await runCommand(world.ctx, ['message', 'mail-key', '--use', made!.selector])
  // The mailbox is empty, so that all that comes is read.
  expect(await read()).toBeUndefined()
})
afterAll(async () => {
  dovecot?.close()
  await new Promise<void>(resolve => mailServer.close(() => resolve()))
  await world?.close()
})

async function read(): Promise<Date | undefined> {
  const again = await readBounces(world.ctx, world.corpId)
  const { failure } = await world.ctx.db.selectFrom('mail_box').select('failure').executeTakeFirstOrThrow()
  expect(failure, dovecot.log()).toBeNull()
  return again
}

/** What is said of a mail to this address with this id, and what it does. */
type Kind = {
  says: string
  does: 'stops' | 'fails' | 'nothing'
  raw(mail: ArrivedMail & { id: string }): string
}
const withStatus = (status: string, does: Kind['does'], action = 'failed'): Kind => ({
  says: `${action} ${status}`,
  does,
  raw: ({ from, to }) => bounceMail({ to: from, address: to, status, action }),
})
const kinds: Kind[] = [
  ...['5.1.0', '5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'].map(one => withStatus(one, 'stops')),
  ...['5.1.7', '5.1.8', '5.2.2', '5.2.3', '5.3.4', '5.4.1', '5.4.4', '5.5.0', '5.7.0', '5.7.1', '5.7.26'].map(
    one => withStatus(one, 'fails'),
  ),
  ...['4.1.1', '4.2.2', '4.4.1', '4.4.7', '4.7.1'].map(one => withStatus(one, 'fails')),
  withStatus('4.4.1', 'nothing', 'delayed'),
  ...['delivered', 'relayed', 'expanded'].map(action => withStatus('2.0.0', 'nothing', action)),
  {
    says: 'the id stands in what is quoted alone',
    does: 'stops',
    raw: ({ to, id }) => bounceMail({ status: '5.1.1', address: to, quoted: `X-Wisp-Id: ${id}` }),
  },
  {
    says: 'five megabytes',
    does: 'stops',
    raw: ({ from, to }) =>
      bounceMail({ to: from, status: '5.1.1', address: to, more: `${'x'.repeat(70)}\r\n`.repeat(72_000) }),
  },
  {
    says: 'lines that end as on Unix',
    does: 'stops',
    raw: ({ from, to }) => bounceMail({ to: from, status: '5.1.1', address: to }).replaceAll('\r\n', '\n'),
  },
  {
    says: 'the id of another installation',
    does: 'nothing',
    raw: ({ to, id }) => {
      const seal = { sign: () => 'x'.repeat(43) } as never
      const foreign = bounceIdOf({ seal }, world.corpId, id.slice(0, -17), to)
      return bounceMail({ to: `bounce+${foreign}@huayu.example`, status: '5.1.1', address: to })
    },
  },
  {
    says: 'the id of a mail to somebody else',
    does: 'nothing',
    raw: ({ from }) => bounceMail({ to: from, status: '5.1.1', address: 'other@huayu.example' }),
  },
  {
    says: 'an answer that somebody’s program wrote',
    does: 'nothing',
    raw: ({ from, to }) =>
      `From: ${to}\r\nTo: ${from}\r\nSubject: away\r\nAuto-Submitted: auto-replied\r\n\r\n5.1.1 ${to}\r\n`,
  },
  {
    says: 'a complaint',
    does: 'nothing',
    raw: ({ from, to }) =>
      bounceMail({ to: from, status: '5.1.1', address: to }).replace('delivery-status;', 'feedback-report;'),
  },
]

it('a thousand mails are signed as opendkim and mailauth want it, and fifty bounces of all kinds are read of 100,000 mails by Dovecot’s IMAP', async () => {
  const { msgId } = await sendText(world, '正文', { sendType: '2', title: '你好', toUser: '@all' })
  await world.ctx.dispatcher.drain()
  expect(arrived.length).toBeGreaterThanOrEqual(mails)
  expect(new Set(arrived.map(one => one.to)).size).toBe(arrived.length)
  const judged = await judgedByOpendkim(
    arrived.map(one => one.raw),
    dns,
  )
  expect(judged.filter(line => line.endsWith('2048-bit key) succeeded'))).toHaveLength(arrived.length)
  const [changed] = await judgedByOpendkim([arrived[0]!.raw.replace(/^Subject: .*/m, 'Subject: x')], dns)
  expect(changed).toContain('signature verification failed')
  for (const { raw } of arrived.slice(0, 50)) {
    const { results } = await dkimVerify(Buffer.from(raw), { resolver: askTexts })
    expect(results.map(one => one.status.result)).toEqual(['pass'])
  }

  const bounced = arrived.slice(0, 50).map((mail, n) => {
    const id = /^X-Wisp-Id:\s*(\S+)/im.exec(mail.raw)?.[1] ?? ''
    const kind = kinds[n % kinds.length]!
    return { ...mail, kind, raw: kind.raw({ ...mail, id }) }
  })
  const before = (await statusOf(world, msgId)).receivers
  const filler = 'From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nhello\r\n'
  const half = Array.from({ length: (inMailbox - 2 * bounced.length) / 2 }, () => filler)
  // Each comes twice.
  dovecot.put([...half, ...bounced.map(one => one.raw), ...half, ...bounced.map(one => one.raw)])
  const startedAt = performance.now()
  let rounds = 1
  while (await read()) rounds++
  const seconds = (performance.now() - startedAt) / 1000
  await readReceipts(world.ctx)

  const stops = (await world.ctx.db.selectFrom('mail_stop').select('address').execute()).map(
    one => one.address,
  )
  const expected = bounced.filter(one => one.kind.does === 'stops').map(one => one.to.toLowerCase())
  expect(stops.sort()).toEqual(expected.sort())
  const gone = bounced.filter(one => one.kind.does !== 'nothing')
  const results = await world.ctx.db
    .selectFrom('message_result')
    .innerJoin('member', 'member.user_id', 'message_result.user_id')
    .select('member.email')
    .where('message_result.message_id', '=', msgId)
    .where('message_result.part_id', 'is not', null)
    .execute()
  expect(results.map(one => one.email).sort()).toEqual(gone.map(one => one.to).sort())
  const after = (await statusOf(world, msgId)).receivers
  expect(after.failed - before.failed).toBe(gone.length)
  // What was read is not read again.
  expect(await read()).toBeUndefined()
  expect(await world.ctx.db.selectFrom('mail_bounce').select('id').execute()).toEqual([])
  console.log(`${arrived.length} mails; ${inMailbox} read in ${rounds} rounds, ${Math.round(seconds)} s`)
})

it('SpamAssassin gives no points for the form of a mail', async () => {
  const email = {
    zh: { title: '报销单已批准', content: '您的报销单 {{ n }} 已批准，款项将在三个工作日内到账。' },
  }
  const definition = { name: '报销', level: 'normal', channels: ['email'], templates: { email } }
  const dev = await world.addDeveloper({ scopes: ['message:send', 'message:type'] })
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  await putType(world.ctx, writer, world.corpId, 'paid', definition as unknown as Definition)
  // The bounces of before stopped some addresses.
  await world.ctx.db.deleteFrom('mail_stop').execute()
  arrived.length = 0
  const notice = {
    type: 'paid',
    toUser: 'zhangsan',
    data: { n: '20261201' },
    link: 'https://oa.example.com/1',
  }
  expect((await fresh(world, dev).post('/api/message/notify', notice)).retCode).toBe('0')
  const long = '关于年终总结会议的通知，请各部门提前准备材料。\n'.repeat(300)
  for (const content of ['请在今天下午五点前提交周报。', 'Please hand in your report by 5 pm today.', long])
    await sendText(world, content, { sendType: '2', title: '周报提醒', url: 'https://oa.example.com/2' })
  await settled(world)
  expect(arrived).toHaveLength(4)
  expect(arrived[0]?.raw).toMatch(/^List-Unsubscribe:/m)
  for (const { raw } of arrived) {
    const points = await pointsOf(raw)
    expect(points.filter(([, one]) => one > 0)).toEqual([])
  }
})
