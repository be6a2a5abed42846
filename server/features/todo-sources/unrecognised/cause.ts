import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { isReason, reasons } from '../reason.ts'
import { sourcesNotUnderstood } from './store.ts'

const withinMs = 86_400_000
/** One wrong name is somebody's slip, and on the page; more of them are people who miss their work. */
const toldFrom = 3

/** A source keeps sending what is not understood: people do not see what they have to do. */
export const sourceNotUnderstood: Cause<
  Core,
  { name: string; sourceId: string; times: number; reason: string }
> = {
  async find(ctx) {
    const found = await sourcesNotUnderstood(ctx.db, new Date(ctx.now() - withinMs))
    return {
      found: found
        .filter(one => one.times >= toldFrom)
        .map(({ corpId, sourceId, name, times, reason }) => ({
          corpId,
          subject: sourceId,
          detail: { name, sourceId, times, reason },
        })),
    }
  },
  severityOf: () => 'warn',
  tell: ({ name, sourceId, times, reason }) => {
    const why = isReason(reason) ? reasons[reason] : { zh: '', en: '' }
    return {
      title: {
        zh: `待办来源「${name}」的推送没有识别`,
        en: `To-dos of the source "${name}" are not understood`,
      },
      what: {
        zh: `一天内有 ${formatCount(times)} 次推送没有识别，最多的原因：${why.zh}。这些待办没有出现在工作台上。`,
        en: `${formatCount(times)} pushes within a day were not understood, most of them because ${why.en}. Those to-dos are not on the workbench.`,
      },
      fix: {
        zh: '请在「待办 → 来源 → 未识别」查看内容与原因，补全通讯录或修改来源的设置后重放；推送方的日志里也有同样的原因。',
        en: "See them and why under To-dos → Sources → Not understood, complete the address book or change the source, and replay them. The sender's own log says the same.",
      },
      path: `/console/todos/unrecognised?source=${encodeURIComponent(sourceId)}`,
    }
  },
}
