import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import { text, toggle } from '../../platform/command/parts.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { makeCheckpoint } from './checkpoints/checkpoint.ts'
import { integrityOf } from './integrity.ts'
import { setDestination } from './set-destination.ts'
import { type Finding, findingWords } from './verify/finding.ts'
import type { TreeVerdict } from './verify/verify.ts'
import { verifyAll } from './verify/verify-all.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'load'>; outbound: Outbound }

const treeParts = {
  corp: corpPart,
  installation: toggle('--installation', '整个平台的审计树，而不是一家企业的'),
}
function treeOf(ctx: Needs, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp) throw new UsageError('--installation 与 --corp 不能同用')
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const nameOf = (ctx: Needs, tree: string) => (tree === '' ? '整个平台' : (ctx.corps.find(tree)?.name ?? tree))

const verify = command({
  path: 'audit verify',
  point: 'audit:read',
  summary: '验证审计没有被改过：逐条核对审计树和每个检查点；发现问题时以 1 退出',
  details:
    '默认验证所有审计树。--against 给出保存在别处的检查点（地址收到的内容，或邮件、企业微信消息里的几行；可以有多个，也可以夹着别的文字），能发现整个改写、删掉最后几条和恢复备份。没有 --against 时，整个改写无法发现。',
  parts: {
    corp: text('--corp <corpId>', '只验证一家企业的审计树'),
    against: { ...text('--against <file>', '保存在别处的检查点'), kind: 'file' as const },
  },
  async run(ctx: Needs, { corp, against }, io) {
    const tree = corp === undefined ? undefined : corpOf(ctx, corp)
    const kept = against === undefined ? undefined : await textOf(against)
    if (kept !== undefined && !kept.includes('— ')) throw new UsageError('--against 的文件里没有检查点')
    let shownAt = 0
    const { trees, findings } = await verifyAll(ctx, {
      ...(tree === undefined ? {} : { tree }),
      ...(kept === undefined ? {} : { against: kept }),
      signal: io.signal,
      onProgress(checked, size) {
        if (checked - shownAt < 100_000 && checked !== size) return
        shownAt = checked === size ? 0 : checked
        if (size > 100_000) io.note(`已核对 ${formatCount(checked)} / ${formatCount(size)} 条`)
      },
    })
    const count = trees.reduce((all, one) => all + one.findings.length, findings.length)
    const lines = [
      ...trees.flatMap(one => linesOf(nameOf(ctx, one.tree), one)),
      ...findings.map(one => `文件：${wordsOf(one)}`),
      count === 0 ? '没有发现问题' : `发现 ${formatCount(count)} 处问题`,
      ...(kept === undefined ? ['没有与保存在别处的检查点核对（--against），整个改写无法发现'] : []),
    ]
    const data = {
      trees: trees.map(one => ({ ...one, findings: one.findings.map(withWords) })),
      findings: findings.map(withWords),
    }
    return { data, text: lines.join('\n'), failed: count > 0 }
  },
})

const withWords = (finding: Finding) => ({ ...finding, words: findingWords(finding) })
const wordsOf = (finding: Finding) => findingWords(finding).zh
const shownAtMost = 100

function linesOf(
  name: string,
  { size, checked, checkpoints, kept, findings, isEntering }: TreeVerdict,
): string[] {
  const parts = [
    `${formatCount(size)} 条，核对 ${formatCount(checked)} 条`,
    `${checkpoints} 个检查点`,
    ...(kept > 0 ? [`文件里 ${kept} 个`] : []),
    ...(isEntering ? ['建树之前的记录还在进入'] : []),
  ]
  const more = findings.length > shownAtMost ? [`  … 共 ${findings.length} 处`] : []
  return [
    `${name}：${parts.join('，')}`,
    ...findings.slice(0, shownAtMost).map(one => `  ${wordsOf(one)}`),
    ...more,
  ]
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ApiError('badParameter', {
      zh: told`读不到文件 ${path}: ${why}`,
      en: told`cannot read ${path}: ${why}`,
    })
  })
}

const checkpoint = command({
  path: 'audit checkpoint',
  point: 'audit:settings',
  summary: '现在就签一个检查点并打印；请保存在别处，以后用 wisp audit verify --against 核对',
  parts: treeParts,
  async run(ctx: Needs, given) {
    const made = await makeCheckpoint(ctx, treeOf(ctx, given), 'asked')
    if (!made) return { data: null, text: '审计树还是空的', failed: true }
    return { data: made, text: made.note.trimEnd() }
  },
})

const destination = command({
  path: 'audit destination',
  point: 'audit:settings',
  summary: '查看或设置检查点发到哪里',
  details:
    '--url 每小时收到 POST 的纯文本；--members 每天收到一条消息。写空值（--url ""）即停止。两者都不写时只查看。',
  parts: {
    ...treeParts,
    url: text('--url <url>', '接收检查点的地址，应在另一台机器上'),
    members: text('--members <userids>', '成员账号，以逗号分隔，最多 10 人'),
  },
  async run(ctx: Needs, { url, members, ...given }) {
    const tree = treeOf(ctx, given)
    const now = await integrityOf(ctx, tree)
    if (url !== undefined || members !== undefined)
      await setDestination(ctx, actor, tree, {
        url: url ?? now.url,
        members: members === undefined ? now.members : members.split(/[,，\s]+/).filter(Boolean),
      })
    const shown = await integrityOf(ctx, tree)
    const lines = [
      `地址：${shown.url || '—'}`,
      `成员：${shown.members.join('、') || '—'}`,
      `最近发出：${shown.sentAt?.toISOString() ?? '—'}`,
      ...(shown.problem ? [`没有发出：${shown.problem.zh}`] : []),
      shown.isProved ? '检查点已发到本机之外' : '未证明：还没有检查点发到本机之外',
    ]
    const { isProved, sentAt, problem } = shown
    return {
      data: { url: shown.url, members: shown.members, sentAt, problem, isProved },
      text: lines.join('\n'),
    }
  },
})

export const auditTreeCommands = [verify, checkpoint, destination]
