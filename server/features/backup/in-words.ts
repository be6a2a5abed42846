import { DatabaseAway } from '../../platform/storage/availability.ts'
import { BackupError } from './backup-error.ts'

/** Reasons of PostgreSQL that have an advice; others are told with its own message. The key is the SQLSTATE or its class. */
const advice: Record<string, { zh: string; en: string } | undefined> = {
  '42501': {
    zh: '数据库用户的权限不够：让它成为数据库和 public 模式的所有者',
    en: 'the database user lacks a right: make it the owner of the database and of the schema public',
  },
  '53100': {
    zh: '数据库服务器的磁盘已满：腾出空间',
    en: 'the disk of the database server is full: free some',
  },
  '53': { zh: '数据库服务器资源不足', en: 'the database server lacks resources' },
  '22': {
    zh: '文件里有数据库不接受的值：文件被改动过，或数据库的编码不是 UTF8',
    en: 'the file has values that the database does not take: it was changed, or the encoding of the database is not UTF8',
  },
  '23': {
    zh: '文件里的行互相矛盾（重复，或缺少它们所属的行）：文件被改动过',
    en: 'rows of the file contradict each other (twice the same, or without what they belong to): it was changed',
  },
  '25006': {
    zh: '这个数据库是只读的备库：连到主库',
    en: 'this database is a read-only standby: use the primary',
  },
  '55P03': {
    zh: '别的程序锁住了数据库的表：停止所有节点和用到这个数据库的程序',
    en: 'other programs hold locks on the tables: stop all nodes, and whatever else uses this database',
  },
  '57': { zh: '数据库服务器停止或取消了恢复', en: 'the database server stopped, or cancelled the restore' },
}

/** What PostgreSQL answered while something was restored, in words; any other error as it is. */
export function inWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { table } = error as { table?: string }
  // To those who serve it is away when it has no room, too.
  const said = error instanceof DatabaseAway && error.cause instanceof Error ? error.cause : error
  const { code, message } = said as Error & { code?: unknown }
  if (typeof code !== 'string' || !/^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return error
  const known = advice[code] ?? advice[code.slice(0, 2)]
  if (!known && said !== error) return error
  const at = table ? { zh: `（表 ${table}）`, en: ` (table ${table})` } : { zh: '', en: '' }
  const zh = known?.zh ?? '数据库拒绝了恢复'
  const en = known?.en ?? 'the database refused the restore'
  return new BackupError(
    `${zh}${at.zh}；没有恢复任何内容。PostgreSQL 的原话：${message}（${code}）`,
    `${en}${at.en}; nothing was restored. PostgreSQL said: ${message} (${code})`,
  )
}
