import { credentialOwner as wecomOwner } from '../../organisation/corps/clients/clients.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Finding } from '../../organisation/corps/doctor/check.ts'
import { failedFindings } from '../../organisation/corps/doctor/verdict-store.ts'
import { diagnosisKey as corpKey } from '../../organisation/corps/store.ts'
import type { Core } from '../../platform/core.ts'
import type { Attention, CorpAttention } from '../../platform/manifest/attention.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { type Language, type Words, wordsIn } from '../../platform/words.ts'
import { refusedCredentials } from '../../upstream/transport/credential-store.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import { diagnosisKey as accountKey } from '../official/accounts/bind.ts'
import { diagnosisKey as merchantKey } from '../payments/merchants/connect.ts'
import type { Merchants } from '../payments/merchants/merchants.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; merchants: Merchants }

/** Checks whose causes are looked for by themselves: wecomUnreachable, the syncs', certificateEnds and merchantCertificateEnds. */
const toldElsewhere = new Set(['network', 'sync', 'certificate'])

/** The rows about the same by the id of the check that finds it too; where there is one of them, the check-up says nothing of its own. */
const rowsAbout: Record<Subject['kind'], Record<string, readonly string[]>> = {
  corp: {
    network: ['wecomUnreachable'],
    sync: ['neverSynced', 'syncFailed', 'syncApproval', 'syncStale', 'secretRefused'],
    certificate: ['certificateEnds'],
    callback: ['callbackUnverified'],
  },
  account: {},
  merchant: { certificate: ['merchantCertificateEnds'] },
}

/** What was examined. `id` is the account's or the merchant's; absent for the corp itself. */
type Subject = { corpId: string; kind: 'corp' | 'account' | 'merchant'; id?: string; name: string }

/** The last check-up of a corp, an official account or a merchant failed, in what no other cause tells. */
export const doctorFailed: Cause<Needs, Omit<Subject, 'corpId'> & { checks: (Words | string)[] }> = {
  async find(ctx) {
    const [rows, refused] = await Promise.all([
      failedFindings(ctx.db, [corpKey(''), accountKey(''), merchantKey('')]),
      refusedCredentials(ctx.db),
    ])
    const refusedOwners = new Set(refused.map(({ corpId, owner }) => `${corpId} ${owner}`))
    return {
      found: rows.flatMap(({ key, failed }) => {
        const examined = examinedBy(ctx, key)
        if (!examined) return []
        const { corpId, ...detail } = examined
        const isTold = (id: string) =>
          toldElsewhere.has(id) || (detail.kind === 'corp' && refusedOwners.has(`${corpId} ${ownerOf(id)}`))
        const checks = failed.filter(({ id }) => !isTold(id)).map(({ title }) => title)
        return checks.length === 0
          ? []
          : [{ corpId, subject: detail.id ?? '', detail: { ...detail, checks } }]
      }),
    }
  },
  reasonOf: ({ kind, checks }) => `${kind} ${checks.map(one => wordsIn('zh', one)).join(' ')}`,
  tell({ kind, id, name, checks }) {
    const zh = checks.map(one => wordsIn('zh', one)).join('、')
    const en = checks.map(one => wordsIn('en', one)).join(', ')
    const { whose, page, path } = shown(kind, name, id)
    return {
      title: { zh: `${whose.zh}体检未通过`, en: `The check-up of ${whose.en} fails` },
      what: { zh: `最近一次体检有问题：${zh}。`, en: `The last one found fault with: ${en}.` },
      fix: {
        zh: `请到${page.zh}查看每一项的原因与改法，改好后再体检一次；通过后本提醒自动结束。`,
        en: `See in ${page.en} what is wrong and what to change, then check again. This ends by itself once all is well.`,
      },
      path,
    }
  },
}

/**
 * The last check-ups of these corps, their official accounts and merchants that failed, in what no row of the corp tells: `kindsOf` has the kinds
 * of its rows.
 */
export async function failedExaminations(
  ctx: Needs,
  corpIds: readonly string[],
  kindsOf: (corpId: string) => ReadonlySet<string>,
): Promise<CorpAttention[]> {
  const asked = new Set(corpIds)
  const keys = corpIds.flatMap(corpId => [
    corpKey(corpId),
    ...ctx.accounts.ofCorp(corpId).map(one => accountKey(one.originalId)),
    ...ctx.merchants.ofCorp(corpId).map(one => merchantKey(one.mchId)),
  ])
  const [refused, findings] = await Promise.all([
    refusedCredentials(ctx.db, corpIds),
    failedFindings(ctx.db, keys),
  ])
  const refusedOwners = new Set(refused.map(({ corpId, owner }) => `${corpId} ${owner}`))
  return findings.flatMap(({ key, at, failed }) => {
    const examined = examinedBy(ctx, key)
    if (!examined || !asked.has(examined.corpId)) return []
    const { kind, corpId } = examined
    const kinds = kindsOf(corpId)
    const isTold = ({ id }: Finding) =>
      rowsAbout[kind][id]?.some(one => kinds.has(one)) ||
      (kind === 'corp' && kinds.has('secretRefused') && refusedOwners.has(`${corpId} ${ownerOf(id)}`))
    const checks = failed.filter(one => !isTold(one))
    return checks.length === 0 ? [] : [{ corpId, ...rowOf(examined, at, checks) }]
  })
}

function rowOf(examined: Subject, since: Date, checks: readonly Finding[]): Attention {
  const said = (language: Language, [colon, stop]: readonly [string, string]) =>
    checks.map(one => wordsIn(language, one.title) + colon + wordsIn(language, one.detail)).join(stop)
  const { fix, ...telling } = doctorFailed.tell({ ...examined, checks: checks.map(one => one.title) })
  const [first, ...more] = checks
  return {
    ...telling,
    kind: 'doctorFailed',
    subject: examined.id ?? '',
    severity: 'bad',
    since,
    what: { zh: said('zh', ['：', '；']), en: said('en', [': ', '; ']) },
    fix: (more.length === 0 && first?.fix) || fix,
    act: { zh: '查看怎么改', en: 'See what to change' },
  }
}

/** Undefined for what is not here any more, or is disabled. */
function examinedBy(ctx: Needs, key: string): Subject | undefined {
  const idAfter = (prefix: string) => (key.startsWith(prefix) ? key.slice(prefix.length) : '')
  const corp = ctx.corps.find(idAfter(corpKey('')))
  if (corp) return { corpId: corp.corpId, kind: 'corp', name: corp.name }
  const account = ctx.accounts.find(idAfter(accountKey('')))
  if (account?.enabled)
    return { corpId: account.corpId, kind: 'account', id: account.originalId, name: account.name }
  const merchant = ctx.merchants.byNumber(idAfter(merchantKey('')))
  if (merchant?.enabled)
    return { corpId: merchant.corpId, kind: 'merchant', id: merchant.mchId, name: merchant.name }
  return undefined
}

/** The credential that a check of a corp tries, which secretRefused tells of. */
function ownerOf(checkId: string): string {
  return wecomOwner(checkId === 'contactSecret' ? 'contact' : checkId)
}

function shown(kind: Subject['kind'], name: string, id = ''): { whose: Words; page: Words; path: string } {
  switch (kind) {
    case 'corp':
      return {
        whose: { zh: `企业「${name}」`, en: `corp "${name}"` },
        page: {
          zh: '「系统 → 企业与体检」（或 wisp corp doctor）',
          en: 'System → Corps and check-up (or wisp corp doctor)',
        },
        path: '/console/system/corps',
      }
    case 'account':
      return {
        whose: { zh: `公众号「${name}」`, en: `official account "${name}"` },
        page: {
          zh: '「公众号 → 账号与绑定」（或 wisp official doctor）',
          en: 'Official accounts → Accounts (or wisp official doctor)',
        },
        path: `/console/official/accounts/${encodeURIComponent(id)}`,
      }
    case 'merchant':
      return {
        whose: { zh: `商户「${name}」`, en: `merchant "${name}"` },
        page: {
          zh: '「统一支付 → 商户」（或 wisp pay merchant doctor）',
          en: 'Payments → Merchants (or wisp pay merchant doctor)',
        },
        path: `/console/payments/merchants/${encodeURIComponent(id)}`,
      }
  }
}
