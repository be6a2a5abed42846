/**
 * No node works beside another whose schema it does not fit. A node's row lists the migrations that it has. A starting node
 * looks for running nodes that lack a migration, by row or, before 0.3, by connection, in the transaction that migrates and
 * records the migration. Migrations marked `-- additive` are exempt. A node under which the schema changed drains and ends.
 */

import { StartError } from '../../operation/start-error.ts'
import type { Db } from '../db.ts'
import { aliveForSeconds, livingNodes, unrecordedNodes } from './node-store.ts'

/**
 * A node may not start beside one that does not know the schema: the older one would read and write as before, and both would
 * silently be wrong. `needed` are the migrations of the database after this start, except the additive ones. Throws StartError,
 * which names the node. Call it where no other process migrates at the same time. A node at `replaced` is not looked at: it stops before
 * this start.
 */
export async function refuseBesideOlder(db: Db, needed: readonly string[], replaced?: string): Promise<void> {
  for (const { place, version, migrations, silentSeconds } of await livingNodes(db)) {
    if (place === replaced) continue
    const lacking = needed.filter(name => !migrations.includes(name))
    if (lacking.length === 0) continue
    const [seconds, waitSeconds] = [Math.round(silentSeconds), Math.ceil(aliveForSeconds - silentSeconds)]
    throw new StartError(
      `节点 ${place}（wisp ${version}，${seconds} 秒前还在）较旧，不认识数据库的迁移 ${lacking.join('、')}，不能与这个版本同时运行，因此不能逐个节点升级：请先停止所有旧节点；它若已停止或被杀死，${waitSeconds} 秒后再启动。`,
      `Node ${place} (wisp ${version}, alive ${seconds} s ago) is older and does not know ${lacking.join(', ')}, so that it cannot run beside this version, and nodes cannot be upgraded one by one: stop all old ones first; if it has stopped or was killed, start again in ${waitSeconds} s.`,
    )
  }
  const places = await unrecordedNodes(db)
  if (places.length === 0) return
  throw new StartError(
    `有 0.2.0 或更早版本的 wisp 节点还连着这个数据库（来自 ${places.join('、')}），不能与这个版本同时运行：请先停止它；它的连接一断开就可以启动。`,
    `A node of wisp 0.2.0 or before is connected to this database (from ${places.join(', ')}) and cannot run beside this version: stop it first, and start again once its connections have ended.`,
  )
}
