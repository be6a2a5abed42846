import { commandOnConfig } from '../../../platform/command/command.ts'
import type { OfflineContext } from '../../../platform/manifest/unopened.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { settleRestored } from '../settle.ts'

export const settleCommand = commandOnConfig({
  path: 'restore settle',
  point: 'backup:restore',
  summary: 'PostgreSQL 把数据库恢复到较早的时刻之后、启动节点之前执行：当时没有做完的不再做第二遍',
  details:
    '当时在等待的消息记为结果未知，由人决定是否重发；wisp restore 自己会这样做。须先停止所有节点，并用恢复到的那一刻所用的版本。名字就叫 settle 的文件请写成 ./settle。',
  parts: {},
  async run({ config, settles }: Pick<OfflineContext, 'config' | 'settles'>) {
    await settleRestored(config, createLog('silent'), settles)
    return { data: { settled: true }, text: '已处理，可以启动节点' }
  },
})
