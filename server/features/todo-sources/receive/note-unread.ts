import type { Core } from '../../../platform/core.ts'
import type { Source } from '../source.ts'
import { notePushed } from '../source-store.ts'
import { keep } from '../unrecognised/keep.ts'
import type { NotUnderstood } from '../unrecognised/reason.ts'
import type { Asked } from './asked.ts'
import { decodeBody } from './decode.ts'

/** Keeps a body that could not be read, as far as it is text. */
export async function noteUnread(
  ctx: Core,
  source: Source,
  call: string,
  { body, headers }: Asked,
  why: NotUnderstood,
): Promise<void> {
  const at = new Date(ctx.now())
  const text = textOf(body, headers['content-type'])
  await ctx.db
    .transaction()
    .execute(tx => keep(tx, ctx, source, { call: call.slice(0, 100), body: text, why }, at))
  await notePushed(ctx.db, source.corpId, source.id, at)
}

function textOf(body: Buffer, contentType: string | undefined): string {
  try {
    return decodeBody(body, contentType)
  } catch {
    return body.toString('utf8')
  }
}
