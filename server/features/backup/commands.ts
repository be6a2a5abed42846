import { actor } from '../../platform/command/actor.ts'
import { command, commandOnConfig, type Io } from '../../platform/command/command.ts'
import { file, fileOrOutput } from '../../platform/command/parts.ts'
import { facts } from '../../platform/command/text.ts'
import type { Config } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import type { Unopened } from '../../platform/manifest/unopened.ts'
import { createLog } from '../../platform/operation/log.ts'
import { backUp } from './backup.ts'
import { checkBackup, restoreBackup } from './restore.ts'

const backup = command({
  path: 'backup',
  summary: '把全部数据备份到一个新文件（gzip，权限 0600）；- 表示写到标准输出；不需停机',
  details:
    '内嵌数据库与自备 PostgreSQL 的备份文件相同，因此也可用来在两者之间迁移。文件里的密钥仍由 WISP_SECRET_KEY 封存，恢复时须用同一个密钥：内嵌数据库的密钥在数据目录的 secret.key，须另行妥善保存。写到标准输出时，结果显示在标准错误里；务必看退出码，中途失败的备份是不完整的（wisp backup check 会说明）。',
  parts: { file: fileOrOutput('<file>', '要写的文件，须不存在；- 表示标准输出') },
  async run(ctx: Core, { file }, io) {
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const { rows, sha256 } = await backUp(ctx, actor, file === '-' ? io.output() : file, options)
    const where = file === '-' ? '标准输出' : file
    return { data: { file, rows, sha256 }, text: `已备份到 ${where}\n${countText(rows)}` }
  },
})

const check = commandOnConfig({
  path: 'backup check',
  summary: '从头到尾读一遍备份文件：是否完整、未被改动，本版本与现在的密钥能否恢复它；不连数据库',
  details: '名字就叫 check 的文件请写成 ./check。',
  parts: { file: file('<file>', 'wisp backup 写下的文件') },
  async run({ config }: { config: Config }, { file }) {
    const { createdAt, rows } = await checkBackup(config, file)
    return {
      data: { file, createdAt, rows },
      text: `${file} 完好，可以恢复：${createdAt} 的备份\n${countText(rows)}`,
    }
  },
})

const restore = commandOnConfig({
  path: 'restore',
  summary: '从备份恢复到没有企业的数据库，代替其中 wisp 的表；恢复后核对，出错则什么也不改',
  details:
    '备份可由本版本或更早的版本写下，恢复后升级到本版本；密钥须相同。恢复到内嵌数据库前，先停止 wisp，并把原来的 secret.key 放进数据目录（或把 WISP_SECRET_KEY 设为其内容）；从内嵌数据库迁到 PostgreSQL 时，把 WISP_SECRET_KEY 设为 secret.key 的内容。',
  parts: { file: file('<file>', 'wisp backup 写下的文件') },
  async run({ config, settles }: Pick<Unopened, 'config' | 'settles'>, { file }, io) {
    const log = createLog('silent')
    const restored = await restoreBackup(config, log, file, settles, {
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
    io.note(`${table}: ${formatCount(rows)} 行`)
  }
}

function countText(rows: Record<string, number>): string {
  return facts(Object.entries(rows).filter(([, count]) => count > 0))
}

export const backupCommands = [backup, check, restore]
