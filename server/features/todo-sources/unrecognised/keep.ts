import { createHash } from 'node:crypto'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { storable } from '../../../platform/storage/foreign-text.ts'
import type { NotUnderstood } from '../reason.ts'
import type { Item } from '../receive/values.ts'
import type { Source } from '../source.ts'
import { withoutSecrets, withoutSecretsIn } from './mask.ts'
import { putUnrecognised } from './store.ts'

/** The same item of the same call has the same one, in whatever order its fields stand. */
export function printOf(call: string, content: unknown): string {
  return createHash('sha256')
    .update(`${call}\n${JSON.stringify(content, inOrder)}`)
    .digest('hex')
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

const bodyAtMost = 20_000
const aboutAtMost = 200

export type UnrecognisedInput = { call: string; why: NotUnderstood; flow?: string } & (
  | { item: Item }
  | { body: string }
)

/** Keeps what was not understood, for the console's list. */
export async function keep(
  tx: Db,
  ctx: Core,
  { corpId, id }: Source,
  { call, why, flow = '', ...what }: UnrecognisedInput,
  at: Date,
): Promise<void> {
  const item = 'item' in what ? withoutSecretsIn(what.item) : null
  const body = 'body' in what ? withoutSecrets(storable(what.body.slice(0, bodyAtMost))) : ''
  const isKept = await putUnrecognised(
    tx,
    {
      corpId,
      sourceId: id,
      call,
      item,
      body,
      flow,
      reason: why.reason,
      about: withoutSecrets(storable(why.about.slice(0, aboutAtMost))),
      print: printOf(call, item ?? body),
    },
    at,
  )
  if (!isKept) ctx.log.warn({ source: id, reason: why.reason }, 'no room for a push that was not understood')
}
