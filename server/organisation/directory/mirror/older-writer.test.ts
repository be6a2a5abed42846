import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  await world.connectCallback()
})
afterAll(() => world.close())

/** Writes as nodes up to 0.2.0 do, which know no `changed_seq`. */
const writeAsBefore = (alias: string) =>
  world.ctx.db.transaction().execute(async tx => {
    const { corpId } = world
    await sql`
      with feed as (
        update directory_feed set seq = seq + 1 where corp_id = ${corpId} returning seq
      ), person as (
        update member set alias = ${alias}, hash = hash + 1 where corp_id = ${corpId} and user_id = 'zhangsan' returning id
      ), told as (
        insert into directory_change (corp_id, seq, kind, op, entity_id, member_id, at)
        select ${corpId}, feed.seq, 'member', 'put', 'zhangsan', person.id, now() from feed, person
        returning seq
      )
      select pg_notify('wisp_directory', ${corpId} || ' ' || seq || ' another') from told`.execute(tx)
  })

const seenAlias = async () => (await world.dev.get('/api/user/get', { userId: 'zhangsan' })).body.alias

it('memory has what a node wrote that moves nothing but the feed’s number', async () => {
  await writeAsBefore('旧节点')
  await until('the change', async () => (await seenAlias()) === '旧节点')
  const { list } = (await world.dev.get('/api/directory/changes', { since: 0 })).body
  expect(list.at(-1)).toMatchObject({ kind: 'member', id: 'zhangsan', value: { alias: '旧节点' } })
})

it('a writer plans against it, and both are in the feed', async () => {
  await writeAsBefore('再改')
  await world.admin('user/update', { userid: 'zhangsan', alias: '新节点' })
  await world.settle()
  expect(await seenAlias()).toBe('新节点')
  const { seq } = await world.ctx.db
    .selectFrom('directory_feed')
    .select('seq')
    .where('corp_id', '=', world.corpId)
    .executeTakeFirstOrThrow()
  expect(world.ctx.mirrors.of(world.corpId).seq).toBe(seq)
})
