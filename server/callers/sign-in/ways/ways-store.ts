import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** What a corp can add to the sign-in by WeCom; `wecom` stands among them for the order. */
export const wayNames = ['wecom', 'sms', 'passkey'] as const
export type SignInWay = (typeof wayNames)[number]

export type WaySettings = {
  /** Those that are on, in the order of the sign-in page. */
  ways: SignInWay[]
  smsTemplate: string
  /** While WeCom does not answer, the others come before it. */
  othersFirst: boolean
  /** 0: as long as all sessions. */
  insideDays: number
  /** Addresses and networks behind which many people are: more wrong codes by SMS are taken from there. */
  crowdNetworks: string[]
}

export const usualWays: WaySettings = {
  ways: ['wecom'],
  smsTemplate: '',
  othersFirst: true,
  insideDays: 0,
  crowdNetworks: [],
}

const columns = [
  'corp_id as corpId',
  sql<SignInWay[]>`ways`.as('ways'),
  'sms_template as smsTemplate',
  'others_first as othersFirst',
  'inside_days as insideDays',
  'crowd_networks as crowdNetworks',
] as const

export async function readWays(db: Db, corpId: string): Promise<WaySettings> {
  const row = await db
    .selectFrom('sign_in_setting')
    .select(columns)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  if (!row) return usualWays
  const { corpId: _, ...settings } = row
  return settings
}

/** Returns the ways of signing in of all corps that have more than WeCom. */
export async function waysOfAll(db: Db): Promise<Map<string, Pick<WaySettings, 'ways' | 'othersFirst'>>> {
  const rows = await db.selectFrom('sign_in_setting').select(columns).execute()
  return new Map(rows.map(({ corpId, ways, othersFirst }) => [corpId, { ways, othersFirst }]))
}

export async function writeWays(db: Db, corpId: string, settings: WaySettings, at: Date): Promise<void> {
  const { ways, smsTemplate, othersFirst, insideDays, crowdNetworks } = settings
  const row = {
    ways,
    sms_template: smsTemplate,
    others_first: othersFirst,
    inside_days: insideDays,
    crowd_networks: crowdNetworks,
    updated_at: at,
  }
  await db
    .insertInto('sign_in_setting')
    .values({ corp_id: corpId, ...row })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet(row))
    .execute()
}

/** The row's lock makes two who save at once come one after the other. */
export async function lockCorp(db: Db, corpId: string): Promise<void> {
  await db.selectFrom('corp').select('corp_id').where('corp_id', '=', corpId).forUpdate().execute()
}
