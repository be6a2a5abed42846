import { sql } from 'kysely'
import type { CodeFailure } from '../../platform/manifest/sms-codes.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type CodeKey = { corpId: string; id: string }
export type NewCode = CodeKey & {
  devId: string
  requestId: string | undefined
  request: string
  signature: string
  channel: string
  madeAt: Date
  expiresAt: Date
}
export type RequestedCode = {
  id: string
  request: string
  madeAt: Date
  expiresAt: Date
  settledAt: Date | null
}

/** Returns false where this developer has a code with the requestId already; waits for a node that is storing one. */
export async function insertCode(tx: Db, code: NewCode): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('developer_code')
    .values({
      corp_id: code.corpId,
      id: code.id,
      dev_id: code.devId,
      request_id: code.requestId ?? null,
      request: code.request,
      signature: code.signature,
      channel: code.channel,
      made_at: code.madeAt,
      expires_at: code.expiresAt,
    })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function codeRequested(
  db: Db,
  { corpId, devId, requestId }: { corpId: string; devId: string; requestId: string },
): Promise<RequestedCode | undefined> {
  return db
    .selectFrom('developer_code')
    .select(['id', 'request', 'made_at as madeAt', 'expires_at as expiresAt', 'settled_at as settledAt'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
}

/** Frees a requestId whose code has expired, or was lost: its node began before `lostBefore` and has not said what became of it. */
export async function freeRequestId(
  tx: Db,
  { corpId, devId, requestId }: { corpId: string; devId: string; requestId: string },
  { now, lostBefore }: { now: Date; lostBefore: Date },
): Promise<void> {
  await sql`
    update developer_code set request_id = null
    where corp_id = ${corpId} and dev_id = ${devId} and request_id = ${requestId}
      and (expires_at <= ${now} or settled_at is null and made_at < ${lostBefore})`.execute(tx)
}

/** Undefined for one that is not there, or another developer's. */
export async function findCode(
  db: Db,
  { corpId, id, devId }: CodeKey & { devId: string },
): Promise<{ signature: string; expiresAt: Date } | undefined> {
  return db
    .selectFrom('developer_code')
    .select(['signature', 'expires_at as expiresAt'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('dev_id', '=', devId)
    .executeTakeFirst()
}

export async function setSignature(db: Db, { corpId, id }: CodeKey, signature: string): Promise<void> {
  await db
    .updateTable('developer_code')
    .set({ signature })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Its node is done with it, whether it was sent or not. */
export async function setSettled(db: Db, { corpId, id }: CodeKey, at: Date): Promise<void> {
  await db
    .updateTable('developer_code')
    .set({ settled_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** What became of it, once that is known. */
export async function setOutcome(
  db: Db,
  { corpId, id }: CodeKey,
  at: Date,
  failure: CodeFailure | undefined,
): Promise<void> {
  const kept = failure && JSON.stringify({ said: failure.said, fix: failure.fix })
  await db
    .updateTable('developer_code')
    .set(kept ? { failure: kept } : { sent_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export type StandingFailure = { corpId: string; channel: string } & Pick<CodeFailure, 'said' | 'fix'>

/** The corps and channels whose last code after this time did not leave. */
export async function standingFailures(db: Db, since: Date): Promise<StandingFailure[]> {
  const { rows } = await sql<{
    corpId: string
    channel: string
    failure: Pick<CodeFailure, 'said' | 'fix'> | null
  }>`
    select distinct on (corp_id, channel) corp_id as "corpId", channel, failure from developer_code
    where made_at > ${since} and (sent_at is not null or failure is not null)
    order by corp_id, channel, made_at desc`.execute(db)
  return rows.flatMap(({ failure, ...where }) => (failure ? [{ ...where, ...failure }] : []))
}

export async function pruneCodes(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'developer_code', sql`made_at < ${before}`, atMost)
}
