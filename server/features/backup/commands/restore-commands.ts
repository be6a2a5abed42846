import { actor } from '../../../platform/command/actor.ts'
import { commandOnConfig, type Io } from '../../../platform/command/command.ts'
import { fileOrAddress, toggle } from '../../../platform/command/parts.ts'
import type { Config } from '../../../platform/config.ts'
import type { OfflineContext } from '../../../platform/manifest/unopened.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { checkBackup, restoreBackup } from '../restore.ts'
import type { Source } from '../source.ts'
import { countText, progressTo, unsignedText } from './backup-commands.ts'
import { type GivenS3, s3Parts, settingsOf, sourceAt, withoutDatabase } from './parts.ts'

const check = commandOnConfig({
  path: 'backup check',
  point: 'backup:read',
  summary: '从头到尾读一遍备份：是否完整、签名是否正确，本版本与现在的密钥能否恢复它；不连数据库',
  details: '名字就叫 check 的文件请写成 ./check。s3://存储桶/路径/文件 要另给地址、地域和密钥。',
  parts: { file: fileOrAddress('<file>', 'wisp backup 写下的文件，或 s3://…'), ...s3Parts },
  async run({ config }: { config: Config }, { file, ...given }, io) {
    const found = await reading(config, file, given, io, source => checkBackup(config, source))
    const { createdAt, rows, isSigned, keyFingerprint } = found
    const verdict = isSigned ? '完好，签名正确，可以恢复' : `完整，但${unsignedText}`
    return {
      data: { file, ...found },
      text: `${file} ${verdict}\n${createdAt} 的备份，需要指纹为 ${keyFingerprint} 的 WISP_SECRET_KEY\n${countText(rows)}`,
    }
  },
})

const restore = commandOnConfig({
  path: 'restore',
  point: 'backup:restore',
  summary: '从备份恢复到没有企业的数据库，代替其中 wisp 的表；恢复后核对，出错则什么也不改',
  details:
    '备份可由本版本或更早的版本写下，恢复后升级到本版本；密钥须相同。恢复到内嵌数据库前，先停止 wisp，并把原来的 secret.key 放进数据目录（或把 WISP_SECRET_KEY 设为其内容）；从内嵌数据库迁到 PostgreSQL 时，把 WISP_SECRET_KEY 设为 secret.key 的内容。s3://存储桶/路径/文件 直接从 S3 读，不落盘，须另给地址、地域和密钥。恢复后备份计划是停用的，以免副本写到原来的位置。备份须有正确的签名；更早版本用 wisp backup 写下的没有签名，确认来源可靠后加 --unsigned，并记入审计日志。',
  parts: {
    file: fileOrAddress('<file>', 'wisp backup 写下的文件，或 s3://…'),
    unsigned: toggle('--unsigned', '没有签名或签名不对的备份也恢复：您确认过文件的来源'),
    ...s3Parts,
  },
  async run(
    { config, settles }: Pick<OfflineContext, 'config' | 'settles'>,
    { file, unsigned, ...given },
    io,
  ) {
    const log = createLog('silent')
    const options = { signal: io.signal, onProgress: progressTo(io), unsigned, actor }
    const restored = await reading(config, file, given, io, source =>
      restoreBackup(config, log, source, settles, options),
    )
    const verdict = restored.isSigned
      ? '签名正确，内容核对无误'
      : '内容与文件一致；文件没有有效的签名，来源由您担保，已记入审计日志。请核对管理员账号'
    return {
      data: { file, ...restored },
      text: `已恢复 ${restored.createdAt} 的备份，${verdict}\n${countText(restored.rows)}`,
    }
  },
})

async function reading<T>(
  config: Config,
  what: string,
  given: GivenS3,
  io: Io,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const ctx = withoutDatabase(config)
  try {
    const { source, close } = sourceAt(ctx, what, () => settingsOf(what, given), io.signal)
    return await work(source).finally(close)
  } finally {
    await ctx.close()
  }
}

export const restoreCommands = [check, restore]
