import type { World } from '../../../test/harness.ts'
import { callerWith, signIn } from '../../../test/sign-in.ts'
import { openSession, packetOf, register, send } from '../../callers/packets/client.fixture.ts'
import { authenticatorAt } from '../../callers/sign-in/passkeys/authenticator.fixture.ts'
import { saveWays } from '../../callers/sign-in/ways/ways.ts'
import { setCorp } from '../../organisation/corps/corps.ts'
import { agentKind } from '../agents/replies/agent-rules.ts'
import { addApp } from '../apps/apps.ts'
import { agentOwner } from '../auto-replies/conversation-owner.ts'
import { addRules } from '../auto-replies/edit.ts'
import { newRuleOf } from '../auto-replies/rules.fixture.ts'
import { addCasApp, casAt } from '../cas/browser.fixture.ts'
import { bindAccount } from '../official/accounts/bind.ts'
import { pushTo, pushXml, textFields } from '../official/callback/push.fixture.ts'
import { addRules as addAccountRules } from '../official/replies/edit.ts'
import { newRule, say, textOf } from '../official/replies/replies.fixture.ts'

/** Goes one way into a corp: 'in' where it leads there, else what is read instead. */
type WayIn = () => Promise<string>
export type WaysIn = { [name: string]: { go: WayIn; isSilent?: true } }

/** Ways into a corp that were all begun while it was open. */
export async function waysIn(world: World): Promise<WaysIn> {
  return {
    'a passkey': { go: await passkey(world) },
    ...(await byCas(world)),
    'a packet': { go: await packet(world) },
    'a call that is passed on': { go: await passedOn(world) },
    'a message to an agent': { go: await toAgent(world), isSilent: true },
    'a message to an official account': { go: await toAccount(world), isSilent: true },
  }
}

const inOr = ({ retCode, retMessage }: { retCode: string; retMessage: string }) =>
  retCode === '0' ? 'in' : retMessage

async function passkey(world: World): Promise<WayIn> {
  const { ctx, corpId, server } = world
  // A passkey is for a name.
  const url = server.url.replace('127.0.0.1', 'localhost')
  const { publicUrl } = ctx.corps.get(corpId)
  await setCorp(ctx, 'test', corpId, { publicUrl: url })
  await saveWays(ctx, 'test', corpId, { ways: ['wecom', 'passkey'] })
  const { cookie, sessionId, csrf } = await signIn(world, { userId: 'lisi' })
  const who = callerWith(url, cookie, sessionId, csrf)
  const authenticator = authenticatorAt(url)
  const begun = (await who.post('/web/passkeys/begin')).body
  const response = authenticator.make(begun.options)
  await who.post('/web/passkeys/finish', { state: begun.state, response, name: '手机' })
  await setCorp(ctx, 'test', corpId, { publicUrl })
  const nobody = callerWith(url, '', '', '')
  return async () => {
    await setCorp(ctx, 'test', corpId, { publicUrl: url })
    const { state, options } = (await nobody.post('/web/sign-in/passkey/begin')).body
    const answer = await nobody.post('/web/sign-in/passkey', { state, response: authenticator.sign(options) })
    await setCorp(ctx, 'test', corpId, { publicUrl })
    return inOr(answer)
  }
}

async function byCas(world: World): Promise<WaysIn> {
  const service = 'https://old.example.com/'
  await addCasApp(world, '旧系统', { services: [service], ticketSeconds: 300 })
  const { cookie } = await signIn(world, { userId: 'lisi' })
  const cas = casAt(world.ctx.appSignIns.addressesOf(world.corpId).casBase)
  const tickets = await Promise.all([1, 2, 3].map(() => cas.ticket(cookie, service)))
  return {
    'the login of CAS': {
      async go() {
        const { location, text } = await cas.login(cookie, { service })
        return location.startsWith(`${service}?ticket=`) ? 'in' : text
      },
    },
    'a ticket of CAS': {
      async go() {
        const { text } = await cas.ask('serviceValidate', { service, ticket: tickets.pop() ?? '' })
        return text.includes('<cas:user>lisi</cas:user>') ? 'in' : text
      },
    },
  }
}

async function packet(world: World): Promise<WayIn> {
  const dev = await world.addDeveloper({ packets: 'allowed' })
  const session = await openSession(dev, await register(dev, 'phone'))
  const token = await dev.token()
  const path = '/api/user/get'
  return async () =>
    inOr(await send(world.server.url, token, session, path, packetOf(session, path, { userId: 'lisi' })))
}

async function passedOn(world: World): Promise<WayIn> {
  const { ctx, corpId, sandbox } = world
  const agentId = await world.connectAgent(sandbox.agents[1]?.agentId)
  const dev = await world.addDeveloper({ scopes: ['upstream:call'], upstreamPaths: ['wecom/getcallbackip'] })
  await addApp(ctx, 'test', corpId, { name: '报修', devId: dev.devId, agentId })
  await dev.token()
  return async () => inOr(await dev.get('/api/wecom/getcallbackip', { agentId }))
}

const told = '收到'

async function toAgent(world: World): Promise<WayIn> {
  const agentId = await world.connectAgent()
  const by = { actor: 'test', kind: agentKind, owner: agentOwner(world.corpId, agentId) }
  await addRules(world.ctx, by, [newRuleOf({ kind: 'default', contents: [{ type: 'text', content: told }] })])
  return async () => {
    const { reply } = await world.control('agents/act', {
      agentId,
      userId: 'lisi',
      act: 'text',
      content: '在吗',
    })
    return reply === null ? '' : (reply as { Content: string }).Content === told ? 'in' : String(reply)
  }
}

async function toAccount({ ctx, corpId, server }: World): Promise<WayIn> {
  const account = await bindAccount(ctx, 'test', corpId, {
    originalId: 'gh_waysin',
    name: '示例公众号',
    appId: 'wxba5fad812f8e6fb9',
    secret: 'made up',
    mode: 'plain',
  })
  await addAccountRules(ctx, { actor: 'test', account }, [newRule({ kind: 'default', contents: say(told) })])
  let id = 1
  return async () => {
    const plain = pushXml('gh_waysin', { from: 'oReader', msgId: String(id++), fields: textFields('在吗') })
    const read = textOf((await pushTo(server.url, account, plain)).body)
    return read === told ? 'in' : read === 'success' ? '' : read
  }
}
