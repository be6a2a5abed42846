import { actor } from '../../../platform/command/actor.ts'
import { command, type Io, UsageError } from '../../../platform/command/command.ts'
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
  summary: '把全部数据备份到一个新文件（gzip，权限 0600）；- 表示写到标准输出；不需停机',
  details:
    '内嵌数据库与自备 PostgreSQL 的备份文件相同，因此也可用来在两者之间迁移。文件里的密钥仍由 WISP_SECRET_KEY 封存，恢复时须用同一个密钥：内嵌数据库的密钥在数据目录的 secret.key，须另行妥善保存。写到标准输出时，结果显示在标准错误里；务必看退出码，中途失败的备份是不完整的（wisp backup check 会说明）。名字与子命令（plan、run、list、verify、check）相同的文件请写成 ./plan。',
  parts: { file: fileOrOutput('<file>', '要写的文件，须不存在；- 表示标准输出') },
  async run(ctx: Core, { file }, io) {
    const options = { signal: io.signal, onProgress: progressTo(io) }
    const { rows, sha256 } = await backUp(ctx, actor, file === '-' ? io.output() : file, options)
    const where = file === '-' ? '标准输出' : file
    const { fingerprint } = ctx.seal
    return {
      data: { file, rows, sha256, keyFingerprint: fingerprint },
      text: `已备份到 ${where}，恢复时需要指纹为 ${fingerprint} 的 WISP_SECRET_KEY\n${countText(rows)}`,
    }
  },
})

const states: Record<Run['state'] | Trial['state'], string> = {
  waiting: '等待节点',
  running: '进行中',
  good: '成功',
  failed: '失败',
  removed: '已按计划删除',
  missing: '文件已不在',
}

const list = command({
  path: 'backup list',
  point: 'backup:read',
  summary: '列出按计划写下的备份、大小和恢复演练的结果',
  parts: {
    last: integer('--last <n>', '显示几个，默认 30', { min: 1, max: 500 }),
    stored: toggle('--stored', '到备份的位置去看：那里有哪些文件，哪些已不在'),
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
      const outcome = test ? `${states[test.state]} ${when(test.endedAt, '')}`.trim() : ''
      const problem = run.problem?.zh ?? test?.problem?.zh ?? run.rotationProblem?.zh ?? ''
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
        ['编号', '时间', '位置', '大小', '状态', '恢复演练', '密钥指纹', '问题'],
        rows,
        '还没有按计划写下的备份',
      ),
    }
  },
})

function keyText({ seal }: Pick<Core, 'seal'>, { keyFingerprint: key }: Run): string {
  return key === '' || seal.knows(key) ? key : `${key}（不是现在的密钥）`
}

async function listStored(ctx: Needs) {
  const { address, files, missing } = await filesThere(ctx, { isOperator: true })
  const rows = files.map(one => [
    one.name,
    formatBytes(one.size),
    when(one.at),
    one.runId === null ? '不是这里写下的，不会删除' : one.runId,
  ])
  const gone = missing.length === 0 ? '' : `\n已不在: ${missing.join('、')}`
  return {
    data: { address, files, missing },
    text: `${address}\n${table(['文件', '大小', '写于', '编号'], rows)}${gone}`,
  }
}

const wait = toggle('--no-wait', '不等结束，只交给节点')
/** The work of nodes on backups is not the queue's, so that there is no `--here`. */
const byNode = { here: false } as const

const run = command({
  path: 'backup run',
  point: 'backup:edit',
  summary: '让节点现在就按备份计划备份一次，并等到结束',
  parts: { wait },
  async run(ctx: Needs, { wait }, io) {
    await expectNode(ctx, {}, { ...byNode, wait }, io)
    const id = await askBackup(ctx, actor)
    if (!wait) return { data: { id }, text: `已交给节点: 备份 ${id}` }
    const ended = await follow(
      ctx,
      io,
      async () => {
        const found = await readRun(ctx.db, id)
        if (!found) throw new Error(`backup ${id} is gone`)
        const isOpen = found.state === 'waiting' || found.state === 'running'
        return { line: `备份 ${id}: ${states[found.state]}`, ...(isOpen ? {} : { end: found }) }
      },
      byNode,
    )
    const { mark: _mark, ...data } = ended
    return ended.state === 'good'
      ? { data, text: `已备份到 ${ended.address}\n${ended.name}，${formatBytes(ended.bytes ?? 0)}` }
      : { data, text: `备份失败: ${ended.problem?.zh ?? ''}`, failed: true }
  },
})

const verify = command({
  path: 'backup verify',
  point: 'backup:edit',
  summary: '恢复演练：把备份恢复到一个临时数据库，逐表核对行数与校验和，解开每个封存的密钥，然后删掉',
  details:
    '不写文件时，由节点演练最近一次按计划的备份（--id 指定另一个）；写出文件或 s3:// 时，就在这台机器上演练，密钥取自备份计划，或另给。临时数据库是数据目录里另起的内嵌 PostgreSQL；没有内嵌 PostgreSQL 的机器上，在同一个数据库服务器上新建一个数据库，须有 createdb 的权限。结果会记住并显示在“备份”页。',
  parts: {
    file: optionalFileOrAddress('[file]', '备份文件，或 s3://…'),
    id: integer('--id <id>', '按计划的备份的编号', anyId),
    wait,
    ...s3Parts,
  },
  async run(ctx: Needs, { file, id, wait, ...given }, io) {
    if (file === undefined) return testByNode(ctx, id, wait, io)
    if (id !== undefined) throw new UsageError('--id 不能与文件同用')
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
  if (!wait) return { data: { id: trialId }, text: '已交给节点' }
  const look = async () => {
    const found = await readTrial(ctx.db, trialId)
    if (!found) throw new Error(`restore test ${trialId} is gone`)
    const isOpen = found.state === 'waiting' || found.state === 'running'
    return { line: `恢复演练 ${found.file}: ${states[found.state]}`, ...(isOpen ? {} : { end: found }) }
  }
  const ended = await follow(ctx, io, look, byNode)
  return outcome(ended.file, ended as Parameters<typeof outcome>[1])
}

/** Text in the place of a check that found the file to be wisp's own. */
export const unsignedText =
  '没有有效的签名：行数与校验和相符，不能证明文件是 wisp 写下的。确认来源可靠之前，不要用于正式环境；恢复时须加 --unsigned'

const scratches = { embedded: '内嵌 PostgreSQL', server: '同一服务器上的临时数据库' }

function outcome(file: string, end: Awaited<ReturnType<typeof runTrial>>) {
  if (end.state === 'failed')
    return { data: { file, ...end }, text: `恢复演练失败: ${end.problem.zh}`, failed: true }
  const { tables, rows, secrets, scratch, signed } = end
  return {
    data: { file, state: end.state, tables, rows, secrets, scratch, signed },
    text: `${file} ${signed ? '可以恢复，来源由签名证实' : `可以恢复，但${unsignedText}`}\n${facts([
      ['核对的表', tables],
      ['行', formatCount(rows)],
      ['解开的密钥', secrets],
      ['恢复到', scratches[scratch]],
    ])}`,
  }
}

const noteEvery = 20_000

export function progressTo(io: Io): (table: string, rows: number) => void {
  const noted = new Map<string, number>()
  return (table, rows) => {
    if (rows - (noted.get(table) ?? 0) < noteEvery) return
    noted.set(table, rows)
    io.note(`${table}: ${formatCount(rows)} 行`)
  }
}

export function countText(rows: Record<string, number>): string {
  return facts(Object.entries(rows).filter(([, count]) => count > 0))
}

export const backupCommands = [backup, list, run, verify]
