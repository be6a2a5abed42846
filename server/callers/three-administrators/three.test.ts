import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn, signInAs } from '../../../test/sign-in.ts'
import { people, separate, signInSurely, unite, withFactor } from '../../../test/three.fixture.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { allEntered } from '../../features/audit-tree/entered.fixture.ts'
import { checkGrants } from '../../features/audit-tree/grants/check.ts'
import { grantsRow } from '../../features/audit-tree/grants/grants-store.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { addGroup, setGroup } from '../../organisation/groups/groups.ts'
import { removeRole, setRole } from '../../organisation/people/administrators.ts'
import { addRole, giveRole } from '../../organisation/roles/own-roles.ts'
import { jointWaiting, threeAlike, threeVacant } from '../../organisation/three/causes.ts'
import { agree, propose, refuse, type ThreeActor } from '../../organisation/three/joint-acts.ts'
import { insertHolder, liveHolders } from '../../organisation/three/three-store.ts'
import { resetSecondFactor, secondFactorStatus } from '../sign-in/factor/second-factor.ts'
import { lossesOf, switchOn } from './switch-on.ts'

let world: World
let fourth: string
beforeAll(async () => {
  world = await startWorld()
  const named: readonly string[] = Object.values(people)
  fourth = [...world.ctx.mirrors.of(world.corpId).members.all()].find(
    one => !named.includes(one.userId) && one.status === 1,
  )!.userId
})
afterAll(() => world.close())
afterEach(async () => {
  await unite(world)
  const { ctx } = world
  await ctx.db.updateTable('member').set({ mobile: '' }).execute()
  await ctx.db.deleteFrom('member_role').execute()
  await ctx.db.deleteFrom('own_role').execute()
  await ctx.reloadConfig()
})

const idOf = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId.toLowerCase())!.id
const by = (role: keyof typeof people): ThreeActor => ({
  role,
  actor: people[role],
  memberId: idOf(people[role]),
})
const proposed = (role: keyof typeof people, kind: string, given: object) =>
  propose(world.ctx, by(role), world.corpId, kind, given)
const agreed = (role: keyof typeof people, id: number) => agree(world.ctx, by(role), world.corpId, id)
const setMobile = (userId: string, mobile: string) =>
  world.ctx.db.updateTable('member').set({ mobile }).where('id', '=', idOf(userId)).execute()
const actsOf = async () =>
  (
    await world.ctx.db
      .selectFrom('audit')
      .select(['act', 'actor', 'target'])
      .orderBy('id', 'desc')
      .limit(4)
      .execute()
  ).map(({ act, actor, target }) => `${act} ${actor} ${target}`)

describe('switching on', () => {
  it('says who loses what, ends sessions and tokens, and appoints the three at once', async () => {
    const { ctx, corpId } = world
    const superAdministrator = await signInAs(world, 'super', people.security)
    const token = await managerBy(world, { corpId })
    const { losses, tokens } = await lossesOf(ctx, corpId)
    expect(tokens).toBe(1)
    const own = losses.find(one => one.userId === people.security)
    expect(own?.points).toContain('audit:read')
    expect(own?.points).not.toContain('message:send')
    expect(losses[0]).toMatchObject({ isAccount: true })
    const body = {
      chosen: [
        { role: 'security', userId: people.security, declared: true },
        { role: 'auditor', userId: people.auditor, declared: true },
      ],
      confirm: 'x',
    }
    expect(await superAdministrator.post('/web/three/on', body)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('confirm'),
    })
    expect(await superAdministrator.post('/web/three/on', { ...body, confirm: corpId })).toMatchObject({
      retCode: '0',
    })
    expect((await superAdministrator.get('/web/three')).status).toBe(401)
    expect(await token.get('/api/admin/three')).toMatchObject({ retCode: '1004' })
    expect((await liveHolders(ctx.db)).map(one => `${one.role} ${one.userId}`)).toEqual([
      'system admin',
      `security ${people.security}`,
      `auditor ${people.auditor}`,
    ])
    // With one factor nobody is one of the three.
    const lisi = await signIn(world, { userId: people.security })
    expect(await lisi.get('/web/three')).toMatchObject({ status: 403 })
    const surely = await signInSurely(world, people.security)
    expect((await surely.get('/web/three')).body).toMatchObject({ isOn: true, you: 'security' })
    await expect(switchOn(ctx, 'x', corpId, [], corpId)).rejects.toThrow('至少需要一名')
  })

  it('refuses one person as two of the three, also in two corps and by the database', async () => {
    const { ctx, corpId } = world
    const other = 'ww00000000000000aa'
    await addCorp(ctx, 'test', { corpId: other, name: '另一企业', contactSecret: 'x' }).catch(() => undefined)
    await setMobile(people.security, '13800000001')
    const holder = {
      corpId: other,
      person: '13800000001',
      adminName: null,
      memberCorp: other,
      memberId: 999_999,
      userId: 'li.si',
      name: '李四',
      declared: false,
      givenBy: 'x',
      givenAt: new Date(),
    }
    const put = (role: 'auditor' | 'security') =>
      ctx.db.transaction().execute(tx => insertHolder(tx, { ...holder, role }))
    await put('auditor')
    await expect(separate(world)).rejects.toThrow(`已是审计员（企业 ${other}）`)
    await expect(put('security')).rejects.toThrow('three_holder')
    expect(ctx.three.isOn(corpId)).toBe(false)
    await setMobile(people.auditor, '13800000001')
    await unite(world)
    await expect(separate(world)).rejects.toThrow('一个人只能担任一种')
    await ctx.db.deleteFrom('corp').where('corp_id', '=', other).execute()
  })

  it('takes a declaration for somebody without a mobile, and names nobody twice', async () => {
    const { ctx, corpId } = world
    await signIn(world, { admin: 'admin' })
    const chosen = [
      { role: 'security' as const, userId: people.security },
      { role: 'auditor' as const, userId: people.auditor, declared: true },
    ]
    await expect(switchOn(ctx, 'x', corpId, chosen, corpId)).rejects.toThrow('declared')
    const twice = [...chosen, { role: 'system' as const, userId: people.security }]
    await expect(switchOn(ctx, 'x', corpId, twice, corpId)).rejects.toThrow('写了两次')
    expect(await liveHolders(ctx.db)).toEqual([])
  })
})

describe('rights', () => {
  it('take two people: one alone is refused on every way, and a proposal is done by the agreement of another', async () => {
    const { ctx, corpId } = world
    await separate(world)
    await expect(setRole(ctx, 'x', corpId, fourth, { level: 2 })).rejects.toThrow('一人提议')
    const maker = { actor: 'x', person: undefined }
    const role = { name: 'r', points: ['app:edit'], range: { kind: 'corp' as const }, until: null }
    await expect(addRole(ctx, maker, corpId, role)).rejects.toThrow('一人提议')
    await expect(giveRole(ctx, maker, corpId, 1, fourth, null)).rejects.toThrow('一人提议')
    const lisi = await signInSurely(world, people.security)
    const answer = await lisi.post('/web/directory/role-set', { userId: fourth, level: '2' })
    expect(answer).toMatchObject({ retCode: '0', body: { proposed: expect.any(Number) } })
    const id = answer.body.proposed
    expect(ctx.roles.of(idOf(fourth))).toBeUndefined()
    // Neither the one who proposed it nor the auditor can be the other.
    await expect(agreed('security', id)).rejects.toThrow('已经同意')
    await expect(agreed('auditor', id)).rejects.toThrow('系统管理员、安全管理员')
    expect(await agreed('system', id)).toBe(true)
    expect(ctx.roles.of(idOf(fourth))?.level).toBe(2)
    expect(await actsOf()).toEqual([
      `role.set ${people.system} ${fourth}`,
      `joint.agree ${people.system} ${fourth}`,
      `joint.propose ${people.security} ${fourth}`,
      expect.stringContaining('three.on'),
    ])
    await expect(agreed('system', id)).rejects.toThrow('没有等待确认')
    await removeRole(ctx, people.security, corpId, fourth)
  })

  it('by roles of the corp: made, given, and void for whoever has a part in what is theirs', async () => {
    const { ctx } = world
    await separate(world)
    const made = await proposed('system', 'own-role', {
      name: '业务',
      points: ['app:edit', 'audit:read'],
      range: { kind: 'corp' },
    })
    expect(await agreed('security', made)).toBe(true)
    const [role] = await ctx.db.selectFrom('own_role').select('id').execute()
    const given = await proposed('security', 'own-role.give', { id: role!.id, userId: fourth })
    expect(await agreed('system', given)).toBe(true)
    const holder = await signIn(world, { userId: fourth })
    expect((await holder.get('/web/audit')).status).toBe(403)
    await expect(
      proposed('system', 'own-role.give', { id: role!.id, userId: people.system }),
    ).rejects.toThrow('涉及自己')
    await expect(proposed('system', 'nothing', {})).rejects.toThrow('kind')
    await expect(proposed('system', 'role', { userId: 'nobody', level: 2 })).rejects.toThrow('nobody')
    await expect(proposed('system', 'role', { userId: fourth, level: 1 })).rejects.toThrow('given')
  })

  it('by roles that groups give: no group that gives one is changed by one alone', async () => {
    const { ctx, corpId } = world
    const settings = { name: '业务人员', note: '', rule: null, userIds: [fourth] }
    const group = await addGroup(ctx, { actor: 'test' }, corpId, settings)
    const ofThree = await addGroup(ctx, { actor: 'test' }, corpId, {
      ...settings,
      name: '含三员',
      userIds: [people.security],
    })
    await separate(world)
    const role = { name: '按人群', points: ['app:edit'], range: { kind: 'corp' }, groups: [group] }
    await expect(proposed('system', 'own-role', { ...role, groups: [99_999] })).rejects.toThrow('99999')
    const toOwn = proposed('security', 'own-role', { ...role, groups: [ofThree] })
    await expect(toOwn).rejects.toThrow('涉及自己')
    expect(await agreed('security', await proposed('system', 'own-role', role))).toBe(true)
    expect(ctx.roles.grantsOf(corpId, idOf(fourth))).toMatchObject([{ name: '按人群' }])
    await expect(
      setGroup(ctx, { actor: 'root' }, corpId, group, { userIds: [fourth, people.auditor] }),
    ).rejects.toThrow('三员分立已开启')
    await setGroup(ctx, { actor: 'root' }, corpId, group, { note: '只改备注' })
  })

  it('lapse after three days, are refused by either, and void when who agreed is none of the three any more', async () => {
    const { ctx, corpId, clock } = world
    await separate(world)
    const given = { userId: fourth, level: 3, departments: [{ departmentId: 1, manage: true }] }
    const late = await proposed('system', 'role', given)
    clock.offsetMs += 3 * 86_400_000 + 1000
    await expect(agreed('security', late)).rejects.toThrow('到期')
    clock.offsetMs = 0
    const taken = await proposed('system', 'role', given)
    await refuse(ctx, by('security'), corpId, taken)
    await expect(agreed('security', taken)).rejects.toThrow('没有等待确认')
    const left = await proposed('system', 'role', given)
    const id = await proposed('security', 'three.dismiss', { role: 'system', userId: people.system })
    expect(await agreed('auditor', id)).toBe(true)
    await expect(agreed('security', left)).rejects.toThrow('同意无效')
    await expect(agreed('system', left)).rejects.toThrow('不再是')
  })
})

describe('the three themselves', () => {
  it('are appointed and dismissed by the other two, the last of each stays', async () => {
    const { ctx } = world
    await separate(world)
    const appoint = { role: 'auditor', userId: fourth, declared: true }
    await expect(proposed('auditor', 'three.appoint', appoint)).rejects.toThrow('系统管理员、安全管理员')
    await expect(
      proposed('system', 'three.dismiss', { role: 'auditor', userId: people.auditor }),
    ).rejects.toThrow('最后一名')
    await expect(
      proposed('system', 'three.appoint', { role: 'auditor', userId: people.security, declared: true }),
    ).rejects.toThrow('一个人只能担任一种')
    await expect(proposed('security', 'three.dismiss', { role: 'system', userId: 'admin' })).rejects.toThrow(
      '始终是系统管理员',
    )
    const session = await signInSurely(world, fourth)
    expect(await agreed('security', await proposed('system', 'three.appoint', appoint))).toBe(true)
    expect((await session.get('/web/portal/unread')).status).toBe(401)
    const auditor = await signInSurely(world, fourth)
    expect((await auditor.get('/web/audit')).status).toBe(200)
    const dismiss = { role: 'auditor', userId: fourth }
    expect(await agreed('system', await proposed('security', 'three.dismiss', dismiss))).toBe(true)
    expect((await auditor.get('/web/audit')).status).toBe(401)
    expect(ctx.three.roleOf(idOf(fourth))).toBeUndefined()
  })

  it('are grants, which the audit tree knows by their acts and nobody changes by SQL unseen', async () => {
    const { ctx, corpId } = world
    const findings = async () => {
      await allEntered(ctx)
      await checkGrants(ctx, corpId)
      const row = await grantsRow(ctx.db, corpId)
      const own = row!.findings.filter(one => one.source === 'three')
      return own.map(one => `${one.source} ${one.what} ${one.rows?.join()}`)
    }
    await findings()
    await separate(world)
    const appoint = { role: 'auditor', userId: fourth, declared: true }
    await agreed('security', await proposed('system', 'three.appoint', appoint))
    expect(await findings()).toEqual([])
    await agreed(
      'system',
      await proposed('security', 'three.dismiss', { role: 'auditor', userId: people.auditor }),
    )
    expect(await findings()).toEqual([])
    const auditor = ctx.db.updateTable('three_holder').where('user_id', '=', fourth)
    await auditor.set({ role: 'security', person: null, ended_at: new Date() }).execute()
    await ctx.db.deleteFrom('three_scope').execute()
    expect(await findings()).toEqual([`three grantRemoved ${corpId}`, `three grantRemoved ${fourth}`])
    await auditor.set({ role: 'auditor', person: null }).execute()
  })

  it('lose a second factor by the other two together alone', async () => {
    const { ctx, corpId } = world
    await separate(world)
    await withFactor(world, people.auditor)
    const owner = { corpId, memberId: idOf(people.auditor), userId: people.auditor, name: '' }
    await expect(resetSecondFactor(ctx, 'x', owner)).rejects.toThrow('另外两员')
    const lisi = await signInSurely(world, people.security)
    const reset = { userId: people.auditor }
    expect(await lisi.post('/web/console/second-factor/reset', reset)).toMatchObject({ status: 403 })
    const id = await proposed('system', 'three.factor', { role: 'auditor', userId: people.auditor })
    expect(await agreed('security', id)).toBe(true)
    expect(await secondFactorStatus(ctx, owner)).toMatchObject({ isOn: false })
  })

  it('switch it off all three together', async () => {
    const { ctx, corpId } = world
    await separate(world)
    const id = await proposed('auditor', 'three.off', {})
    expect(await agreed('system', id)).toBe(false)
    expect(ctx.three.isOn(corpId)).toBe(true)
    expect(await agreed('security', id)).toBe(true)
    expect(ctx.three.isOn(corpId)).toBe(false)
    expect(await ctx.db.selectFrom('three_person').selectAll().execute()).toEqual([])
  })

  it('keep a role when the last one leaves, and when mobiles become equal, and alert', async () => {
    const { ctx, corpId } = world
    await setMobile(people.security, '13800000001')
    await setMobile(people.auditor, '13800000002')
    await separate(world)
    expect((await threeVacant.find(ctx)).found).toEqual([])
    expect((await threeAlike.find(ctx)).found).toEqual([])
    await setMobile(people.auditor, '13800000001')
    const [alike] = (await threeAlike.find(ctx)).found
    expect(alike).toMatchObject({ corpId, detail: { second: `审计员 ${people.auditor}` } })
    await ctx.db
      .updateTable('member')
      .set({ left_at: new Date() })
      .where('id', '=', idOf(people.auditor))
      .execute()
    const { found } = await threeVacant.find(ctx)
    expect(found).toMatchObject([{ corpId, subject: 'auditor' }])
    expect(threeVacant.tell(found[0]!.detail).what.zh).toContain(people.auditor)
    expect(ctx.three.ofMember(corpId, idOf(people.auditor))).toEqual({ as: 'auditor' })
    await ctx.db.updateTable('member').set({ left_at: null }).where('id', '=', idOf(people.auditor)).execute()
  })
})

it('is read, shown and agreed to by a token, with a code of its maker', async () => {
  const { ctx, corpId, clock } = world
  await separate(world)
  const codeOf = await withFactor(world, people.security)
  const id = await proposed('system', 'role', { userId: fourth, level: 4 })
  const shown = await runCommand(ctx, ['three', 'show'])
  expect(shown.text).toContain('还需 1：安全管理员')
  const waiting = { corpId, subject: String(id), detail: { title: { zh: '设置管理员' }, about: fourth } }
  expect((await jointWaiting.find(ctx)).found).toMatchObject([waiting])
  const manager = await managerBy(world, { corpId, member: people.security })
  expect((await manager.get('/api/admin/three')).body).toMatchObject({ isOn: true })
  expect(await manager.post('/api/admin/three/agree', { id, code: '000000' })).toMatchObject({
    retCode: '1009',
  })
  clock.offsetMs += 31_000
  const code = codeOf()
  expect(await manager.post('/api/admin/three/agree', { id, code })).toMatchObject({ body: { isDone: true } })
  expect(ctx.roles.of(idOf(fourth))?.level).toBe(4)
  expect((await jointWaiting.find(ctx)).found).toEqual([])
  clock.offsetMs = 0
})

it('lets one of the three agree whom WeCom renamed', async () => {
  const { ctx, corpId } = world
  await separate(world)
  const id = await proposed('system', 'role', { userId: fourth, level: 4 })
  const renamed = { ...by('security'), actor: 'lisi.new' }
  expect(await agree(ctx, renamed, corpId, id)).toBe(true)
})
