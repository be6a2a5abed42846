import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { LimitSettings } from './call-limits.ts'
import type { Quotas } from './quotas/quotas.ts'

export type CorpRow = {
  corpId: string
  name: string
  publicUrl: string
  /** Sealed, as are the two callback values. */
  contactSecret: string
  callbackToken: string
  callbackAesKey: string
  regime: 'unknown' | 'full' | 'restricted'
  hintTokenRequired: boolean
  callbackVerifiedAt: Date | null
  contactSecretAt: Date | null
  /** For how many days calls are logged; 0: not at all. */
  requestLogDays: number
  dataReadDays: number
  /** In which times are written to its people; a name of the IANA database. */
  timeZone: string
  /** Of its developers who have none of their own. */
  callLimits: LimitSettings
  /** Names of the optional features that it has on. */
  features: string[]
  /** What the operator allows. */
  quotas: Quotas
  suspendedAt: Date | null
  /** As the people of the corp are shown it; '' while it is not suspended. */
  suspendedReason: string
  removingAt: Date | null
  /** While two of the three administrators have yet to confirm a restored backup. */
  restoredAt: Date | null
}

export type AgentRow = {
  corpId: string
  agentId: number
  name: string
  secret: string
  uses: string[]
  secretAt: Date | null
}

const corpColumns = [
  'corp_id as corpId',
  'name',
  'public_url as publicUrl',
  'contact_secret as contactSecret',
  'callback_token as callbackToken',
  'callback_aes_key as callbackAesKey',
  'regime',
  'hint_token_required as hintTokenRequired',
  'callback_verified_at as callbackVerifiedAt',
  'contact_secret_at as contactSecretAt',
  'request_log_days as requestLogDays',
  'data_read_days as dataReadDays',
  'time_zone as timeZone',
  'features',
  'suspended_at as suspendedAt',
  'suspended_reason as suspendedReason',
  'removing_at as removingAt',
] as const

const agentColumns = [
  'corp_id as corpId',
  'agent_id as agentId',
  'name',
  'secret',
  'uses',
  'secret_at as secretAt',
] as const

const restoredAt =
  sql<Date | null>`(select min(restored_at) from restored_lock where scope in ('', corp.corp_id))`.as(
    'restoredAt',
  )

/** Reads those of one corp, or of all. */
export async function allCorps(db: Db, corpId?: string): Promise<CorpRow[]> {
  return db
    .selectFrom('corp')
    .select(corpColumns)
    .select([sql<LimitSettings>`call_limits`.as('callLimits'), sql<Quotas>`quotas`.as('quotas'), restoredAt])
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('created_at')
    .orderBy('corp_id')
    .execute()
}

/** Locks the row until the end of the transaction. */
export async function lockCorp(db: Db, corpId: string): Promise<CorpRow | undefined> {
  return db
    .selectFrom('corp')
    .select(corpColumns)
    .select([sql<LimitSettings>`call_limits`.as('callLimits'), sql<Quotas>`quotas`.as('quotas'), restoredAt])
    .where('corp_id', '=', corpId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** Reads those of one corp, or of all. */
export async function allAgents(db: Db, corpId?: string): Promise<AgentRow[]> {
  return db
    .selectFrom('agent')
    .select(agentColumns)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('corp_id')
    .orderBy('agent_id')
    .execute()
}

/** Locks the row until the end of the transaction. */
export async function lockAgent(db: Db, corpId: string, agentId: number): Promise<AgentRow | undefined> {
  return db
    .selectFrom('agent')
    .select(agentColumns)
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst()
}

/** Returns false when the corp exists already. */
export async function insertCorp(
  db: Db,
  corp: Pick<CorpRow, 'corpId' | 'name' | 'publicUrl' | 'contactSecret' | 'callbackToken' | 'callbackAesKey'>,
  at: Date,
): Promise<boolean> {
  const inserted = await db
    .insertInto('corp')
    .values({
      corp_id: corp.corpId,
      name: corp.name,
      public_url: corp.publicUrl,
      contact_secret: corp.contactSecret,
      callback_token: corp.callbackToken,
      callback_aes_key: corp.callbackAesKey,
      contact_secret_at: at,
      created_at: at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('corp_id')
    .executeTakeFirst()
  return inserted !== undefined
}

export type CorpChange = Partial<
  Pick<
    CorpRow,
    | 'name'
    | 'publicUrl'
    | 'contactSecret'
    | 'callbackToken'
    | 'callbackAesKey'
    | 'regime'
    | 'hintTokenRequired'
    | 'contactSecretAt'
    | 'requestLogDays'
    | 'dataReadDays'
    | 'timeZone'
    | 'callLimits'
    | 'quotas'
  >
>

export async function updateCorp(db: Db, corpId: string, change: CorpChange): Promise<void> {
  const row = {
    name: change.name,
    public_url: change.publicUrl,
    contact_secret: change.contactSecret,
    callback_token: change.callbackToken,
    callback_aes_key: change.callbackAesKey,
    regime: change.regime,
    hint_token_required: change.hintTokenRequired,
    contact_secret_at: change.contactSecretAt,
    request_log_days: change.requestLogDays,
    data_read_days: change.dataReadDays,
    time_zone: change.timeZone,
    call_limits: change.callLimits && JSON.stringify(change.callLimits),
    quotas: change.quotas && JSON.stringify(change.quotas),
  }
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0)
    await db.updateTable('corp').set(given).where('corp_id', '=', corpId).execute()
}

export async function noteCallbackVerified(db: Db, corpId: string, at: Date): Promise<void> {
  await db.updateTable('corp').set({ callback_verified_at: at }).where('corp_id', '=', corpId).execute()
}

export async function putAgent(db: Db, agent: AgentRow): Promise<void> {
  await db
    .insertInto('agent')
    .values({
      corp_id: agent.corpId,
      agent_id: agent.agentId,
      name: agent.name,
      secret: agent.secret,
      uses: agent.uses,
      secret_at: agent.secretAt,
    })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'agent_id']).doUpdateSet({
        name: agent.name,
        secret: agent.secret,
        uses: agent.uses,
        secret_at: agent.secretAt,
      }),
    )
    .execute()
}

export async function deleteAgent(db: Db, corpId: string, agentId: number): Promise<boolean> {
  const result = await db
    .deleteFrom('agent')
    .where('corp_id', '=', corpId)
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function connectedAt(db: Db, corpIds: readonly string[]): Promise<Map<string, Date>> {
  const { rows } = await sql<{ corpId: string; at: Date }>`
    select corp_id as "corpId", created_at as at from corp where corp_id = any(${corpIds})`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.at]))
}

/** Key of the setting that holds the doctor's last findings. */
export function diagnosisKey(corpId: string): string {
  return `doctor ${corpId}`
}

/** Two fields of the settings whose keys start with `prefix`; the other fields may be long and are not read. */
export async function readVerdicts(
  db: Db,
  prefix: string,
): Promise<{ key: string; at: unknown; failed: unknown }[]> {
  const found = await sql<{ key: string; at: unknown; failed: unknown }>`
    select key, value->'at' as at, value->'failed' as failed from setting where starts_with(key, ${prefix})`.execute(
    db,
  )
  return found.rows
}

/** The same fields of the settings with these keys. */
export async function readVerdictsOf(
  db: Db,
  keys: readonly string[],
): Promise<{ key: string; at: unknown; failed: unknown }[]> {
  const found = await sql<{ key: string; at: unknown; failed: unknown }>`
    select key, value->'at' as at, value->'failed' as failed from setting where key = any(${keys})`.execute(
    db,
  )
  return found.rows
}

export async function putNodeAddress(db: Db, node: string, address: string, seenAt: Date): Promise<void> {
  await db
    .insertInto('node_address')
    .values({ node, address, seen_at: seenAt })
    .onConflict(conflict => conflict.column('node').doUpdateSet({ address, seen_at: seenAt }))
    .execute()
}

export async function pruneNodeAddresses(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'node_address', sql`seen_at < ${before}`, atMost)
}

/** The addresses from which WeCom sees the nodes call; all of them must be on its list of trusted addresses. */
export async function nodeAddresses(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('node_address').select('address').distinct().orderBy('address').execute()
  return rows.map(row => row.address)
}

/** The addresses from which WeCom saw each node, the latest first. */
export async function nodesSeen(db: Db): Promise<{ node: string; address: string; seenAt: Date }[]> {
  return db
    .selectFrom('node_address')
    .select(['node', 'address', 'seen_at as seenAt'])
    .orderBy('seen_at', 'desc')
    .execute()
}
