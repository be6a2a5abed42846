import type { Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { choice, file, list, toggle } from '../../../platform/command/parts.ts'
import { table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { AppSignIns } from '../../app-sign-in/catalog.ts'
import type { Apps } from '../../apps/catalog.ts'
import { type ImportedService, importRegistry } from './import.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
}

const outcomes = {
  taken: { zh: '照原样', en: 'as it is' },
  narrowed: { zh: '收窄', en: 'narrowed' },
  refused: { zh: '不导入', en: 'not imported' },
} as const

export const casImport = command({
  path: 'cas import',
  point: 'app:sign-in',
  summary: {
    zh: '从 Apereo CAS 的 JSON 服务登记导入应用，并逐个说明结果',
    en: 'Import apps from the JSON service registry of Apereo CAS, and say what became of each service',
  },
  details: {
    zh: '每个服务成为一个以 CAS 登录的应用：地址的正则表达式改为域名加路径前缀，不会比原来更宽；做不到的不导入，说明原因；这时用 --prefix 给出字面的地址前缀。导入过的不再改动。属性要由超级管理员在应用的“登录”页批准后才会给出，除非写了 --approve。',
    en: 'Each service becomes an app that signs in by CAS: its regular expression becomes a host with a path prefix, which is never wider than before. One that cannot be narrowed is not imported, and the reason is shown; give a literal prefix by --prefix then. What was imported before stays as it is. Attributes are given once a super administrator approves them on the page Sign-in of the app, or with --approve.',
  },
  parts: {
    directory: file('<directory>', {
      zh: '登记文件 name-id.json 所在的目录，包括子目录',
      en: 'folder of the files name-id.json, subfolders included',
    }),
    corp: corpPart,
    dryRun: toggle('--dry-run', { zh: '只显示结果，不写入', en: 'show the result only, write nothing' }),
    allowHttp: toggle('--allow-http', { zh: '也接受 http 地址', en: 'take http addresses too' }),
    prefix: list('--prefix <id=url>', {
      zh: '用字面的地址前缀代替某个编号的正则表达式，多个用逗号分隔',
      en: 'literal address prefixes in place of the regular expressions of these ids, separated by commas',
    }),
    approve: toggle('--approve', { zh: '批准登记里的属性', en: 'approve the attributes of the registry' }),
    user: choice(
      '--user <field>',
      {
        zh: '登记没有写用户名属性时的用户名，默认 userid',
        en: 'user name where the registry names no attribute for it, userid by default',
      },
      ['userid', 'employeeNumber', 'mobile', 'email'],
    ),
  },
  async run(ctx: Needs, { directory, corp, dryRun, allowHttp, prefix = [], approve, user = 'userid' }) {
    const corpId = corpOf(ctx, corp)
    const options = {
      isTrial: dryRun,
      approves: approve,
      allowsHttp: allowHttp,
      userNameField: user,
      prefixes: prefix,
    }
    const services = await importRegistry(ctx, actor, corpId, directory, options).catch(error => {
      const { code } = error as NodeJS.ErrnoException
      if (code === undefined || error instanceof ApiError) throw error
      throw new ApiError('badParameter', {
        zh: told`读不到目录 ${directory}: ${code}`,
        en: told`cannot read ${directory}: ${code}`,
      })
    })
    const shown = services.map(({ settings, isOff: _, ...rest }) => ({
      ...rest,
      services: settings?.cas?.services ?? [],
    }))
    return { data: { dryRun, services: shown }, text: reportOf(services, dryRun) }
  },
})

function reportOf(services: readonly ImportedService[], isTrial: boolean): string {
  if (services.length === 0)
    return said({
      zh: '目录里没有 name-id.json 形式的文件',
      en: 'the folder holds no files of the form name-id.json',
    })
  const rows = services.map(({ id, name, pattern, outcome, settings, notes, isKnown }) => [
    id,
    name,
    isKnown ? said({ zh: '已导入', en: 'imported' }) : outcomes[outcome],
    pattern,
    settings?.cas?.services?.join(' ') ?? '',
    notes.join(said({ zh: '；', en: '; ' })),
  ])
  const counts = Map.groupBy(services, one =>
    one.isKnown ? said({ zh: '已导入', en: 'imported' }) : said(outcomes[one.outcome]),
  )
  const sum = [...counts]
    .map(([name, list]) => `${said(name)} ${list.length}`)
    .join(said({ zh: '，', en: ', ' }))
  const head = isTrial
    ? said({ zh: '试运行，没有写入', en: 'dry run, nothing was written' })
    : said({ zh: '已导入', en: 'imported' })
  return said({
    zh: `${table(['编号', '名称', '结果', '原来的地址', '服务', '说明'], rows)}\n${head}：${sum}`,
    en: `${table(
      [
        { zh: '编号', en: 'ID' },
        { zh: '名称', en: 'Name' },
        { zh: '结果', en: 'Result' },
        { zh: '原来的地址', en: 'Old address' },
        { zh: '服务', en: 'Service' },
        { zh: '说明', en: 'Explanation' },
      ],
      rows,
    )}\n${head}: ${sum}`,
  })
}
