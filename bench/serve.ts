import '../server/platform/operation/heap.ts'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { certificateOf } from '../sandbox/smtp/certificate.ts'
import { hashOf, newToken } from '../server/callers/admin-tokens/token.ts'
import { insertToken } from '../server/callers/admin-tokens/token-store.ts'
import { addDeveloper, setDeveloper } from '../server/callers/developers/developer-admin.ts'
import { insertSession } from '../server/callers/sessions/session-store.ts'
import { absoluteMs } from '../server/callers/sessions/sessions.ts'
import { insertAdminAccount } from '../server/callers/sign-in/account-store.ts'
import { hashPassword } from '../server/callers/sign-in/passwords.ts'
import { issueTicket } from '../server/callers/tickets/tickets.ts'
import { setSignIn } from '../server/features/app-sign-in/set-sign-in.ts'
import { addApp } from '../server/features/apps/apps.ts'
import { setClient } from '../server/features/ldap/clients/set-client.ts'
import { startLdap, usualOptions } from '../server/features/ldap/listen/server.ts'
import { makePassword } from '../server/features/ldap/passwords/passwords.ts'
import { baseOf, bindDnOf, personDn } from '../server/features/ldap/tree/places.ts'
import { bindAccount } from '../server/features/official/accounts/bind.ts'
import { requestPull } from '../server/features/official/followers/pull/pull.ts'
import { findPull, type Pull } from '../server/features/official/followers/pull/store.ts'
import type { NewRule } from '../server/features/official/replies/account-rules.ts'
import { addRules } from '../server/features/official/replies/edit.ts'
import { addMerchant } from '../server/features/payments/merchants/connect.ts'
import { addSource } from '../server/features/todo-sources/sources.ts'
import { setTodoAppSettings } from '../server/features/todos/settings/settings.ts'
import { addCorp, callbackSettings } from '../server/organisation/corps/corps.ts'
import { switchAllOn } from '../server/organisation/corps/features/switch.ts'
import { settle } from '../server/organisation/directory/search/settle.ts'
import { setRole } from '../server/organisation/people/administrators.ts'
import { requestSync } from '../server/organisation/sync/request.ts'
import { findRun, type Run } from '../server/organisation/sync/runs/run-store.ts'
import { readConfig } from '../server/platform/config.ts'
import { adminScopes } from '../server/platform/http/admin/admin-scope.ts'
import { type Server, startServer } from '../server/server.ts'
import { previewSource } from './cases/typed/preview-source.ts'
import { answerParent } from './processes.ts'

/**
 * The server of server/main.ts with additional questions for what has no HTTP call: connecting a corp,
 * starting a sync, counting rows.
 */
export type BenchAccess = {
  developers: { devId: string; devSecret: string }[]
  /** One whose reads are refused beyond sixty a minute. */
  flooding: { devId: string; devSecret: string }
  callback: { url: string; token: string; encodingAesKey: string }
}

export type BoundAccount = { originalId: string; appId: string; token: string; encodingAesKey: string }

const pollMs = 100

/** The generator calls more often than anybody would; limits are counted all the same. */
const noLimit = { perMinute: 1_000_000_000, perDay: 1_000_000_000 }
const withoutLimits = { read: noLimit, write: noLimit, message: noLimit, pay: noLimit, token: noLimit }

async function connect(
  { ctx }: Server,
  corp: { corpId: string; contactSecret: string; developers: number },
): Promise<BenchAccess> {
  const { corpId, contactSecret } = corp
  const added = await addCorp(ctx, 'bench', { corpId, contactSecret, name: '基准企业' })
  await switchAllOn(ctx, 'bench', corpId)
  const developers = []
  for (let n = 0; n < corp.developers; n++)
    developers.push(
      await addDeveloper(ctx, 'bench', corpId, {
        name: `基准 ${n}`,
        packets: 'allowed',
        callLimits: withoutLimits,
      }),
    )
  const flooding = await addDeveloper(ctx, 'bench', corpId, {
    name: '超限',
    callLimits: { read: { perMinute: 60 } },
  })
  return { developers, flooding, callback: callbackSettings(ctx, added) }
}

async function sync({ ctx }: Server, corpId: string): Promise<Run> {
  const id = await requestSync(ctx, 'bench', corpId, 'full')
  for (;;) {
    const run = await findRun(ctx.db, corpId, id)
    if (run && run.state !== 'waiting' && run.state !== 'running') return run
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}

/** Finishes the work on the search index that a sync leaves for later; returns the time in ms. */
async function settleSearch({ ctx }: Server, corpId: string): Promise<number> {
  const startedAt = performance.now()
  await settle(ctx.mirrors.of(corpId).search)
  return performance.now() - startedAt
}

const appCount = 60
const sessionCount = 500

/** Creates sixty apps that everyone sees and signs members in, the last one a super administrator; returns the cookies of their sessions. */
async function populatePortal({ ctx }: Pick<Server, 'ctx'>, corpId: string): Promise<string[]> {
  for (let n = 0; n < appCount; n++) {
    const homeUrl = `https://app${n}.example.com/home?from=wisp`
    const category = ['办公', '人事', '财务', '后勤'][n % 4]!
    await addApp(ctx, 'bench', corpId, { name: `应用示例 ${n}`, homeUrl, category, description: '基准用' })
  }
  const { members } = await ctx.mirrors.load(corpId)
  const active = [...members.all()].filter(member => member.status === 1)
  const last = active[Math.min(active.length, sessionCount) - 1]
  if (last) await setRole(ctx, 'bench', corpId, last.userId, { level: 2 })
  const createdAt = new Date(ctx.now())
  const expiresAt = new Date(ctx.now() + absoluteMs)
  const cookies = active.slice(0, sessionCount).map(member => ({ memberId: member.id, value: ctx.newId() }))
  for (const { memberId, value } of cookies) {
    const id = createHash('sha256').update(value).digest('hex')
    const session = { id, corpId, memberId, adminName: null, createdAt, expiresAt }
    await insertSession(ctx.db, { ...session, acr: 2, amr: ['qr'] })
  }
  return cookies.map(one => `wisp_session=${one.value}`)
}

/** Every write of a member row changes its xmin, so the sum shows whether rows were written. */
export type MemberRows = { rows: number; xmins: string }

async function memberRows({ ctx }: Server): Promise<MemberRows> {
  const found = await sql<MemberRows>`
    select count(*)::int as rows, sum(xmin::text::bigint)::text as xmins from member`.execute(ctx.db)
  return found.rows[0] ?? { rows: 0, xmins: '' }
}

async function callbackRows({ ctx }: Server): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from inbox_event where source = 'callback'`.execute(ctx.db)
  return found.rows[0]?.n ?? 0
}

async function bindOfficial(
  { ctx }: Server,
  { corpId, rules }: { corpId: string; rules: NewRule[] },
): Promise<BoundAccount> {
  const names = { originalId: 'gh_bench', name: '基准公众号', appId: 'wx0123456789abcdef', secret: 'made up' }
  const account = await bindAccount(ctx, 'bench', corpId, names)
  await addRules(ctx, { actor: 'bench', account }, rules)
  return { originalId: account.originalId, appId: account.appId, ...account.callback }
}

type PullOrder = {
  corpId: string
  official: { originalId: string; appId: string; secret: string; name: string }
}

async function pullFollowers({ ctx }: Server, { corpId, official }: PullOrder): Promise<Pull> {
  const { originalId, appId, secret, name } = official
  const settings = { originalId, appId, secret, name, kind: 'service', verified: true } as const
  const account = await bindAccount(ctx, 'bench', corpId, settings)
  let pull = await requestPull(ctx, 'bench', account)
  while (pull.state === 'running') {
    await delay(pollMs)
    pull = (await findPull(ctx.db, account)) ?? pull
  }
  return pull
}

export type PaymentsBed = { jessionIds: string[]; userIds: string[] }

const ticketCount = 2000

/** Bills of all members, an app that is marked as 一码通, and tickets of it. The first developer may make bills. */
async function seedBills(
  { ctx }: Server,
  { corpId, devId, bills }: { corpId: string; devId: string; bills: number },
): Promise<PaymentsBed> {
  await setDeveloper(ctx, 'bench', devId, {
    scopes: ['directory:read', 'message:send', 'sms:send', 'pay:write'],
  })
  const { id: appId } = await addApp(ctx, 'bench', corpId, { name: '一码通', devId, payShortcut: true })
  // Bills are made only while a merchant collects; nobody pays these.
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const serial = 'A'.repeat(40)
  const merchant = { mchId: '1900000001', name: '食堂', appIds: [corpId], serial, privateKey }
  await addMerchant(ctx, 'bench', corpId, { ...merchant, apiV3Key: 'k'.repeat(32) })
  await sql`
    insert into pay_bill (corp_id, dev_id, bill_no, content_hash, payer_id, payer_user_id, payer_name, title, amount, state,
      created_at)
    select ${corpId}, ${devId}, 'S-' || n, md5(n::text), people.ids[1 + n % cardinality(people.ids)], 'u', 'n', '餐费', 100,
      case n % 4 when 0 then 'open' when 1 then 'closed' else 'paid' end, now()
    from generate_series(1, ${bills}) as n,
      (select array_agg(id) as ids from member where corp_id = ${corpId} and left_at is null) as people`.execute(
    ctx.db,
  )
  await sql`vacuum analyze pay_bill`.execute(ctx.db)
  const { members } = await ctx.mirrors.load(corpId)
  const active = [...members.all()].filter(member => member.status === 1)
  const jessionIds: string[] = []
  for (const { id: memberId } of active.slice(0, ticketCount))
    jessionIds.push((await issueTicket(ctx.db, ctx, { corpId, appId, memberId })).jessionId)
  return { jessionIds, userIds: active.slice(0, ticketCount).map(member => member.userId) }
}

export type ManagerBed = { tokens: string[]; appIds: string[] }

const managedApps = 20
/** Each makes at most 300 calls a minute. */
const managingTokens = 200

/** Tokens of management with all scopes, and apps that they may change. */
async function seedManager({ ctx }: Server, corpId: string): Promise<ManagerBed> {
  const createdAt = new Date(ctx.now())
  const account = { name: 'bench', password: await hashPassword(newToken()), mustChange: false }
  await insertAdminAccount(ctx.db, account, createdAt)
  const tokens = Array.from({ length: managingTokens }, newToken)
  const expiresAt = new Date(createdAt.getTime() + 86_400_000)
  const kept = { scopes: [...adminScopes], addresses: ['127.0.0.1'], createdAt, expiresAt }
  for (const token of tokens)
    await insertToken(ctx.db, {
      ...{ corpId: null, name: '基准', adminName: account.name, memberId: null, hash: hashOf(token) },
      ...kept,
    })
  const appIds: string[] = []
  for (let n = 0; n < managedApps; n++) {
    const app = await addApp(ctx, 'bench', corpId, { name: `应用 ${n}`, homeUrl: 'https://app.example.com/' })
    appIds.push(app.id)
  }
  return { tokens, appIds }
}

export type TodosBed = {
  corpId: string
  developer: { devId: string; devSecret: string }
  agentId: string
  userIds: string[]
  cookies: string[]
}

/** To-dos of all members in an app whose setting reminds and passes on, a developer who puts more, and people who are signed in. */
async function seedTodos(
  { ctx }: Server,
  { corpId, todos }: { corpId: string; todos: number },
): Promise<TodosBed> {
  const settings = { name: '待办', scopes: ['todo:read', 'todo:write'], callLimits: withoutLimits }
  const developer = await addDeveloper(ctx, 'bench', corpId, settings)
  const { devId } = developer
  const { id: agentId } = await addApp(ctx, 'bench', corpId, {
    name: 'OA',
    homeUrl: 'https://oa.example.com/',
    devId,
  })
  await setTodoAppSettings(ctx, 'bench', corpId, agentId, { remindMinutes: [-60, 0], mayPassOn: true })
  await sql`
    insert into todo (corp_id, app_id, todo_no, member_id, kind, state, title, pc_url, mobile_url, sender, process, step, content,
      priority, due_at, finish_by, created_at, changed_at, care_at)
    select ${corpId}, ${agentId}, 'S-' || n, people.ids[1 + n % cardinality(people.ids)], 'todo',
      case n / 7 % 4 when 0 then 'done' else 'open' end, '第 ' || n || ' 份合同审批', 'https://oa.example.com/approve?id=' || n, '',
      '张三', '合同审批', '部门负责人', '', 0, now() + n * interval '1 minute', 'app', now() - n * interval '1 second', now(),
      case n / 7 % 4 when 0 then null else now() + n * interval '1 minute' - interval '1 hour' end
    from generate_series(121, 120 + ${todos}::int) as n,
      (select array_agg(id) as ids from member where corp_id = ${corpId} and left_at is null) as people`.execute(
    ctx.db,
  )
  await sql`vacuum analyze todo`.execute(ctx.db)
  const { members } = await ctx.mirrors.load(corpId)
  const active = [...members.all()].filter(member => member.status === 1)
  const userIds = active.slice(0, ticketCount).map(member => member.userId)
  return { corpId, developer, agentId, userIds, cookies: await populatePortal({ ctx }, corpId) }
}

export type SignInsBed = {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUri: string
  casPath: string
  service: string
  cookies: string[]
}

/** An application of OpenID Connect, one of CAS, and people who are signed in to wisp. */
async function seedSignIns({ ctx }: Server, corpId: string): Promise<SignInsBed> {
  const by = { actor: 'bench', approves: true }
  const homeUrl = 'https://app.example.com/'
  const redirectUri = `${homeUrl}callback`
  const oidc = await addApp(ctx, 'bench', corpId, { name: 'OpenID Connect', homeUrl })
  const made = await setSignIn(ctx, by, corpId, oidc.id, {
    kind: 'oidc',
    oidc: { redirectUris: [redirectUri] },
  })
  const cas = await addApp(ctx, 'bench', corpId, { name: 'CAS', homeUrl })
  const settings = { services: [homeUrl], ticketSeconds: 300, singleLogout: false }
  await setSignIn(ctx, by, corpId, cas.id, { kind: 'cas', cas: settings })
  const { issuer, casBase } = ctx.appSignIns.addressesOf(corpId)
  return {
    issuer,
    clientId: made.signIn?.oidc?.clientId ?? '',
    clientSecret: made.clientSecret,
    redirectUri,
    casPath: new URL(casBase).pathname,
    service: `${homeUrl}start`,
    cookies: await populatePortal({ ctx }, corpId),
  }
}

export type LdapBed = {
  port: number
  securePort: number
  bindDn: string
  secret: string
  base: string
  person: string
  appPassword: string
  uids: string[]
}

/** Listens for LDAP in this process, with a client and an application password. */
async function serveLdap({ ctx }: Server, corpId: string): Promise<LdapBed> {
  const { id: appId } = await addApp(ctx, 'bench', corpId, { name: 'LDAP' })
  const client = { corpId, name: 'bench' }
  const { secret } = await setClient(ctx, { actor: 'bench' }, corpId, appId, {
    name: client.name,
    fields: ['mail'],
  })
  const people = [...ctx.mirrors.of(corpId).members.all()].filter(one => one.status === 1).slice(0, 2000)
  const { id: memberId, userId, name } = people[0]!
  const owner = { corpId, memberId, userId, name }
  const proof = { acr: 2, amr: ['qr'], authAt: ctx.now() } as const
  const who = { owner, sessionId: '', address: '127.0.0.1', proof }
  ctx.config.ldapPlain.addAddress('127.0.0.1')
  const file = (name: string) => join(ctx.config.dataDir, name)
  const certificate = { cert: file('ldap.crt'), key: file('ldap.key') }
  const { cert, key } = certificateOf(40, '127.0.0.1')
  writeFileSync(certificate.cert, cert)
  writeFileSync(certificate.key, key)
  const listening = { host: '127.0.0.1', port: 0, securePort: 0, certificate }
  const { port, securePort } = await startLdap(ctx, { ...usualOptions, connectionsEach: 2000, ...listening })
  return {
    port,
    securePort,
    bindDn: bindDnOf(client),
    secret,
    base: baseOf(client),
    person: personDn(client, userId),
    appPassword: await makePassword(ctx, who, appId),
    uids: people.map(one => one.userId),
  }
}

/** An app in WeCom of a developer, in whose name they may have this call made. */
async function seedPassthrough(
  { ctx }: Server,
  { corpId, devId, agentId, path }: { corpId: string; devId: string; agentId: number; path: string },
): Promise<void> {
  const scopes = ['directory:read', 'message:send', 'upstream:call']
  await setDeveloper(ctx, 'bench', devId, { scopes, upstreamPaths: [path] })
  await addApp(ctx, 'bench', corpId, { name: '代调用', devId, agentId })
}

/** A system that sends to-dos, by the path of its address. */
async function seedSource({ ctx }: Server, corpId: string): Promise<{ path: string }> {
  const { id: appId } = await addApp(ctx, 'bench', corpId, { name: 'OA', homeUrl: 'https://oa.example.com/' })
  const source = { appId, kind: 'weaver', name: 'OA', match: 'userid' } as const
  const { base } = await addSource(ctx, 'bench', corpId, source)
  return { path: new URL(base).pathname }
}

export type MemoryUse = { rssMb: number; heapMb: number; externalMb: number }

const settledMb = 2
const settlesAtMost = 20

/** Of this process, once collections (which need `--expose-gc`) give nothing back any more: V8 returns pages seconds after it is idle. */
async function memoryUsed(): Promise<MemoryUse> {
  let last = Number.POSITIVE_INFINITY
  for (let n = 0; n < settlesAtMost; n++) {
    globalThis.gc?.()
    await delay(1000)
    const now = process.memoryUsage.rss() / 2 ** 20
    if (last - now < settledMb && n > 2) break
    last = now
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, externalMb: external / 2 ** 20 }
}

const server = await startServer(readConfig(process.env))
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
answerParent(
  { ready: server.url },
  {
    connect: (corp: { corpId: string; contactSecret: string; developers: number }) => connect(server, corp),
    sync: ({ corpId }: { corpId: string }) => sync(server, corpId),
    settleSearch: ({ corpId }: { corpId: string }) => settleSearch(server, corpId),
    portal: ({ corpId }: { corpId: string }) => populatePortal(server, corpId),
    bindOfficial: (given: { corpId: string; rules: NewRule[] }) => bindOfficial(server, given),
    seedBills: (given: { corpId: string; devId: string; bills: number }) => seedBills(server, given),
    seedManager: ({ corpId }: { corpId: string }) => seedManager(server, corpId),
    seedTodos: (given: { corpId: string; todos: number }) => seedTodos(server, given),
    seedSignIns: ({ corpId }: { corpId: string }) => seedSignIns(server, corpId),
    serveLdap: ({ corpId }: { corpId: string }) => serveLdap(server, corpId),
    seedPassthrough: (given: { corpId: string; devId: string; agentId: number; path: string }) =>
      seedPassthrough(server, given),
    seedSource: ({ corpId }: { corpId: string }) => seedSource(server, corpId),
    previewSource: ({ corpId }: { corpId: string }) => previewSource(server, corpId),
    memberRows: () => memberRows(server),
    memory: memoryUsed,
    callbackRows: () => callbackRows(server),
    pullFollowers: (given: PullOrder) => pullFollowers(server, given),
  },
)
