import { connect, type Socket } from 'node:net'
import { Client, type ClientOptions } from 'ldapts'
import type { World } from '../../../test/harness.ts'
import type { Visibility } from '../apps/app.ts'
import { addApp } from '../apps/apps.ts'
import { type ClientSettings, setClient } from './clients/set-client.ts'
import { type LdapServer, type LdapServerOptions, startLdap, usualOptions } from './listen/server.ts'
import { makePassword } from './passwords/passwords.ts'
import { baseOf, bindDnOf, peopleOf } from './tree/places.ts'

type Where = Pick<World, 'ctx' | 'corpId'>

export type MadeClient = { appId: string; dn: string; secret: string; base: string; people: string }

/** An app with an LDAP client. */
export async function addLdapClient(
  { ctx, corpId }: Where,
  name: string,
  settings: ClientSettings = {},
  visibility?: Visibility,
): Promise<MadeClient> {
  const { id } = await addApp(ctx, 'test', corpId, {
    name: `应用 ${name}`,
    homeUrl: `https://${name}.example.com/`,
    ...(visibility ? { visibility } : {}),
  })
  const all = ['mail', 'mobile', 'employeeNumber', 'title', 'groups', 'ad', 'posix']
  const { secret } = await setClient(ctx, { actor: 'test' }, corpId, id, { name, fields: all, ...settings })
  const client = { corpId, name }
  return { appId: id, dn: bindDnOf(client), secret, base: baseOf(client), people: peopleOf(client) }
}

/** An application password of a member who proved themselves just now. */
export async function passwordOf({ ctx, corpId }: Where, userId: string, appId: string): Promise<string> {
  const { id: memberId, name } = ctx.mirrors.of(corpId).members.byKey(userId)!
  const owner = { corpId, memberId, userId, name }
  const proof = { acr: 2, amr: ['qr'], authAt: ctx.now() } as const
  return makePassword(ctx, { owner, sessionId: '', address: '127.0.0.1', proof }, appId)
}

export async function serveLdap(
  { ctx }: Pick<World, 'ctx'>,
  options: Partial<LdapServerOptions> = {},
): Promise<LdapServer> {
  const usual = { ...usualOptions, slowMs: 0, host: '127.0.0.1', port: 0, securePort: undefined }
  return startLdap(ctx, { ...usual, certificate: undefined, ...options })
}

/** ldapts' client, for one use. */
export async function asClient<T>(
  url: string,
  use: (client: Client) => Promise<T>,
  options: Partial<ClientOptions> = {},
): Promise<T> {
  const client = new Client({ url, timeout: 20_000, connectTimeout: 20_000, ...options })
  try {
    return await use(client)
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

/** The header of a proxy in front, for a client at this IPv4 address. */
export function proxyHeader(address: string): Buffer {
  const head = Buffer.from('0d0a0d0a000d0a515549540a21110000', 'hex')
  head.writeUInt16BE(12, 14)
  const bytes = address.split('.').map(Number)
  return Buffer.concat([head, Buffer.from([...bytes, 127, 0, 0, 1, 0x30, 0x39, 0x01, 0x85])])
}

export type RawLine = {
  socket: Socket
  write(data: Buffer): void
  /** Answers that came until the connection ended, or until so many bytes are there. */
  ended: Promise<Buffer>
  answered(bytes?: number): Promise<Buffer>
}

/** A connection by hand. */
export function rawLine(port: number): RawLine {
  const socket = connect(port, '127.0.0.1')
  let got = Buffer.alloc(0)
  let look = () => {}
  socket.on('error', () => undefined)
  socket.on('data', (data: Buffer) => {
    got = Buffer.concat([got, data])
    look()
  })
  const ended = new Promise<Buffer>(resolve => socket.once('close', () => resolve(got)))
  return {
    socket,
    write: data => socket.write(data),
    ended,
    answered: (bytes = 7) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (got.length < bytes) return
          const answer = got
          got = Buffer.alloc(0)
          look = () => {}
          resolve(answer)
        }
        socket.once('close', () => reject(new Error('closed before an answer')))
        look()
      }),
  }
}
