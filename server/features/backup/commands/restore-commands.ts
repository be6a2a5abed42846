import { actor } from '../../../platform/command/actor.ts'
import { commandOnConfig, type Io } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
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
  summary: {
    zh: '从头到尾读一遍备份：是否完整、签名是否正确，本版本与现在的密钥能否恢复它；不连数据库',
    en: 'Read a backup from end to end: whether it is complete and its signature is right, and whether this version and key can restore it; the database is not used',
  },
  details: {
    zh: '名字就叫 check 的文件请写成 ./check。s3://存储桶/路径/文件 要另给地址、地域和密钥。',
    en: 'Write ./check for a file named check. s3://bucket/path/file also takes address, region and keys.',
  },
  parts: {
    file: fileOrAddress('<file>', {
      zh: 'wisp backup 写下的文件，或 s3://…',
      en: 'file that wisp backup wrote, or s3://…',
    }),
    ...s3Parts,
  },
  async run({ config }: { config: Config }, { file, ...given }, io) {
    const found = await reading(config, file, given, io, source => checkBackup(config, source))
    const { createdAt, rows, isSigned, keyFingerprint } = found
    const verdict = isSigned
      ? said({
          zh: '完好，签名正确，可以恢复',
          en: 'is complete, its signature is right, it can be restored',
        })
      : said({ zh: `完整，但${unsignedText.zh}`, en: `is complete, but ${unsignedText.en}` })
    return {
      data: { file, ...found },
      text: said({
        zh: `${file} ${verdict}\n${createdAt} 的备份，需要指纹为 ${keyFingerprint} 的 WISP_SECRET_KEY\n${countText(rows)}`,
        en: `${file} ${verdict}\nbackup of ${createdAt}, which takes the WISP_SECRET_KEY with the fingerprint ${keyFingerprint}\n${countText(rows)}`,
      }),
    }
  },
})

const restore = commandOnConfig({
  path: 'restore',
  point: 'backup:restore',
  summary: {
    zh: '从备份恢复到没有企业的数据库，代替其中 wisp 的表；恢复后核对，出错则什么也不改',
    en: 'Restore a backup into a database without corps, in place of the tables of wisp there; it is compared afterwards, and an error leaves all as it was',
  },
  details: {
    zh: '备份可由本版本或更早的版本写下，恢复后升级到本版本；密钥须相同。恢复到内嵌数据库前，先停止 wisp，并把原来的 secret.key 放进数据目录（或把 WISP_SECRET_KEY 设为其内容）；从内嵌数据库迁到 PostgreSQL 时，把 WISP_SECRET_KEY 设为 secret.key 的内容。s3://存储桶/路径/文件 直接从 S3 读，不落盘，须另给地址、地域和密钥。恢复后备份计划是停用的，以免副本写到原来的位置。备份须有正确的签名；更早版本用 wisp backup 写下的没有签名，确认来源可靠后加 --unsigned，并记入审计日志。',
    en: 'A backup may be of this or an earlier version, and is upgraded to this version; the key must be the same. Before a restore into the embedded database, stop wisp and put the old secret.key into the data directory (or set WISP_SECRET_KEY to its content); to move from the embedded database to PostgreSQL, set WISP_SECRET_KEY to the content of secret.key. s3://bucket/path/file is read from S3 directly and takes address, region and keys. The plan of backups is off after a restore, so that a copy does not write to the old place. A backup must have a valid signature; those that wisp backup of earlier versions wrote have none: add --unsigned once you know where the file comes from, which the audit log records.',
  },
  parts: {
    file: fileOrAddress('<file>', {
      zh: 'wisp backup 写下的文件，或 s3://…',
      en: 'file that wisp backup wrote, or s3://…',
    }),
    unsigned: toggle('--unsigned', {
      zh: '没有签名或签名不对的备份也恢复：您确认过文件的来源',
      en: 'restore a backup without a valid signature too: you know where the file comes from',
    }),
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
      ? said({ zh: '签名正确，内容核对无误', en: 'the signature is right and the content matches' })
      : said({
          zh: '内容与文件一致；文件没有有效的签名，来源由您担保，已记入审计日志。请核对管理员账号',
          en: 'the content matches the file; the file has no valid signature: you vouch for it, which the audit log records. Check the administrators',
        })
    return {
      data: { file, ...restored },
      text: said({
        zh: `已恢复 ${restored.createdAt} 的备份，${verdict}\n${countText(restored.rows)}`,
        en: `restored the backup of ${restored.createdAt}: ${verdict}\n${countText(restored.rows)}`,
      }),
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
