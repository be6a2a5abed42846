import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../../platform/queue/queue-store.ts'
import { endRequest, findRequest, findRequests, insertRequest, type PersonRequest } from '../request-store.ts'
import type { KnownPerson } from '../rows/person-store.ts'
import { dropPieces, putPiece, readPieces } from './piece-store.ts'
import { type CopySection, readPerson } from './read-person.ts'
import { type CopyFormat, type CopyHead, renderCopy } from './render.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/** How long a finished copy can be downloaded. */
export const copyDays = 7
/** What a person may ask for in a day, since each copy reads all tables. */
const copiesADay = 5

const purposeOf = (corpId: string, requestId: number, n: number) =>
  `person_copy_piece ${corpId} ${requestId} ${n}`

/** Asks for a copy; while one is being made it is that one. @throws ApiError 1010 beyond five in a day */
export async function askCopy(
  ctx: Core,
  actor: string,
  corpId: string,
  { memberId, userId, name }: Pick<KnownPerson, 'memberId' | 'userId' | 'name'>,
  { cause, reason }: { cause: 'own' | 'asked'; reason: string },
): Promise<number> {
  const { list } = await findRequests(
    ctx.db,
    { corpId, memberId, kind: 'copy' },
    { limit: copiesADay, offset: 0 },
  )
  const oldest = list[copiesADay - 1]
  if (oldest && oldest.askedAt.getTime() > ctx.now() - 86_400_000)
    throw new ApiError('tooManyRequests', {
      zh: told`24 小时内最多申请 ${own(copiesADay)} 份副本，请明天再申请`,
      en: told`at most ${own(copiesADay)} copies in 24 hours: ask again tomorrow`,
    })
  return ctx.db.transaction().execute(async tx => {
    const askedAt = new Date(ctx.now())
    const given = { kind: 'copy' as const, memberId, userId, name, cause, reason, askedBy: actor, askedAt }
    const { id, isNew } = await insertRequest(tx, corpId, given)
    if (isNew) {
      const entry = { corpId, actor, act: 'person.copy' as const, target: userId, targetName: name }
      await record(tx, ctx, { ...entry, detail: { request: id, reason } })
    }
    await enqueue(tx, [{ corpId, stream: 'personal-data' }], askedAt)
    return id
  })
}

/** Puts the copy together, of one moment, in sealed pieces. A run that was cut off begins again. */
export async function makeCopy(ctx: Needs, held: ActiveTask, request: PersonRequest): Promise<void> {
  const { corpId, lease } = held
  const { id, memberId } = request
  await ctx.db.transaction().execute(async tx => {
    await dropPieces(tx, corpId, id)
    await holdLease(tx, lease)
  })
  const rows: Record<string, number> = {}
  await inOneMoment(ctx, async snapshot => {
    let n = 0
    for await (const section of readPerson(ctx.offered, snapshot, corpId, memberId)) {
      held.signal.throwIfAborted()
      rows[section.table] = (rows[section.table] ?? 0) + section.rows.length
      const packed = gzipSync(JSON.stringify(section)).toString('base64')
      const content = ctx.seal.seal(packed, purposeOf(corpId, id, n))
      await ctx.db.transaction().execute(async tx => {
        await putPiece(tx, { corpId, requestId: id, n, content })
        await holdLease(tx, lease)
      })
      n += 1
    }
  })
  await ctx.db.transaction().execute(async tx => {
    await endRequest(tx, corpId, id, { state: 'done', at: new Date(ctx.now()), report: { rows } })
    await holdLease(tx, lease)
  })
}

function inOneMoment<T>(ctx: Core, read: (tx: Core['db']) => Promise<T>): Promise<T> {
  return ctx.direct
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(read)
}

/** A copy that can be taken. @throws ApiError 1000 */
export async function finishedCopy(ctx: Core, corpId: string, id: number): Promise<PersonRequest> {
  const request = await findRequest(ctx.db, corpId, id)
  const until = ctx.now() - copyDays * 86_400_000
  if (request?.kind === 'copy' && request.state === 'done' && (request.endedAt?.getTime() ?? 0) > until)
    return request
  throw new ApiError('badParameter', {
    zh: told`副本 ${own(id)} 还没有完成，或已过 ${own(copyDays)} 天；请重新申请`,
    en: told`copy ${own(id)} is not ready, or older than ${own(copyDays)} days: ask for another one`,
  })
}

async function* sectionsOf(ctx: Core, corpId: string, id: number): AsyncGenerator<CopySection> {
  let n = 0
  for await (const content of readPieces(ctx.db, corpId, id)) {
    const packed = ctx.seal.open(content, purposeOf(corpId, id, n))
    yield JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as CopySection
    n += 1
  }
}

/** The finished copy as a file; that it was taken is recorded before anything leaves. */
export async function takeCopy(
  ctx: Needs,
  actor: string,
  corpId: string,
  request: PersonRequest,
  format: CopyFormat,
): Promise<Readable> {
  const { id, userId, name, endedAt } = request
  const entry = { corpId, actor, act: 'person.copy-taken' as const, target: userId, targetName: name }
  await record(ctx.db, ctx, { ...entry, detail: { request: id, format } })
  const head: CopyHead = {
    corp: ctx.corps.get(corpId).name,
    userId,
    name,
    at: endedAt ?? new Date(ctx.now()),
  }
  return Readable.from(renderCopy(format, head, sectionsOf(ctx, corpId, id)))
}

/** The same at once, for the command line. */
export async function copyNow(
  ctx: Needs,
  actor: string,
  corpId: string,
  { memberId, userId, name }: KnownPerson,
  format: CopyFormat,
  write: (text: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  const entry = { corpId, actor, act: 'person.copy-taken' as const, target: userId, targetName: name }
  await record(ctx.db, ctx, { ...entry, detail: { format } })
  const head: CopyHead = { corp: ctx.corps.get(corpId).name, userId, name, at: new Date(ctx.now()) }
  await inOneMoment(ctx, tx => write(renderCopy(format, head, readPerson(ctx.offered, tx, corpId, memberId))))
}
