import { type Corps, zoneOf } from '../../../../organisation/corps/corps.ts'
import { record } from '../../../../platform/audit/audit.ts'
import type { Core } from '../../../../platform/core.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import { checkColumns } from '../../../../platform/http/tables/columns.ts'
import {
  checkPreviewed,
  type ImportedFile,
  type Importer,
  oneFileOfCorp,
  previewToken,
} from '../../../../platform/http/tables/uploaded-file.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import type { Apps } from '../../../apps/catalog.ts'
import type { Merchants } from '../../merchants/merchants.ts'
import { billsAtMost, createBills, examineBills } from '../bills.ts'
import type { Creator } from '../creator.ts'
import { givenOf, type ImportFile, type ImportRecord, readBillFile } from './import-file.ts'

type Needs = Core & { apps: Apps; corps: Corps; merchants: Merchants; offered: FeatureOffers }

const importerOf = ({ corpId, actor }: Creator): Importer => ({ purpose: 'bill import', corpId, who: actor })

/** A line of the file and what becomes of it: made, made before with the same content, or not, because of `problem`. */
export type ImportedLine = {
  record: ImportRecord
  payerName: string
  amount: number
  outcome: 'new' | 'known' | 'wrong'
  problem: ApiError | undefined
}

/** What an import of the file would do. `token` lets the same person apply the same file. Throws 1000. */
export async function previewImport(
  ctx: Needs,
  creator: Creator,
  file: ImportedFile,
): Promise<{ token: string; about: Omit<ImportFile, 'records'>; lines: ImportedLine[] }> {
  return oneFileOfCorp(creator.corpId, async () => {
    const { records, ...about } = await readBillFile(file.bytes, file.chosen)
    const token = previewToken(ctx, importerOf(creator), file)
    return { token, about, lines: (await examine(ctx, creator, records)).lines }
  })
}

/**
 * Examines all lines again, because people may have left since the preview, and makes the bills of the good ones. Bills that
 * were made before are left alone, so it is safe to repeat. Throws 1000 for another file than the one that was previewed.
 */
export async function applyImport(
  ctx: Needs,
  creator: Creator,
  file: ImportedFile & { fileName: string; token: string },
): Promise<ImportedLine[]> {
  const { bytes, chosen, fileName, token } = file
  checkPreviewed(ctx, importerOf(creator), file, token)
  const { lines, given } = await oneFileOfCorp(creator.corpId, async () => {
    const { records } = checkColumns(await readBillFile(bytes, chosen))
    return examine(ctx, creator, records)
  })
  const good = lines.flatMap((line, index) => {
    const bill = given[index]
    return line.outcome === 'new' && bill ? [{ bill, prefix: `第 ${line.record.line} 行 ` }] : []
  })
  for (let at = 0; at < good.length; at += billsAtMost) {
    const some = good.slice(at, at + billsAtMost)
    await createBills(
      ctx,
      creator,
      some.map(one => one.bill),
      some.map(one => one.prefix),
    )
  }
  const { corpId, actor } = creator
  const detail = { fileName, ...countLines(lines) }
  await ctx.db
    .transaction()
    .execute(tx => record(tx, ctx, { corpId, actor, act: 'pay.bill.import', target: corpId, detail }))
  return lines
}

export function countLines(lines: readonly ImportedLine[]) {
  const of = (outcome: ImportedLine['outcome']) => lines.filter(line => line.outcome === outcome)
  return {
    rows: lines.length,
    created: of('new').length,
    known: of('known').length,
    wrong: of('wrong').length,
    /** In fen, of the bills that are new. */
    amount: of('new').reduce((sum, line) => sum + line.amount, 0),
  }
}

async function examine(ctx: Needs, creator: Creator, records: readonly ImportRecord[]) {
  const timeZone = zoneOf(ctx, creator.corpId)
  const read = records.map(one => {
    try {
      return { given: givenOf(one, timeZone), problem: undefined }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { given: undefined, problem: error }
    }
  })
  const given = read.map(one => one.given)
  const examined = await examineBills(
    ctx,
    creator,
    given.filter(one => one !== undefined),
  )
  let next = 0
  const lines = records.map((record, index): ImportedLine => {
    const one = given[index] === undefined ? undefined : examined[next++]
    const problem = one ? one.problem : read[index]?.problem
    return {
      record,
      payerName: one?.payer?.name ?? '',
      amount: one?.bill?.amount ?? 0,
      outcome: problem ? 'wrong' : one?.isKnown ? 'known' : 'new',
      problem,
    }
  })
  return { lines, given }
}
