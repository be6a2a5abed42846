import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../../platform/words.ts'
import type { App, Builtin } from './app.ts'
import type { Menu } from './menus/menu.ts'

const columns = [
  'id',
  'corp_id',
  'name',
  'dev_id',
  'agent_id',
  'enabled',
  'home_url',
  'mobile_url',
  'category',
  'description',
  'sort_no',
  'open_in',
  'origins',
  'sync_menu',
  'sync_url',
  'visible_to_all',
  'visible_departments',
  'visible_members',
  'visible_tags',
  'visible_groups',
  'icon_hash',
  'menu_n',
  'builtin',
  'pay_shortcut',
  'version',
  'created_at',
  'updated_at',
  'updated_by',
] as const

function select(db: Db) {
  return db.selectFrom('app').select(columns)
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirst']>>>

function toApp(row: Row): App {
  const homes = [row.home_url, row.mobile_url].flatMap(url => (url ? [new URL(url).origin] : []))
  return {
    id: row.id,
    corpId: row.corp_id,
    name: row.name,
    devId: row.dev_id,
    agentId: row.agent_id,
    enabled: row.enabled,
    builtin: row.builtin,
    payShortcut: row.pay_shortcut,
    homeUrl: row.home_url,
    mobileUrl: row.mobile_url,
    category: row.category,
    description: row.description,
    sortNo: row.sort_no,
    openIn: row.open_in,
    ownOrigins: row.origins,
    origins: [...new Set([...homes, ...row.origins])],
    syncMenu: row.sync_menu,
    syncUrl: row.sync_url,
    visibility: {
      everyone: row.visible_to_all,
      departments: row.visible_departments,
      memberIds: row.visible_members,
      tags: row.visible_tags,
      ...(row.visible_groups.length > 0 ? { groups: row.visible_groups } : {}),
    },
    iconHash: row.icon_hash,
    menuN: row.menu_n,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at ?? row.created_at,
    updatedBy: row.updated_by,
  }
}

/** The apps of one corp, or of all, sorted by larger sortNo first, then by creation. */
export async function allApps(db: Db, corpId?: string): Promise<App[]> {
  const rows = await select(db)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('sort_no', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toApp)
}

export async function findApp(db: Db, corpId: string, id: string): Promise<App | undefined> {
  const row = await select(db).where('corp_id', '=', corpId).where('id', '=', id).executeTakeFirst()
  return row && toApp(row)
}

/** Reads an app and keeps others from changing it until this transaction ends. */
export async function lockApp(db: Db, corpId: string, id: string): Promise<App | undefined> {
  const row = await select(db)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row && toApp(row)
}

export async function findAppByAgent(
  db: Db,
  corpId: string,
  devId: string,
  agentId: number,
): Promise<App | undefined> {
  const row = await select(db)
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('agent_id', '=', agentId)
    .orderBy('enabled', 'desc')
    .executeTakeFirst()
  return row && toApp(row)
}

/** What an administrator sets; `origins` are only the registered ones. */
export type AppChange = Partial<
  Pick<
    App,
    | 'name'
    | 'devId'
    | 'agentId'
    | 'enabled'
    | 'payShortcut'
    | 'homeUrl'
    | 'mobileUrl'
    | 'category'
    | 'description'
    | 'sortNo'
    | 'openIn'
    | 'syncMenu'
    | 'syncUrl'
    | 'visibility'
    | 'iconHash'
    | 'menuN'
  > & { origins: readonly string[] }
>

function toRow(change: AppChange) {
  const { visibility } = change
  const row = {
    name: change.name,
    dev_id: change.devId,
    agent_id: change.agentId,
    enabled: change.enabled,
    pay_shortcut: change.payShortcut,
    home_url: change.homeUrl,
    mobile_url: change.mobileUrl,
    category: change.category,
    description: change.description,
    sort_no: change.sortNo,
    open_in: change.openIn,
    origins: change.origins && [...change.origins],
    sync_menu: change.syncMenu,
    sync_url: change.syncUrl,
    visible_to_all: visibility?.everyone,
    visible_departments: visibility && [...visibility.departments],
    visible_members: visibility && [...visibility.memberIds],
    visible_tags: visibility && [...visibility.tags],
    visible_groups: visibility && [...(visibility.groups ?? [])],
    icon_hash: change.iconHash,
    menu_n: change.menuN,
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

export async function insertApp(
  db: Db,
  app: { id: string; corpId: string; name: string; actor: string; at: Date },
  settings: AppChange,
): Promise<void> {
  await db
    .insertInto('app')
    .values({
      id: app.id,
      corp_id: app.corpId,
      created_at: app.at,
      updated_at: app.at,
      updated_by: app.actor,
      ...toRow(settings),
      name: app.name,
    })
    .execute()
}

/** Returns false when the corp has it already, even if another node has just made it. */
export async function insertBuiltinApp(
  db: Db,
  app: { id: string; corpId: string; builtin: Builtin; name: string; description: string; at: Date },
): Promise<boolean> {
  const inserted = await db
    .insertInto('app')
    .values({
      id: app.id,
      corp_id: app.corpId,
      builtin: app.builtin,
      name: app.name,
      description: app.description,
      created_at: app.at,
      updated_at: app.at,
    })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'builtin']).where('builtin', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateApp(
  db: Db,
  id: string,
  change: AppChange,
  by: { actor: string; at: Date },
): Promise<void> {
  const row = toRow(change)
  // Forms do not contain `enabled`, so changing it does not make an open form outdated.
  const isOfForm = Object.keys(row).some(name => name !== 'enabled')
  await db
    .updateTable('app')
    .set({
      ...row,
      updated_at: by.at,
      updated_by: by.actor,
      ...(isOfForm ? { version: sql<number>`version + 1` } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export async function deleteApp(db: Db, id: string): Promise<void> {
  await db.deleteFrom('app').where('id', '=', id).execute()
}

/** Members by internal id, including those who left. */
export async function namesOfMembers(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<{ id: number; userId: string; name: string }[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('member')
    .select(['id', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
}

export type MenuVersion = {
  n: number
  source: 'sync' | 'edit' | 'rollback'
  items: number
  actor: string
  createdAt: Date
}

const versionColumns = ['n', 'source', 'items', 'actor', 'created_at as createdAt'] as const

export async function menuVersion(
  db: Db,
  appId: string,
  n: number,
): Promise<(MenuVersion & { menu: Menu }) | undefined> {
  const row = await db
    .selectFrom('app_menu_version')
    .select([...versionColumns, 'menu'])
    .where('app_id', '=', appId)
    .where('n', '=', n)
    .executeTakeFirst()
  return row && { ...row, menu: row.menu as Menu }
}

/** Newest first. */
export async function menuVersions(db: Db, appId: string): Promise<MenuVersion[]> {
  return db
    .selectFrom('app_menu_version')
    .select(versionColumns)
    .where('app_id', '=', appId)
    .orderBy('n', 'desc')
    .execute()
}

/** Returns the number of the new version. The caller holds a lock on the app's row. */
export async function appendMenuVersion(
  db: Db,
  appId: string,
  version: Omit<MenuVersion, 'n'> & { menu: Menu },
  keep: number,
): Promise<number> {
  const last = await db
    .selectFrom('app_menu_version')
    .select(({ fn }) => fn.max('n').as('n'))
    .where('app_id', '=', appId)
    .executeTakeFirst()
  const n = (last?.n ?? 0) + 1
  const { source, items, actor } = version
  await db
    .insertInto('app_menu_version')
    .values({
      app_id: appId,
      n,
      source,
      items,
      actor,
      menu: JSON.stringify(version.menu),
      created_at: version.createdAt,
    })
    .execute()
  await db
    .deleteFrom('app_menu_version')
    .where('app_id', '=', appId)
    .where('n', '<=', n - keep)
    .execute()
  await db.updateTable('app').set({ menu_n: n }).where('id', '=', appId).execute()
  return n
}

export type MenuAttempt = {
  actor: string
  outcome: 'new' | 'same' | 'failed'
  n: number | null
  items: number
  error: Words | string
  /** The beginning of the answer, without the ticket. */
  answer: string
  ms: number
  at: Date
}

/** An attempt, or its result, in the reader's language. */
export function attemptIn<T extends Pick<MenuAttempt, 'error'>>(
  language: Language,
  attempt: T,
): Omit<T, 'error'> & { error: string } {
  return { ...attempt, error: wordsIn(language, attempt.error) }
}

export async function appendAttempt(
  db: Db,
  appId: string,
  attempt: MenuAttempt,
  keep: number,
): Promise<void> {
  await db
    .insertInto('app_menu_attempt')
    .values({ app_id: appId, ...attempt, error: wordsToStore(attempt.error) })
    .execute()
  await sql`
    delete from app_menu_attempt where app_id = ${appId} and id <= (
      select id from app_menu_attempt where app_id = ${appId} order by id desc offset ${keep} limit 1)`.execute(
    db,
  )
}

/** Newest first. */
export async function attempts(db: Db, appId: string, atMost: number): Promise<MenuAttempt[]> {
  const rows = await db
    .selectFrom('app_menu_attempt')
    .select(['actor', 'outcome', 'n', 'items', 'error', 'answer', 'ms', 'at'])
    .where('app_id', '=', appId)
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute()
  return rows.map(row => ({ ...row, error: storedWords(row.error) }))
}

export type LastAttempt = Pick<MenuAttempt, 'outcome' | 'error' | 'at'>

/** The last attempt of each app of the corp. */
export async function lastAttempts(db: Db, corpId: string): Promise<Map<string, LastAttempt>> {
  const rows = await db
    .selectFrom('app_menu_attempt')
    .innerJoin('app', 'app.id', 'app_id')
    .distinctOn('app_id')
    .select(['app_id', 'outcome', 'error', 'at'])
    .where('corp_id', '=', corpId)
    .orderBy('app_id')
    .orderBy('app_menu_attempt.id', 'desc')
    .execute()
  return new Map(
    rows.map(({ app_id, error, ...attempt }) => [app_id, { ...attempt, error: storedWords(error) }]),
  )
}

/** The apps that a group sees. */
export async function appsWithGroup(
  db: Db,
  corpId: string,
  groupId: number,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from app where corp_id = ${corpId} and ${groupId} = any(visible_groups) order by name`.execute(
    db,
  )
  return rows
}
