import type { Core } from '../../platform/core.ts'
import { formatCount, formatMoment } from '../../platform/format.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { usualZone } from '../../platform/time-zone.ts'
import { type Words, wordsIn } from '../../platform/words.ts'
import { lateDestinations } from './checkpoints/destination-store.ts'
import { treesWithFindings } from './grants/grants-store.ts'
import { findingWords } from './tree/finding.ts'
import { lateTrees } from './tree/tree-store.ts'
import { verificationsWithFindings } from './verify/verification-store.ts'

const path = '/console/system/audit/integrity'

/** A checkpoint that has not left for so long is an alert. */
const unsentMs = 3_600_000
/** Rows enter within ten seconds. */
const lateMs = 600_000

type LateDetail = { since: string; problem: Words | null }

/** Checkpoints are made and do not leave. */
const checkpointUnsent: Cause<Core, LateDetail> = {
  async find({ db, now }) {
    const rows = await lateDestinations(db, new Date(now() - unsentMs))
    return {
      found: rows.map(({ tree, since, problem }) => ({
        corpId: tree || null,
        detail: { since: since.toISOString(), problem },
      })),
    }
  },
  tell({ since, problem }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    const why = (language: 'zh' | 'en') => (problem ? wordsIn(language, problem) : '')
    return {
      title: { zh: '审计检查点没有发出', en: 'Audit checkpoints are not sent' },
      what: {
        zh: `${at.zh}起的检查点还没有发到设置的去处。${problem ? `原因：${why('zh')}。` : ''}没有发到本机之外的审计无法证明没有被整个改写。`,
        en: `Checkpoints since ${at.en} have not reached their destination. ${problem ? `Reason: ${why('en')}. ` : ''}Without a copy elsewhere nothing proves that the audit log was not rewritten.`,
      },
      fix: {
        zh: '请在“审计 → 完整性”检查去处；恢复后会自动重发，每分钟一次。',
        en: 'Check the destination on the page Integrity; wisp tries again each minute.',
      },
      path,
    }
  },
}

/** Rows wait to enter their tree. */
const auditTreeLate: Cause<Core, { since: string; waiting: number }> = {
  async find({ db, now }) {
    const rows = await lateTrees(db, new Date(now() - lateMs))
    return {
      found: rows.map(({ tree, since, waiting }) => ({
        corpId: tree || null,
        detail: { since: since.toISOString(), waiting },
      })),
    }
  },
  tell({ since, waiting }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    return {
      title: { zh: '审计没有进入审计树', en: 'Audit entries do not enter their tree' },
      what: {
        zh: `${formatCount(waiting)} 条审计从${at.zh}起等待进入；正常情况下在 10 秒内进入，之前的改动无法发现。`,
        en: `${formatCount(waiting)} entries have waited since ${at.en}. They enter within 10 seconds as a rule; until then a change of them is not found.`,
      },
      fix: {
        zh: '请查看节点的日志（audit entries not put in order）；审计树被改动时也会这样，请运行 wisp audit verify。',
        en: 'Look into the logs of the nodes (audit entries not put in order). A tree that was tampered with takes none either: run wisp audit verify.',
      },
      path,
    }
  },
}

type FoundDetail = { count: number; first: Words }

/** The last verification found something. */
const auditVerificationFound: Cause<Core, FoundDetail> = {
  async find({ db }) {
    const rows = await verificationsWithFindings(db)
    return {
      found: rows.map(({ tree, findings }) => ({
        corpId: tree || null,
        detail: { count: findings.length, first: findingWords(findings[0]!) },
      })),
    }
  },
  tell({ count, first }) {
    return {
      title: { zh: '审计的验证发现问题', en: 'The verification of the audit log found something' },
      what: {
        zh: `${formatCount(count)} 处，例如：${first.zh}。`,
        en: `${formatCount(count)} in all, such as: ${first.en}.`,
      },
      fix: {
        zh: '请在“审计 → 完整性”查看全部问题，并核对谁有数据库的权限。',
        en: 'See all of them on the page Integrity, and find out who has access to the database.',
      },
      path,
    }
  },
}

/** Grants that were written, changed or deleted past wisp. */
const auditGrantFound: Cause<Core, FoundDetail> = {
  async find({ db }) {
    const rows = await treesWithFindings(db)
    return {
      found: rows.map(({ tree, findings }) => ({
        corpId: tree || null,
        detail: { count: findings.length, first: findingWords(findings[0]!) },
      })),
    }
  },
  tell({ count, first }) {
    return {
      title: { zh: '授权与审计不符', en: 'Grants do not fit the audit log' },
      what: {
        zh: `${formatCount(count)} 处，例如：${first.zh}。`,
        en: `${formatCount(count)} in all, such as: ${first.en}.`,
      },
      fix: {
        zh: '请在“审计 → 完整性”的授权清单核对：不该有的在平台收回，应有的确认；并核对谁有数据库的权限。',
        en: 'Look at the grants on the page Integrity: take back in wisp what should not be there, confirm what should, and find out who has access to the database.',
      },
      path,
    }
  },
}

export const auditTreeCauses = { checkpointUnsent, auditTreeLate, auditVerificationFound, auditGrantFound }
