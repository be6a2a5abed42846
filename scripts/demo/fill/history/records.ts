import { askBackup } from '../../../../server/features/backup/ask.ts'
import { setPlan } from '../../../../server/features/backup/plan/plan.ts'
import { readPlan } from '../../../../server/features/backup/plan/plan-store.ts'
import { post } from './api.ts'
import { actor, type HistoryFill } from './part.ts'
import { isThere } from './past-store.ts'

/** To-dos of an OA about people and documents that are not known here, which an administrator would look into. */
export async function fillUnrecognised({ ctx, corpId, demo }: HistoryFill): Promise<void> {
  if (!demo.todoSource || (await isThere(ctx.db, 'todo_unrecognised', corpId))) return
  const about = {
    syscode: 'small-oa',
    workflowname: '采购申请',
    nodename: '部门审批',
    isremark: '0',
    viewtype: '0',
  }
  const times = {
    createdatetime: '2026-01-05 09:00:00',
    receivedatetime: '2026-01-05 09:00:00',
    receivets: '1',
  }
  for (const [n, receiver] of ['laozhou', 'E10086'].entries())
    await post(`${demo.todoSource.base}/rest/ofs/ReceiveTodoRequestByJson`, {
      ...about,
      ...times,
      flowid: `lost-${n}`,
      requestname: ['会议室投影仪采购', '打印纸采购'][n],
      receiver,
      creator: '',
      pcurl: `${demo.oaUrl ?? ''}/`,
      appurl: `${demo.oaUrl ?? ''}/`,
    })
}

/** A nightly plan into the folder beside the demo's data, and a first backup, which the running node makes while the visitor looks around. */
export async function fillBackups({ ctx }: HistoryFill): Promise<void> {
  const { backupDir } = ctx.config
  if (backupDir === '' || (await readPlan(ctx.db))) return
  await setPlan(ctx, actor, { place: 'folder', enabled: true })
  await askBackup(ctx, actor)
}
