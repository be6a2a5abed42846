import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, UsageError } from '../../platform/command/command.ts'
import { commandLanguage, said } from '../../platform/command/language.ts'
import { choice, secret, text, toggle } from '../../platform/command/parts.ts'
import type { Core } from '../../platform/core.ts'
import { formatCount } from '../../platform/format.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { makeCheckpoint } from './checkpoints/checkpoint.ts'
import type { Bucket } from './checkpoints/destination-store.ts'
import { confirmGrants } from './grants/check.ts'
import { grantsView } from './grants/grants-view.ts'
import { integrityOf } from './integrity.ts'
import { bucketWords, setDestination } from './set-destination.ts'
import { type Finding, findingWords } from './tree/finding.ts'
import { keepVerdicts } from './verify/outcome.ts'
import type { TreeVerdict } from './verify/verify.ts'
import { verifyAll } from './verify/verify-all.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Pick<Mirrors, 'load'>
  offered: FeatureOffers
  outbound: Outbound
}

const treeParts = {
  corp: corpPart,
  installation: toggle('--installation', {
    zh: '整个平台的审计树，而不是一家企业的',
    en: 'the audit tree of the installation, not that of a corp',
  }),
}
function treeOf(ctx: Needs, given: { corp: string | undefined; installation: boolean }): string {
  if (given.installation && given.corp)
    throw new UsageError({ zh: '--installation 与 --corp 不能同用', en: '--installation excludes --corp' })
  return given.installation ? '' : corpOf(ctx, given.corp)
}

const nameOf = (ctx: Needs, tree: string) =>
  tree === '' ? said({ zh: '整个平台', en: 'the installation' }) : (ctx.corps.find(tree)?.name ?? tree)

const verify = command({
  path: 'audit verify',
  point: 'audit:read',
  summary: {
    zh: '验证审计没有被改过：逐条核对审计树和每个检查点；发现问题时以 1 退出',
    en: 'Verify that the audit log was not altered: compare each entry with the audit tree and each checkpoint; exit with 1 if a problem is found',
  },
  details: {
    zh: '默认验证所有审计树。--against 给出保存在别处的检查点（地址收到的内容，或邮件、企业微信消息里的几行；可以有多个，也可以夹着别的文字），能发现整个改写、删掉最后几条和恢复备份。没有 --against 时，整个改写无法发现。发现的问题与页面上的验证一样产生提醒。',
    en: 'All audit trees by default. --against gives checkpoints that were kept elsewhere (what an address received, or the lines of a mail or WeCom message; several files, and other text between, are fine): they reveal a rewritten log, removed last entries and restored backups. Without --against a rewritten log is not noticed. Problems raise alerts, as the verification on the page does.',
  },
  parts: {
    corp: text('--corp <corpId>', {
      zh: '只验证一家企业的审计树',
      en: 'verify the audit tree of one corp only',
    }),
    against: {
      ...text('--against <file>', { zh: '保存在别处的检查点', en: 'checkpoints that were kept elsewhere' }),
      kind: 'file' as const,
    },
  },
  async run(ctx: Needs, { corp, against }, io) {
    const tree = corp === undefined ? undefined : corpOf(ctx, corp)
    const kept = against === undefined ? undefined : await textOf(against)
    if (kept !== undefined && !kept.includes('— '))
      throw new UsageError({
        zh: '--against 的文件里没有检查点',
        en: 'the files of --against hold no checkpoint',
      })
    let shownAt = 0
    const askedAt = new Date(ctx.now())
    const verdicts = await verifyAll(ctx, {
      ...(tree === undefined ? {} : { tree }),
      ...(kept === undefined ? {} : { against: kept }),
      signal: io.signal,
      onProgress(checked, size) {
        if (checked - shownAt < 100_000 && checked !== size) return
        shownAt = checked === size ? 0 : checked
        if (size > 100_000)
          io.note(
            said({
              zh: `已核对 ${formatCount(checked)} / ${formatCount(size)} 条`,
              en: `compared ${formatCount(checked)} / ${formatCount(size)} entries`,
            }),
          )
      },
    })
    const { trees, findings } = verdicts
    // What was found is said in any case: the database may be one that takes no writes.
    const keptWhy = await keepVerdicts(ctx, verdicts, { actor, askedAt, tree, hasKept: kept !== undefined })
      .then(() => undefined)
      .catch(error => (error instanceof Error ? error.message : String(error)))
    if (keptWhy !== undefined)
      io.note(
        said({
          zh: `结果没有保存，不会产生提醒：${keptWhy}`,
          en: `the result was not stored and raises no alert: ${keptWhy}`,
        }),
      )
    const count = trees.reduce((all, one) => all + one.findings.length, findings.length)
    const lines = [
      ...trees.flatMap(one => linesOf(nameOf(ctx, one.tree), one)),
      ...findings.map(one => said({ zh: `文件：${wordsOf(one)}`, en: `file: ${wordsOf(one)}` })),
      count === 0
        ? said({ zh: '没有发现问题', en: 'no problem found' })
        : said({ zh: `发现 ${formatCount(count)} 处问题`, en: `${formatCount(count)} problems found` }),
      ...(kept === undefined
        ? [
            said({
              zh: '没有与保存在别处的检查点核对（--against），整个改写无法发现',
              en: 'not compared with checkpoints kept elsewhere (--against): a rewritten log is not noticed',
            }),
          ]
        : []),
    ]
    const data = {
      trees: trees.map(one => ({ ...one, findings: one.findings.map(withWords) })),
      findings: findings.map(withWords),
    }
    return { data, text: lines.join('\n'), failed: count > 0 }
  },
})

const withWords = (finding: Finding) => ({ ...finding, words: findingWords(finding) })
const wordsOf = (finding: Finding) => said(findingWords(finding))
const shownAtMost = 100

function linesOf(
  name: string,
  { size, checked, checkpoints, kept, findings, isEntering }: TreeVerdict,
): string[] {
  const parts = [
    said({
      zh: `${formatCount(size)} 条，核对 ${formatCount(checked)} 条`,
      en: `${formatCount(size)} entries, ${formatCount(checked)} compared`,
    }),
    said({ zh: `${checkpoints} 个检查点`, en: `${checkpoints} checkpoints` }),
    ...(kept > 0 ? [said({ zh: `文件里 ${kept} 个`, en: `${kept} in the files` })] : []),
    ...(isEntering
      ? [said({ zh: '建树之前的记录还在进入', en: 'entries from before the tree are still being added' })]
      : []),
  ]
  const more =
    findings.length > shownAtMost
      ? [said({ zh: `  … 共 ${findings.length} 处`, en: `  … ${findings.length} in all` })]
      : []
  return [
    said({ zh: `${name}：${parts.join('，')}`, en: `${name}: ${parts.join(', ')}` }),
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
  summary: {
    zh: '现在就签一个检查点并打印；请保存在别处，以后用 wisp audit verify --against 核对',
    en: 'Sign a checkpoint now and print it; keep it elsewhere and compare later by wisp audit verify --against',
  },
  parts: treeParts,
  async run(ctx: Needs, given) {
    const made = await makeCheckpoint(ctx, treeOf(ctx, given), 'asked')
    if (!made)
      return {
        data: null,
        text: said({ zh: '审计树还是空的', en: 'the audit tree is still empty' }),
        failed: true,
      }
    return { data: made, text: made.note.trimEnd() }
  },
})

const listIn = (text: string) => text.split(/[,，\s]+/).filter(Boolean)

const destination = command({
  path: 'audit destination',
  point: 'audit:settings',
  summary: { zh: '查看或设置检查点发到哪里', en: 'Show or set where checkpoints are sent' },
  details: {
    zh: '--url、--receiver 和存储桶每小时收到一个；--members 和 --mails 每天收到一条。写空值（--url ""）即停止，--bucket "" 停止存储桶。都不写时只查看。',
    en: '--url, --receiver and the bucket receive one each hour; --members and --mails receive one a day. An empty value (--url "") stops it, --bucket "" stops the bucket. Without options it only shows them.',
  },
  parts: {
    ...treeParts,
    url: text('--url <url>', {
      zh: '接收检查点的地址，应在另一台机器上',
      en: 'address that receives checkpoints, which should be on another machine',
    }),
    members: text('--members <userids>', {
      zh: '成员账号，以逗号分隔，最多 10 人',
      en: 'accounts of members, separated by commas, 10 at most',
    }),
    mails: text('--mails <addresses>', {
      zh: '邮箱，以逗号分隔，最多 10 个；由企业的邮件服务器发出',
      en: 'mail addresses, separated by commas, 10 at most; sent by the mail server of the corp',
    }),
    receiver: text('--receiver <id>', {
      zh: '审计接收端的 id，见 wisp siem list',
      en: 'id of an audit receiver, see wisp siem list',
    }),
    endpoint: text('--endpoint <url>', { zh: 'S3 的地址', en: 'address of S3' }),
    region: text('--region <region>', { zh: 'S3 的地域', en: 'region of S3' }),
    bucket: text('--bucket <name>', {
      zh: '存储桶；每个检查点是一个文件，从不覆盖',
      en: 'bucket; each checkpoint is a file of its own, none is overwritten',
    }),
    addressing: choice(
      '--addressing <way>',
      { zh: '存储桶在地址的哪里', en: 'where in the address the bucket stands' },
      ['virtual-host', 'path', 'own-domain'],
    ),
    prefix: text('--prefix <prefix>', { zh: '文件名的前缀', en: 'prefix of the file names' }),
    accessKey: text('--access-key <key>', { zh: 'Access Key', en: 'access key' }),
    secretKey: secret('--secret-key <key>', { zh: 'Secret Key', en: 'secret key' }),
  },
  async run(ctx: Needs, { url, members, mails, receiver, secretKey, corp, installation, ...given }) {
    const tree = treeOf(ctx, { corp, installation })
    const bucket = bucketOf(given, (await integrityOf(ctx, tree)).to.bucket)
    const change = {
      ...(url === undefined ? {} : { url }),
      ...(members === undefined ? {} : { members: listIn(members) }),
      ...(mails === undefined ? {} : { mails: listIn(mails) }),
      ...(receiver === undefined ? {} : { receiver }),
      ...(bucket === undefined ? {} : { bucket }),
      ...(secretKey ? { bucketSecret: secretKey } : {}),
    }
    if (Object.keys(change).length > 0) await setDestination(ctx, actor, tree, change)
    const { to, receiverName, isProved, sentAt, problem } = await integrityOf(ctx, tree)
    const lines = [
      said({ zh: `地址：${to.url || '—'}`, en: `address: ${to.url || '—'}` }),
      said({ zh: `成员：${to.members.join('、') || '—'}`, en: `members: ${to.members.join(', ') || '—'}` }),
      said({ zh: `邮箱：${to.mails.join('、') || '—'}`, en: `mail: ${to.mails.join(', ') || '—'}` }),
      said({ zh: `接收端：${receiverName || '—'}`, en: `receiver: ${receiverName || '—'}` }),
      said({
        zh: `存储桶：${to.bucket ? bucketWords(to.bucket) : '—'}`,
        en: `bucket: ${to.bucket ? bucketWords(to.bucket) : '—'}`,
      }),
      said({
        zh: `最近发出：${sentAt?.toISOString() ?? '—'}`,
        en: `last sent: ${sentAt?.toISOString() ?? '—'}`,
      }),
      ...(problem ? [said({ zh: `没有发出：${problem.zh}`, en: `not sent: ${problem.en}` })] : []),
      isProved
        ? said({ zh: '检查点已发到本机之外', en: 'checkpoints have been sent to another machine' })
        : said({
            zh: '未证明：还没有检查点发到本机之外',
            en: 'unproved: no checkpoint has been sent to another machine yet',
          }),
    ]
    return { data: { ...to, sentAt, problem, isProved }, text: lines.join('\n') }
  },
})

type BucketOptions = { [K in keyof Bucket]?: Bucket[K] | undefined }

/** What is not given stays; undefined when nothing of it is, null where it ends. */
function bucketOf(given: BucketOptions, before: Bucket | null): Bucket | null | undefined {
  if (given.bucket === '') return null
  const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  if (Object.keys(change).length === 0) return undefined
  const usual = {
    endpoint: '',
    region: '',
    bucket: '',
    addressing: 'virtual-host',
    prefix: '',
    accessKey: '',
  } as const
  return { ...usual, ...before, ...change }
}

const grants = command({
  path: 'audit grants',
  point: 'audit:read',
  summary: {
    zh: '现有授权与审计的比对：绕过平台写入、修改、删除或恢复的授权；有不符时以 1 退出',
    en: 'Compare the present grants with the audit log: grants that were written, changed, deleted or restored around wisp; exit with 1 if any differ',
  },
  details: {
    zh: '授权：管理员、自定义角色及其授予、开发者的权限与负责人、管理令牌、应用获取信息的批准、公众号的分配、群机器人的开发者、系统管理员账号。每小时比对一次。确认用 wisp audit confirm-grants。',
    en: 'Grants: administrators, own roles and who has them, scopes and owners of developers, admin tokens, approved information of apps, official accounts given to administrators, developers of group robots, system accounts. They are compared every hour. wisp audit confirm-grants confirms them.',
  },
  parts: treeParts,
  async run(ctx: Needs, given) {
    const tree = treeOf(ctx, given)
    const view = await grantsView(ctx, tree, commandLanguage())
    const lines = [
      view.isListed
        ? said({ zh: `${formatCount(view.total)} 项授权`, en: `${formatCount(view.total)} grants` })
        : said({
            zh: '授权还没有进入审计；节点每小时比对一次',
            en: 'the grants are not in the audit log yet; nodes compare them every hour',
          }),
      ...view.grants.map(one => [one.kindName, one.target, one.gives].filter(Boolean).join(' ')),
      ...view.findings.map(one => said({ zh: `不符：${one}`, en: `differs: ${one}` })),
      ...(view.isListed && !view.confirmedAt
        ? [
            said({
              zh: '开始比对时已有的授权还没有确认',
              en: 'grants from before the comparison began are not confirmed yet',
            }),
          ]
        : []),
    ]
    return { data: view, text: lines.join('\n'), failed: view.findings.length > 0 }
  },
})

const confirm = command({
  path: 'audit confirm-grants',
  point: 'audit:settings',
  summary: {
    zh: '确认 wisp audit grants 列出的授权都对，包括与审计不符的；此后它们以这次操作为准',
    en: 'Confirm that all grants listed by wisp audit grants are right, those that differ from the audit log included; this act counts from now on',
  },
  parts: {
    ...treeParts,
    version: text('--version <version>', {
      zh: '所见清单的版本（wisp audit grants --json）；已变化则拒绝',
      en: 'version of the list that was seen (wisp audit grants --json); refused if it has changed',
    }),
  },
  async run(ctx: Needs, { version, ...given }) {
    const { confirmed } = await confirmGrants(ctx, actor, treeOf(ctx, given), version)
    return {
      data: { confirmed },
      text: said({
        zh: `已确认 ${formatCount(confirmed)} 项授权`,
        en: `confirmed ${formatCount(confirmed)} grants`,
      }),
    }
  },
})

export const auditTreeCommands = [verify, checkpoint, destination, grants, confirm]
