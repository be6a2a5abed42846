import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { databases, startWorld, type World } from '../../test/harness.ts'
import { vacuum } from './upkeep.ts'

/** What the planner believes of a table; -1 when it never looked. */
async function believed({ ctx }: World, table: string) {
  const { rows } = await sql<{ rows: number; visiblePages: number }>`
    select reltuples::int as rows, relallvisible as "visiblePages" from pg_class where oid = ${table}::regclass`.execute(
    ctx.db,
  )
  return rows[0]
}

describe.each(databases)('statistics on %s', database => {
  it('are fresh after a sync that wrote much', async () => {
    const world = await startWorld({ database, members: 1500 })
    try {
      expect((await believed(world, 'member'))?.rows).toBe(world.ctx.mirrors.of(world.corpId).members.size)
    } finally {
      await world.close()
    }
  })
})

it('the embedded database is vacuumed', async () => {
  const world = await startWorld()
  try {
    expect(await believed(world, 'member')).toEqual({ rows: -1, visiblePages: 0 })
    await vacuum(world.ctx)
    const after = await believed(world, 'member')
    expect(after?.rows).toBe(world.ctx.mirrors.of(world.corpId).members.size)
    expect(after?.visiblePages).toBeGreaterThan(0)
  } finally {
    await world.close()
  }
})
