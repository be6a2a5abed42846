import type { Core } from '../../../platform/core.ts'
import type { NotUnderstood } from '../reason.ts'
import type { SourceRequest } from '../receive/asked.ts'
import { decodeBody } from '../receive/decode.ts'
import type { Source } from '../source.ts'
import { notePushed } from '../source-store.ts'
import { keep } from './keep.ts'

/** Keeps a body that could not be read, as far as it is text. */
export async function noteUnread(
  ctx: Core,
  source: Source,
  call: string,
  { body, headers }: SourceRequest,
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
