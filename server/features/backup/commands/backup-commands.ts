import { actor } from '../../../platform/command/actor.ts'
import { command, type Io, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { expectNode, follow } from '../../../platform/command/node-work.ts'
import {
  anyId,
  fileOrOutput,
  integer,
  optionalFileOrAddress,
  toggle,
} from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatBytes, formatCount } from '../../../platform/format.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Words } from '../../../platform/words.ts'
import { askBackup, askTest, filesThere } from '../ask.ts'
import { backUp } from '../backup.ts'
import { type PlaceNeeds, planForm, sealPurpose } from '../plan/plan.ts'
import { readPlan } from '../plan/plan-store.ts'
import { testRestore } from '../restore-test/restore-test.ts'
import { beginTrial, readTrial, type Trial, trialsOf } from '../restore-test/test-store.ts'
import { runTrial } from '../runs/backups.ts'
import { latestRuns, type Run, readRun } from '../runs/run-store.ts'
import { s3Parts, settingsOf, sourceAt } from './parts.ts'

type Needs = Core & PlaceNeeds & { offered: FeatureOffers; queue: Queue }

const backup = command({
  path: 'backup',
  point: 'backup:edit',
  summary: {
    zh: '把全部数据备份到一个新文件（gzip，权限 0600），不需停机；子命令管理备份计划（plan、run、list），做恢复演练（verify），检查文件（check）',
    en: 'Write all data to a new backup file (gzip, mode 0600) while the server runs; subcommands handle the plan of backups (plan, run, list), test restores (verify) and check files (check)',
  },
  details: {
    zh: '内嵌数据库与自备 PostgreSQL 的备份文件相同，因此也可用来在两者之间迁移。文件里的密钥仍由 WISP_SECRET_KEY 封存，恢复时须用同一个密钥：内嵌数据库的密钥在数据目录的 secret.key，须另行妥善保存。写到标准输出时，结果显示在标准错误里；务必看退出码，中途失败的备份是不完整的（wisp backup check 会说明）。名字与子命令（plan、run、list、verify、check）相同的文件请写成 ./plan。',
    en: 'Backups of the embedded database and of PostgreSQL are the same, so a backup also moves data from one to the other. Secrets in the file stay sealed by WISP_SECRET_KEY, and a restore takes the same key: that of the embedded database is secret.key in the data directory, keep it safe elsewhere. If the backup goes to standard output, the result goes to standard error: look at the exit code, since a backup that failed midway is incomplete (wisp backup check says so). Write ./plan for a file that has the name of a subcommand (plan, run, list, verify, check).',
  },
  parts: {
    file: fileOrOutput('<file>', {
      zh: '要写的文件，须不存在；- 表示标准输出',
      en: 'file to write, which must not exist yet; - means standard output',
    }),
  },
  async run(ctx: Core, { file }, io) {
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const { rows, sha256 } = await backUp(ctx, actor, file === '-' ? io.output() : file, options)
    const where = file === '-' ? said({ zh: '标准输出', en: 'standard output' }) : file
    const { fingerprint } = ctx.seal
    return {
      data: { file, rows, sha256, keyFingerprint: fingerprint },
      text: said({
        zh: `已备份到 ${where}，恢复时需要指纹为 ${fingerprint} 的 WISP_SECRET_KEY\n${countText(rows)}`,
        en: `backed up to ${where}; a restore takes the WISP_SECRET_KEY with the fingerprint ${fingerprint}\n${countText(rows)}`,
      }),
    }
  },
})

const states: Record<Run['state'] | Trial['state'], Words> = {
  waiting: { zh: '等待节点', en: 'waits for a node' },
  running: { zh: '进行中', en: 'in progress' },
  good: { zh: '成功', en: 'succeeded' },
  failed: { zh: '失败', en: 'Failures' },
  removed: { zh: '已按计划删除', en: 'deleted by the plan' },
  missing: { zh: '文件已不在', en: 'file is gone' },
}

const list = command({
  path: 'backup list',
  point: 'backup:read',
  summary: {
    zh: '列出按计划写下的备份、大小和恢复演练的结果',
    en: 'List the backups written by the plan, their sizes and the results of restore tests',
  },
  parts: {
    last: integer(
      '--last <n>',
      { zh: '显示几个，默认 30', en: 'how many are shown, 30 by default' },
      { min: 1, max: 500 },
    ),
    stored: toggle('--stored', {
      zh: '到备份的位置去看：那里有哪些文件，哪些已不在',
      en: 'look at the place of the backups: which files are there, and which are gone',
    }),
  },
  async run(ctx: Needs, { last = 30, stored }) {
    if (stored) return listStored(ctx)
    const runs = await latestRuns(ctx.db, last)
    const tests = await trialsOf(
      ctx.db,
      runs.map(run => run.id),
    )
    const rows = runs.map(run => {
      const test = tests.get(run.id)
      const size = run.bytes === null ? '' : formatBytes(run.bytes)
      const outcome = test ? `${said(states[test.state])} ${when(test.endedAt, '')}`.trim() : ''
      const problem = said(run.problem ?? test?.problem ?? run.rotationProblem ?? '')
      return [
        run.id,
        when(run.startedAt ?? run.dueAt),
        run.address,
        size,
        states[run.state],
        outcome,
        keyText(ctx, run),
        problem,
      ]
    })
    return {
      data: runs.map(({ mark: _mark, ...run }) => ({ ...run, test: tests.get(run.id) ?? null })),
      text: table(
        [
          { zh: '编号', en: 'ID' },
          { zh: '时间', en: 'Time' },
          { zh: '位置', en: 'Place' },
          { zh: '大小', en: 'Size' },
          { zh: '状态', en: 'State' },
          { zh: '恢复演练', en: 'Restore test' },
          { zh: '密钥指纹', en: 'Fingerprint of the key' },
          { zh: '问题', en: 'Problem' },
        ],
        rows,
        { zh: '还没有按计划写下的备份', en: 'no backups by the plan yet' },
      ),
    }
  },
})

function keyText({ seal }: Pick<Core, 'seal'>, { keyFingerprint: key }: Run): string {
  return key === '' || seal.knows(key)
    ? key
    : said({ zh: `${key}（不是现在的密钥）`, en: `${key} (not the present key)` })
}

async function listStored(ctx: Needs) {
  const { address, files, missing } = await filesThere(ctx, { isOperator: true })
  const rows = files.map(one => [
    one.name,
    formatBytes(one.size),
    when(one.at),
    one.runId === null
      ? said({ zh: '不是这里写下的，不会删除', en: 'not written here, is not deleted' })
      : one.runId,
  ])
  const gone =
    missing.length === 0
      ? ''
      : said({ zh: `\n已不在: ${missing.join('、')}`, en: `\ngone: ${missing.join(', ')}` })
  return {
    data: { address, files, missing },
    text: `${address}\n${table(
      [
        { zh: '文件', en: 'File' },
        { zh: '大小', en: 'Size' },
        { zh: '写于', en: 'Written' },
        { zh: '编号', en: 'ID' },
      ],
      rows,
    )}${gone}`,
  }
}

const wait = toggle('--no-wait', {
  zh: '不等结束，只交给节点',
  en: 'hand it to a node and do not wait for the end',
})
/** The work of nodes on backups is not the queue's, so that there is no `--here`. */
const byNode = { here: false } as const

const run = command({
  path: 'backup run',
  point: 'backup:edit',
  summary: {
    zh: '让节点现在就按备份计划备份一次，并等到结束',
    en: 'Let a node make a backup by the plan now, and wait for its end',
  },
  parts: { wait },
  async run(ctx: Needs, { wait }, io) {
    await expectNode(ctx, {}, { ...byNode, wait }, io)
    const id = await askBackup(ctx, actor)
    if (!wait)
      return {
        data: { id },
        text: said({ zh: `已交给节点: 备份 ${id}`, en: `handed to a node: backup ${id}` }),
      }
    const ended = await follow(
      ctx,
      io,
      async () => {
        const found = await readRun(ctx.db, id)
        if (!found) throw new Error(`backup ${id} is gone`)
        const isOpen = found.state === 'waiting' || found.state === 'running'
        return {
          line: said({
            zh: `备份 ${id}: ${states[found.state].zh}`,
            en: `backup ${id}: ${states[found.state].en}`,
          }),
          ...(isOpen ? {} : { end: found }),
        }
      },
      byNode,
    )
    const { mark: _mark, ...data } = ended
    return ended.state === 'good'
      ? {
          data,
          text: said({
            zh: `已备份到 ${ended.address}\n${ended.name}，${formatBytes(ended.bytes ?? 0)}`,
            en: `backed up to ${ended.address}\n${ended.name}, ${formatBytes(ended.bytes ?? 0)}`,
          }),
        }
      : {
          data,
          text: said({
            zh: `备份失败: ${ended.problem?.zh ?? ''}`,
            en: `the backup failed: ${ended.problem?.en ?? ''}`,
          }),
          failed: true,
        }
  },
})

const verify = command({
  path: 'backup verify',
  point: 'backup:edit',
  summary: {
    zh: '恢复演练：把备份恢复到一个临时数据库，逐表核对行数与校验和，解开每个封存的密钥，然后删掉',
    en: 'Test a restore: restore a backup into a temporary database, compare rows and checksums of each table, open each sealed secret, then delete the database',
  },
  details: {
    zh: '不写文件时，由节点演练最近一次按计划的备份（--id 指定另一个）；写出文件或 s3:// 时，就在这台机器上演练，密钥取自备份计划，或另给。临时数据库是数据目录里另起的内嵌 PostgreSQL；没有内嵌 PostgreSQL 的机器上，在同一个数据库服务器上新建一个数据库，须有 createdb 的权限。结果会记住并显示在“备份”页。',
    en: 'Without a file, a node tests the last backup by the plan (--id names another); with a file or s3:// this machine tests it, with the keys of the plan or those given. The temporary database is a second embedded PostgreSQL in the data directory; on machines without the embedded PostgreSQL it is a database on the same server, which takes the right to create databases. The result is kept and shown on the page Backups.',
  },
  parts: {
    file: optionalFileOrAddress('[file]', { zh: '备份文件，或 s3://…', en: 'backup file, or s3://…' }),
    id: integer('--id <id>', { zh: '按计划的备份的编号', en: 'ID of a backup by the plan' }, anyId),
    wait,
    ...s3Parts,
  },
  async run(ctx: Needs, { file, id, wait, ...given }, io) {
    if (file === undefined) return testByNode(ctx, id, wait, io)
    if (id !== undefined) throw new UsageError({ zh: '--id 不能与文件同用', en: '--id excludes a file' })
    const plan = await readPlan(ctx.db)
    const known = plan?.place === 's3' && {
      ...planForm(plan),
      secretKey: ctx.seal.open(plan.secretKey, sealPurpose),
    }
    const { source, close } = sourceAt(
      ctx,
      file,
      () => settingsOf(file, given, known || undefined),
      io.signal,
    )
    try {
      const askedAt = new Date(ctx.now())
      const trial = { runId: null, place: null, file, askedBy: actor, askedAt }
      const begun = await beginTrial(ctx.db, trial, ctx.nodeId)
      const end = await runTrial(ctx, { id: begun, ...trial }, signal =>
        testRestore(ctx, source, {
          unsigned: true,
          signal: AbortSignal.any([signal, io.signal]),
          onProgress: progressTo(io),
        }),
      )
      return outcome(file, end)
    } finally {
      await close()
    }
  },
})

async function testByNode(ctx: Needs, id: number | undefined, wait: boolean, io: Io) {
  await expectNode(ctx, {}, { ...byNode, wait }, io)
  const trialId = await askTest(ctx, actor, id)
  if (!wait) return { data: { id: trialId }, text: said({ zh: '已交给节点', en: 'handed to a node' }) }
  const look = async () => {
    const found = await readTrial(ctx.db, trialId)
    if (!found) throw new Error(`restore test ${trialId} is gone`)
    const isOpen = found.state === 'waiting' || found.state === 'running'
    return {
      line: said({
        zh: `恢复演练 ${found.file}: ${states[found.state].zh}`,
        en: `restore test of ${found.file}: ${states[found.state].en}`,
      }),
      ...(isOpen ? {} : { end: found }),
    }
  }
  const ended = await follow(ctx, io, look, byNode)
  return outcome(ended.file, ended as Parameters<typeof outcome>[1])
}

/** Text in the place of a check that found the file to be wisp's own. */
export const unsignedText = {
  zh: '没有有效的签名：行数与校验和相符，不能证明文件是 wisp 写下的。确认来源可靠之前，不要用于正式环境；恢复时须加 --unsigned',
  en: 'there is no valid signature: rows and checksums match, which does not prove that wisp wrote the file. Do not use it in production before you know where it comes from; a restore takes --unsigned',
}

const scratches = {
  embedded: { zh: '内嵌 PostgreSQL', en: 'embedded PostgreSQL' },
  server: { zh: '同一服务器上的临时数据库', en: 'temporary database on the same server' },
}

function outcome(file: string, end: Awaited<ReturnType<typeof runTrial>>) {
  if (end.state === 'failed')
    return {
      data: { file, ...end },
      text: said({ zh: `恢复演练失败: ${end.problem.zh}`, en: `the restore test failed: ${end.problem.en}` }),
      failed: true,
    }
  const { tables, rows, secrets, scratch, signed } = end
  return {
    data: { file, state: end.state, tables, rows, secrets, scratch, signed },
    text: `${file} ${signed ? said({ zh: '可以恢复，来源由签名证实', en: 'it can be restored; the signature proves where it comes from' }) : said({ zh: `可以恢复，但${unsignedText.zh}`, en: `it can be restored, but ${unsignedText.en}` })}\n${facts(
      [
        [{ zh: '核对的表', en: 'Tables compared' }, tables],
        [{ zh: '行', en: 'Rows' }, formatCount(rows)],
        [{ zh: '解开的密钥', en: 'Secrets opened' }, secrets],
        [{ zh: '恢复到', en: 'Restored into' }, scratches[scratch]],
      ],
    )}`,
  }
}

const noteEvery = 20_000

export function progressTo(io: Io): (table: string, rows: number) => void {
  const noted = new Map<string, number>()
  return (table, rows) => {
    if (rows - (noted.get(table) ?? 0) < noteEvery) return
    noted.set(table, rows)
    io.note(said({ zh: `${table}: ${formatCount(rows)} 行`, en: `${table}: ${formatCount(rows)} rows` }))
  }
}

export function countText(rows: Record<string, number>): string {
  return facts(Object.entries(rows).filter(([, count]) => count > 0))
}

export const backupCommands = [backup, list, run, verify]
