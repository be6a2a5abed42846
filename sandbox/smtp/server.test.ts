import { X509Certificate } from 'node:crypto'
import nodemailer from 'nodemailer'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { control, dump, messagesOf } from '../test-caller.ts'
import { certificateOf } from './certificate.ts'

let sandbox: Sandbox
let address: string
let userid: string
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30 })
  const member = (await dump(sandbox)).members.find(item => item['email'])!
  address = member['email'] as string
  userid = member.userid
})
afterAll(() => sandbox.close())
afterEach(async () => {
  await control(sandbox, 'DELETE', 'faults')
  await sandbox.reset({ members: 30 })
})

const transport = (change: object = {}) => {
  const { host, port, user, password, ca } = sandbox.smtp
  return nodemailer.createTransport({
    host,
    port,
    secure: false,
    requireTLS: true,
    tls: { ca },
    auth: { user, pass: password },
    socketTimeout: 400,
    greetingTimeout: 400,
    connectionTimeout: 400,
    ...change,
  })
}

const mail = (change: object = {}) => ({
  from: '消息中心 <wisp@huayu.example>',
  to: address,
  subject: '【工作台】出差审批 ✅',
  html: '<p>请<b>审批</b></p>',
  text: '请审批',
  attachments: [{ filename: '附件.txt', content: 'hello' }],
  ...change,
})
const count = async () => (await messagesOf(sandbox, {})).length
const fault = (match: string, mode: string, more: object = {}) =>
  control(sandbox, 'POST', 'faults', { match, mode, times: 1, ...more })

test('nodemailer sends over STARTTLS with a certificate it was given', async () => {
  const sent = await transport().sendMail(mail())
  expect(sent.accepted).toEqual([address])
  const [got] = await messagesOf(sandbox, { to: userid })
  expect(got).toMatchObject({
    channel: 'mail',
    from: 'wisp@huayu.example',
    fromName: '消息中心',
    to: [address],
    userids: [userid],
    subject: '【工作台】出差审批 ✅',
    messageId: sent.messageId,
    attachments: [{ filename: '附件.txt', mimeType: 'text/plain', size: 5 }],
  })
  expect(String(got!['html'])).toContain('<b>审批</b>')
  expect(String(got!['text'])).toContain('请审批')
  expect(got!['headers']).toContainEqual({ key: 'Message-ID', value: sent.messageId })
  expect(await messagesOf(sandbox, { to: address.toUpperCase() })).toHaveLength(1)
})

test('without trust in the certificate no connection comes about', async () => {
  await expect(transport({ tls: {} }).sendMail(mail())).rejects.toMatchObject({ code: 'ESOCKET' })
  expect(await count()).toBe(0)
})

test('the certificate is the same for a seed, covers the host, and signs itself', () => {
  const { cert } = certificateOf(1, 'mail.example')
  expect(certificateOf(1, 'mail.example').cert).toBe(cert)
  expect(certificateOf(2, 'mail.example').cert).not.toBe(cert)
  const parsed = new X509Certificate(cert)
  expect(parsed.verify(parsed.publicKey)).toBe(true)
  expect(parsed.checkHost('mail.example')).toBe('mail.example')
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(parsed.ca).toBe(true)
})

test('wrong passwords and senders without one are refused; LOGIN works too', async () => {
  const { user, password } = sandbox.smtp
  await expect(transport({ auth: { user, pass: 'wrong' } }).sendMail(mail())).rejects.toMatchObject({
    responseCode: 535,
  })
  await expect(transport({ auth: undefined }).sendMail(mail())).rejects.toMatchObject({ responseCode: 530 })
  await transport({ authMethod: 'LOGIN', auth: { user, pass: password } }).sendMail(mail())
  expect(await count()).toBe(1)
})

test('one refused receiver does not stop the others', async () => {
  const sent = await transport().sendMail(mail({ to: [address, 'nobody@refuse.example'] }))
  expect(sent.accepted).toEqual([address])
  expect(sent.rejectedErrors).toMatchObject([{ responseCode: 550, recipient: 'nobody@refuse.example' }])
  expect(await messagesOf(sandbox, {})).toMatchObject([{ to: [address] }])
})

test.each([
  ['smtp/auth', 'code:454', 454],
  ['smtp/auth', 'tokenRevoked', 535],
  ['smtp/rcpt', 'http500', 550],
  ['smtp/rcpt', 'rateLimit', 450],
  ['smtp/data', 'busy', 451],
  ['smtp/data', 'code:552', 552],
])('%s %s refuses with %i', async (match, mode, responseCode) => {
  await fault(match, mode)
  await expect(transport().sendMail(mail())).rejects.toMatchObject({ responseCode })
  expect(await count()).toBe(0)
  await transport().sendMail(mail())
  expect(await count()).toBe(1)
})

test('STARTTLS can be refused', async () => {
  await fault('smtp/starttls', 'code:454')
  await expect(transport().sendMail(mail())).rejects.toMatchObject({ code: 'ETLS' })
})

test('slow, silent, and accepted without the sender hearing of it', async () => {
  await fault('smtp/data', 'slow', { delayMs: 150 })
  const before = performance.now()
  await transport().sendMail(mail())
  expect(performance.now() - before).toBeGreaterThan(140)
  await fault('smtp/data', 'timeout')
  await expect(transport().sendMail(mail())).rejects.toThrow()
  expect(await count()).toBe(1)
  await fault('smtp/data', 'acceptedThenTimeout')
  await expect(transport().sendMail(mail())).rejects.toThrow()
  expect(await count()).toBe(2)
  expect((await control(sandbox, 'GET', 'calls')).body['smtp/data']).toEqual({
    slow: 1,
    timeout: 1,
    acceptedThenTimeout: 1,
  })
})
