import pg from 'pg'
import { createContext } from '../../../server/context.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { insertCorps } from '../../../test/quiet/generated-corps.ts'
import type { Bed } from '../../bed.ts'

export type Fill = { prefix: string; corps: number; members: number }

/** Writes corps straight into an empty database, as if they had been connected and synced long ago. */
export async function fillCorps(bed: Bed, fills: readonly Fill[]): Promise<void> {
  const ctx = await createContext(readConfig(bed.env), { log: createLog('error') })
  const client = new pg.Client(bed.databaseUrl)
  let before = 0
  try {
    await client.connect()
    for (const fill of fills) {
      await insertCorps(ctx, client, { ...fill, after: before })
      before += fill.corps
    }
    await client.query('vacuum analyze')
  } finally {
    await client.end()
    await ctx.close()
  }
}
