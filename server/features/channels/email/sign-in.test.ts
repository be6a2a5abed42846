import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { certificateOf } from '../../../../sandbox/smtp/certificate.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { sendText, useSmtp } from '../../messages/messages.fixture.ts'
import { purposes } from '../sealed.ts'
import { type MailboxOfTest, startImap } from './bounces/imap-server.fixture.ts'
import { readBounces } from './bounces/read-bounces.ts'
import type { SmtpSettings } from './settings.ts'
import { accessToken } from './sign-in.ts'

/** The tokens that the server gives, one after the other, and what it was asked. */
let tokens: string[] = []
let status = 200
const asked: Record<string, string>[] = []
const tokenServer = createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  asked.push(Object.fromEntries(new URLSearchParams(body)))
  response.writeHead(status, { 'content-type': 'application/json' })
  const refusal = { error: 'invalid_client', error_description: 'AADSTS7000215' }
  response.end(
    JSON.stringify(status === 200 ? { access_token: tokens.shift() ?? 'last', expires_in: 3600 } : refusal),
  )
})
/** Of mails that came; `good` is the token that the mail server takes. */
let good = ''
let arrived = 0
const mailServer = new SMTPServer({
  authMethods: ['XOAUTH2'],
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  closeTimeout: 50,
  onAuth({ username, accessToken: given }, _session, done) {
    if (username === 'noreply@huayu.example' && given === good) done(null, { user: username })
    else done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } } as never)
  },
  onData(stream, _session, done) {
    arrived++
    stream.resume().on('end', () => done())
  },
})
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

let world: World
let settings: SmtpSettings
beforeAll(async () => {
  world = await startWorld({ members: 20, env: { WISP_OUTBOUND_ALLOW: '127.0.0.1' } })
  tokenServer.listen(0, '127.0.0.1')
  mailServer.listen(0, '127.0.0.1')
  await Promise.all([once(tokenServer, 'listening'), once(mailServer.server, 'listening')])
  settings = {
    host: '127.0.0.1',
    port: portOf(mailServer.server),
    security: 'none',
    user: 'noreply@huayu.example',
    from: 'noreply@huayu.example',
    auth: 'oauth2',
    oauthTokenUrl: `http://127.0.0.1:${portOf(tokenServer)}/token`,
    oauthClientId: 'client',
    oauthClientSecret: 'secret',
    oauthScope: 'https://mail.example/.default',
  }
})
afterAll(async () => {
  tokenServer.close()
  await new Promise<void>(resolve => mailServer.close(() => resolve()))
  await world.close()
})

/** Stores settings whose token address is not https, which no way in takes. */
async function useOAuth(more: Partial<SmtpSettings> = {}): Promise<void> {
  const wanted = { ...settings, ...more, password: '' }
  await useSmtp(world, { ...wanted, oauthTokenUrl: 'https://127.0.0.1/token', ca: more.ca ?? '' })
  const sealed = world.ctx.seal.seal(JSON.stringify(wanted), purposes.channel('email'))
  await world.ctx.db.updateTable('message_channel').set({ sealed }).where('channel', '=', 'email').execute()
  await world.ctx.reloadConfig(world.corpId)
}

it('a mail server is signed in to with a token of its own, which is kept, and asked for again when it is refused', async () => {
  await useOAuth()
  tokens = ['t1', 't2']
  good = 't1'
  expect((await sendText(world, '一', { sendType: '2', title: '一' })).status).toBe('sent')
  expect((await sendText(world, '二', { sendType: '2', title: '二' })).status).toBe('sent')
  expect(arrived).toBe(2)
  expect(asked).toEqual([
    {
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 'secret',
      scope: 'https://mail.example/.default',
    },
  ])
  const again = await accessToken(world.ctx.outbound, world.corpId, settings, true)
  expect(again.token).toBe('t2')
  expect((await accessToken(world.ctx.outbound, world.corpId, settings)).token).toBe('t2')
})

it('a refresh token is used where there is one, and a refusal is an error of the settings', async () => {
  asked.length = 0
  const refreshed = { ...settings, oauthRefreshToken: 'r1' }
  await accessToken(world.ctx.outbound, world.corpId, refreshed)
  expect(asked).toMatchObject([{ grant_type: 'refresh_token', refresh_token: 'r1' }])
  status = 401
  await useOAuth({ oauthClientId: 'other' })
  const { code, message } = await sendText(world, '三', { sendType: '2', title: '三' })
  expect([code, message]).toEqual(['1008', expect.stringContaining('OAuth2')])
  status = 200
})

it('a mailbox is signed in to with the same token', async () => {
  const box: MailboxOfTest = {
    uidValidity: 1,
    uidNext: 5,
    mailAt: () => '',
    credentials: 'user=bounce@huayu.example\u0001auth=Bearer t9\u0001\u0001',
    commands: [],
  }
  const imap = await startImap(box, certificateOf(1, '127.0.0.1'))
  tokens = ['t9']
  const mailbox = { imapHost: '127.0.0.1', imapPort: imap.port, imapUser: 'bounce@huayu.example' } as const
  await useOAuth({ ca: imap.ca, oauthClientId: 'of the mailbox', bounces: 'imap', ...mailbox })
  await readBounces(world.ctx, world.corpId)
  const row = await world.ctx.db.selectFrom('mail_box').selectAll().executeTakeFirstOrThrow()
  expect([Number(row.next_uid), row.failure]).toEqual([5, null])
  await imap.close()
})
