import type { Db } from '../db.ts'

export type AppRow = {
  id: string
  corpId: string
  name: string
  devId: string | null
  agentId: number | null
  enabled: boolean
  createdAt: Date
}

const columns = [
  'id',
  'corp_id as corpId',
  'name',
  'dev_id as devId',
  'agent_id as agentId',
  'enabled',
  'created_at as createdAt',
] as const

export async function appsOfCorp(db: Db, corpId: string): Promise<AppRow[]> {
  return db
    .selectFrom('app')
    .select(columns)
    .where('corp_id', '=', corpId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function findApp(db: Db, corpId: string, id: string): Promise<AppRow | undefined> {
  return db
    .selectFrom('app')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function findAppByAgent(
  db: Db,
  corpId: string,
  devId: string,
  agentId: number,
): Promise<AppRow | undefined> {
  return db
    .selectFrom('app')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('agent_id', '=', agentId)
    .orderBy('enabled', 'desc')
    .executeTakeFirst()
}

export async function insertApp(db: Db, app: Omit<AppRow, 'enabled'>): Promise<void> {
  await db
    .insertInto('app')
    .values({
      id: app.id,
      corp_id: app.corpId,
      name: app.name,
      dev_id: app.devId,
      agent_id: app.agentId,
      created_at: app.createdAt,
    })
    .execute()
}

export async function updateApp(
  db: Db,
  id: string,
  change: { name?: string; devId?: string | null; agentId?: number | null; enabled?: boolean },
): Promise<void> {
  const row = { name: change.name, dev_id: change.devId, agent_id: change.agentId, enabled: change.enabled }
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) await db.updateTable('app').set(given).where('id', '=', id).execute()
}
