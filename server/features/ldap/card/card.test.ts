import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { setSignIn } from '../../app-sign-in/set-sign-in.ts'
import { cardsOf, press } from '../../cards/cards.fixture.ts'
import { useAgents } from '../../messages/messages.fixture.ts'
import { setClient } from '../clients/set-client.ts'
import {
  addLdapClient,
  asClient,
  type MadeClient,
  passwordOf,
  rawLine,
  serveLdap,
} from '../ldap-server.fixture.ts'
import type { LdapServer } from '../listen/server.ts'
import { encode, integer, octets, tags } from '../protocol/ber.ts'

let world: World
/** Presses are pushed to the first node, and programs bind at the second. */
let second: Server
let server: LdapServer
let vpn: MadeClient
let password: string
let unheard: unknown
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, env: { WISP_LDAP_PLAIN: '127.0.0.1' } })
  await useAgents(world)
  unheard = await addLdapClient(world, 'unheard', { card: true }).catch(error => error.error)
  await world.connectAgent()
  vpn = await addLdapClient(world, 'vpn', { card: true })
  password = await passwordOf(world, 'zhangsan', vpn.appId)
  second = await startServer(readConfig(world.env), { log: createLog('silent') }, { jobsByHand: true })
  server = await serveLdap(second)
})
afterAll(async () => {
  server?.stop()
  await second?.close()
  await world?.close()
})

const dn = () => `uid=zhangsan,${vpn.people}`
/** How a bind ends. */
const bind = () =>
  asClient(`ldap://127.0.0.1:${server.port}`, client => client.bind(dn(), password)).then(
    () => 0,
    error => error.code as number,
  )

const cards = () =>
  world.ctx.db
    .selectFrom('message')
    .select('id')
    .where('request_id', 'like', 'ldap-card-%')
    .orderBy('created_at')
    .orderBy('id')
    .execute()

let seen = 0
/** The message of the card that is sent next. */
async function nextCard(): Promise<string> {
  await until('a card', async () => (await cards()).length > seen)
  seen++
  const { id } = (await cards()).at(-1)!
  await until('WeCom has it', async () => (await cardsOf(world, id)).length > 0)
  return id
}

async function bindAnd(key: 'allow' | 'refuse'): Promise<number> {
  const ended = bind()
  await press(world, await nextCard(), 'zhangsan', key)
  return ended
}

async function lastSignIn() {
  const { signInLog } = second.ctx
  await signInLog.settled()
  return world.ctx.db
    .selectFrom('sign_in_log')
    .select(['reason', 'acr', 'amr'])
    .where('app_id', '=', vpn.appId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
}

describe('a client that asks for a card', () => {
  it('needs an agent that hears presses', () => expect(unheard).toBe('messageCentre'))

  it('lets in whoever allows it, as level 2, once for each press', async () => {
    expect(await bindAnd('allow')).toBe(0)
    expect(await lastSignIn()).toMatchObject({ reason: '', acr: 2, amr: ['app-password', 'wecom'] })
    expect(await bindAnd('allow')).toBe(0)
  })

  it('lets nobody in who refuses, and tells the sign-in log why', async () => {
    expect(await bindAnd('refuse')).toBe(49)
    expect(await lastSignIn()).toMatchObject({ reason: 'card-refused' })
  })

  it('asks nobody about a wrong password', async () => {
    const wrong = asClient(`ldap://127.0.0.1:${server.port}`, client => client.bind(dn(), `${password}a`))
    await expect(wrong).rejects.toMatchObject({ code: 49 })
    expect((await cards()).length).toBe(seen)
  })

  it('lets a program that did not wait try again, without another card', async () => {
    const line = rawLine(server.port)
    const request = encode(0x60, integer(3), octets(dn()), octets(password, 0x80))
    line.write(encode(tags.sequence, integer(1), request))
    const msgId = await nextCard()
    line.socket.destroy()
    await until('it left', () => server.connections() === 0)
    const ended = bind()
    await press(world, msgId, 'zhangsan', 'allow')
    expect(await ended).toBe(0)
    expect((await cards()).length).toBe(seen)
  })

  it('is not let in by a password that ended meanwhile', async () => {
    const other = await addLdapClient(world, 'other', { card: true })
    const given = await passwordOf(world, 'zhangsan', other.appId)
    const ended = asClient(`ldap://127.0.0.1:${server.port}`, client =>
      client.bind(`uid=zhangsan,${other.people}`, given),
    )
    const msgId = await nextCard()
    await world.ctx.db.deleteFrom('ldap_password').where('app_id', '=', other.appId).execute()
    const [refused] = await Promise.all([
      ended.catch(error => error.code as number),
      press(world, msgId, 'zhangsan', 'allow'),
    ])
    expect(refused).toBe(49)
  })

  it('may be of an app above level 1, and of none above level 2', async () => {
    const { ctx, corpId } = world
    const by = { actor: 'test', approves: true }
    const level = (leastAcr: number) => setSignIn(ctx, by, corpId, vpn.appId, { kind: 'none', leastAcr })
    await level(2)
    await until('both nodes know', () => second.ctx.appSignIns.of(vpn.appId)?.leastAcr === 2)
    expect(await bindAnd('allow')).toBe(0)
    const off = setClient(ctx, by, corpId, vpn.appId, { card: false })
    await expect(off).rejects.toMatchObject({ error: 'badParameter' })
    await level(3)
    await until('both nodes know', () => second.ctx.appSignIns.of(vpn.appId)?.leastAcr === 3)
    expect(await bind()).toBe(49)
    expect(await lastSignIn()).toMatchObject({ reason: 'acr' })
    await level(1)
    await until('both nodes know', () => second.ctx.appSignIns.of(vpn.appId)?.leastAcr === 1)
  })

  it('sends no more cards for a password after five that were not allowed, and one for another', async () => {
    for (let n = 0; n < 5; n++) expect(await bindAnd('refuse')).toBe(49)
    expect(await bind()).toBe(49)
    expect(await lastSignIn()).toMatchObject({ reason: 'card-limit' })
    expect((await cards()).length).toBe(seen)
    password = await passwordOf(world, 'zhangsan', vpn.appId)
    expect(await bindAnd('allow')).toBe(0)
  })
})
