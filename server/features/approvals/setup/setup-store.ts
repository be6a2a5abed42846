import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { ApprovalFlow } from '../../../upstream/wecom/approvals/detail.ts'
import type { TemplateField } from '../../../upstream/wecom/approvals/template.ts'

/** By which agent a corp's approvals are asked for, and to which app their to-dos belong. */
export type ApprovalSetting = { agentId: number; appId: string | null }

export async function settingOf(db: Db, corpId: string): Promise<ApprovalSetting | undefined> {
  return db
    .selectFrom('approval_setting')
    .select(['agent_id as agentId', 'app_id as appId'])
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
}

export async function putSetting(
  tx: Db,
  corpId: string,
  { agentId, appId }: ApprovalSetting,
  at: Date,
): Promise<void> {
  await sql`
    insert into approval_setting (corp_id, agent_id, app_id, changed_at) values (${corpId}, ${agentId}, ${appId}, ${at})
    on conflict (corp_id) do update set agent_id = excluded.agent_id, app_id = excluded.app_id,
      changed_at = excluded.changed_at`.execute(tx)
}

export type TemplateGrant = { devId: string; applies: boolean; reads: boolean }
export type Template = {
  corpId: string
  id: string
  flow: ApprovalFlow
  name: string
  fields: readonly TemplateField[]
  readAt: Date
  grants: readonly TemplateGrant[]
}

const templateColumns = sql`t.corp_id as "corpId", t.id, t.flow, t.name, t.fields, t.read_at as "readAt",
  coalesce((select json_agg(json_build_object('devId', g.dev_id, 'applies', g.applies, 'reads', g.reads) order by g.dev_id)
    from approval_grant g where g.corp_id = t.corp_id and g.template_id = t.id), '[]') as grants`

/** By name. */
export async function templatesOf(db: Db, corpId: string): Promise<Template[]> {
  const { rows } = await sql<Template>`
    select ${templateColumns} from approval_template t where t.corp_id = ${corpId} order by t.name, t.id`.execute(
    db,
  )
  return rows
}

/** The templates of WeCom's own of all corps. */
export async function allTemplates(db: Db): Promise<{ corpId: string; id: string }[]> {
  return db
    .selectFrom('approval_template')
    .select(['corp_id as corpId', 'id'])
    .where('flow', '=', 'wecom')
    .orderBy('corp_id')
    .orderBy('id')
    .execute()
}

export async function findTemplate(db: Db, corpId: string, id: string): Promise<Template | undefined> {
  const { rows } = await sql<Template>`
    select ${templateColumns} from approval_template t where t.corp_id = ${corpId} and t.id = ${id}`.execute(
    db,
  )
  return rows[0]
}

/** Nobody else changes it until the transaction ends. */
export async function lockTemplate(tx: Db, corpId: string, id: string): Promise<Template | undefined> {
  await sql`select from approval_template where corp_id = ${corpId} and id = ${id} for update`.execute(tx)
  return findTemplate(tx, corpId, id)
}

export async function putTemplate(
  tx: Db,
  { corpId, id, flow, name, fields, readAt }: Omit<Template, 'grants'>,
): Promise<void> {
  await sql`
    insert into approval_template (corp_id, id, flow, name, fields, read_at)
    values (${corpId}, ${id}, ${flow}, ${name}, ${JSON.stringify(fields)}::jsonb, ${readAt})
    on conflict (corp_id, id) do update set name = excluded.name, fields = excluded.fields, read_at = excluded.read_at`.execute(
    tx,
  )
}

/** What was read of it again; one that was removed meanwhile stays so. */
export async function refreshTemplate(
  db: Db,
  { corpId, id, name, fields, readAt }: Pick<Template, 'corpId' | 'id' | 'name' | 'fields' | 'readAt'>,
): Promise<void> {
  await sql`
    update approval_template set name = ${name}, fields = ${JSON.stringify(fields)}::jsonb, read_at = ${readAt}
    where corp_id = ${corpId} and id = ${id}`.execute(db)
}

export async function deleteTemplate(tx: Db, corpId: string, id: string): Promise<void> {
  await tx.deleteFrom('approval_template').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** These developers, and nobody else. */
export async function putGrants(
  tx: Db,
  corpId: string,
  templateId: string,
  grants: readonly TemplateGrant[],
): Promise<void> {
  await tx
    .deleteFrom('approval_grant')
    .where('corp_id', '=', corpId)
    .where('template_id', '=', templateId)
    .execute()
  if (grants.length === 0) return
  const rows = grants.map(({ devId, applies, reads }) => ({
    corp_id: corpId,
    template_id: templateId,
    dev_id: devId,
    applies,
    reads,
  }))
  await tx.insertInto('approval_grant').values(rows).execute()
}

/** What a developer may do, by template. */
export async function grantsOf(
  db: Db,
  corpId: string,
  devId: string,
): Promise<Map<string, { applies: boolean; reads: boolean }>> {
  const rows = await db
    .selectFrom('approval_grant')
    .select(['template_id as id', 'applies', 'reads'])
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .execute()
  return new Map(rows.map(({ id, applies, reads }) => [id, { applies, reads }]))
}
