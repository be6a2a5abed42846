import { addAnnouncement } from '../../../../server/features/announcements/announcements.ts'
import { toEveryone } from '../../../../server/features/apps/visibility.ts'
import { actor, dayMs, type HistoryFill } from './part.ts'
import { isThere } from './past-store.ts'

const daysShown = 14

/** What everybody reads first on the workbench. */
export async function fillAnnouncements({ ctx, corpId }: HistoryFill): Promise<void> {
  if (await isThere(ctx.db, 'announcement', corpId)) return
  await addAnnouncement(ctx, actor, corpId, {
    title: '欢迎使用工作台',
    content:
      '缴费、通知和常用应用都在这里：把应用设为常用，它会排在最前面。\n使用中有问题，请联系信息中心，电话 010-5555 0100。',
    isImportant: false,
    visibility: toEveryone,
    from: undefined,
    until: new Date(ctx.now() + daysShown * dayMs),
  })
}
