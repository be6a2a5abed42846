import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { TemplateKind, WireTemplate } from '../../../upstream/official/calls/templates.ts'

type AccountKey = { corpId: string; originalId: string }

const columns = [
  'kind',
  'template_id as id',
  'title',
  'content',
  'example',
  'is_long_term as isLongTerm',
  'choices',
] as const

export async function allTemplates(db: Db, { corpId, originalId }: AccountKey): Promise<WireTemplate[]> {
  const rows = await db
    .selectFrom('official_template')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .orderBy('kind', 'desc')
    .orderBy('title')
    .orderBy('template_id')
    .execute()
  return rows as WireTemplate[]
}

export async function findTemplate(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: string,
): Promise<WireTemplate | undefined> {
  const row = await db
    .selectFrom('official_template')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('template_id', '=', id)
    .executeTakeFirst()
  return row as WireTemplate | undefined
}

/** Makes the templates of a kind exactly these. */
export async function replaceTemplates(
  db: Db,
  { corpId, originalId }: AccountKey,
  kind: TemplateKind,
  templates: readonly WireTemplate[],
): Promise<void> {
  await db
    .deleteFrom('official_template')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('kind', '=', kind)
    .execute()
  await sql`
    insert into official_template (corp_id, original_id, template_id, kind, title, content, example, is_long_term, choices)
    select ${corpId}, ${originalId}, id, kind, title, content, example, "isLongTerm", choices
    from jsonb_to_recordset(${JSON.stringify(templates)}::jsonb)
      as row(id text, kind text, title text, content text, example text, "isLongTerm" boolean, choices jsonb)
    on conflict (corp_id, original_id, template_id) do nothing`.execute(db)
}

export type TickCount = { templateId: string; accepted: number; rejected: number; people: number }

/** How often each template was agreed to and refused since `since`; `people` are those who agreed. */
export async function tickCounts(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: Date,
): Promise<TickCount[]> {
  const { rows } = await sql<TickCount>`
    select template_id as "templateId", count(*) filter (where is_accepted)::int as accepted,
      count(*) filter (where not is_accepted)::int as rejected,
      count(distinct openid) filter (where is_accepted)::int as people
    from official_tick where corp_id = ${corpId} and original_id = ${originalId} and at >= ${since}
    group by 1`.execute(db)
  return rows
}

export type NewTick = {
  eventId: number
  n: number
  openid: string
  templateId: string
  isAccepted: boolean
  place: 'page' | 'article' | 'settings' | 'other'
  at: Date
}

export async function insertTicks(
  db: Db,
  { corpId, originalId }: AccountKey,
  ticks: readonly NewTick[],
): Promise<void> {
  if (ticks.length === 0) return
  await sql`
    insert into official_tick (corp_id, original_id, event_id, n, openid, template_id, is_accepted, place, at)
    select ${corpId}, ${originalId}, "eventId", n, openid, "templateId", "isAccepted", place, at
    from jsonb_to_recordset(${JSON.stringify(ticks)}::jsonb) as row("eventId" bigint, n smallint, openid text,
      "templateId" text, "isAccepted" boolean, place text, at timestamptz)
    on conflict do nothing`.execute(db)
}

export type Mapping = { templateId: string; kind: TemplateKind; fields: unknown }

export async function findMapping(db: Db, { corpId, originalId }: AccountKey): Promise<Mapping | undefined> {
  return db
    .selectFrom('official_template_mapping')
    .select(['template_id as templateId', 'kind', 'fields'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .executeTakeFirst()
}

export async function writeMapping(
  db: Db,
  { corpId, originalId }: AccountKey,
  mapping: Mapping,
): Promise<void> {
  const row = {
    template_id: mapping.templateId,
    kind: mapping.kind,
    fields: JSON.stringify(mapping.fields),
  }
  await db
    .insertInto('official_template_mapping')
    .values({ corp_id: corpId, original_id: originalId, ...row })
    .onConflict(conflict => conflict.columns(['corp_id', 'original_id']).doUpdateSet(row))
    .execute()
}

export async function deleteMapping(db: Db, { corpId, originalId }: AccountKey): Promise<void> {
  await db
    .deleteFrom('official_template_mapping')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
}
