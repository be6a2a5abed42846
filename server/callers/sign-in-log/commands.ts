import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Three } from '../../organisation/three/three.ts'
import { directoryCommand, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { choice, integerOr, text, time } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { hiddenMembers } from './hidden-members.ts'
import { peopleNamed } from './people-named.ts'
import { signInLine } from './sign-in-view.ts'
import { reasonIn, wayIn, ways } from './sign-in-words.ts'
import { allSignIns, type StoredSignIn } from './store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; three: Three }

const day = 86_400_000

const log = directoryCommand({
  path: 'sign-in log',
  point: 'sign-in:log',
  summary: { zh: '登录与被拒绝的登录，新的在前', en: 'List sign-ins and refused sign-ins, newest first' },
  details: {
    zh: '默认最近 7 天；--json 给出机器可读的全部字段。全部导出请用控制台“日志 → 登录”的导出。',
    en: 'The last 7 days by default; --json gives all fields for programs. The console exports all of them under Logs → Sign-ins.',
  },
  parts: {
    corp: corpPart,
    since: time('--since <time>', { zh: '从何时，例如 2026-11-01', en: 'from when, such as 2026-11-01' }),
    until: time('--until <time>', { zh: '到何时（不含）', en: 'until when (exclusive)' }),
    app: text('--app <id>', { zh: '应用 id；wisp 表示 wisp 本身', en: 'app id; wisp means wisp itself' }),
    person: text('--person <text>', {
      zh: '成员的账号、姓名或拼音',
      en: 'account, name or pinyin of the member',
    }),
    way: choice('--way <way>', { zh: '方式', en: 'way of signing in' }, ways),
    result: choice('--result <result>', { zh: '结果', en: 'result' }, ['succeeded', 'refused']),
    number: text('--number <number>', { zh: '错误页上的编号', en: 'number shown on the error page' }),
    limit: integerOr(
      1000,
      '--limit <n>',
      { zh: '最多多少条', en: 'how many at most' },
      { min: 1, max: 100_000 },
    ),
  },
  async run(ctx: Needs, { corp, since, until, app, person, limit, way, ...filter }, io) {
    const corpId = corpOf(ctx, corp)
    const from = since ?? (filter.number === undefined ? new Date(ctx.now() - 7 * day) : undefined)
    if (from && until && from >= until)
      throw new UsageError({ zh: '--since 应早于 --until', en: '--since must be before --until' })
    const named = person === undefined ? undefined : peopleNamed(await ctx.mirrors.load(corpId), person)
    const found: StoredSignIn[] = []
    const asked = {
      ...filter,
      way: way === undefined ? undefined : [way],
      corpId,
      from,
      to: until,
      appId: app,
      person: named,
      notOf: hiddenMembers(ctx.three, io.signer?.role, corpId),
    }
    for await (const rows of allSignIns(ctx.db, asked)) {
      found.push(...rows.slice(0, limit - found.length))
      if (found.length >= limit) break
    }
    const heads = [
      said({ zh: '时间', en: 'Time' }),
      said({ zh: '账号', en: 'Account' }),
      said({ zh: '姓名', en: 'Name' }),
      said({ zh: '应用', en: 'App' }),
      said({ zh: '方式', en: 'way of signing in' }),
      said({ zh: '结果', en: 'result' }),
      said({ zh: '地址', en: 'Address' }),
      said({ zh: '编号', en: 'ID' }),
    ]
    const rows = found.map(one => [
      when(one.at),
      one.userId || '—',
      one.userName || '—',
      one.appName || 'wisp',
      said(wayIn(one.way)),
      one.reason === '' ? said({ zh: '成功', en: 'succeeded' }) : said(reasonIn(one.reason)),
      one.address,
      one.number,
    ])
    return { data: found.map(signInLine), text: table(heads, rows) }
  },
})

export const signInLogCommands = [log]
