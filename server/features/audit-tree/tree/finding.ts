import type { Words } from '../../../platform/words.ts'

/** What a verification found wrong. `indexes` are places in the tree, ends included; `rows` name rows that have none. */
export type Finding = {
  what: keyof typeof texts
  indexes?: readonly [first: number, last: number]
  /** Which table, and which row of it. */
  source?: string
  rows?: readonly string[]
  /** How many rows or entries. */
  count?: number
  /** The size of the checkpoint that shows it, and its time. */
  size?: number
  at?: string
  /** What a row of the source is called, where its own room says so. */
  words?: Words
  /** Only checkpoints that are kept elsewhere show it. */
  byKept?: true
}

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`

const texts = {
  changed: {
    zh: ({ where, row }) => `${where}被改过：${row} 与写入时不同`,
    en: ({ where, row }) => `${where} was changed: ${row} is not what it was when it was written`,
  },
  removed: {
    zh: ({ where, row }) => `${where}被删除：${row} 不在了，也没有说明原因的记录`,
    en: ({ where, row }) => `${where} was removed: ${row} is gone, and no entry says why`,
  },
  removedEarly: {
    zh: ({ where, row }) => `${where}被删除：${row} 记为到期删除，但当时还没有到期`,
    en: ({ where, row }) =>
      `${where} was removed: ${row} is said to have gone by age, and was not old enough`,
  },
  erasedUnsaid: {
    zh: ({ where, row }) => `${where}的个人信息被抹去：${row} 没有说明原因的记录`,
    en: ({ where, row }) => `personal fields of ${where} were erased: no entry says why (${row})`,
  },
  unentered: {
    zh: ({ count, row }) => `${count} 行绕过 wisp 写入，不在审计树中：${row}`,
    en: ({ count, row }) =>
      `${plural(count, 'row was', 'rows were')} written past wisp and are not in the tree: ${row}`,
  },
  leavesMissing: {
    zh: ({ where }) => `审计树缺少${where}`,
    en: ({ where }) => `the tree lacks ${where}`,
  },
  subtreeChanged: {
    zh: ({ where }) => `审计树被改过：${where}的校验值与保存的不同`,
    en: ({ where }) => `the tree was changed: the hashes of ${where} are not the stored ones`,
  },
  edgeChanged: {
    zh: ({ size }) => `审计树被改过：${size} 条的根与保存的不同`,
    en: ({ size }) => `the tree was changed: the root of its ${size} entries is not the stored one`,
  },
  rewritten: {
    zh: ({ where, at }) => `${where}被改写并重新计算了校验值：与 ${at} 的检查点不符`,
    en: ({ where, at }) => `${where} were rewritten with new hashes: they do not fit the checkpoint of ${at}`,
  },
  lastRemoved: {
    zh: ({ count, size, at }) => `最后 ${count} 条被删除：${at} 的检查点有 ${size} 条`,
    en: ({ count, size, at }) =>
      `the last ${plural(count, 'entry was', 'entries were')} removed: the checkpoint of ${at} has ${size}`,
  },
  restored: {
    zh: ({ where, at }) => `恢复过备份：${at} 的检查点里的${where}不在了`,
    en: ({ where, at }) => `a backup was restored: ${where} of the checkpoint of ${at} are gone`,
  },
  treeGone: {
    zh: ({ size, at }) => `审计树不在了：${at} 的检查点有 ${size} 条`,
    en: ({ size, at }) => `the tree is gone: the checkpoint of ${at} has ${size} entries`,
  },
  checkpointForged: {
    zh: ({ row }) => `检查点 ${row} 的签名不对`,
    en: ({ row }) => `the signature of checkpoint ${row} is wrong`,
  },
  checkpointsMissing: {
    zh: ({ row }) => `检查点 ${row} 被删除`,
    en: ({ row }) => `checkpoints ${row} were removed`,
  },
  keyChanged: {
    zh: () => '检查点的签名密钥被改过或删除，打不开',
    en: () => 'the key that signs checkpoints was altered or removed, and cannot be opened',
  },
  grantAdded: {
    zh: ({ row }) => `绕过平台写入的授权：${row}，审计里没有对应的操作`,
    en: ({ row }) => `a grant was written past wisp: ${row} has no act in the audit log`,
  },
  grantChanged: {
    zh: ({ row }) => `绕过平台修改的授权：${row}，与审计里最近一次操作不符`,
    en: ({ row }) => `a grant was changed past wisp: ${row} is not what the latest act about it says`,
  },
  grantRemoved: {
    zh: ({ row }) => `绕过平台删除的授权：${row} 不在了，审计里没有对应的操作`,
    en: ({ row }) => `a grant was deleted past wisp: ${row} is gone, and no act says so`,
  },
  otherInstallation: {
    zh: ({ row }) => `文件里的检查点属于别处：${row}`,
    en: ({ row }) => `a checkpoint of the file is of another origin: ${row}`,
  },
  forgedInFile: {
    zh: ({ row }) => `文件里的检查点签名不对：${row}`,
    en: ({ row }) => `the signature of a checkpoint of the file is wrong: ${row}`,
  },
  unreadInFile: {
    zh: ({ count }) => `文件里有 ${count} 个检查点不完整，读不出来`,
    en: ({ count }) =>
      `${plural(count, 'checkpoint', 'checkpoints')} of the file cannot be read: cut or altered`,
  },
} as const satisfies Record<string, Record<'zh' | 'en', (told: FindingParts) => string>>

type FindingParts = { where: string; row: string; count: number; size: number; at: string }

const tables: Record<string, Words> = {
  audit: { zh: '操作', en: 'act' },
  sign_in_log: { zh: '登录记录', en: 'sign-in' },
  refusal: { zh: '被拒绝的请求', en: 'refusal' },
  data_read: { zh: '数据读取', en: 'data read' },
  statement: { zh: '审计树的说明', en: 'statement' },
}

export function findingWords(finding: Finding): Words {
  const { what, indexes, source = '', rows = [], count = 0, size = 0, at = '' } = finding
  const rest = rows.length < count ? ' …' : ''
  const [first, last] = indexes ?? [0, 0]
  const table = finding.words ?? tables[source] ?? { zh: source, en: source }
  const told = { count, size, at }
  const row = rows.join(', ') + rest
  return {
    zh: texts[what].zh({
      ...told,
      where: first === last ? `第 ${first} 条` : `第 ${first}–${last} 条`,
      row: source ? `${table.zh} ${row}` : row,
    }),
    en: texts[what].en({
      ...told,
      where: first === last ? `entry ${first}` : `entries ${first}–${last}`,
      row: source ? `${table.en} ${row}` : row,
    }),
  }
}
