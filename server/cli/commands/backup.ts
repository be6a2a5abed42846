import { backUp } from '../../backup/backup.ts'
import { restoreBackup } from '../../backup/restore.ts'
import { createLog } from '../../operation/log.ts'
import { type Command, command, commandOnConfig, type Io } from '../command.ts'
import { file } from '../parts.ts'
import { facts } from '../text.ts'
import { actor } from './actor.ts'

const backup = command({
  path: 'backup',
  summary: '把全部数据备份到一个新文件（gzip，权限 0600）；不需停机',
  details:
    '内嵌数据库与自备 PostgreSQL 的备份文件相同，因此也可用来在两者之间迁移。文件里的秘钥仍由 WISP_SECRET_KEY 封存，恢复时须用同一个密钥：内嵌数据库的密钥在数据目录的 secret.key，须另行妥善保存。',
  parts: { file: file('<file>', '要写的文件，须不存在') },
  async run(ctx, { file }, io) {
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const { rows, sha256 } = await backUp(ctx, actor, file, options)
    return { data: { file, rows, sha256 }, text: `已备份到 ${file}\n${countText(rows)}` }
  },
})

const restore = commandOnConfig({
  path: 'restore',
  summary: '从备份恢复到没有企业的数据库，代替其中 wisp 的表；恢复后核对，出错则什么也不改',
  details:
    '备份可由本版本或更早的版本写下，恢复后升级到本版本；密钥须相同。恢复到内嵌数据库前，先停止 wisp，并把原来的 secret.key 放进数据目录（或把 WISP_SECRET_KEY 设为其内容）；从内嵌数据库迁到 PostgreSQL 时，把 WISP_SECRET_KEY 设为 secret.key 的内容。',
  parts: { file: file('<file>', 'wisp backup 写下的文件') },
  async run(config, { file }, io) {
    const log = createLog('silent')
    const restored = await restoreBackup(config, log, file, {
      signal: io.signal,
      onProgress: progressTo(io),
    })
    return {
      data: { file, ...restored },
      text: `已恢复 ${restored.createdAt} 的备份，内容核对无误\n${countText(restored.rows)}`,
    }
  },
})

const noteEvery = 20_000

function progressTo(io: Io): (table: string, rows: number) => void {
  const noted = new Map<string, number>()
  return (table, rows) => {
    if (rows - (noted.get(table) ?? 0) < noteEvery) return
    noted.set(table, rows)
    io.note(`${table}: ${rows} 行`)
  }
}

function countText(rows: Record<string, number>): string {
  return facts(Object.entries(rows).filter(([, count]) => count > 0))
}

export const backupCommands: Command[] = [backup, restore]
