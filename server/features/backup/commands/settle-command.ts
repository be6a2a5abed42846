import { commandOnConfig } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import type { OfflineContext } from '../../../platform/manifest/unopened.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { settleRestored } from '../settle.ts'

export const settleCommand = commandOnConfig({
  path: 'restore settle',
  point: 'backup:restore',
  summary: {
    zh: 'PostgreSQL 把数据库恢复到较早的时刻之后、启动节点之前执行：当时没有做完的不再做第二遍',
    en: 'Settle what was under way after PostgreSQL returned the database to an earlier moment; run it before any node starts, so that nothing is done a second time',
  },
  details: {
    zh: '当时在等待的消息记为结果未知，由人决定是否重发；wisp restore 自己会这样做。须先停止所有节点，并用恢复到的那一刻所用的版本。名字就叫 settle 的文件请写成 ./settle。',
    en: 'Messages that were waiting become unknown, and a person decides whether to send them again; wisp restore does the same by itself. Stop all nodes first, and use the version of that moment. Write ./settle for a file named settle.',
  },
  parts: {},
  async run({ config, settles }: Pick<OfflineContext, 'config' | 'settles'>) {
    await settleRestored(config, createLog('silent'), settles)
    return {
      data: { settled: true },
      text: said({ zh: '已处理，可以启动节点', en: 'settled; nodes can be started' }),
    }
  },
})
