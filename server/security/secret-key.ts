import type { Core } from '../core.ts'
import { purposes } from '../corps/corps.ts'
import { contentPurpose } from '../messages/accept/sealed-content.ts'
import { sealPurposes } from '../messages/settings/settings.ts'
import { foreignKey } from '../storage/embedded/key-file.ts'

const key = 'secret_key'

/**
 * A node with another key than the one that sealed the database would fail at the first secret it opens; it must say so
 * at start instead. With WISP_SECRET_KEY_OLD every stored secret is sealed anew and the new key is noted.
 */
export async function checkSecretKey(ctx: Core): Promise<void> {
  const { db, seal } = ctx
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  const known = (row?.value as { fingerprint?: string } | undefined)?.fingerprint
  if (known === seal.fingerprint) return
  if (known !== undefined && !seal.knows(known)) {
    const { secretKey, dataDir } = ctx.config
    if (!secretKey) throw foreignKey(dataDir, seal.fingerprint, known)
    throw new Error(
      `WISP_SECRET_KEY is not the key of this database (fingerprint ${seal.fingerprint}, expected ${known}); ` +
        'to rotate it, start with the old one in WISP_SECRET_KEY_OLD',
    )
  }
  await db.transaction().execute(async tx => {
    if (known !== undefined) await sealAnew(ctx, tx)
    const value = JSON.stringify({ fingerprint: seal.fingerprint })
    await tx
      .insertInto('setting')
      .values({ key, value })
      .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
      .execute()
  })
}

async function sealAnew(ctx: Core, tx: Core['db']): Promise<void> {
  const { seal } = ctx
  const again = (sealed: string, purpose: string) => seal.seal(seal.open(sealed, purpose), purpose)
  const corps = await tx.selectFrom('corp').selectAll().forUpdate().execute()
  for (const corp of corps) {
    await tx
      .updateTable('corp')
      .set({
        contact_secret: again(corp.contact_secret, purposes.contactSecret),
        callback_token: again(corp.callback_token, purposes.callbackToken),
        callback_aes_key: again(corp.callback_aes_key, purposes.callbackAesKey),
      })
      .where('corp_id', '=', corp.corp_id)
      .execute()
  }
  for (const agent of await tx.selectFrom('agent').selectAll().forUpdate().execute()) {
    await tx
      .updateTable('agent')
      .set({ secret: again(agent.secret, purposes.agentSecret) })
      .where('corp_id', '=', agent.corp_id)
      .where('agent_id', '=', agent.agent_id)
      .execute()
  }
  for (const row of await tx.selectFrom('message_settings').selectAll().forUpdate().execute()) {
    await tx
      .updateTable('message_settings')
      .set({
        smtp: row.smtp && again(row.smtp, sealPurposes.smtp),
        sms: row.sms && again(row.sms, sealPurposes.sms),
      })
      .where('corp_id', '=', row.corp_id)
      .execute()
  }
  await sealMessagesAnew(tx, again)
  // Access tokens are cheap to get again.
  await tx.deleteFrom('upstream_token').execute()
}

const messagesAtOnce = 1000

async function sealMessagesAnew(
  tx: Core['db'],
  again: (sealed: string, purpose: string) => string,
): Promise<void> {
  for (let after = ''; ; ) {
    const page = await tx
      .selectFrom('message')
      .select(['id', 'content'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(messagesAtOnce)
      .execute()
    for (const { id, content } of page) {
      await tx
        .updateTable('message')
        .set({ content: again(content, contentPurpose) })
        .where('id', '=', id)
        .execute()
    }
    const last = page.at(-1)
    if (!last || page.length < messagesAtOnce) return
    after = last.id
  }
}
