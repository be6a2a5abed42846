import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { ApprovalSettings } from './settings.ts'

const columns = sql`receivers, to_all as "all", words, untyped, sms_price as "smsPrice",
  sms_budget as "smsBudget", sms_urgent as "smsUrgent"`

/** Returns the settings of one corp or of all; corps with the default are absent. */
export async function allSettings(
  db: Db,
  corpId: string | undefined,
): Promise<Map<string, ApprovalSettings>> {
  const { rows } = await sql<ApprovalSettings & { corpId: string }>`
    select corp_id as "corpId", ${columns} from send_approval
    where ${corpId === undefined ? sql`true` : sql`corp_id = ${corpId}`}`.execute(db)
  return new Map(rows.map(({ corpId: id, ...settings }) => [id, settings]))
}

/** Locks the corp's row, which it makes of `initial` where there is none. */
export async function lockSettings(
  tx: Db,
  corpId: string,
  initial: ApprovalSettings,
): Promise<ApprovalSettings> {
  await tx
    .insertInto('send_approval')
    .values({ corp_id: corpId, ...rowOf(initial) })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const { rows } = await sql<ApprovalSettings>`
    select ${columns} from send_approval where corp_id = ${corpId} for update`.execute(tx)
  return rows[0]!
}

export async function putSettings(tx: Db, corpId: string, settings: ApprovalSettings): Promise<void> {
  await tx.updateTable('send_approval').set(rowOf(settings)).where('corp_id', '=', corpId).execute()
}

function rowOf({ receivers, all, words, untyped, smsPrice, smsBudget, smsUrgent }: ApprovalSettings) {
  const sms = { sms_price: smsPrice, sms_budget: smsBudget, sms_urgent: smsUrgent }
  return { receivers, to_all: all, words: [...words], untyped, ...sms }
}
