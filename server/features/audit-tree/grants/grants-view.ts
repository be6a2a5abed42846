import { type Static, Type } from 'typebox'
import { detailLine } from '../../../callers/audit/telling.ts'
import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { time } from '../../../platform/http/output.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import { findingWords } from '../tree/finding.ts'
import type { TreeName } from '../tree/source.ts'
import { grantsVersion } from './check.ts'
import { compareGrants } from './compare.ts'
import { grantsRow } from './grants-store.ts'

export const grantsShape = Type.Object({
  version: Type.String({
    about: { zh: '清单的版本，确认时交回', en: 'Version of the list, for confirming it' },
  }),
  isListed: Type.Boolean({
    about: {
      zh: '授权是否已进入审计并在比对',
      en: 'Whether the grants have entered the audit log and are compared',
    },
  }),
  confirmedAt: Type.Union([time, Type.Null()], {
    about: { zh: '确认的时间；null 为没有确认', en: 'When the first list was confirmed; null: by nobody' },
  }),
  total: Type.Integer({ about: { zh: '共多少', en: 'How many there are' } }),
  grants: Type.Array(
    Type.Object({
      kind: Type.String({ about: { zh: '种类', en: 'Kind' } }),
      kindName: Type.String({ about: { zh: '种类的名称', en: 'Name of the kind' } }),
      target: Type.String({
        about: { zh: '对象：账号、开发者、角色等', en: 'Whose: a userid, a developer, a role' },
      }),
      key: Type.String({ about: { zh: '键', en: 'Key' } }),
      gives: Type.String({ about: { zh: '授予的内容', en: 'What it gives' } }),
      until: Type.Union([time, Type.Null()], {
        about: { zh: '截止；null 为不限', en: 'Its end; null: none' },
      }),
    }),
    { about: { zh: '现有授权，最多 500 项', en: 'The grants that there are, at most 500' } },
  ),
  findings: Type.Array(Type.String(), {
    about: { zh: '与审计不符之处，最多 500 处', en: 'What does not fit the acts, at most 500' },
  }),
})

export type GrantsNeeds = Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'>; offered: FeatureOffers }

const shownAtMost = 500

/** What of a grant's value says something. */
const said = (detail: object = {}): object =>
  Object.fromEntries(
    Object.entries(detail).filter(([, value]) =>
      typeof value === 'object' ? value !== null && Object.keys(value).length > 0 : value !== '',
    ),
  )

/** The grants of a tree as they are now, and what of them does not fit the acts. */
export async function grantsView(
  ctx: GrantsNeeds,
  tree: TreeName,
  language: Language,
): Promise<Static<typeof grantsShape>> {
  const row = await grantsRow(ctx.db, tree)
  const mirror = tree === '' ? undefined : await ctx.mirrors.load(tree)
  const telling = { language, mirror, timeZone: zoneOf(ctx, tree) }
  const verdict = await compareGrants(ctx, ctx.offered.grants, tree)
  return {
    version: grantsVersion(row, verdict),
    isListed: verdict.isListed,
    confirmedAt: row?.confirmedAt ?? null,
    total: verdict.held.length,
    grants: verdict.held.slice(0, shownAtMost).map(({ kind, target, key, value, until }) => ({
      kind: kind.name,
      kindName: wordsIn(language, kind.words),
      target,
      key,
      gives: detailLine(telling, said(kind.detail?.(value))),
      until,
    })),
    findings: verdict.findings.slice(0, shownAtMost).map(finding => wordsIn(language, findingWords(finding))),
  }
}
