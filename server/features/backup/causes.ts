import type { Core } from '../../platform/core.ts'
import { formatMoment } from '../../platform/format.ts'
import type { Cause, CauseText, Severity } from '../../platform/manifest/cause.ts'
import { usualZone } from '../../platform/time-zone.ts'
import type { Words } from '../../platform/words.ts'
import { type BackupState, backupState } from './state.ts'

const path = '/console/system/backups'

/** Of the installation: only the system super administrator is told. */
function cause<D extends object>(
  find: (state: BackupState) => D | undefined,
  tell: (detail: D) => Omit<CauseText, 'path'>,
  severity: Severity = 'bad',
): Cause<Core, D> {
  return {
    async find(ctx) {
      const detail = find(await backupState(ctx))
      return { found: detail ? [{ corpId: null, detail }] : [] }
    },
    tell: detail => ({ ...tell(detail), path }),
    severityOf: () => severity,
  }
}

/** What alerts of earlier versions kept is a text already. */
function told(at: string): Words {
  return at.endsWith('Z') ? formatMoment(new Date(at), usualZone) : { zh: at, en: at }
}

export const backupFailed = cause(
  ({ failed }) => (failed ? { problem: failed.problem ?? { zh: '', en: '' } } : undefined),
  ({ problem }: { problem: Words }) => ({
    title: { zh: '备份失败', en: 'The backup failed' },
    what: { zh: `${problem.zh}。`, en: `${problem.en}.` },
    fix: {
      zh: '请在“备份”页按原因处理，然后点“立即备份”。之前的备份都还在。',
      en: 'Mend the reason on the page of backups, then press “Back up now”. Earlier backups are all still there.',
    },
  }),
)

export const backupOverdue = cause(
  ({ isOverdue, lastGood, plan }) =>
    isOverdue ? { last: lastGood?.endedAt?.toISOString() ?? '', days: plan?.alertDays ?? 0 } : undefined,
  ({ last, days }: { last: string; days: number }) => ({
    title: { zh: '没有新的备份', en: 'There is no recent backup' },
    what: {
      zh: last
        ? `最近一次成功的备份在 ${told(last).zh}，已超过 ${days} 天。`
        : `备份计划启用 ${days} 天以上，还没有成功过。`,
      en: last
        ? `The last good backup is of ${told(last).en}, more than ${days} days ago.`
        : `The backup plan has been on for more than ${days} days without a good backup.`,
    },
    fix: {
      zh: '请在“备份”页查看失败原因；备份到目录时，确认至少一个运行中的节点设了 WISP_BACKUP_DIR。',
      en: 'See why on the page of backups; for backups to a folder, at least one running node must have WISP_BACKUP_DIR.',
    },
  }),
)

export const restoreTestFailed = cause(
  ({ lastTest }) =>
    lastTest?.state === 'failed'
      ? { file: lastTest.file, problem: lastTest.problem ?? { zh: '', en: '' } }
      : undefined,
  ({ file, problem }: { file: string; problem: Words }) => ({
    title: { zh: '恢复演练失败', en: 'The restore test failed' },
    what: { zh: `${file}：${problem.zh}。`, en: `${file}: ${problem.en}.` },
    fix: {
      zh: '这个备份现在可能恢复不了。请在“备份”页按原因处理，备份一次，再做演练；成功之前不会删除旧备份。',
      en: 'This backup might not be restored. Mend the reason on the page of backups, back up once more and test again; until then no older backup is deleted.',
    },
  }),
)

export const restoreTestOverdue = cause(
  ({ isTestOverdue, lastGoodTest }) =>
    isTestOverdue ? { last: lastGoodTest?.endedAt?.toISOString() ?? '' } : undefined,
  ({ last }: { last: string }) => ({
    title: { zh: '很久没有做过恢复演练', en: 'No restore test for long' },
    what: {
      zh: last ? `最近一次成功的恢复演练在 ${told(last).zh}。` : '还没有成功的恢复演练。',
      en: last ? `The last good restore test was on ${told(last).en}.` : 'No restore test has succeeded yet.',
    },
    fix: {
      zh: '请在“备份”页对最近的备份点“恢复演练”。',
      en: 'Press “Test restore” of the latest backup on the page of backups.',
    },
  }),
  'warn',
)

export const backupsNotRotated = cause(
  ({ rotationProblem }) => (rotationProblem ? { problem: rotationProblem } : undefined),
  ({ problem }: { problem: Words }) => ({
    title: { zh: '旧备份没有删除', en: 'Older backups were not deleted' },
    what: { zh: `${problem.zh}。`, en: `${problem.en}.` },
    fix: {
      zh: '备份本身是好的，但旧的会越积越多：请给 Access Key 删除的权限，或检查备份目录。',
      en: 'The backups are good, but older ones pile up: let the access key delete, or look at the folder.',
    },
  }),
  'warn',
)

export const backupPlanOff = cause(
  ({ plan }) => (plan?.offByRestore ? {} : undefined),
  () => ({
    title: { zh: '备份计划在恢复后停用了', en: 'The backup plan is off since the restore' },
    what: {
      zh: '这个数据库是从备份恢复的。为免副本写到原来的位置、删除那里的备份，计划已停用。',
      en: 'This database was restored from a backup. So that a copy does not write into the place of the original and delete backups there, the plan was switched off.',
    },
    fix: {
      zh: '如果它接替原来的平台，请到“备份”页启用计划；如果是测试用的副本，请改到别处或保存为停用。',
      en: 'If it takes the place of the original, switch the plan on; if it is a copy for tests, let the plan lead elsewhere, or save it switched off.',
    },
  }),
  'warn',
)
