import type { Core } from '../../platform/core.ts'
import { formatCount, formatMoment } from '../../platform/format.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { usualZone } from '../../platform/time-zone.ts'
import { storedWords, type Words, wordsIn } from '../../platform/words.ts'
import { asksForLeavers, leaversOf } from './plan/changes.ts'
import { runsToTell } from './runs/run-store.ts'
import { failingSources } from './source-store.ts'

const path = '/console/directory/sources'

function reasonIn(failure: string): Words {
  const words = storedWords(failure)
  return { zh: wordsIn('zh', words), en: wordsIn('en', words) }
}

type FailureDetail = { name: string; since: string; failure: string }

/** A source that its plan cannot read. */
export const sourceUnread: Cause<Core, FailureDetail> = {
  async find({ db }) {
    const rows = await failingSources(db)
    return {
      found: rows.map(({ corpId, id, name, since, failure }) => ({
        corpId,
        subject: String(id),
        detail: { name, since: since.toISOString(), failure },
      })),
    }
  },
  tell({ name, since, failure }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    const why = reasonIn(failure)
    return {
      title: { zh: `人事源“${name}”读取失败`, en: `The source of people "${name}" cannot be read` },
      what: { zh: `从${at.zh}起没有读取：${why.zh}`, en: `It has not been read since ${at.en}: ${why.en}` },
      fix: {
        zh: '请在“人事源”页检查连接和列，再点“读取并预览”。读取成功前企业微信不会修改。',
        en: 'Check connection and columns on the page Sources of people, then read it again. Nothing changes in WeCom before.',
      },
      path,
    }
  },
}

/** A run that WeCom refuses as a whole, or does not answer. */
export const sourceStopped: Cause<Core, FailureDetail> = {
  async find({ db }) {
    const runs = (await runsToTell(db)).filter(one => one.state === 'writing')
    return {
      found: runs.map(({ corpId, sourceId, name, failingSince, failure }) => ({
        corpId,
        subject: String(sourceId),
        detail: { name, since: failingSince?.toISOString() ?? '', failure: failure ?? '' },
      })),
    }
  },
  tell({ name, since, failure }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    const why = reasonIn(failure)
    return {
      title: { zh: `人事源“${name}”的写入已暂停`, en: `Writing the source of people "${name}" has stopped` },
      what: {
        zh: `从${at.zh}起企业微信不接受写入：${why.zh}`,
        en: `WeCom has taken nothing since ${at.en}: ${why.en}`,
      },
      fix: {
        zh: '请按原因处理。平台每隔几分钟重试一次，恢复后从停下的行继续。',
        en: 'Do what the reason says. It is tried again every few minutes, and goes on where it stopped.',
      },
      path,
    }
  },
}

type WaitingDetail = { name: string; leavers: number; madeAt: string }

/** A preview of a plan that somebody has to look at, since too many leave or the corp wants it so. */
export const sourceWaits: Cause<Core, WaitingDetail> = {
  async find({ db }) {
    const runs = (await runsToTell(db)).filter(one => one.state === 'preview' && one.asks)
    return {
      found: runs.map(({ corpId, sourceId, name, counts, madeAt }) => ({
        corpId,
        subject: String(sourceId),
        detail: {
          name,
          leavers: asksForLeavers(counts) ? leaversOf(counts) : 0,
          madeAt: madeAt.toISOString(),
        },
      })),
    }
  },
  tell({ name, leavers, madeAt }, timeZone = usualZone) {
    const at = formatMoment(new Date(madeAt), timeZone)
    const many = leavers > 0
    return {
      title: { zh: `人事源“${name}”等待批准`, en: `The source of people "${name}" waits for approval` },
      what: {
        zh: `${at.zh}的预览没有写入${many ? `：${formatCount(leavers)} 人离职，超过 20 人或 5%` : ''}`,
        en: `The preview of ${at.en} has not been written${many ? `: ${formatCount(leavers)} leave, more than 20 or 5 %` : ''}`,
      },
      fix: {
        zh: '请在“人事源”页核对入职、调动和离职，再批准或作废。',
        en: 'Look at joiners, movers and leavers on the page Sources of people, then approve or refuse.',
      },
      path,
    }
  },
  severityOf: () => 'warn',
}
