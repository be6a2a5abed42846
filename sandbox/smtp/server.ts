import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { certificateOf } from './certificate.ts'
import { takeMail } from './mail.ts'
import type { MailWorld } from './world.ts'

/** The settings for a mail client. `ca` is the PEM of the self-signed certificate. */
export interface SmtpAddress {
  host: string
  port: number
  user: string
  password: string
  ca: string
}

const slowMs = 3000
const maxBytes = 30 * 1024 * 1024

/** The made-up account of the mail server. */
export function smtpAccountOf(seed: number): { user: string; password: string } {
  const password = createHash('sha256').update(`sandbox ${seed} smtp`).digest('base64url').slice(0, 24)
  return { user: 'wisp@huayu.example', password }
}

class Refusal extends Error {
  readonly responseCode: number

  constructor(responseCode: number, text: string) {
    super(text)
    this.responseCode = responseCode
  }
}

/** Thrown to drop the connection, whether or not the work was done. */
class Dropped extends Error {}

/**
 * Starts an SMTP server with STARTTLS and AUTH; its mails appear on the phones (sandbox/README.md#messages). Rejects when the
 * port is taken.
 */
export async function startSmtp(
  world: MailWorld,
  options: { host: string; port: number },
): Promise<{ address: SmtpAddress; close(): Promise<void> }> {
  const account = smtpAccountOf(world.identitySeed)
  const { key, cert } = certificateOf(world.identitySeed, options.host)
  const server = buildServer(world, account, { key, cert })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      // Faults make clients hang up in the middle; that is no error here.
      server.on('error', () => {})
      resolve()
    })
  })
  const bound = server.server.address()
  const port = typeof bound === 'object' && bound ? bound.port : options.port
  return {
    address: { host: options.host, port, ...account, ca: cert },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const connection of server.connections) connection._socket.destroy()
      }),
  }
}

function buildServer(
  world: MailWorld,
  account: { user: string; password: string },
  tls: { key: string; cert: string },
): SMTPServer {
  const socketOf = (session: SMTPServerSession): Socket | undefined =>
    [...server.connections].find(connection => connection.session === session)?._socket
  /** Answers by `done` whatever happens; never rejects. */
  const step = async (
    path: string,
    session: SMTPServerSession,
    done: ReadyCallback,
    work: () => Promise<void> | void,
  ) => {
    try {
      await underFault(world, path, work)
      done()
    } catch (error) {
      if (error instanceof Dropped) socketOf(session)?.destroy()
      else done(error as Error)
    }
  }
  const server: SMTPServer = new SMTPServer({
    ...tls,
    name: 'smtp.sandbox.example',
    banner: 'wisp sandbox',
    size: maxBytes,
    disableReverseLookup: true,
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    logger: false,
    onConnect: (session, done) => {
      interceptStartTls(world, server, session)
      done()
    },
    onAuth: (auth, session, done) => {
      void step(
        'smtp/auth',
        session,
        error => (error ? done(error) : done(null, { user: account.user })),
        () => {
          if (auth.username !== account.user || auth.password !== account.password)
            throw new Refusal(535, '5.7.8 Authentication credentials invalid')
        },
      )
    },
    onRcptTo: ({ address }, session, done) => {
      void step(`smtp/rcpt/${address}`, session, done, () => {
        if (/@refuse\.example$/i.test(address)) throw new Refusal(550, '5.1.1 Mailbox unavailable')
      })
    },
    onData: (stream, session, done) => {
      // The whole message must be read before it is answered, because an earlier answer would violate the
      // protocol.
      readAll(stream).then(
        raw => step('smtp/data', session, done, () => accept(world, session, raw)),
        error => done(error as Error),
      )
    },
  })
  return server
}

type ReadyCallback = (error?: Error | null) => void

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function accept(world: MailWorld, session: SMTPServerSession, raw: Buffer): Promise<void> {
  const { mailFrom, rcptTo } = session.envelope
  if (raw.length > maxBytes) throw new Refusal(552, '5.3.4 Message too big')
  await takeMail(world, { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(item => item.address) }, raw)
}

/** smtp-server answers STARTTLS itself, so the fault has to be applied before it sees the command. */
function interceptStartTls(world: MailWorld, server: SMTPServer, session: SMTPServerSession): void {
  const connection = [...server.connections].find(item => item.session === session)
  if (!connection) return
  const upgrade = connection.handler_STARTTLS.bind(connection)
  connection.handler_STARTTLS = (command, callback) => {
    underFault(world, 'smtp/starttls', () => upgrade(command, callback)).catch(error => {
      if (!(error instanceof Refusal)) return connection._socket.destroy()
      connection.send(error.responseCode, error.message)
      return callback()
    })
  }
}

/**
 * Does one step of a session, or what the fault that matches `path` says: refuse for good (`http500` 550,
 * tokenExpired and tokenRevoked 535), for now (`busy` 451, `rateLimit` 450) or with `code:<reply code>`; drop
 * the connection (`html` and `truncated` before the work, `acceptedThenTimeout` after it); or never answer
 * (`timeout`).
 */
async function underFault(world: MailWorld, path: string, work: () => Promise<void> | void): Promise<void> {
  const fault = world.faults.strikeCall(path)
  const name = path.split('/').slice(0, 2).join('/')
  if (fault?.delayMs || fault?.mode === 'slow') await delay(fault.delayMs ?? slowMs)
  const mode = fault?.mode
  const refused = mode === undefined ? undefined : refusalOf(mode)
  world.calls.add(name, refused ? String(refused.responseCode) : (mode ?? 'ok'))
  if (refused) throw refused
  if (mode === 'timeout') return new Promise(() => {})
  if (mode === 'html' || mode === 'truncated') throw new Dropped()
  await work()
  if (mode === 'acceptedThenTimeout') throw new Dropped()
}

function refusalOf(mode: string): Refusal | undefined {
  const replies: Record<string, Refusal> = {
    busy: new Refusal(451, '4.3.0 Try again later'),
    rateLimit: new Refusal(450, '4.7.1 Too many messages'),
    http500: new Refusal(550, '5.7.1 Refused'),
    tokenExpired: new Refusal(535, '5.7.8 Authentication credentials invalid'),
    tokenRevoked: new Refusal(535, '5.7.8 Authentication credentials invalid'),
  }
  if (!mode.startsWith('code:')) return replies[mode]
  const code = Number(mode.slice('code:'.length))
  return new Refusal(code >= 400 && code <= 599 ? code : 451, 'a fault of the sandbox')
}
