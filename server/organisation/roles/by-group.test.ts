import { afterAll, beforeAll, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { applySettings, exportSettings, readSettings } from '../../features/settings-file/apply-settings.ts'
import { createGroupSetsOfCorps } from '../directory/mirror/group-sets.ts'
import { memberPut } from '../directory/write/plan.ts'
import { writeDirectory } from '../directory/write/writer.ts'
import { addGroup, setGroup } from '../groups/groups.ts'
import { createOwnRoles } from './kept-roles.ts'
import { addRole, setRole } from './own-roles.ts'

let world: World
let lisi: SignedInClient
let zhangsan: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  lisi = await signInAs(world, 'super', 'lisi')
  zhangsan = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())

const operator = { actor: 'test', person: undefined }
const range = { kind: 'corp' as const }
const points = ['console:use', 'directory:read', 'directory:group']
const make = (name: string, rule: unknown, userIds: string[] = []) =>
  addGroup(world.ctx, { actor: 'test' }, world.corpId, { name, note: '', rule, userIds })
const change = (id: number, group: object) => setGroup(world.ctx, { actor: 'test' }, world.corpId, id, group)
const give = (name: string, groups: number[]) =>
  addRole(world.ctx, operator, world.corpId, { name, points, range, until: null, groups })
const reads = async () => (await zhangsan.get('/web/directory/summary')).status
const rule = (field: string, op: string, ...values: string[]) => ({ field, op, values })

it('is had by whoever is in the group, in a session that is open, on every node, and not a moment longer', async () => {
  const { ctx, corpId } = world
  expect(await reads()).toBe(403)
  const group = await make('值班', null, ['zhangsan'])
  const role = await give('按名单', [group])
  expect(await reads()).toBe(200)
  const sets = createGroupSetsOfCorps(ctx.db)
  const groups = await sets.of(corpId)
  const other = createOwnRoles({ ...ctx, mirrors: { of: () => ({ groups }) as never } })
  await other.reload()
  const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')!.id
  expect(other.grantsOf(corpId, memberId)).toHaveLength(1)
  await change(group, { userIds: ['lisi'] })
  await sets.refresh(corpId)
  expect(other.grantsOf(corpId, memberId)).toEqual([])
  await until('gone', async () => (await reads()) === 403)
  await change(group, { userIds: ['zhangsan'] })
  await until('back', async () => (await reads()) === 200)
  await setRole(ctx, operator, corpId, role, { groups: [] })
  expect(await reads()).toBe(403)
})

it('follows a rule: whoever moves to another department has it no more', async () => {
  const { ctx, corpId } = world
  const department = { id: 950, name: '机房', parentId: 1, sortNo: 0, leaders: [] }
  const member = { userId: 'zhangsan', name: '张三', orders: [0], leaderIn: [0], status: 1 }
  const move = (to: number) =>
    writeDirectory(ctx, corpId, [memberPut({ ...member, departments: [to], mainDepartment: to })])
  await writeDirectory(ctx, corpId, [{ kind: 'department', op: 'put', department }])
  await give('按规则', [await make('机房人员', rule('department', 'below', '950'))])
  expect(await reads()).toBe(403)
  await move(950)
  await until('in it', async () => (await reads()) === 200)
  await move(1)
  await until('left', async () => (await reads()) === 403)
})

it('is given by no rule over what members change themselves, now or later, nor by groups that are not there', async () => {
  const { ctx, corpId } = world
  const strange = [
    await make('职务', rule('position', 'is', '主任')),
    await make('标签或部门', { any: [rule('department', 'in', '1'), { not: rule('sex', 'is', '1') }] }),
  ]
  for (const id of strange)
    await expect(give('不行', [id])).rejects.toThrow(/不能给出角色：规则用到 (position|sex)/)
  await expect(give('不行', [88_888])).rejects.toThrow('没有人群 88888')
  await expect(
    give(
      '不行',
      Array.from({ length: 11 }, (_, n) => n + 1),
    ),
  ).rejects.toThrow('groups')
  const all = ['department', 'mainDepartment'].map(one => rule(one, 'in', '1'))
  const more = [rule('leader', 'is', 'no'), rule('status', 'is', 'active'), rule('userId', 'is', 'zhangsan')]
  const group = await make('可以', { all: [...all, ...more, rule('joined', 'withinPast', '30')] })
  const role = await give('可以', [group])
  await expect(change(group, { rule: rule('email', 'contains', '@') })).rejects.toThrow('email')
  await expect(runCommand(ctx, ['group', 'remove', String(group)])).rejects.toThrow('角色“可以”')
  const saved = { name: '页面', points, range, groups: [group] }
  const { id } = (await lisi.post('/web/roles/save', saved)).body
  expect((await lisi.get('/web/roles/role', { id })).body.role.groups).toMatchObject([
    { id: group, name: '可以' },
  ])
  expect(await lisi.post('/web/roles/save', { ...saved, name: '错', groups: [99] })).toMatchObject({
    retCode: '1006',
  })
  expect((await runCommand(ctx, ['role', 'show', String(role)])).text).toContain('人群：可以(')
  await setRole(ctx, operator, corpId, role, { groups: [] })
})

it('is reached by nobody who may edit groups alone: by a role, a token or a file', async () => {
  const { ctx, corpId } = world
  const group = await make('受保护', null, ['zhangsan'])
  const role = await give('受保护', [group])
  expect(await reads()).toBe(200)
  const shown = (await zhangsan.get('/web/directory/groups/group', { id: group })).body
  expect(shown).toMatchObject({ list: [{ userId: 'zhangsan', name: expect.any(String) }] })
  expect(shown.list[0].name).not.toBe('zhangsan')
  const edit = { id: group, version: shown.version, name: '受保护', userIds: ['zhangsan', 'lisi'] }
  expect(await zhangsan.post('/web/directory/groups/save', edit)).toMatchObject({
    retMessage: expect.stringContaining('角色“受保护”'),
  })
  const token = await managerBy(world, { scopes: ['admin:directory', 'admin:apps', 'admin:developers'] })
  const asked = { id: group, group: { userIds: ['lisi'] } }
  expect(await token.post('/api/admin/memberGroup/set', asked)).toMatchObject({ retCode: '1009' })
  const file = JSON.parse(await exportSettings(ctx, corpId))
  expect(file.roles).toContainEqual(expect.objectContaining({ id: String(role), groups: ['受保护'] }))
  const own = file.groups.find((one: { id: string }) => one.id === String(group))
  own.userIds = ['lisi']
  await expect(applySettings(ctx, 'test', readSettings(ctx, JSON.stringify(file), corpId))).rejects.toThrow(
    '受保护',
  )
  // A super administrator may, and the list of the token's roles says by which groups.
  expect(await lisi.post('/web/directory/groups/save', edit)).toMatchObject({ retCode: '0' })
  const reader = await managerBy(world, { corpId, member: 'lisi' })
  const { list } = (await reader.get('/api/admin/ownRoles')).body
  expect(list).toContainEqual(
    expect.objectContaining({ id: role, holders: 0, groups: [expect.objectContaining({ id: group })] }),
  )
})
