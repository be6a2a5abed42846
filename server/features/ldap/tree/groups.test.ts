import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { writeDirectory } from '../../../organisation/directory/write/writer.ts'
import { addGroup, removeGroup, setGroup } from '../../../organisation/groups/groups.ts'
import { setClient } from '../clients/set-client.ts'
import { addLdapClient, asClient, type MadeClient, serveLdap } from '../ldap-server.fixture.ts'
import type { LdapServer } from '../listen/server.ts'

let world: World
let server: LdapServer
beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 8, env: { WISP_LDAP_PLAIN: '127.0.0.1' } })
  server = await serveLdap(world)
})
afterAll(async () => {
  server?.stop()
  await world?.close()
})

const actor = 'test'
const find = (made: MadeClient, filter: string, attributes: string[]) =>
  asClient(`ldap://127.0.0.1:${server.port}`, async client => {
    await client.bind(made.dn, made.secret)
    return (await client.search(made.base, { filter, attributes })).searchEntries
  })
const dnsOf = async (made: MadeClient, filter: string) =>
  (await find(made, filter, ['cn'])).map(one => one.dn).sort()

it('finds groups of members that its settings name, and no others', async () => {
  const { ctx, corpId } = world
  const make = (name: string) =>
    addGroup(ctx, { actor }, corpId, { name, note: '', rule: null, userIds: ['zhangsan', 'lisi'] })
  const [named, other] = [await make('开发'), await make('测试')]
  const made = await addLdapClient(world, 'gitlab', { memberGroups: [named] })
  const dn = `cn=group-${named},ou=groups,${made.base}`
  const zhangsan = `uid=zhangsan,${made.people}`
  const [entry] = await find(made, `(cn=group-${named})`, ['*', '+'])
  expect(entry).toMatchObject({ dn, displayName: '开发' })
  expect([entry!['member']].flat().sort()).toEqual([`uid=lisi,${made.people}`, zhangsan])
  expect(await dnsOf(made, `(entryUUID=${entry!['entryUUID']})`)).toEqual([dn])
  expect(await dnsOf(made, '(displayName=开发)')).toEqual([dn])
  expect(await dnsOf(made, `(&(cn=group-*)(member=${zhangsan}))`)).toEqual([dn])
  expect(await dnsOf(made, `(memberOf=${dn})`)).toEqual([`uid=lisi,${made.people}`, zhangsan])
  expect(await dnsOf(made, `(memberOf=${dn.replace(String(named), String(other))})`)).toEqual([])
  const [person] = await find(made, '(uid=zhangsan)', ['memberOf'])
  expect(person!['memberOf']).toContain(dn)
  expect(person!['memberOf']).not.toContain(dn.replace(String(named), String(other)))

  await setGroup(ctx, { actor }, corpId, named, { name: '研发', userIds: ['lisi'] })
  expect(await dnsOf(made, '(displayName=研发)')).toEqual([dn])
  expect(await dnsOf(made, `(memberOf=${dn})`)).toEqual([`uid=lisi,${made.people}`])
  await expect(removeGroup(ctx, { actor }, corpId, named)).rejects.toThrow('应用“应用 gitlab”的 LDAP')
  await setClient(ctx, { actor }, corpId, made.appId, { memberGroups: [] })
  expect(await dnsOf(made, '(cn=group-*)')).toEqual([])
  await removeGroup(ctx, { actor }, corpId, named)
  await expect(
    setClient(ctx, { actor }, corpId, made.appId, { memberGroups: [named] }),
  ).rejects.toMatchObject({
    error: 'unknownTag',
  })
})

it('has people of departments below those of a tag in it, as everywhere', async () => {
  const { ctx, corpId } = world
  const { tree, members } = ctx.mirrors.of(corpId)
  const zhangsan = members.byKey('zhangsan')!
  const above = tree.get(zhangsan.departments[0]!)!.parent!.department.id
  expect(zhangsan.departments).not.toContain(above)
  await writeDirectory(ctx, corpId, [
    { kind: 'tag', op: 'put', tag: { id: 90, name: '值班', userKeys: [], departments: [above] } },
  ])
  const made = await addLdapClient(world, 'nexus')
  const dn = `cn=tag-90,ou=groups,${made.base}`
  expect(await dnsOf(made, `(memberOf=${dn})`)).toContain(`uid=zhangsan,${made.people}`)
  expect(await dnsOf(made, `(&(cn=tag-90)(memberUid=zhangsan))`)).toEqual([dn])
  const [group] = await find(made, '(cn=tag-90)', ['memberUid'])
  expect(group!['memberUid']).toContain('zhangsan')
  const [person] = await find(made, '(uid=zhangsan)', ['memberOf'])
  expect(person!['memberOf']).toContain(dn)
})
