import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** Of an app. */
export type TodoAppSettings = {
  /** Minutes after the due time, in order; negative ones before it. */
  remindMinutes: number[]
  /** Minutes overdue until the leader is told; null: never. */
  escalateMinutes: number | null
  /** Whether its to-dos may be delegated and passed on. */
  mayPassOn: boolean
  /** Whether WeCom's workbench shows how many there are. */
  inWecom: boolean
  /** Whether everybody gets a card in WeCom for each new to-do, whatever its sender says. */
  notify: boolean
}

type AppRow = TodoAppSettings & { corpId: string; appId: string }

export async function allAppSettings(db: Db, corpId: string | undefined): Promise<AppRow[]> {
  return db
    .selectFrom('todo_app_setting')
    .select([
      'corp_id as corpId',
      'app_id as appId',
      'remind_minutes as remindMinutes',
      'escalate_minutes as escalateMinutes',
      'may_pass_on as mayPassOn',
      'in_wecom as inWecom',
      'notify',
    ])
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId!))
    .execute()
}

/** Makes the row if there is none, and locks it. */
export async function lockAppSettings(
  tx: Db,
  corpId: string,
  appId: string,
  by: { at: Date; actor: string },
): Promise<TodoAppSettings> {
  await sql`
    insert into todo_app_setting (corp_id, app_id, remind_minutes, escalate_minutes, may_pass_on, in_wecom, updated_at, updated_by)
    values (${corpId}, ${appId}, '{}', null, true, false, ${by.at}, ${by.actor}) on conflict do nothing`.execute(
    tx,
  )
  const { rows } = await sql<TodoAppSettings>`
    select remind_minutes as "remindMinutes", escalate_minutes as "escalateMinutes", may_pass_on as "mayPassOn",
      in_wecom as "inWecom", notify
    from todo_app_setting where corp_id = ${corpId} and app_id = ${appId} for update`.execute(tx)
  return rows[0]!
}

export async function putAppSettings(
  tx: Db,
  corpId: string,
  appId: string,
  settings: TodoAppSettings,
  by: { at: Date; actor: string },
): Promise<void> {
  await tx
    .updateTable('todo_app_setting')
    .set({
      remind_minutes: settings.remindMinutes,
      escalate_minutes: settings.escalateMinutes,
      may_pass_on: settings.mayPassOn,
      in_wecom: settings.inWecom,
      notify: settings.notify,
      updated_at: by.at,
      updated_by: by.actor,
    })
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .execute()
}

/** The corps, of one or of all, whose people read in WeChat. */
export async function corpsInWechat(db: Db, corpId: string | undefined): Promise<string[]> {
  const rows = await db
    .selectFrom('todo_corp_setting')
    .select('corp_id as corpId')
    .where('in_wechat', '=', true)
    .$if(corpId !== undefined, query => query.where('corp_id', '=', corpId!))
    .execute()
  return rows.map(one => one.corpId)
}

/** Makes the corp's row if there is none, locks it, and returns whether people read in WeChat. */
export async function lockInWechat(
  tx: Db,
  corpId: string,
  { at, actor }: { at: Date; actor: string },
): Promise<boolean> {
  await sql`
    insert into todo_corp_setting (corp_id, time_zone, updated_at, updated_by)
    values (${corpId}, '', ${at}, ${actor}) on conflict do nothing`.execute(tx)
  const row = await tx
    .selectFrom('todo_corp_setting')
    .select('in_wechat as inWechat')
    .where('corp_id', '=', corpId)
    .forUpdate()
    .executeTakeFirst()
  return row?.inWechat === true
}

export async function putInWechat(
  tx: Db,
  corpId: string,
  inWechat: boolean,
  { at, actor }: { at: Date; actor: string },
): Promise<void> {
  await tx
    .updateTable('todo_corp_setting')
    .set({ in_wechat: inWechat, updated_at: at, updated_by: actor })
    .where('corp_id', '=', corpId)
    .execute()
}
