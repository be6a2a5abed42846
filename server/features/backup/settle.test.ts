import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { settles } from '../../features.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import { faultSend, sendText, useAgents } from '../messages/messages.fixture.ts'
import { settleRestored } from './settle.ts'

const log = createLog('silent')
let world: World
beforeAll(async () => {
  world = await startWorld()
  await useAgents(world)
})
afterAll(() => world.close())

it('lets nothing of what waited happen again, and is refused while a node is there', async () => {
  await faultSend(world, 'busy', { times: 5 })
  const { msgId } = await sendText(world, '等一等')
  const config = readConfig(world.env)
  await expect(settleRestored(config, log, settles)).rejects.toThrow('还有节点在使用这个数据库')
  await world.server.close()
  const database = await openDatabase(config, log, 'restore')
  const stateOf = async () =>
    (
      await database.db
        .selectFrom('message_part')
        .select('state')
        .where('message_id', '=', String(msgId))
        .execute()
    ).map(part => part.state)
  try {
    expect(await stateOf()).toEqual(['waiting'])
    await settleRestored(config, log, settles)
    expect(await stateOf()).toEqual(['unknown'])
    // A database of another version is not touched.
    await sql`delete from migration where name like '0090%'`.execute(database.db)
    await expect(settleRestored(config, log, settles)).rejects.toThrow('与本版本不同')
  } finally {
    await database.close()
  }
})
