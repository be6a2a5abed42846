import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount, formatMoment } from '../../platform/format.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { usualZone } from '../../platform/time-zone.ts'
import { storedWords, type Words, wordsIn } from '../../platform/words.ts'
import { lateReceivers } from './forward-store.ts'

/** A receiver that is so far behind is an alert. */
export const lateMs = 15 * 60_000

type LateDetail = { name: string; address: string; since: string; waiting: number; failure: string }

/** A receiver that gets nothing, whatever the reason is. */
export const siemLate: Cause<Core & { corps: Corps }, LateDetail> = {
  async find({ db, now }) {
    const rows = await lateReceivers(db, new Date(now() - lateMs))
    return {
      found: rows.map(({ id, corpId, name, address, since, waiting, failure }) => ({
        corpId,
        subject: id,
        detail: {
          name,
          address,
          since: since.toISOString(),
          waiting: Number(waiting),
          failure: failure ?? '',
        },
      })),
    }
  },
  tell({ name, address, since, waiting, failure }, timeZone = usualZone) {
    const at = formatMoment(new Date(since), timeZone)
    const why = reasonIn(failure)
    return {
      title: {
        zh: `转发审计到“${name}”已中断`,
        en: `Entries of the audit log do not reach "${name}"`,
      },
      what: {
        zh: `${address} 从${at.zh}起没有接收，${formatCount(waiting)} 条审计等待发送。${why.zh}`,
        en: `${address} has taken nothing since ${at.en}; ${formatCount(waiting)} entries wait. ${why.en}`,
      },
      fix: {
        zh: '请在“转发”页点“测试”查看接收端的应答。接收端恢复后，等待的审计会按顺序补发。',
        en: 'Press Test on the page Forwarding to see what the receiver answers. What waits is sent in order when the receiver is back.',
      },
      path: '/console/system/forwarding',
    }
  },
}

function reasonIn(failure: string): Words {
  if (failure === '') return { zh: '', en: '' }
  const words = storedWords(failure)
  return { zh: `原因：${wordsIn('zh', words)}。`, en: `Reason: ${wordsIn('en', words)}.` }
}
