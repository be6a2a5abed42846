import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseEnv } from '../../../test/harness.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { type Database, openDatabase } from './database.ts'

/** Tables whose keys do not begin with the corp, and why. A new table belongs here only if it concerns the installation. */
const exceptions: Record<string, string> = {
  migration: 'of the installation',
  setting: 'of the installation',
  node: 'of the installation',
  node_address: 'of the installation',
  node_batch: 'of a node',
  timer: 'of the installation',
  event_stream: 'of a developer, who is named; its row goes within two hours',
  upstream_outage: 'of the installation: an upstream that answers nobody',
  backup_plan: 'of the installation',
  backup_run: 'of the installation',
  backup_trial: 'of the installation',
  admin_account: 'of the installation',
  recovery_code: 'of an account of the installation',
  old_password: 'of an account of the installation',
  admin_token: 'found by the token, which names no corp; those of the installation have none',
  alert: 'found by its id; those of the installation have no corp',
  brand: 'that of the installation has no corp',
  siem_receiver: 'those of the installation have no corp',
  siem_told: 'of a receiver',
  audit: 'acts on the installation have no corp',
  audit_repetition: 'of an entry of the audit log',
  audit_tree: 'that of the installation has no corp',
  audit_leaf: 'of a tree',
  audit_node: 'of a tree',
  audit_pending: 'for seconds; that of the installation has no corp',
  audit_key: 'of the installation',
  audit_checkpoint: 'of a tree',
  audit_destination: 'of a tree',
  audit_grants: 'of a tree',
  audit_verification: 'of a tree',
  three_scope: 'that of the installation has no corp',
  three_holder: 'those of the installation have no corp',
  three_person: 'one role in all corps and the installation',
  joint_act: 'those of the installation have no corp',
  joint_assent: 'of a joint act',
  break_glass: 'of an account of the installation',
  restored_lock: 'that of the installation has no corp',
  session: 'found by the cookie, which names no corp; administrators have none',
  passkey: 'found by the credential id, which names no corp; local accounts have none',
  refusal: 'found by the number on an error page; before somebody has signed in it has no corp',
  ticket: 'found by the jessionId, which names no corp',
  developer: 'found by the devId, which names no corp',
  developer_secret: 'found by the number in a devToken',
  developer_usage: 'of a developer',
  app: 'found by its id on the wire',
  app_icon: 'of an app',
  app_menu_version: 'of an app',
  app_menu_attempt: 'of an app',
  app_sign_in: 'of an app',
  corp_sign_in: 'found by the address at which a request comes',
  sync_run: 'numbered for people; a month of them is kept',
  sync_page: 'of a run',
  sync_drift: 'of a run',
  official_link_request: 'found by the secret of a link, which names no corp',
  pay_merchant: 'found by the mchid in a notification, which names no corp',
  site_file: 'served at the root of the installation, which has each name once',
  official_account: 'found by the original id in a push, which names no corp',
}

let database: Database
beforeAll(async () => {
  database = await openDatabase(readConfig(await databaseEnv()), createLog('silent'))
})
afterAll(() => database.close())

it('keys begin with the corp, but those of the exceptions', async () => {
  const { rows } = await sql<{ table: string; key: string; first: string }>`
    select t.relname as "table", i.relname as key, a.attname as first
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
      join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
    where t.relnamespace = 'public'::regnamespace and x.indisunique`.execute(database.db)
  const wrong = rows.filter(row => row.first !== 'corp_id')
  expect(rows.length).toBeGreaterThan(40)
  expect(wrong.filter(row => !(row.table in exceptions))).toEqual([])
  const needed = new Set(wrong.map(row => row.table))
  expect(Object.keys(exceptions).filter(table => !needed.has(table))).toEqual([])
})

it('references to a person name the corp too', async () => {
  const { rows } = await sql<{ of: string }>`
    select pg_get_constraintdef(oid) as of from pg_constraint
    where contype = 'f' and confrelid in ('member'::regclass, 'member_role'::regclass)`.execute(database.db)
  expect(rows).toHaveLength(28)
  for (const { of } of rows)
    expect(of).toMatch(
      /^FOREIGN KEY \(corp_id, (member_id|assigned_member|payer_id|external_id)\) REFERENCES .* ON DELETE (CASCADE|SET NULL \(\1\))$/,
    )
})
