import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'

/** How many rows the planner expects in a table; -1 when the table was never analysed. */
async function believed({ ctx }: World, table: string) {
  const { rows } = await sql<{ rows: number }>`
    select reltuples::int as rows from pg_class where oid = ${table}::regclass`.execute(ctx.db)
  return rows[0]
}

describe('statistics', () => {
  it('are fresh after a sync that wrote much', async () => {
    const world = await startWorld({ members: 1500 })
    try {
      expect((await believed(world, 'member'))?.rows).toBe(world.ctx.mirrors.of(world.corpId).members.size)
    } finally {
      await world.close()
    }
  })
})
