import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { setCorpProtection, setInstallationProtection } from '../../callers/protection/set-protection.ts'
import { requireSecondFactor } from '../../callers/sign-in/factor/second-factor.ts'
import { saveWays } from '../../callers/sign-in/ways/ways.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addRole, giveRole } from '../../organisation/roles/own-roles.ts'
import { checks } from './assess.ts'
import type { TreeState } from './governance.ts'
import type { AssessedState } from './state.ts'

let world: World
let as: SignedInClient
let manager: Manager
beforeAll(async () => {
  world = await startWorld({ members: 5 })
  as = await signInAs(world, 'super', 'zhangsan')
  manager = await managerBy(world)
})
afterAll(() => world.close())

type Clause = { clause: string; verdict: string; why: string; place: { path: string } | null }
const list = async (): Promise<Clause[]> => (await as.get('/web/console/compliance')).body.list
const verdictOf = async (clause: string) => (await list()).find(one => one.clause === clause)?.verdict

it('judges each clause once, alike by page, call and command', async () => {
  const page = await list()
  expect(page.map(one => one.clause)).toEqual(checks.map(one => one.clause))
  expect(new Set(page.map(one => one.clause)).size).toBe(page.length)
  const called = (await manager.get('/api/admin/compliance')).body
  expect(called.list).toEqual(page)
  const { text, data } = await runCommand(world.ctx, ['compliance'])
  expect(data).toMatchObject({ counts: called.counts })
  expect(text).toContain(`不符合 ${called.counts.not}`)
})

it('follows the settings: passwords, idle times, second factors, networks, watermark', async () => {
  const { ctx, corpId } = world
  const asked = ['8.1.4.1 a', '8.1.4.1 b', '8.1.4.1 d', '8.1.4.4 c', '8.1.4.11 b']
  const verdicts = async () => Promise.all(asked.map(verdictOf))
  expect(await verdicts()).toEqual(['partly', 'partly', 'partly', 'not', 'partly'])
  await setInstallationProtection(ctx, 'test', {
    passwordKinds: 3,
    passwordDays: 90,
    adminIdleMinutes: 30,
    consoleNetworks: ['10.0.0.0/8'],
  })
  expect(await verdicts()).toEqual(['met', 'partly', 'partly', 'partly', 'partly'])
  await setCorpProtection(ctx, 'test', corpId, {
    adminIdleMinutes: 30,
    consoleNetworks: ['127.0.0.1'],
    watermark: true,
  })
  expect(await verdicts()).toEqual(['met', 'met', 'partly', 'met', 'met'])
  await saveWays(ctx, 'test', corpId, { insideDays: 7 })
  expect(await verdictOf('8.1.4.1 b')).toBe('partly')
  await requireSecondFactor(ctx, 'test', true)
  // Who administrates has to set one up now, and the command line is asked.
  const { list: after } = (await runCommand(ctx, ['compliance'])).data as { list: Clause[] }
  expect(after.find(one => one.clause === '8.1.4.1 d')?.verdict).toBe('met')
})

it('says of https and of backups what is so', async () => {
  const { ctx } = world
  await requireSecondFactor(ctx, 'test', false)
  expect([await verdictOf('8.1.4.1 c'), await verdictOf('8.1.4.9 a'), await verdictOf('8.1.4.9 c')]).toEqual([
    'not',
    'not',
    'not',
  ])
})

it('tells who has own roles, who of them is an auditor, and that nothing is proved or forwarded', async () => {
  const { ctx, corpId } = world
  const why = async (clause: string) => (await list()).find(one => one.clause === clause)?.why
  expect(await why('8.1.4.2 d')).toContain('现在没有人使用')
  expect(await why('8.1.5.2')).toContain('没有单独的审计员')
  expect(await why('8.1.5.4 d')).toContain('本企业没有接收端，平台没有接收端')
  const maker = { actor: 'test', person: undefined }
  const give = async (name: string, points: string[], userId: string) => {
    const role = { name, points, range: { kind: 'corp' }, until: null } as const
    await giveRole(ctx, maker, corpId, await addRole(ctx, maker, corpId, role), userId, null)
  }
  const [one = '', two = ''] = [...ctx.mirrors.of(corpId).members.all()]
    .map(member => member.userId)
    .filter(userId => userId !== 'zhangsan')
  await give('审计员', ['console:use', 'audit:read', 'audit:export'], one)
  await give('应用管理员', ['console:use', 'audit:read', 'app:edit'], two)
  expect(await why('8.1.4.2 d')).toContain('2 人有自定义角色')
  expect(await why('8.1.5.2')).toContain('1 人的自定义角色')
  await give('另一角色', ['app:edit'], one)
  expect(await why('8.1.5.2')).toContain('没有单独的审计员')
})

const proved: TreeState = { isProved: true, isSent: true, found: 0 }
it.each<[TreeState, TreeState, string, string]>([
  [proved, proved, 'met', '没有发现问题'],
  [{ ...proved, found: 2 }, proved, 'not', '本企业的审计最近一次验证发现问题'],
  [proved, { ...proved, isProved: false, isSent: false }, 'partly', '平台的审计没有设置检查点发到哪里'],
  [{ ...proved, isProved: false }, proved, 'partly', '本企业的审计未证明'],
  [proved, { ...proved, found: undefined }, 'partly', '平台的审计还没有完成验证'],
])('judges the records by both trees: %j and %j', (corp, installation, verdict, words) => {
  const state = {
    auditDays: 400,
    signInLogDays: 400,
    backup: { plan: { enabled: true }, isOverdue: false },
    trees: { corp, installation },
  } as unknown as AssessedState
  const found = checks.find(one => one.clause === '8.1.4.3 c')!.find(state)
  expect(found.verdict).toBe(verdict)
  expect(found.why.zh).toContain(words)
})
