import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { oneFileOfCorp } from '../../platform/http/tables/uploaded-file.ts'
import { ownWords } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import type { Words } from '../../platform/words.ts'
import type { SourceField } from './plan/fields.ts'
import { readPerson } from './plan/read-record.ts'
import { readSource } from './read/read-source.ts'
import { makePreview } from './runs/make-preview.ts'
import { isReadBack } from './runs/read-back.ts'
import { knownSource, nextByPlan } from './set-source.ts'
import { mappingOf } from './settings.ts'
import { askForPreview } from './source-store.ts'
import { sourceStream } from './stream.ts'

export type PreviewNowNeeds = Core & {
  corps: Corps
  mirrors: Mirrors
  outbound: Outbound
  offered: FeatureOffers
}

/**
 * Makes a preview: of a file at once, of all others on a node that reads them within seconds; then there is no run yet. Throws 1000 for a
 * file that cannot be read, 1009 where the feature is off.
 */
export async function previewNow(
  ctx: PreviewNowNeeds,
  actor: string,
  corpId: string,
  id: number,
  bytes?: Buffer,
): Promise<number | undefined> {
  checkOn(ctx, corpId, 'people-source')
  const source = await knownSource(ctx.db, corpId, id)
  if (source.kind === 'file')
    return oneFileOfCorp(corpId, async () => {
      if (!(await isReadBack(ctx, corpId)))
        throw new ApiError('badParameter', {
          zh: '通讯录正在读回上一次写入的成员，没有预览；请一分钟后再试',
          en: 'the address book still reads what the last run wrote, and there is no preview: try again in a minute',
        })
      const reading = await readSource(ctx, source, bytes)
      const nextAt = nextByPlan(ctx, corpId, source.settings)
      const { runId } = await makePreview(ctx, source, reading, { actor, nextAt })
      return runId
    })
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    await askForPreview(tx, corpId, id, at)
    await enqueue(tx, [{ corpId, stream: sourceStream }], at)
  })
  return undefined
}

/** The first people of a source as the settings read them. */
export type Trial = {
  columns: string[]
  people: number
  first: {
    line: number
    key: string
    userId: string
    fields: { field: string; value: string }[]
    isGone: boolean
    why: Words[]
  }[]
}

const firstPeople = 10

/** Reads a source and writes nothing, so that people see whether the mapping is right. Throws 1000 and 1011. */
export async function tryRead(
  ctx: PreviewNowNeeds,
  corpId: string,
  id: number,
  bytes?: Buffer,
): Promise<Trial> {
  const source = await knownSource(ctx.db, corpId, id)
  const mapping = mappingOf(source.settings)
  const { columns, records } = await toldPlainly(readSource(ctx, source, bytes))
  const first = records.slice(0, firstPeople).map(one => {
    const { person, problems } = readPerson(one, mapping)
    const values = Object.entries({
      ...person?.values,
      departments: person?.departments?.join(mapping.separator || ';') ?? '',
      leader: person?.leader ?? '',
    } satisfies Partial<Record<SourceField, string>>)
    return {
      line: one.line,
      key: person?.key ?? one.cells[mapping.key] ?? '',
      userId: person?.userId ?? '',
      fields: values.filter(([, value]) => value !== '').map(([field, value]) => ({ field, value })),
      isGone: person?.isGone ?? false,
      why: problems.map(each => each.why),
    }
  })
  return { columns, people: records.length, first }
}

async function toldPlainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof OutboundRefused) throw new ApiError('upstream', ownWords(error.words))
    throw error
  }
}
